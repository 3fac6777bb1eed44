"""The tables as they were known at a past moment: what happened later is unknown again."""

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import since
from insights.metrics.bases.aside import can_be_put_aside
from insights.metrics.core import Context, flag, is_in
from insights.sql import Column, Rows, local_day, seconds_between

USUAL_WARNING = 800
"""Thousandths of the way from which a clock is at risk where no policy of today says otherwise."""


@can_be_put_aside(schema.tickets)
def tickets(context: Context) -> Rows:
    """Return tickets as known at `as_of`. Team, priority and the like are those of today."""
    t = schema.tickets
    if not context.past:
        return t
    then, talk, at = since.states(context), since.talk(context), sa.literal(context.as_of, sa.DateTime())
    changed, solved_since = then.c.ticket_id.is_not(None), sa.func.coalesce(t.c.solved_at > at, sa.false())
    unchanged = sa.not_(sa.or_(changed, solved_since))
    status = sa.case((changed, then.c.status), (solved_since, "open"), else_=t.c.status)
    solved_at = sa.case((changed, then.c.solved_at), (solved_since, sa.null()), else_=t.c.solved_at)
    length = sa.case((is_in(status, schema.SOLVED), seconds_between(t.c.created_at, solved_at)))
    masked: dict[str, Column] = {
        "status": status,
        "excluded": _not_yet_deleted(t, context),
        "solved_at": solved_at,
        "solved_day": sa.case((changed, then.c.solved_day), (solved_since, sa.null()), else_=t.c.solved_day),
        "full_resolution_s": sa.case((unchanged, t.c.full_resolution_s), else_=length),
        "closed_at": sa.case((t.c.closed_at <= at, t.c.closed_at)),
        "is_open": sa.not_(is_in(status, schema.SOLVED)),
        "source_sla_met": sa.case((unchanged, t.c.source_sla_met)),
        "reopens": sa.case((unchanged, t.c.reopens), else_=then.c.reopens),
        "replies": t.c.replies - sa.func.coalesce(talk.c.replies, 0),
        "transfers": t.c.transfers - sa.func.coalesce(talk.c.transfers, 0),
    }
    first = ("at", "s", "business_s", "day")
    for name in (*(f"first_response_{of}" for of in first), "response_agent_id", "response_team"):
        told = sa.and_(t.c.first_response_at.is_(None), is_in(status, schema.SOLVED))
        masked[name] = sa.case((sa.or_(t.c.first_response_at <= at, told), t.c[name]))
    for name in ("first_solved_at", "first_resolution_s", "first_resolution_business_s", "first_solved_day"):
        masked[name] = sa.case((t.c.first_solved_at <= at, t.c[name]))
    for name in ("requester_wait", "agent_work", "agent_wait", "on_hold"):
        masked[f"{name}_s"] = sa.case((unchanged, t.c[f"{name}_s"]), else_=then.c[f"{name}_s"])
        masked[f"{name}_business_s"] = sa.case((unchanged, t.c[f"{name}_business_s"]))
    masked["full_resolution_business_s"] = sa.case((unchanged, t.c.full_resolution_business_s))
    joined = t.outerjoin(then, since.same(t, then)).outerjoin(talk, since.same(t, talk))
    columns = [masked[c.name].label(c.name) if c.name in masked else c for c in t.c]
    return sa.select(*columns).select_from(joined).where(t.c.created_at <= at).subquery("tickets")


@can_be_put_aside(schema.tickets)
def cases(context: Context) -> Rows:
    """Return tickets for their attributes alone; one deleted after `as_of` still counted then."""
    t = schema.tickets
    if not context.past:
        return t
    later = _deleted_later(t, context)
    masked: dict[str, Column] = {
        "excluded": _not_yet_deleted(t, context),
        "status": sa.case((sa.and_(t.c.status == "deleted", later), "open"), else_=t.c.status),
    }
    columns = [masked[c.name].label(c.name) if c.name in masked else c for c in t.c]
    return sa.select(*columns).where(t.c.created_at <= sa.literal(context.as_of, sa.DateTime())).subquery("tickets")


def _deleted_later(t: sa.Table, context: Context) -> Column:
    s = schema.status_spans
    after = s.c.started_at > sa.literal(context.as_of, sa.DateTime())
    later = sa.select(s.c.source, s.c.ticket_id).where(s.c.status == "deleted", after)
    return sa.tuple_(t.c.source, t.c.ticket_id).in_(later)


def _not_yet_deleted(t: sa.Table, context: Context) -> Column:
    later = sa.and_(t.c.excluded.in_(("deleted", "gone")), _deleted_later(t, context))
    return sa.case((later, sa.null()), else_=t.c.excluded)


def surveys(context: Context) -> Rows:
    """Return surveys as known at `as_of`: later ones are not there, later answers are unknown."""
    s = schema.surveys
    if not context.past:
        return s
    at = sa.literal(context.as_of, sa.DateTime())
    late = sa.func.coalesce(s.c.answered_at > at, sa.false())
    answers = ("answered_at", "score", "comment", "good", "nps_group", "score_5")
    masked: dict[str, Column] = {name: sa.case((sa.not_(late), s.c[name])) for name in answers}
    masked["replaced"] = sa.and_(s.c.replaced, sa.not_(sa.func.coalesce(s.c.replaced_at > at, sa.false())))
    masked["answered"] = sa.and_(s.c.answered, sa.not_(late))
    masked["answered_day"] = sa.case((late, s.c.sent_day), else_=s.c.answered_day)
    columns = [masked[c.name].label(c.name) if c.name in masked else c for c in s.c]
    known = sa.func.coalesce(sa.func.coalesce(s.c.sent_at, s.c.answered_at) <= at, sa.true())
    return sa.select(*columns).where(known).subquery("surveys")


