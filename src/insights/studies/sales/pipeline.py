"""Opportunities by stage, how many are won, and how long they take with the open ones kept in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.stats.intervals import wilson
from insights.stats.survival import kaplan_meier
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.sales.offers import offers


def pipeline(asker: Asker, options: Options) -> Answer:
    """Return open opportunities by stage with their amount and age, the win rate, and days until half are decided.

    The median counts those still open as undecided so far: of decided ones alone it would be too short.
    """
    o = offers(asker)
    n = sa.func.count()
    columns = (
        o.c.stage,
        n.label("n"),
        sa.func.sum(o.c.amount).label("amount"),
        sql.quantile(o.c.days, 0.5).label("days"),
    )
    stages = asker.fetch(
        sa.select(*columns).where(o.c.outcome == "open").group_by(o.c.stage).order_by(n.desc(), o.c.stage)
    )
    outcomes = {
        r["outcome"]: r
        for r in asker.fetch(
            sa.select(o.c.outcome, n.label("n"), sa.func.sum(o.c.amount).label("amount")).group_by(o.c.outcome)
        )
    }
    won, lost, open_ = (int(outcomes[word]["n"]) if word in outcomes else 0 for word in ("won", "lost", "open"))
    low, high = wilson(won, won + lost) or (None, None)
    facts = {
        "n": won + lost + open_,
        "won": won,
        "lost": lost,
        "open": open_,
        "low": low,
        "high": high,
        "win_rate": won / (won + lost) if won + lost else None,
        **_cycle(asker, o),
    }
    tables = {"pipeline": [_money(r) for r in stages], "owners": _owners(asker, o)}
    return Answer(tables, facts, "won" if won + lost else "open" if open_ else None)


def _money(record: Row) -> Row:
    return dict(record) | {"amount": float(record["amount"]) if record["amount"] is not None else None}


def _cycle(asker: Asker, o: sa.Subquery) -> dict[str, Any]:
    decided = o.c.outcome != "open"
    counts = (
        sa.func.count().filter(decided).label("events"),
        sa.func.count().filter(sa.not_(decided)).label("censored"),
    )
    found = asker.fetch(sa.select(o.c.days, *counts).where(o.c.days >= 0).group_by(o.c.days))
    curve = kaplan_meier(*([float(r[name]) for r in found] for name in ("days", "events", "censored")))
    low, high = curve.quantile_interval()
    return {"cycle_days": curve.quantile(), "cycle_low": low, "cycle_high": high}


def _owners(asker: Asker, o: sa.Subquery) -> list[Row]:
    n = sa.func.count()
    named = (("won", o.c.outcome == "won"), ("decided", o.c.outcome != "open"), ("open", o.c.outcome == "open"))
    columns = (o.c.agent_id, *(n.filter(of).label(name) for name, of in named))
    found = asker.fetch(sa.select(*columns).group_by(o.c.agent_id).order_by(o.c.agent_id))
    return [_owner(r) for r in found]


def _owner(record: Row) -> Row:
    low, high = wilson(record["won"], record["decided"]) or (None, None)
    share = record["won"] / record["decided"] if record["decided"] else None
    return dict(record) | {"share": share, "low": low, "high": high}


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    o = offers(asker)
    return asker.fetch(sa.select(o).order_by(o.c.created_at, o.c.source, o.c.opportunity_id))


STUDIES = (
    Study(
        "pipeline",
        ("opportunities",),
        answer=pipeline,
        behind=_rows,
        shapes=(
            Shape(
                "pipeline",
                (
                    Column("stage", "text"),
                    Column("n", "count"),
                    Column("amount", "money"),
                    Column("days", "number"),
                ),
            ),
            Shape(
                "owners",
                (
                    Column("agent_id", "member", "agent"),
                    Column("won", "count"),
                    Column("decided", "count"),
                    Column("open", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                ),
            ),
        ),
    ),
)
