"""What happened to tickets, one row per event: solves, movements, later waits, promises, what followed a solve."""

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics.bases import known
from insights.metrics.bases.joined import CASE, beside, held_then, same, with_case, within
from insights.metrics.core import Context, acted, is_in, why_excluded, why_never
from insights.sql import Column, Rows


def solves(context: Context) -> Rows:
    """Return one row per solve."""
    rows = known.spans(context)
    solved, _, _ = _changes(rows)
    cases = known.cases(context)
    columns = [rows.c.span, rows.c.started_at.label("event_at"), rows.c.started_day.label("day"), cases.c.status]
    return with_case(rows, cases, *columns, name="solves", where=solved, why=why_never)


def flow(context: Context) -> Rows:
    """Return creations, solves, reopens and deletions, one row each."""
    rows, cases = known.spans(context), known.cases(context)
    solved, reopened, deleted = _changes(rows)
    flow = sa.case((solved, "solved"), (reopened, "reopened"), (deleted, "deleted"))
    columns = [
        rows.c.span,
        rows.c.started_at.label("event_at"),
        rows.c.started_day.label("day"),
        cases.c.status,
        flow.label("flow"),
    ]
    changes = with_case(rows, cases, *columns, name="changes", where=sa.or_(solved, reopened, deleted), why=why_never)
    new = known.tickets(context) if context.past else cases
    created = sa.select(
        new.c.source,
        new.c.ticket_id,
        sa.literal_column("0", sa.BigInteger()).label("span"),
        new.c.created_at.label("event_at"),
        new.c.created_day.label("day"),
        new.c.status,
        sa.literal_column("'created'", sa.Text()).label("flow"),
        *(new.c[c] for c in CASE),
        why_never(new).label("excluded"),
    )
    return sa.union_all(created, sa.select(changes)).subquery("flow")


def _changes(rows: Rows) -> tuple[Column, Column, Column]:
    """Return the conditions under which a status span begins with a solve, a reopen or a deletion."""
    was_open = sa.or_(rows.c.previous.is_(None), is_in(rows.c.previous, schema.UNSOLVED))
    solved = sa.and_(is_in(rows.c.status, schema.SOLVED), sa.or_(was_open, rows.c.previous == "deleted"))
    reopened = sa.and_(is_in(rows.c.status, schema.UNSOLVED), is_in(rows.c.previous, (*schema.SOLVED, "deleted")))
    deleted = sa.and_(is_in(rows.c.status, ("deleted",)), was_open)
    return solved, reopened, deleted


def cycles(context: Context) -> Rows:
    """Return one row per wait after the first."""
    rows, cases = known.cycles(context), known.cases(context)
    columns = [
        rows.c.cycle,
        rows.c.started_at,
        rows.c.ended_at,
        rows.c.answered,
        rows.c.wait_s,
        rows.c.wait_business_s,
        rows.c.started_day,
        rows.c.ended_day,
        cases.c.status,
        *held_then(rows, cases, "agent_id", "team"),
    ]
    return with_case(rows, cases, *columns, name="cycles", where=rows.c.cycle > 1)


def responses(context: Context) -> Rows:
    """Return tickets by who gave the first response, where that is known; else by whose they are."""
    t = known.tickets(context)
    credited = {
        name: sa.func.coalesce(t.c[of], t.c[name]).label(name)
        for name, of in (("agent_id", "response_agent_id"), ("team", "response_team"))
    }
    return sa.select(*(credited.get(c.name, c) for c in t.c)).subquery("tickets")


def clocks(context: Context) -> Rows:
    """Return one row per SLA clock, with how far past its due time it stopped or runs."""
    rows, cases = known.clocks(context), known.cases(context)
    over = sql.seconds_between(
        rows.c.due_at, sa.func.coalesce(rows.c.stopped_at, sa.literal(context.as_of, sa.DateTime()))
    )
    columns = [
        rows.c.metric.label("promise"),
        rows.c.cycle,
        rows.c.policy,
        rows.c.target_s,
        rows.c.started_at,
        rows.c.due_at,
        rows.c.stopped_at,
        rows.c.breached_at,
        rows.c.elapsed_s,
        rows.c.state,
        rows.c.started_day,
        rows.c.decided_day,
        cases.c.status,
        cases.c.created_hour,
        cases.c.created_weekday,
        over.label("over_s"),
        *held_then(rows, cases, "agent_id", "team", "priority"),
    ]
    return with_case(rows, cases, *columns, name="clocks", where=sa.true())


def reopened(context: Context) -> Rows:
    """Return tickets with the moment they were first reopened."""
    t, rows = known.tickets(context), known.spans(context)
    _, reopened, _ = _changes(rows)
    first = sa.func.min(rows.c.started_at).label("reopened_at")
    again = sa.select(rows.c.source, rows.c.ticket_id, first).where(reopened, rows.c.previous != "deleted")
    return beside(t, reopened_at=again.group_by(rows.c.source, rows.c.ticket_id).subquery("again"))


def contacts(context: Context) -> Rows:
    """Return tickets with the customer's last comment and their next ticket on the same topic.

    Both are looked up for tickets solved in the period alone: nobody asks for the others.
    """
    t, e = known.tickets(context), schema.ticket_events
    read = (t.c[name] for name in ("source", "ticket_id", "customer_id", "category", "created_at"))
    asked = within(sa.select(*read), t.c.solved_day, context).subquery("asked")
    public = sa.func.coalesce(e.c.public, sa.true())
    spoken = [e.c.field == "comment", acted(e) == "customer", public]
    if context.past:
        spoken.append(e.c.at <= sa.literal(context.as_of, sa.DateTime()))
    last = sa.select(asked.c.source, asked.c.ticket_id, sa.func.max(e.c.at).label("last_comment_at"))
    last = last.select_from(asked.join(e, same(asked, e))).where(*spoken).group_by(asked.c.source, asked.c.ticket_id)
    o = known.cases(context)
    same_topic = [asked.c[name] == o.c[name] for name in ("source", "customer_id", "category")]
    after = sa.and_(*same_topic, o.c.created_at > asked.c.created_at, why_excluded(o).is_(None))
    ahead = sa.select(asked.c.source, asked.c.ticket_id, sa.func.min(o.c.created_at).label("next_created_at"))
    ahead = ahead.select_from(asked.join(o, after)).group_by(asked.c.source, asked.c.ticket_id)
    return beside(t, last_comment_at=last.subquery("talk"), next_created_at=ahead.subquery("ahead"))


def escalations(context: Context) -> Rows:
    """Return tickets with whether they were raised: to a team of a higher tier, or to a higher priority."""
    t, e = known.tickets(context), schema.ticket_events
    tiers, ranks = dict(context.tiers), {word: -place for place, word in enumerate(schema.WORDS["priority"])}

    def raised(field: str, rank: dict[str, int]) -> Column:
        old, new = (sa.case(*((c == w, r) for w, r in rank.items())) for c in (e.c.old, e.c.new))
        return sa.and_(e.c.field == field, new > old)

    # Without tiers in the settings no team is above another: then only a higher priority raises a ticket.
    where = [sa.or_(*(raised(field, rank) for field, rank in (("team", tiers), ("priority", ranks)) if rank))]
    if context.past:
        where.append(e.c.at <= sa.literal(context.as_of, sa.DateTime()))
    up = sa.select(e.c.source, e.c.ticket_id, sa.true().label("raised")).where(*where).distinct().subquery("up")
    return beside(t, raised=up)
