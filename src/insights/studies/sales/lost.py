"""Why opportunities were lost, to whom, and whether a competitor takes more of them than a quarter before."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.stats.intervals import difference, wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.sales.offers import offers


def lost(asker: Asker, options: Options) -> Answer:
    """Return reasons by how many and what they cost, competitors by share of what was decided, and both by quarter.

    A competitor's change compares the newer half of the decided opportunities with the older half.
    """
    o = offers(asker)
    gone = _lost(o)
    n = sa.func.count()
    columns = (gone.c.lost_reason, n.label("n"), sa.func.sum(gone.c.amount).label("amount"))
    reasons = asker.fetch(sa.select(*columns).group_by(gone.c.lost_reason).order_by(n.desc(), gone.c.lost_reason))
    total = sum(r["n"] for r in reasons)
    rows = [_reason(r, total) for r in reasons]
    rivals = _rivals(asker, o)
    rising = sum(bool(r["real"] and r["change"] > 0) for r in rivals)
    tables = {"lost": rows, "competitors": rivals, "over_time": _over_time(asker, gone, options)}
    return Answer(tables, {"n": total, "rising": rising}, None if not rows else "rising" if rising else "steady")


def _lost(o: sa.Subquery) -> sa.Subquery:
    return sa.select(o).where(o.c.outcome == "lost").subquery("gone")


def _reason(record: Row, total: int) -> Row:
    low, high = wilson(record["n"], total) or (None, None)
    amount = float(record["amount"]) if record["amount"] is not None else None
    return dict(record) | {"amount": amount, "share": record["n"] / total, "low": low, "high": high}


def _rivals(asker: Asker, o: sa.Subquery) -> list[Row]:
    decided = (
        sa.select(
            o.c.competitor,
            o.c.amount,
            (sa.func.percent_rank().over(order_by=o.c.closed_day) >= 0.5).label("newer"),
        )
        .where(o.c.outcome != "open", o.c.closed_day.is_not(None))
        .subquery("decided")
    )
    n = sa.func.count()
    columns = (decided.c.competitor, decided.c.newer, n.label("n"), sa.func.sum(decided.c.amount).label("amount"))
    found = asker.fetch(sa.select(*columns).group_by(decided.c.competitor, decided.c.newer))
    halves = {side: sum(r["n"] for r in found if r["newer"] == side) for side in (True, False)}
    named = sorted({r["competitor"] for r in found if r["competitor"]})
    rows = [_rival(name, [r for r in found if r["competitor"] == name], halves) for name in named]
    return sorted(rows, key=lambda r: (-r["n"], r["competitor"]))


def _rival(name: str, found: Sequence[Row], halves: dict[bool, int]) -> Row:
    hits = {side: sum(r["n"] for r in found if r["newer"] == side) for side in (True, False)}
    now, before = wilson(hits[True], halves[True]), wilson(hits[False], halves[False])
    change, low, high = None, None, None
    if now and before:
        a, b = hits[True] / halves[True], hits[False] / halves[False]
        change, (low, high) = a - b, difference(a, now, b, before)
    total, n = sum(halves.values()), sum(hits.values())
    real = None if change is None or low is None or high is None else low > 0 or high < 0
    return {
        "competitor": name,
        "n": n,
        "share": n / total,
        "amount": float(sum(r["amount"] or 0 for r in found)),
        "change": change,
        "change_low": low,
        "change_high": high,
        "real": real,
    }


def _over_time(asker: Asker, gone: sa.Subquery, options: Options) -> list[Row]:
    quarter = sql.period(gone.c.closed_day, "quarter", asker.context().starts).label("period")
    n = sa.func.count().label("n")
    chosen = sa.select(quarter, gone.c.lost_reason, gone.c.competitor, n).where(gone.c.closed_day.is_not(None))
    keys: tuple[Any, ...] = (quarter, gone.c.lost_reason, gone.c.competitor)
    return list(asker.fetch(chosen.group_by(*keys).order_by(*keys)))


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    gone = _lost(offers(asker))
    return asker.fetch(sa.select(gone).order_by(gone.c.closed_day, gone.c.source, gone.c.opportunity_id))


STUDIES = (
    Study(
        "lost",
        ("opportunities",),
        answer=lost,
        behind=_rows,
        shapes=(
            Shape(
                "lost",
                (
                    Column("lost_reason", "text"),
                    Column("n", "count"),
                    Column("amount", "money"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                ),
            ),
            Shape(
                "competitors",
                (
                    Column("competitor", "text"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("amount", "money"),
                    Column("change", "difference"),
                    Column("change_low", "difference"),
                    Column("change_high", "difference"),
                    Column("real", "flag"),
                ),
            ),
            Shape(
                "over_time",
                (
                    Column("period", "day"),
                    Column("lost_reason", "text"),
                    Column("competitor", "text"),
                    Column("n", "count"),
                ),
            ),
        ),
    ),
)
