"""How long until the second purchase, and until those who had gone come back: those who have not yet are kept in."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.filters import conditions
from insights.stats.survival import Curve, kaplan_meier
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import literal, today
from insights.studies.customers.people import ATTRIBUTES, people
from insights.studies.customers.staying.lifetimes import gaps
from insights.studies.customers.staying.survival import DAYS, at, points
from insights.studies.options import Option
from insights.studies.waits import LEAST_AT_RISK

Waiting = Callable[[Asker, Options], sa.Subquery]
"""Gives one row per wait: customer, the day it began, how many days, and whether it ended with a purchase."""


def _after_the_first(asker: Asker, options: Options) -> sa.Subquery:
    g, now = gaps(asker), literal(today(asker))
    first = sa.func.row_number().over(partition_by=g.c.customer_id, order_by=g.c.day).label("place")
    numbered = sa.select(g, first).subquery("numbered")
    waited = sql.days_between(numbered.c.day, sa.func.coalesce(numbered.c.following, now))
    each = _wait(numbered, numbered.c.day, waited).where(numbered.c.place == 1).subquery("each")
    return sa.select(each).where(*conditions(each, each.c.day, asker.filters)).subquery("waits")


def _after_going(asker: Asker, options: Options) -> sa.Subquery:
    """A customer goes when the days of the rule have passed since a purchase; the wait counts from that day."""
    g, now, gone = gaps(asker), literal(today(asker)), options["gone_days"]
    silent = sql.days_between(g.c.day, sa.func.coalesce(g.c.following, now))
    each = _wait(g, g.c.day + gone, silent - gone).where(silent > gone).subquery("each")
    return sa.select(each).where(*conditions(each, each.c.day, asker.filters)).subquery("waits")


def _wait(of: sa.Subquery, since: Any, days: Any) -> sa.Select[Any]:
    happened = of.c.following.is_not(None).label("again")
    return sa.select(of.c.customer_id, sa.cast(since, sa.Date()).label("day"), days.label("days"), happened)


def _study(key: str, waiting: Waiting, options: tuple[Option, ...]) -> Study:
    """Return the study of one kind of return."""

    def named(asker: Asker, given: Options) -> sa.Subquery:
        w, p, by = waiting(asker, given), people(asker), given["by"]
        group = sa.cast(p.c[by] if by else sa.null(), sa.Text()).label("group")
        joined = w.outerjoin(p, p.c.customer_id == w.c.customer_id) if by else w
        return sa.select(w, group).select_from(joined).subquery("named")

    def answer(asker: Asker, given: Options) -> Answer:
        w = named(asker, given)
        keys = (w.c.group, w.c.days)
        happened = (
            sa.func.count().filter(of).label(name)
            for name, of in (("events", w.c.again), ("censored", sa.not_(w.c.again)))
        )
        groups: dict[str | None, list[Row]] = {}
        for record in asker.fetch(sa.select(*keys, *happened).group_by(*keys).order_by(*keys)):
            groups.setdefault(record["group"], []).append(record)
        curves = {group: kaplan_meier(*_columns(counts)) for group, counts in groups.items()}
        rows = [_row(group, groups[group], curve) for group, curve in curves.items()]
        drawn = [{"group": group, **_turned(p)} for group, curve in curves.items() for p in points(curve)]
        n, again = (sum(r[name] for r in rows) for name in ("n", "again"))
        facts = {"n": n, "again": again} | ({"gone_days": given["gone_days"]} if "gone_days" in given else {})
        return Answer({key: rows, "points": drawn}, facts)

    def behind(asker: Asker, given: Options) -> Sequence[Row]:
        w = named(asker, given)
        return asker.fetch(sa.select(w).order_by(w.c.day, w.c.customer_id))

    shares = (Column(f"again_{day}{end}", "share") for day in DAYS for end in ("", "_low", "_high"))
    return Study(
        key,
        ("orders",),
        answer=answer,
        behind=behind,
        options=(Option("by", "word", None, ATTRIBUTES), *options),
        shapes=(
            Shape(
                key,
                (
                    Column("group", "text"),
                    Column("n", "count"),
                    Column("again", "count"),
                    Column("median", "number"),
                    *shares,
                ),
            ),
            Shape(
                "points",
                (
                    Column("group", "text"),
                    Column("days", "number"),
                    *(Column(name, "share") for name in ("share", "low", "high")),
                    Column("at_risk", "count"),
                ),
            ),
        ),
    )


def _columns(counts: Sequence[Row]) -> tuple[list[float], list[float], list[float]]:
    days, events, censored = ([float(c[name]) for c in counts] for name in ("days", "events", "censored"))
    return days, events, censored


def _row(group: str | None, counts: Sequence[Row], curve: Curve) -> Row:
    days, events, censored = _columns(counts)
    found: dict[str, Any] = {
        "group": group,
        "n": int(sum(events) + sum(censored)),
        "again": int(sum(events)),
        "median": curve.quantile(),
    }
    for day in DAYS:
        left = sum(e + c for d, e, c in zip(days, events, censored, strict=True) if d >= day)
        share, low, high = at(curve, day) if left >= LEAST_AT_RISK else (None, None, None)
        found |= {f"again_{day}": _other(share), f"again_{day}_low": _other(high), f"again_{day}_high": _other(low)}
    return found


def _turned(point: Row) -> Row:
    """Return a point of the curve of those still waiting as the share that is back."""
    return {**point, "share": 1 - point["share"], "low": 1 - point["high"], "high": 1 - point["low"]}


def _other(share: float | None) -> float | None:
    return None if share is None else 1 - share


STUDIES = (
    _study("second_purchase", _after_the_first, ()),
    _study("winback", _after_going, (Option("gone_days", "whole", 180),)),
)
