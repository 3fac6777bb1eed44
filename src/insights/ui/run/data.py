"""The pages' only way to numbers: `insights.query`, remembered per warehouse version, filters and scope."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import streamlit as st

from insights import query as road
from insights import schema
from insights.filters import UNKNOWN, Filters, Scope
from insights.metrics import METRICS, select
from insights.ui.run import Run, here, local
from insights.ui.run.memo import memo
from insights.warehouse import Warehouse

Row = dict[str, Any]


def numbers(
    keys: Sequence[str], *, by: Sequence[str] = (), grain: str | None = None, compare: str | None = None,
    filters: Filters | None = None, intervals: bool = True,
) -> list[Row]:  # fmt: skip
    """Return the results of metrics under the page's filters (or these)."""
    run = here()
    chosen = filters or run.filters

    def ask(missing: list[str]) -> list[Row]:
        found = road.query(
            run.data, missing, chosen, scope=run.scope, by=by, grain=grain, compare=compare, intervals=intervals
        )
        return [row | {"period": dt.date.fromisoformat(row["period"])} if "period" in row else row for row in found]

    question = (_version(run.data), chosen, run.scope, tuple(by), grain)
    return memo().numbers(question, keys, compare, intervals, ask)


def _version(warehouse: Warehouse) -> str:
    return f"{warehouse.path}#{warehouse.version}"


def matured(key: str, filters: Filters | None = None) -> Filters:
    """Return the filters shifted back by the time a metric needs to be known: never a number that is only too young."""
    chosen = filters or here().filters
    days = METRICS[key].matures.days
    if not days or chosen.since is None or chosen.until is None:
        return chosen
    last = as_of_day(chosen) - dt.timedelta(days=days)
    back = max(dt.timedelta(0), chosen.until - last)
    return replace(chosen, since=chosen.since - back, until=chosen.until - back)


def as_of_day(filters: Filters) -> dt.date:
    """Return the local day of the moment the filters look from."""
    return local(filters.as_of or here().data.as_of).date()


def tiles(keys: Sequence[str], filters: Filters | None = None) -> dict[str, Row]:
    """Return each metric's result with its change, those that need time over a period shifted back."""
    found: dict[str, Row] = {}
    for used, group in _by_period(keys, filters).items():
        compare = "previous" if used.since and used.until else None
        found |= {row["metric"]: row for row in numbers(group, filters=used, compare=compare)}
    return found


def _by_period(keys: Sequence[str], filters: Filters | None) -> dict[Filters, list[str]]:
    groups: dict[Filters, list[str]] = {}
    for key in keys:
        groups.setdefault(matured(key, filters), []).append(key)
    return groups


def one(key: str, **options: Any) -> Row:
    """Return the one result of a metric without groups."""
    return numbers([key], **options)[0]


def ignored(key: str, filters: Filters | None = None) -> tuple[str, ...]:
    """Return the chosen dimensions a metric cannot be split by."""
    return tuple(road.meta(key, filters or here().filters)["ignored"])


def rules() -> str:
    """Return by whose rules the data held was derived."""
    return here().data.fact("rules") or "own"


def ruled(key: str) -> bool:
    """Tell whether a metric rests on figures those rules fill."""
    return bool(road.meta(key, Filters())["ruled"])


def left_out(key: str, filters: Filters | None = None) -> list[Row]:
    """Return how many rows a number leaves out, by reason."""
    run = here()
    return road.left_out(run.data, key, filters or run.filters, scope=run.scope)


def highlights(keys: Sequence[str]) -> list[Row]:
    """Return what changed beyond chance under the page's filters, and where it is worst."""
    run = here()
    return _highlights(_version(run.data), tuple(keys), run.filters, run.scope, run.data)


@st.cache_data(max_entries=500, show_spinner=False)
def _highlights(
    version: str, keys: tuple[str, ...], filters: Filters, scope: Scope, _warehouse: Warehouse
) -> list[Row]:
    return road.highlights(_warehouse, keys, filters, scope=scope)


