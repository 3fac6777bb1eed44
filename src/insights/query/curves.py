"""Numbers of whole distributions: how many fall within each duration, and time to an event with open cases kept in."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters, Scope, conditions
from insights.metrics import metric, select
from insights.metrics.bases import TICKETS
from insights.metrics.core import Context, excluded
from insights.metrics.resolution import ever_solved
from insights.metrics.response import knows_replies
from insights.query.measure import Result, Warehouse, context_of
from insights.sql import Column, Rows, round_up, seconds_between
from insights.stats.intervals import wilson
from insights.stats.survival import Curve, kaplan_meier

EVENTS = ("response", "resolution")
LEAST_AT_RISK = 10
MOST_POINTS = 300
_MEASURED_BY = {"response": "frt_p50", "resolution": "frst_res_p50"}
"""A source left out of these metrics, because it contradicts itself, is left out of the curve."""
_STEP_S = {"response": 60, "resolution": 600}


def within(
    warehouse: Warehouse, key: str, edges: Sequence[float], filters: Filters, *, scope: Scope, by: Sequence[str] = ()
) -> list[Result]:
    """Return the share of a metric's rows up to each edge: `{DIM..., "edge", "value", "n", "low", "high"}`."""
    of = metric(key)
    names = select.dimensions(of, by)
    found = []
    for record in warehouse.fetch(select.within(of, context_of(warehouse, filters), filters, scope, by, edges)):
        for place, edge in enumerate(edges):
            hits, n = int(record[f"within_{place}"] or 0), record["n"]
            low, high = wilson(hits, n) or (None, None)
            group = {name: record[name] for name in names}
            found.append(group | {"edge": edge, "value": hits / n if n else None, "n": n, "low": low, "high": high})
    return found


def survival(
    warehouse: Warehouse, event: str, filters: Filters, *, scope: Scope, by: Sequence[str] = ()
) -> list[Result]:
    """Return per group how long it takes to the first reply or solve, tickets still open counted until `as_of`.

    A result is `{DIM..., "n", "open", "median", "median_low", "median_high", "points"}`, a point `{"seconds", "share",
    "low", "high", "at_risk"}`: `share` still waits after so many seconds. The curve ends where fewer than ten are at
    risk; a median that was not reached is None. Calendar time.
    """
    if event not in EVENTS:
        raise UnknownName("unknown_event", name=event, known=", ".join(EVENTS))
    context = dataclasses.replace(context_of(warehouse, filters), clock="calendar")
    groups: dict[tuple[Any, ...], list[Result]] = {}
    for record in warehouse.fetch(_waits(event, context, filters, scope, by)):
        groups.setdefault(tuple(record[name] for name in by), []).append(record)
    ordered = sorted(groups.items(), key=lambda item: tuple((v is None, str(v)) for v in item[0]))
    return [dict(zip(by, group, strict=True)) | _curve(counts) for group, counts in ordered]


def _waits(event: str, context: Context, filters: Filters, scope: Scope, by: Sequence[str]) -> sa.Select[Any]:
    """Return the SELECT of how many waited so long, with the event at the end or without."""
    of = TICKETS.rows(context)
    age: Column = seconds_between(of.c.created_at, sa.literal(context.as_of, sa.DateTime()))
    last: Column = age
    if event == "response":
        happened, missing = (
            of.c.first_response_s,
            [of.c.first_response_s.is_(None), sa.not_(knows_replies(of, context))],
        )
        solved_unanswered = seconds_between(of.c.created_at, of.c.solved_at)
        last = sa.case((of.c.status.in_(schema.SOLVED), sa.func.coalesce(solved_unanswered, age)), else_=age)
    else:
        happened, missing = of.c.first_resolution_s, [of.c.first_resolution_s.is_(None), ever_solved(of)]
    why = [condition for _, condition in excluded(of)]
    if refused := context.refused(_MEASURED_BY[event]):
        why.append(of.c.source.in_(refused))
    wait = round_up(sa.func.greatest(sa.func.coalesce(happened, last), 0), _STEP_S[event])
    groups = [select.dimension(metric("created"), of, name).label(name) for name in by]
    each = sa.select(*groups, wait.label("seconds"), happened.is_not(None).label("happened"))
    each = each.where(*conditions(of, of.c.created_day, filters, scope), sa.not_(sa.or_(*why, sa.and_(*missing))))
    rows = each.subquery("waits")
    keys = [rows.c[name] for name in by]
    return sa.select(*keys, rows.c.seconds, _count(rows, True), _count(rows, False)).group_by(*keys, rows.c.seconds)


def _count(rows: Rows, happened: bool) -> Column:
    counted = rows.c.happened if happened else sa.not_(rows.c.happened)
    return sa.func.sum(sa.case((counted, 1), else_=0)).label("events" if happened else "censored")


def _curve(counts: list[Result]) -> Result:
    events, censored = ([int(c[name]) for c in counts] for name in ("events", "censored"))
    curve = kaplan_meier([c["seconds"] for c in counts], events, censored)
    low, high = curve.quantile_interval()
    return {
        "n": sum(events) + sum(censored), "open": sum(censored), "median": curve.quantile(), "median_low": low,
        "median_high": high, "points": _points(curve),
    }  # fmt: skip


def _points(curve: Curve) -> list[Result]:
    """Return as many points of a curve as a chart can show, up to where too few are at risk."""
    shown = [i for i, n in enumerate(curve.at_risk) if n >= LEAST_AT_RISK]
    every = max(1, -(-len(shown) // MOST_POINTS))
    kept = sorted({*shown[::every], *shown[-1:]})
    names = {
        "seconds": curve.time,
        "share": curve.share,
        "low": curve.low,
        "high": curve.high,
        "at_risk": curve.at_risk,
    }
    return [{name: float(of[i]) for name, of in names.items()} for i in kept]
