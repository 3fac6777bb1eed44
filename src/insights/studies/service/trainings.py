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
from insights.studies.customers.buying import literal
from insights.studies.options import Option
from insights.studies.service.rated import rated

Counts = dict[tuple[bool, bool], tuple[int, int]]
"""(trained, after) → (good answers, answers)."""
SETTLED_DAYS = 180
"""Newer agents still learn by themselves: nobody hired later than this before a course is compared."""


def trainings(asker: Asker, options: Options) -> Answer:
    """Return per course the change of the trained agents' good share less that of the others, with its interval.

    Courses taken on several days are put together by how many answers each rests on.
    """
    taken = asker.fetch(_taken(asker))
    groups: dict[tuple[str, dt.date], list[str]] = defaultdict(list)
    for record in taken:
        groups[record["course"], record["day"]].append(record["agent_id"])
    parts: dict[str, list[Counts]] = defaultdict(list)
    for (course, day), agents in groups.items():
        ever = [r["agent_id"] for r in taken if r["course"] == course]
        parts[course].append(_counts(asker, day, agents, ever, options["days"]))
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
        .where(done, of.c.course.is_not(None))
        .group_by(of.c.course, of.c.agent_id)
        .order_by(of.c.course, of.c.agent_id)
    )


def _counts(asker: Asker, day: dt.date, agents: Sequence[str], ever: Sequence[str], days: int) -> Counts:
    """Return good answers and answers of those who took the course that day and of those who never did."""
    r, a = rated(asker, whole=True), schema.agents
    trained, after = r.c.agent_id.in_(agents), r.c.answered_day > literal(day)
    settled = sa.select(a.c.agent_id).where(
        a.c.hired_at
        <= sa.literal(dt.datetime.combine(day, dt.time()) - dt.timedelta(days=SETTLED_DAYS), sa.DateTime()),
        sa.or_(a.c.left_at.is_(None), a.c.left_at > sa.literal(asker.at, sa.DateTime())),
    )
    compared = sa.or_(trained, r.c.agent_id.not_in(ever))
    inside = r.c.answered_day.between(literal(day - dt.timedelta(days=days)), literal(day + dt.timedelta(days=days)))
    keys = (trained.label("trained"), after.label("after"))
    columns: tuple[sa.ColumnElement[Any], ...] = (
        *keys,
        sa.func.count().label("n"),
        sa.func.count().filter(r.c.good).label("good"),
    )
    chosen = (compared, inside, r.c.agent_id.in_(settled))
    found = asker.fetch(sa.select(*columns).where(*chosen).group_by(*keys))
    return {(f["trained"], f["after"]): (f["good"], f["n"]) for f in found}


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
