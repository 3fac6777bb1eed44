"""Who serves how well, fairly: each agent against what their mix of cases lets expect, and the work each did."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import acted, excluded, is_in
from insights.stats.comparing import funnel, shrunk
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.service.rated import MIX, rated

Cells = Sequence[tuple[Any, Any, int, int]]
"""(agent, mix of the case, good answers, answers)."""


def agents(asker: Asker, options: Options) -> Answer:
    """Return each agent's share of good answers beside the one expected of such cases, flagged beyond chance.

    Agents with fewer than `least` answers are not shown. The flags allow for how many agents are looked at.
    """
    r = rated(asker)
    keys = (r.c.agent_id, *(r.c[name] for name in MIX))
    columns = (*keys, sa.func.count().label("n"), sa.func.count().filter(r.c.good).label("good"))
    found = asker.fetch(sa.select(*columns).where(r.c.agent_id.is_not(None)).group_by(*keys))
    cells = [(f["agent_id"], tuple(f[name] for name in MIX), f["good"], f["n"]) for f in found]
    rows = judged(cells, options["least"])
    n, good = sum(c[3] for c in cells), sum(c[2] for c in cells)
    flagged = sum(row["stands_out"] for row in rows)
    work, hours = asker.fetch_each(*_done(asker))
    facts = {"n": n, "share": good / n if n else None, "agents": len(rows), "flagged": flagged}
    sentence = None if not rows else "some" if flagged else "nobody"
    return Answer({"agents": rows, "work": work, "hours": hours}, facts, sentence)


def judged(cells: Cells, least: int) -> list[Row]:
    """Return each agent observed against expected from the whole house's share at each mix, worst ratio first."""
    whole, mine = _sums(cells, 1), _sums(cells, 0)
    overall = sum(g for g, _ in mine.values()) / max(1, sum(n for _, n in mine.values()))
    expected: dict[Any, float] = defaultdict(float)
    variance: dict[Any, float] = defaultdict(float)
    for agent, mix, _, n in cells:
        p = whole[mix][0] / whole[mix][1]
        expected[agent] += n * p
        variance[agent] += n * p * (1 - p)
    shown = sorted((agent for agent, (_, n) in mine.items() if n >= least), key=str)
    told = funnel([mine[a][0] for a in shown], [expected[a] for a in shown], [variance[a] for a in shown])
    prior = shrunk([mine[a][0] for a in shown], [mine[a][1] for a in shown])
    rows = [
        _row(agent, mine[agent], expected[agent], overall, prior) | {"z": one.z, "stands_out": one.stands_out}
        for agent, one in zip(shown, told, strict=True)
    ]
    return sorted(rows, key=lambda row: row["standardised"])


def _sums(cells: Cells, place: int) -> dict[Any, tuple[int, int]]:
    found: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells:
        good, n = found[cell[place]]
        found[cell[place]] = (good + cell[2], n + cell[3])
    return found


def _row(
    agent: Any, mine: tuple[int, int], expected: float, overall: float, prior: tuple[float, float] | None
) -> dict[str, Any]:
    good, n = mine
    low, high = wilson(good, n) or (None, None)
    a, b = prior or (None, None)
    pulled = overall if a is None or b is None else (good + a) / (n + a + b)
    return {
        "agent_id": agent,
        "n": n,
        "share": good / n,
        "low": low,
        "high": high,
        "expected_share": expected / n,
        "standardised": good / expected * overall if expected else overall,
        "shrunk": pulled,
    }


