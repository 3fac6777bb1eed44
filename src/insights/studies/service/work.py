"""What agents did, whoever a ticket is assigned to: replies, solves, stretches held, and when they are busy."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.bases.held import holders
from insights.metrics.bases.joined import same
from insights.metrics.core import acted, excluded, is_in
from insights.studies.core import Asker, Row


def work(asker: Asker, good: Mapping[Any, tuple[int, int]]) -> tuple[list[Row], Sequence[Row]]:
    """Return what each did in the period, and the public replies by local hour.

    Beside the work stand the usual first response, and how many answers rated them and the share of `good` ones. Held
    are the stretches of tickets that became theirs.
    """
    did = _did(asker)
    done, hours = asker.fetch_each(_work(asker, did), _hours(asker, did))
    held = {r["agent_id"]: r["held"] for r in asker.fetch(_held(asker))}
    return [{**r, "held": held.get(r["agent_id"], 0), **_rated(*good.get(r["agent_id"], (0, 0)))} for r in done], hours


def _rated(hits: int, n: int) -> dict[str, Any]:
    return {"rated": n, "good_share": hits / n if n else None}


def _work(asker: Asker, did: sa.CTE) -> sa.Select[Any]:
    """Return what each did: public replies, solves and tickets touched by events, and the usual first response."""
    t = known.tickets(asker.context())
    columns = (
        did.c.actor_id,
        sa.func.count().filter(did.c.reply).label("replies"),
        sa.func.count().filter(did.c.solve).label("solves"),
        sa.func.count(sa.distinct(sa.tuple_(did.c.source, did.c.ticket_id))).label("tickets"),
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


def _held(asker: Asker) -> sa.Select[Any]:
    """Return how many stretches of tickets became each agent's in the period; who kept a ticket holds it once."""
    context = asker.context()
    h, t = holders(context), known.tickets(context)
    counted = [*(sa.not_(condition) for _, condition in excluded(t)), *conditions(t, None, asker.filters)]
    before = sa.func.lag(h.c.agent_id).over(partition_by=(h.c.source, h.c.ticket_id), order_by=h.c.stretch)
    handed = sa.select(h.c.source, h.c.ticket_id, h.c.agent_id, h.c.started_day, before.label("before"))
    over = handed.subquery("handed")
    another = sa.or_(over.c.before.is_(None), over.c.before != over.c.agent_id)
    taken = sa.select(over.c.agent_id, over.c.started_day.label("day")).select_from(over.join(t, same(over, t)))
    changed = sa.select(sa.literal(1)).select_from(h).where(same(h, t)).exists()
    kept = sa.select(t.c.agent_id, t.c.created_day.label("day")).where(*counted, sa.not_(changed))
    began = sa.union_all(taken.where(*counted, another), kept).subquery("began")
    inside = conditions(began, began.c.day, asker.filters)
    some = sa.select(began.c.agent_id, sa.func.count().label("held")).where(began.c.agent_id.is_not(None), *inside)
    return some.group_by(began.c.agent_id)


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
