"""How long it takes to the first reply or solve, with tickets still open kept in (Kaplan-Meier)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.metrics import metric
from insights.metrics.bases import TICKETS
from insights.metrics.core import Context, excluded
from insights.metrics.definitions.resolution import ever_solved
from insights.metrics.definitions.response import knows_replies
from insights.metrics.selects.question import dimension
from insights.sql import Column, Rows, round_up, seconds_between
from insights.stats.survival import Curve, kaplan_meier
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option

LEAST_AT_RISK = 10
MOST_POINTS = 300
_MEASURED_BY = {"response": "frt_p50", "resolution": "frst_res_p50"}
"""A source left out of these metrics, because it contradicts itself, is left out of the curve."""
_STEP_S = {"response": 60, "resolution": 600}


def waits(asker: Asker, options: Options) -> Answer:
    """Return per group how long it takes to the first reply or solve, tickets still open counted until the moment.

    A point says which share still waits after so many seconds. The curve ends where fewer than ten are at risk; a
    median that was not reached is None. Calendar time.
    """
    by = options["by"]
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for record in asker.fetch(_counted(asker, options)):
        groups.setdefault(tuple(record[name] for name in by), []).append(record)
    ordered = sorted(groups.items(), key=lambda item: tuple((v is None, str(v)) for v in item[0]))
    curves = [(dict(zip(by, group, strict=True)), *_curve(counts)) for group, counts in ordered]
    points = [group | point for group, _, curve in curves for point in _points(curve)]
    return Answer({"waits": [group | facts for group, facts, _ in curves], "points": points})


def _counted(asker: Asker, options: Options) -> sa.Select[Any]:
    """Return the SELECT of how many waited so long, with the event at the end or without."""
    rows = _each(asker, options).subquery("waits")
    keys = [rows.c[name] for name in options["by"]]
    happened, censored = (_count(rows, happened) for happened in (True, False))
    return sa.select(*keys, rows.c.seconds, happened, censored).group_by(*keys, rows.c.seconds)


def _each(asker: Asker, options: Options) -> sa.Select[Any]:
    event, context = options["event"], replace(asker.context(), clock="calendar")
    of = TICKETS.rows(context)
    happened, last, missing = (_response if event == "response" else _resolution)(of, context)
    why = [condition for _, condition in excluded(of)]
    if refused := context.refused(_MEASURED_BY[event]):
        why.append(of.c.source.in_(refused))
    wait = round_up(sa.func.greatest(sa.func.coalesce(happened, last), 0), _STEP_S[event])
    groups = [dimension(metric("created"), of, name).label(name) for name in options["by"]]
    counts = [*conditions(of, of.c.created_day, asker.filters), sa.not_(sa.or_(*why, sa.and_(*missing)))]
    return sa.select(*groups, wait.label("seconds"), happened.is_not(None).label("happened")).where(*counts)


def _response(of: Rows, context: Context) -> tuple[Column, Column, list[Column]]:
    """Return the wait for the first reply, how long it was watched without one, and what makes it unknown."""
    age = seconds_between(of.c.created_at, sa.literal(context.as_of, sa.DateTime()))
    solved_unanswered = sa.func.coalesce(seconds_between(of.c.created_at, of.c.solved_at), age)
    last = sa.case((of.c.status.in_(schema.SOLVED), solved_unanswered), else_=age)
    waited = of.c.first_response_s
    return waited, last, [waited.is_(None), sa.not_(knows_replies(of, context))]


def _resolution(of: Rows, context: Context) -> tuple[Column, Column, list[Column]]:
    """Return the wait for the first solve, how long it was watched without one, and what makes it unknown."""
    waited = of.c.first_resolution_s
    age = seconds_between(of.c.created_at, sa.literal(context.as_of, sa.DateTime()))
    return waited, age, [waited.is_(None), ever_solved(of)]


def _count(rows: Rows, happened: bool) -> Column:
    counted = rows.c.happened if happened else sa.not_(rows.c.happened)
    return sa.func.sum(sa.case((counted, 1), else_=0)).label("events" if happened else "censored")


def _curve(counts: Sequence[Row]) -> tuple[dict[str, Any], Curve]:
    events, censored = ([int(c[name]) for c in counts] for name in ("events", "censored"))
    curve = kaplan_meier([c["seconds"] for c in counts], events, censored)
    low, high = curve.quantile_interval()
    counted = {"n": sum(events) + sum(censored), "open": sum(censored)}
    return counted | {"median": curve.quantile(), "median_low": low, "median_high": high}, curve


def _points(curve: Curve) -> list[dict[str, float]]:
    """Return as many points of a curve as a chart can show, up to where too few are at risk."""
    shown = [i for i, n in enumerate(curve.at_risk) if n >= LEAST_AT_RISK]
    every = max(1, -(-len(shown) // MOST_POINTS))
    kept = sorted({*shown[::every], *shown[-1:]})
    values = {
        "seconds": curve.time,
        "share": curve.share,
        "low": curve.low,
        "high": curve.high,
        "at_risk": curve.at_risk,
    }
    return [{name: float(of[i]) for name, of in values.items()} for i in kept]


STUDIES = (
    Study(
        "waits",
        ("tickets",),
        answer=waits,
        behind=lambda asker, options: asker.rows("created"),
        options=(
            Option("event", "word", "response", ("response", "resolution"), "unknown_event"),
            Option("by", "dimensions", ()),
        ),
        shapes=(
            Shape(
                "waits",
                (
                    Shown("n", "count"),
                    Shown("open", "count"),
                    *(Shown(name, "seconds") for name in ("median", "median_low", "median_high")),
                ),
                open=True,
            ),
            Shape(
                "points",
                (
                    Shown("seconds", "seconds"),
                    *(Shown(name, "share") for name in ("share", "low", "high")),
                    Shown("at_risk", "count"),
                ),
                open=True,
            ),
        ),
    ),
)
