"""What a course goes together with: good answers before and after it, beside agents of the same time without it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from math import sqrt
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.stats.intervals import Z
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.service.rated import rated
from insights.timing.hours import DAY_S

Counts = dict[tuple[bool, bool], tuple[int, int]]
"""(trained, after) → (good answers, answers)."""
SETTLED_DAYS = 180
"""Newer agents still learn by themselves: nobody hired later than this before a course is compared."""


def trainings(asker: Asker, options: Options) -> Answer:
    """Return per course the change of the trained agents' good share less that of the others, with its interval.

    Courses taken on several days are put together by how many answers each rests on.
    """
    found = _counts(asker, options["days"])
    parts: dict[str, list[Counts]] = defaultdict(list)
    for course, day in dict.fromkeys((r["course"], r["day"]) for r in asker.fetch(_taken(asker))):
        parts[course].append(found.get((course, day), {}))
    rows = [_row(course, of, options["least"]) for course, of in sorted(parts.items())]
    told = [r for r in rows if r["value"] is not None]
    return Answer(
        {"trainings": rows}, {"n": sum(r["n"] for r in rows)}, "together" if told else "few" if rows else None
    )


def _taken(asker: Asker) -> sa.Select[Any]:
    """Return who took which course on which day; who took it again counts once."""
    of, context = schema.trainings, asker.context()
    first = sa.func.min(of.c.completed_at)
    day = sql.local_day(first, context.zone, context.as_of).label("day")
    done = of.c.completed_at <= sa.literal(asker.at, sa.DateTime())
    return (
        sa.select(of.c.course, of.c.agent_id, day)
        .where(done, of.c.course.is_not(None), of.c.agent_id.is_not(None))
        .group_by(of.c.course, of.c.agent_id)
        .order_by(of.c.course, of.c.agent_id)
    )


def _counts(asker: Asker, days: int) -> dict[tuple[str, dt.date], Counts]:
    """Return good answers and answers of those who took a course on a day and of those who never did, in one scan."""
    took, given, held = _taken(asker).order_by(None).subquery("took"), _given(asker), _held(asker)
    then = sa.select(
        took.c.course, took.c.day, _away(took.c.day, -days).label("since"), _away(took.c.day, days).label("until")
    )
    of = then.distinct().subquery("courses")
    trained, after = took.c.agent_id.is_not(None).label("trained"), (given.c.answered_day > of.c.day).label("after")
    keys = (of.c.course, of.c.day, trained, after)
    settled = sa.and_(held.c.agent_id == given.c.agent_id, held.c.hired_at <= _away(of.c.day, -SETTLED_DAYS))
    joined = (
        of.join(given, given.c.answered_day.between(of.c.since, of.c.until))
        .join(held, settled)
        .outerjoin(took, sa.and_(took.c.course == of.c.course, took.c.agent_id == given.c.agent_id))
    )
    counts = (sa.func.sum(given.c[name]).label(name) for name in ("n", "good"))
    chosen = sa.select(*keys, *counts).select_from(joined).where(sa.or_(took.c.day.is_(None), took.c.day == of.c.day))
    found: dict[tuple[str, dt.date], Counts] = defaultdict(dict)
    for r in asker.fetch(chosen.group_by(*keys).order_by(*keys)):
        found[r["course"], r["day"]][r["trained"], r["after"]] = (int(r["good"]), int(r["n"]))
    return found


def _away(day: sa.ColumnElement[Any], days: int) -> sa.ColumnElement[Any]:
    """Return the beginning of the day so many days later."""
    return sql.plus_seconds(sa.cast(day, sa.DateTime()), days * DAY_S)


def _given(asker: Asker) -> sa.Subquery:
    """Return answers and good answers by agent and day."""
    r = rated(asker, whole=True)
    keys, n = (r.c.agent_id, r.c.answered_day), sa.func.count().label("n")
    return sa.select(*keys, n, sa.func.count().filter(r.c.good).label("good")).group_by(*keys).subquery("given")


def _held(asker: Asker) -> sa.Subquery:
    """Return since when those who are still here are."""
    a = schema.agents
    here = sa.or_(a.c.left_at.is_(None), a.c.left_at > sa.literal(asker.at, sa.DateTime()))
    hired = sa.func.min(a.c.hired_at).label("hired_at")
    return sa.select(a.c.agent_id, hired).where(here).group_by(a.c.agent_id).subquery("held")


def _row(course: str, parts: Sequence[Counts], least: int) -> Row:
    usable = [p for p in parts if all(p.get((a, b), (0, 0))[1] for a in (True, False) for b in (True, False))]
    n = sum(p[True, False][1] + p[True, True][1] for p in usable)
    value = variance = 0.0
    for p in usable:
        weight = (p[True, False][1] + p[True, True][1]) / n
        change = {side: _share(p[side, True]) - _share(p[side, False]) for side in (True, False)}
        value += weight * (change[True] - change[False])
        variance += weight**2 * sum(_variance(counts) for counts in p.values())
    half = Z * sqrt(variance)
    told = n >= max(least, 1)
    others = sum(p[False, False][1] + p[False, True][1] for p in usable)
    ends = {"value": value, "low": value - half, "high": value + half, "real": abs(value) > half}
    shares = {f"share_{name}": _pooled(usable, side, after) for name, side, after in _SIDES}
    return {"course": course, "n": n, "n_others": others, **shares} | {
        name: of if told else None for name, of in ends.items()
    }


_SIDES = (
    ("before", True, False),
    ("after", True, True),
    ("others_before", False, False),
    ("others_after", False, True),
)


def _share(counts: tuple[int, int]) -> float:
    return counts[0] / counts[1]


def _variance(counts: tuple[int, int]) -> float:
    p = (counts[0] + 0.5) / (counts[1] + 1)
    return p * (1 - p) / counts[1]


def _pooled(parts: Sequence[Counts], side: bool, after: bool) -> float | None:
    n = sum(p[side, after][1] for p in parts)
    return sum(p[side, after][0] for p in parts) / n if n else None


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    r = rated(asker, whole=True)
    of = schema.trainings
    took = r.c.agent_id.in_(sa.select(of.c.agent_id))
    return asker.fetch(sa.select(r).where(took).order_by(r.c.answered_day, r.c.source, r.c.survey_id))


STUDIES = (
    Study(
        "trainings",
        ("trainings", "surveys", "agents"),
        answer=trainings,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("days", "whole", 365), Option("least", "whole", 30)),
        shapes=(
            Shape(
                "trainings",
                (
                    Column("course", "text"),
                    Column("n", "count"),
                    Column("n_others", "count"),
                    *(Column(f"share_{name}", "share") for name, _, _ in _SIDES),
                    Column("value", "difference"),
                    Column("low", "difference"),
                    Column("high", "difference"),
                    Column("real", "flag"),
                ),
            ),
        ),
    ),
)
