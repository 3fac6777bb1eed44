"""What metrics need to know of a question: the moment looked from, the zone, the period, what settings chose."""

import json

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters
from insights.metrics import Context, Refusal
from insights.sql import GRAINS, Starts
from insights.warehouse import Warehouse

_WINDOWS = ("response_window_days", "reopen_window_days", "repeat_window_days")


def context_of(warehouse: Warehouse, filters: Filters, grain: str | None = None) -> Context:
    """Return what metrics need to know; the only place where a past moment turns into what was known then."""
    if grain is not None and grain not in GRAINS:
        raise UnknownName("unknown_grain", name=grain, known=", ".join(GRAINS))
    as_of = filters.as_of or warehouse.as_of
    chosen = filters.chosen("currency")
    windows = json.loads(warehouse.fact("thresholds") or "{}")
    return Context(
        as_of, past=as_of < warehouse.as_of, zone=warehouse.fact("time_zone") or "UTC", clock=filters.clock,
        since=filters.since, until=filters.until, grain=grain, starts=starts_of(warehouse),
        currency=chosen[0] if len(chosen) == 1 else warehouse.fact("currency"), one_currency=len(chosen) == 1,
        tiers=tuple(json.loads(warehouse.fact("tiers") or "{}").items()), refusals=_refusals(warehouse, filters),
        warned=tuple((*promise,) for promise in json.loads(warehouse.fact("warned") or "[]")),
        **{name: windows[name] for name in _WINDOWS if name in windows},
    )  # fmt: skip


def starts_of(warehouse: Warehouse) -> Starts:
    """Return when the company's weeks and years begin."""
    return Starts(**json.loads(warehouse.fact("starts") or "{}"))


def _refusals(warehouse: Warehouse, filters: Filters) -> tuple[Refusal, ...]:
    """Return which chosen sources are left out of which metrics because they contradict themselves, gravest first."""
    chosen = filters.chosen("source")
    refusals = [Refusal(**row) for row in warehouse.whole(schema.verdicts) if not chosen or row["source"] in chosen]
    return tuple(sorted(refusals, key=lambda r: (r.metric, r.source, -r.share, r.reason)))