def _done(asker: Asker) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return what each agent did, and when agents are busy."""
    did = _did(asker)
    return _work(asker, did), _hours(asker, did)


def _work(asker: Asker, did: sa.CTE) -> sa.Select[Any]:
    """Return what each did: public replies, solves and tickets touched by events, and the usual first response."""
    t = known.tickets(asker.context())
    columns = (
        did.c.actor_id,
        sa.func.count().filter(did.c.reply).label("replies"),
        sa.func.count().filter(did.c.solve).label("solves"),
        sa.func.count(sa.distinct(did.c.ticket_id)).label("tickets"),
    )
    w = sa.select(*columns).group_by(did.c.actor_id).subquery("work")
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    inside = conditions(t, t.c.first_response_day, asker.filters)
    first = (
        sa.select(t.c.response_agent_id, sql.quantile(t.c.first_response_s, 0.5).label("first_response_s"))
        .where(*counted, *inside, t.c.first_response_s.is_not(None))
        .group_by(t.c.response_agent_id)
        .subquery("first")
    )
    joined = w.outerjoin(first, first.c.response_agent_id == w.c.actor_id)
    listed = (w.c.actor_id.label("agent_id"), w.c.replies, w.c.solves, w.c.tickets, first.c.first_response_s)
    return sa.select(*listed).select_from(joined).order_by(w.c.replies.desc(), w.c.actor_id)


def _did(asker: Asker) -> sa.CTE:
    """Return what agents did in the period on tickets that count."""
    e, context = schema.ticket_events, asker.context()
    t, day = known.tickets(context), sql.local_day(e.c.at, context.zone, context.as_of)
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    same = sa.and_(t.c.source == e.c.source, t.c.ticket_id == e.c.ticket_id)
    public = sa.func.coalesce(e.c.public, sa.true())
    solved = sa.and_(is_in(e.c.new, schema.SOLVED), sa.not_(is_in(e.c.old, schema.SOLVED)))
    columns = (
        e.c.source,
        e.c.ticket_id,
        e.c.actor_id,
        e.c.at,
        day.label("day"),
        sa.and_(e.c.field == "comment", public).label("reply"),
        sa.and_(e.c.field == "status", solved).label("solve"),
    )
    done = (
        sa.select(*columns)
        .select_from(e.join(t, same))
        .where(
            acted(e) == "agent",
            e.c.actor_id.is_not(None),
            e.c.at <= sa.literal(asker.at, sa.DateTime()),
            *counted,
            *conditions(t, None, asker.filters),
            *sql.about(e.c.at, asker.filters.since, asker.filters.until),
        )
        .subquery("done")
    )
    return sa.select(done).where(*conditions(done, done.c.day, asker.filters)).cte("did")


def _hours(asker: Asker, did: sa.CTE) -> sa.Select[Any]:
    """Return the public replies of agents by local hour of the day: when they are busy."""
    context = asker.context()
    hour = sql.hour(sql.local_time(did.c.at, context.zone, context.as_of)).label("hour")
    columns: list[sa.ColumnElement[Any]] = [
        hour,
        sa.func.count().label("replies"),
        sa.func.count(sa.distinct(did.c.actor_id)).label("agents"),
    ]
    return sa.select(*columns).where(did.c.reply).group_by(hour).order_by(hour)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    r = rated(asker)
    listed = sa.select(r).where(r.c.agent_id.is_not(None))
    return asker.fetch(listed.order_by(r.c.answered_day, r.c.source, r.c.survey_id))


STUDIES = (
    Study(
        "agents",
        ("surveys", "tickets"),
        answer=agents,
        behind=_rows,
        options=(Option("least", "whole", 5),),
        shapes=(
            Shape(
                "agents",
                (
                    Column("agent_id", "member", "agent"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("expected_share", "share"),
                    Column("standardised", "share"),
                    Column("shrunk", "share"),
                    Column("z", "number"),
                    Column("stands_out", "flag"),
                ),
            ),
            Shape(
                "work",
                (
                    Column("agent_id", "member", "agent"),
                    Column("replies", "count"),
                    Column("solves", "count"),
                    Column("tickets", "count"),
                    Column("first_response_s", "seconds"),
                ),
            ),
            Shape("hours", (Column("hour", "count"), Column("replies", "count"), Column("agents", "count"))),
        ),
    ),
)