def spans(context: Context) -> Rows:
    """Return status spans as known at `as_of`: the one that covered the moment still ran."""
    return _running(schema.status_spans, context)


def cycles(context: Context) -> Rows:
    """Return reply cycles as known at `as_of`: the one that covered the moment was still unanswered."""
    return _running(schema.reply_cycles, context, "answered", "wait_s", "wait_business_s")


def purchases(context: Context) -> Rows:
    """Return first and second purchase days as known at `as_of`."""
    p = schema.customer_purchases
    if not context.past:
        return p
    today = sa.literal(context.today, sa.Date())
    columns = [sa.case((c <= today, c)).label(c.name) if c.name == "second_day" else c for c in p.c]
    return sa.select(*columns).where(p.c.first_day <= today).subquery("customer_purchases")


def orders(context: Context) -> Rows:
    """Return orders as known at `as_of`."""
    o = schema.orders
    if not context.past:
        return o
    return sa.select(o).where(o.c.ordered_at <= sa.literal(context.as_of, sa.DateTime())).subquery("orders")


def interactions(context: Context) -> Rows:
    """Return contacts as known at `as_of`."""
    i = schema.interactions
    if not context.past:
        return i
    return sa.select(i).where(i.c.at <= sa.literal(context.as_of, sa.DateTime())).subquery("interactions")


@can_be_put_aside(schema.sla_clocks)
def clocks(context: Context) -> Rows:
    """Return SLA clocks as known at `as_of`.

    A clock that ran then is late once its breach has come, at risk from its policy's share of the way to the due time.
    """
    c = schema.sla_clocks
    if not context.past:
        return c
    at = sa.literal(context.as_of, sa.DateTime())
    solved = _solved_then(context)
    stop = _stopped_by(c, solved, context)
    stopped = stop.is_not(None)
    breached = sa.func.coalesce(c.c.breached_at <= at, sa.false())
    gone, left = seconds_between(c.c.started_at, at), seconds_between(at, c.c.due_at)
    settled = sa.case((breached, c.c.breached_at), else_=stop)
    masked: dict[str, Column] = {
        "stopped_at": stop,
        "breached_at": sa.case((breached, c.c.breached_at)),
        "elapsed_s": sa.case((c.c.stopped_at <= at, c.c.elapsed_s), (stopped, sa.null()), else_=gone),
        "paused": sa.case((stopped, sa.false())),
        "state": sa.case(
            (c.c.state == "cancelled", c.c.state),
            (sa.and_(stopped, breached), "breached"),
            (stopped, "met"),
            (breached, "breached_open"),
            (_warned(c, gone, left, context), "at_risk"),
            else_="on_track",
        ),
    }
    masked["decided_at"] = sa.case((c.c.state != "cancelled", settled))
    masked["decided_day"] = local_day(masked["decided_at"], context.zone, context.as_of)
    for name in ("team", "agent_id", "priority"):
        masked[name] = sa.case((c.c.decided_at <= at, c.c[name]))
    columns = [masked[x.name].label(x.name) if x.name in masked else x for x in c.c]
    joined = c.outerjoin(solved, since.same(c, solved))
    return sa.select(*columns).select_from(joined).where(c.c.started_at <= at).subquery("sla_clocks")


def _warned(c: sa.Table, gone: Column, left: Column, context: Context) -> Column:
    """Return whether a clock had come as far as its policy warns from; whole thousandths, so that 0.8 is exact."""
    own = [
        (sa.and_(c.c.metric == promise, c.c.policy == policy), round(share * 1000))
        for promise, policy, share in context.warned
    ]
    thousandths = sa.case(*own, else_=USUAL_WARNING) if own else sa.literal(USUAL_WARNING)
    return gone * 1000 >= (gone + left) * thousandths


def _solved_then(context: Context) -> sa.Subquery:
    """Return the tickets that stood solved at `as_of`, and since when."""
    s, at = schema.status_spans, sa.literal(context.as_of, sa.DateTime())
    covers = sa.and_(s.c.started_at <= at, sa.or_(s.c.ended_at.is_(None), s.c.ended_at > at))
    solved = is_in(s.c.status, schema.SOLVED)
    solve = sa.and_(solved, sa.not_(is_in(s.c.previous, schema.SOLVED)))
    since = sa.func.max(sa.case((solve, s.c.started_at))).label("since")
    found = sa.select(s.c.source, s.c.ticket_id, since).where(s.c.started_at <= at).group_by(s.c.source, s.c.ticket_id)
    return found.having(sa.func.max(flag(sa.and_(covers, solved))) == 1).subquery("solved_then")


def _stopped_by(c: sa.Table, solved: sa.Subquery, context: Context) -> Column:
    """Return when a clock had stopped by `as_of`: one reopened later had stopped with the solve of then."""
    at = sa.literal(context.as_of, sa.DateTime())
    lasting = sa.and_(c.c.metric.in_(("resolution", "requester_wait")), solved.c.since >= c.c.started_at)
    return sa.case((c.c.stopped_at <= at, c.c.stopped_at), (lasting, solved.c.since))


def _running(of: sa.Table, context: Context, *results: str) -> Rows:
    if not context.past:
        return of
    at = sa.literal(context.as_of, sa.DateTime())
    hidden = {"ended_at", "ended_day", *results}
    columns = [sa.case((of.c.ended_at <= at, c)).label(c.name) if c.name in hidden else c for c in of.c]
    return sa.select(*columns).where(of.c.started_at <= at).subquery(of.name)
