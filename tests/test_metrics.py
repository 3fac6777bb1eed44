"""The registry as a whole: every metric has its texts, its rows are its n, and a second computation agrees."""

import datetime as dt
from collections import Counter
from typing import Any

import asked as road
import numpy as np
import pytest
from oracles import Oracle
from small_company import Tables, open_tables, random_tables

from insights import texts
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.warehouse.reader import Warehouse
from insights.warehouse.remembered import Remembered

SPANS = [(None, None), (dt.date(2025, 3, 3), dt.date(2025, 4, 20)), (dt.date(2025, 6, 1), dt.date(2025, 6, 30))]
KEYS = (
    "csat",
    "csat_avg",
    "nps",
    "ces",
    "ces_top",
    "resp_rate",
    "frt_p50",
    "frt_p90",
    "frt_1h",
    "frt_4h",
    "frt_24h",
    "created",
    "solved",
    "net_flow",
    "resolution_rate",
    "clearance_rate",
    "frst_res_p50",
    "frst_res_p90",
    "full_res_p50",
    "full_res_p90",
    "one_touch",
    "reopen_rate",
    "transfer_rate",
    "backlog",
    "ageing",
    "sla_source",
    "repeat_rate",
    "orders",
    "revenue",
    "active_customers",
    "sla_compliance",
    "sla_completed",
    "sla_created",
    "sla_open_breaches",
    "sla_at_risk",
    "sla_paused",
    "sla_over_p50",
    "sla_over_p90",
    "nrt_p50",
    "nrt_p90",
    "rwt_p50",
    "awt_p50",
    "fcr",
    "escalation_rate",
    "waiting_now",
)
CLOCKED = [
    (key, clock) for key, m in METRICS.items() for clock in ("calendar", "business") if m.clocks or clock == "calendar"
]
SPAN_NAMES = ["all", "spring", "last month"]


def test_the_contract_keys_are_there() -> None:
    assert set(KEYS) <= METRICS.keys()
    assert all(key == metric.key for key, metric in METRICS.items())


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("key", METRICS)
def test_every_metric_is_worded_in_both_languages(key: str, language: str) -> None:
    for part in ("name", "short", "definition", "anchor"):
        assert texts.t(f"metrics.{key}.{part}", language)
    assert len(texts.t(f"metrics.{key}.short", language)) <= 16


def recomputed(metric: Any, values: list[Any]) -> float | None:
    """Return a metric's value from the values of its rows."""
    if not values:
        return None
    match metric.measure:
        case "share" | "mean" | "nps":
            return sum(values) / len(values)
        case "quantile":
            return float(np.quantile([float(v) for v in values], metric.q))
        case "sum":
            return float(sum(values))
        case "max":
            return float(max(values))
        case "ratio":
            return sum(values) / (len(values) - sum(values)) if len(values) > sum(values) else None
        case _:
            return len(values)


@pytest.mark.parametrize("span", SPANS, ids=SPAN_NAMES)
@pytest.mark.parametrize(("key", "clock"), CLOCKED)
def test_a_number_rests_on_exactly_its_rows(small: Warehouse, key: str, span: Any, clock: Any) -> None:
    metric = METRICS[key]
    filters = Filters(*span, clock=clock)
    results = road.query(small, [key], filters, scope=EVERYTHING)
    rows = road.rows(small, key, filters, scope=EVERYTHING)
    assert sum(r["n"] for r in results) == len(rows)
    for result in results:
        own = [r["value"] for r in rows if all(r[d] == result[d] for d in metric.always_by)]
        expected = recomputed(metric, own)
        assert result["value"] == (pytest.approx(expected, rel=1e-9) if expected is not None else None)


@pytest.mark.parametrize("key", METRICS)
def test_a_row_counts_or_is_left_out_with_a_reason(small: Warehouse, key: str) -> None:
    filters, ids = Filters(*SPANS[1]), METRICS[key].base.ids
    counted = road.rows(small, key, filters, scope=EVERYTHING)
    left = road.rows(small, key, filters, scope=EVERYTHING, excluded=True)
    assert all(r["reason"] for r in left)
    names = Counter(tuple(r[i] for i in ids) for r in counted + left)
    assert set(names.values()) <= {1}
    summed = {r["reason"]: r["n"] for r in road.left_out(small, key, filters, scope=EVERYTHING)}
    assert summed == dict(Counter(r["reason"] for r in left))
    for word in summed:
        assert all(texts.has(f"reasons.{word}", language) for language in texts.LANGUAGES), word


@pytest.mark.parametrize("span", SPANS, ids=SPAN_NAMES)
@pytest.mark.parametrize(("key", "clock"), [pair for pair in CLOCKED if pair[0] != "ageing"])
def test_a_second_computation_agrees(small: Warehouse, tables: Tables, key: str, span: Any, clock: Any) -> None:
    (result,) = road.query(small, [key], Filters(*span, clock=clock), scope=EVERYTHING)
    n, value = Oracle(tables, span, clock).ask(key)
    assert result["n"] == n
    assert result["value"] == (pytest.approx(value, rel=1e-9) if value is not None else None)


@pytest.mark.parametrize("span", SPANS, ids=SPAN_NAMES)
def test_ageing_counts_open_tickets_by_half_open_days(small: Warehouse, tables: Tables, span: Any) -> None:
    found = road.query(small, ["ageing"], Filters(*span), scope=EVERYTHING)
    assert {r["bucket"]: r["value"] for r in found} == Oracle(tables, span).ageing()


@pytest.mark.parametrize("seed", [11, 12])
def test_other_random_companies_agree_too(seed: int) -> None:
    tables = random_tables(seed, tickets=150)
    found = road.query(open_tables(tables), METRICS.keys() - {"ageing"}, Filters(), scope=EVERYTHING)
    for result in found:
        n, value = Oracle(tables, (None, None)).ask(result["metric"])
        assert (result["metric"], result["n"]) == (result["metric"], n)
        assert result["value"] == (pytest.approx(value, rel=1e-9) if value is not None else None), result["metric"]


def test_row_order_and_session_time_zone_change_nothing(small: Warehouse, tables: Tables) -> None:
    keys, filters = list(METRICS), Filters(*SPANS[1])
    other = open_tables(tables, shuffle=3, zone="America/New_York")
    for options in ({}, {"by": ["channel"], "grain": "week"}):
        keys = [k for k in keys if not options or METRICS[k].base.name not in ("orders", "buyers", "purchases")]
        first = road.query(small, keys, filters, scope=EVERYTHING, **options)
        second = road.query(other, keys, filters, scope=EVERYTHING, **options)
        assert [_rounded(r) for r in first] == [_rounded(r) for r in second]


def _rounded(result: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 9) if isinstance(v, float) else v for k, v in result.items()}


def test_without_tiers_nothing_escalates_and_the_reason_is_said(small: Warehouse) -> None:
    class Flat:
        """The same rows, read by a company that has named no tiers."""

        fetch, whole, sql, as_of = small.fetch, small.whole, small.sql, small.as_of
        here, remembered = False, Remembered()

        def fact(self, name: str) -> str | None:
            return "{}" if name == "tiers" else small.fact(name)

    (found,) = road.query(Flat(), ["escalation_rate"], Filters(), scope=EVERYTHING)
    assert (found["value"], found["n"]) == (None, 0)
    reasons = {r["reason"] for r in road.left_out(Flat(), "escalation_rate", Filters(), scope=EVERYTHING)}
    assert "no_tiers" in reasons