def cohorts() -> list[Row]:
    """Return the cells of the monthly retention triangle whatever the period; cohort None is the average row."""
    run = here()
    return _cohorts(_version(run.data), replace(run.filters, since=None, until=None), run.scope, run.data)


@st.cache_data(max_entries=100, show_spinner=False)
def _cohorts(version: str, filters: Filters, scope: Scope, _warehouse: Warehouse) -> list[Row]:
    found = road.cohorts(_warehouse, filters, scope=scope)
    return [row | {"cohort": None if row["cohort"] == "average" else _month(row["cohort"])} for row in found]


def _month(text: str) -> dt.date:
    return dt.date.fromisoformat(text if len(text) > 7 else f"{text}-01")


def agent_names() -> dict[str, str]:
    """Return the agents' names by id; a page asks for them hundreds of times, its cache once."""
    run = here()
    if not run.agents:
        run.agents.update(_agent_names(_version(run.data), run.scope, run.data))
    return run.agents


@st.cache_data(max_entries=10, show_spinner=False)
def _agent_names(version: str, scope: Scope, _warehouse: Warehouse) -> dict[str, str]:
    of = schema.agents.c
    found = _warehouse.fetch(sa.select(of.agent_id, of.name).where(of.name.is_not(None)))
    return {row["agent_id"]: row["name"] for row in found}


def behind(
    key: str,
    *,
    excluded: bool = False,
    limit: int | None = None,
    filters: Filters | None = None,
    run: Run | None = None,
) -> list[Row]:
    """Return the rows behind a number, or those left out with the reason; never cached, they may be many.

    A download is built outside the page's thread and brings its own `run`.
    """
    run = run or here()
    found = road.rows(run.data, key, filters or run.filters, scope=run.scope, excluded=excluded, limit=limit)
    return [dict(row) for row in found]


def top(
    key: str, order: str, *, limit: int, filters: Filters | None = None, largest: bool = False, needs: str | None = None
) -> list[Row]:
    """Return the rows behind a number with the smallest (largest) values of a column, those with `needs` known."""
    run = here()
    chosen = filters or run.filters
    context = road.context_of(run.data, chosen)
    listed = select.rows(METRICS[key], context, chosen, run.scope, excluded=False).order_by(None).subquery("listed")
    by, ids = listed.c[order], [listed.c[name] for name in METRICS[key].base.ids]
    known = [listed.c[needs or order].is_not(None)]
    ordered = [by.desc() if largest else by.asc(), listed.c.day.desc().nulls_last(), *ids]
    return run.data.fetch(sa.select(listed).where(*known).order_by(*ordered).limit(limit))


def statement(key: str, filters: Filters | None = None) -> str:
    """Return the SQL that makes a number."""
    run = here()
    return road.sql(run.data, key, filters or run.filters, scope=run.scope)


def options(dimension: str) -> tuple[str, ...]:
    """Return the values of a dimension that occur in the data, most frequent first."""
    found = numbers(["created"], by=[dimension], filters=Filters(), intervals=False)
    ranked = sorted(found, key=lambda r: (-(r["value"] or 0), str(r[dimension])))
    return tuple(UNKNOWN if r[dimension] is None else str(r[dimension]) for r in ranked)


def covered() -> tuple[dt.date, dt.date]:
    """Return the first and the last local day of the data: from the first ticket or order to as-of."""
    run = here()
    return _covered(_version(run.data), run.scope, run.settings.company.time_zone, run.data)


@st.cache_data(max_entries=10, show_spinner=False)
def _covered(version: str, scope: Scope, zone: str, _warehouse: Warehouse) -> tuple[dt.date, dt.date]:
    last = _warehouse.as_of.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).date()
    found = road.query(_warehouse, ["created", "orders"], Filters(), scope=scope, grain="month", intervals=False)
    first = min((dt.date.fromisoformat(row["period"]) for row in found if row["value"]), default=last)
    return min(first, last), last
