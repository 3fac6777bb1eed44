"""The rows metrics read: one row per counted thing, with every dimension a reader can choose."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from insights import schema, sql
from insights.metrics import known
from insights.metrics.core import Base, Context, is_in, why_excluded
from insights.sql import Column, Rows

CASE = (
    "customer_id", "subject", "kind", "channel", "category", "product", "priority", "team", "agent_id",
    "segment", "region", "country", "loyalty_tier", "created_at", "created_day",
)  # fmt: skip
"""What a row about a ticket takes over from it."""
BUCKETS = ((0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, None))
"""Ages of open tickets in days, the end not included."""
WHEN = (("hour", "created_hour"), ("weekday", "created_weekday"))
TICKET = ("source", "ticket_id")


def period_ends(context: Context) -> list[tuple[dt.date, dt.datetime]]:
    """Return (last local day, UTC moment) of every period between since and until, none after `as_of`."""
    last = context.last_day
    days = [last]
    if context.grain and context.since:
        first, days = context.since, []
        for start in periods(context.since, last, context.grain):
            days.append(min(next_period(start, context.grain) - dt.timedelta(days=1), last))
        days = [day for day in days if day >= first]
    return [(day, context.as_of if day >= context.today else midnight_after(day, context.zone)) for day in days]


def midnight_after(day: dt.date, zone: str) -> dt.datetime:
    """Return the UTC moment at which a local day ends."""
    local = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)


def period_start(day: dt.date, grain: sql.Grain) -> dt.date:
    """Return the first day of the period a day lies in; weeks start on Monday."""
    if grain == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"day": day.month, "month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[grain]
    return day if grain == "day" else dt.date(day.year, month, 1)


def next_period(start: dt.date, grain: sql.Grain) -> dt.date:
    """Return the first day of the period after the one that starts on `start`."""
    if grain in ("day", "week"):
        return start + dt.timedelta(days=1 if grain == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    years, month = divmod(start.month - 1 + months, 12)
    return dt.date(start.year + years, month + 1, 1)


def periods(since: dt.date, until: dt.date, grain: sql.Grain) -> list[dt.date]:
    """Return the first day of every period that touches the span."""
    found, start = [], period_start(since, grain)
    while start <= until:
        found.append(start)
        start = next_period(start, grain)
    return found


def _with_case(of: Rows, cases: Rows, *columns: Column, name: str, where: Column) -> sa.Subquery:
    """Return rows of `of` with what they take over from their ticket."""
    taken = [cases.c[c] for c in CASE if c not in {x.key for x in columns}]
    joined = of.join(cases, sa.and_(of.c.source == cases.c.source, of.c.ticket_id == cases.c.ticket_id))
    taken.append(why_excluded(cases).label("excluded"))
    return sa.select(of.c.source, of.c.ticket_id, *columns, *taken).select_from(joined).where(where).subquery(name)


def _ends(context: Context) -> sa.Subquery:
    columns: list[sa.ColumnClause[Any]] = [sa.column("day", sa.Date()), sa.column("moment", sa.DateTime())]
    return sql.constants("ends", columns, list(period_ends(context)))


def _standing(of: Rows, context: Context, name: str, where: Column) -> sa.Subquery:
    """Return one row per stretch and period end it covers, with the age of the ticket at that moment."""
    ends = _ends(context)
    covers = sa.and_(of.c.started_day <= ends.c.day, sa.or_(of.c.ended_day.is_(None), of.c.ended_day > ends.c.day))
    status = [of.c.status] if "status" in of.c else []
    standing = (
        sa.select(of, ends.c.day, ends.c.moment).select_from(of.join(ends, covers)).where(where).subquery("standing")
    )
    cases = known.cases(context)
    age = sql.seconds_between(cases.c.created_at, standing.c.moment)
    waiting = sql.seconds_between(standing.c.started_at, standing.c.moment)
    extra = [standing.c.status if status else cases.c.status, standing.c.started_at, standing.c.day]
    if "cycle" in of.c:
        extra.append(standing.c.cycle)
    bucket = sa.case(
        *((age < end * 86400, f"[{start},{end})") for start, end in BUCKETS if end), else_=f"[{BUCKETS[-1][0]},inf)"
    )
    columns = [*extra, age.label("age_s"), waiting.label("waiting_s"), bucket.label("bucket")]
    return _with_case(standing, cases, *columns, name=name, where=sa.true())


def _backlog(context: Context) -> Rows:
    rows = known.spans(context)
    return _standing(rows, context, "backlog", is_in(rows.c.status, schema.UNSOLVED))


def _waiting(context: Context) -> Rows:
    """Return the unanswered waits of tickets that were unsolved at the same moment."""
    waits = _standing(known.cycles(context), context, "waiting", sa.true())
    spans = known.spans(context)
    same = sa.and_(spans.c.source == waits.c.source, spans.c.ticket_id == waits.c.ticket_id)
    ran = sa.and_(
        spans.c.started_day <= waits.c.day, sa.or_(spans.c.ended_day.is_(None), spans.c.ended_day > waits.c.day)
    )
    columns = [spans.c.status if c.name == "status" else c for c in waits.c]
    unsolved = is_in(spans.c.status, schema.UNSOLVED)
    joined = waits.join(spans, sa.and_(same, ran, unsolved))
    return sa.select(*columns).select_from(joined).subquery("waiting_cases")


def _changes(rows: Rows) -> tuple[Column, Column, Column]:
    """Return the conditions under which a status span begins with a solve, a reopen or a deletion."""
    was_open = sa.or_(rows.c.previous.is_(None), is_in(rows.c.previous, schema.UNSOLVED))
    solved = sa.and_(is_in(rows.c.status, schema.SOLVED), sa.or_(was_open, rows.c.previous == "deleted"))
    reopened = sa.and_(is_in(rows.c.status, schema.UNSOLVED), is_in(rows.c.previous, (*schema.SOLVED, "deleted")))
    deleted = sa.and_(is_in(rows.c.status, ("deleted",)), was_open)
    return solved, reopened, deleted


def _solves(context: Context) -> Rows:
    rows = known.spans(context)
    solved, _, _ = _changes(rows)
    cases = known.cases(context)
    columns = [rows.c.span, rows.c.started_at.label("event_at"), rows.c.started_day.label("day"), cases.c.status]
    return _with_case(rows, cases, *columns, name="solves", where=solved)


def _flow(context: Context) -> Rows:
    """Return creations, solves, reopens and deletions, one row each."""
    rows, cases = known.spans(context), known.cases(context)
    solved, reopened, deleted = _changes(rows)
    flow = sa.case((solved, "solved"), (reopened, "reopened"), (deleted, "deleted"))
    columns = [
        rows.c.span, rows.c.started_at.label("event_at"), rows.c.started_day.label("day"), cases.c.status,
        flow.label("flow"),
    ]  # fmt: skip
    changes = _with_case(rows, cases, *columns, name="changes", where=sa.or_(solved, reopened, deleted))
    new = known.tickets(context) if context.past else cases
    created = sa.select(
        new.c.source, new.c.ticket_id, sa.literal_column("0", sa.BigInteger()).label("span"),
        new.c.created_at.label("event_at"), new.c.created_day.label("day"), new.c.status,
        sa.literal_column("'created'", sa.Text()).label("flow"), *(new.c[c] for c in CASE),
        why_excluded(new).label("excluded"),
    )  # fmt: skip
    return sa.union_all(created, sa.select(changes)).subquery("flow")


def _clocks(context: Context) -> Rows:
    rows, cases = known.clocks(context), known.cases(context)
    over = sql.seconds_between(
        rows.c.due_at, sa.func.coalesce(rows.c.stopped_at, sa.literal(context.as_of, sa.DateTime()))
    )
    columns = [
        rows.c.metric.label("promise"), rows.c.cycle, rows.c.policy, rows.c.target_s, rows.c.started_at, rows.c.due_at,
        rows.c.stopped_at, rows.c.breached_at, rows.c.elapsed_s, rows.c.state, rows.c.started_day, rows.c.decided_day,
        cases.c.status, cases.c.created_hour, cases.c.created_weekday, over.label("over_s"),
    ]  # fmt: skip
    return _with_case(rows, cases, *columns, name="clocks", where=sa.true())


def _standing_clocks(context: Context) -> Rows:
    """Return one row per clock and period end at which it ran, with its state then.

    Before `as_of` a pause is not told from running: a clock is late, at risk (last fifth before due) or unknown.
    """
    rows, cases = known.clocks(context), known.cases(context)
    ends = _ends(context)
    ran = sa.and_(
        rows.c.started_at <= ends.c.moment, sa.or_(rows.c.stopped_at.is_(None), rows.c.stopped_at > ends.c.moment)
    )
    gone = sql.seconds_between(rows.c.started_at, ends.c.moment)
    left = sql.seconds_between(ends.c.moment, rows.c.due_at)
    state = sa.case(
        (sa.or_(rows.c.state == "cancelled", ends.c.moment == context.as_of), rows.c.state),
        (rows.c.breached_at <= ends.c.moment, "breached_open"),
        (left * 4 <= gone, "at_risk"),
    )
    standing = (
        sa.select(rows, ends.c.day, state.label("state_then")).select_from(rows.join(ends, ran)).subquery("standing")
    )
    columns = [
        standing.c.metric.label("promise"), standing.c.cycle, standing.c.policy, standing.c.started_at,
        standing.c.due_at, standing.c.elapsed_s, standing.c.state_then.label("state"), standing.c.day, cases.c.status,
        cases.c.created_hour, cases.c.created_weekday,
    ]  # fmt: skip
    return _with_case(standing, cases, *columns, name="clocks", where=sa.true())


def _cycles(context: Context) -> Rows:
    rows, cases = known.cycles(context), known.cases(context)
    columns = [
        rows.c.cycle, rows.c.started_at, rows.c.ended_at, rows.c.answered, rows.c.wait_s, rows.c.wait_business_s,
        rows.c.started_day, rows.c.ended_day, cases.c.status,
    ]  # fmt: skip
    return _with_case(rows, cases, *columns, name="cycles", where=rows.c.cycle > 1)


def _reopened(context: Context) -> Rows:
    """Return tickets with the moment they were first reopened."""
    t, rows = known.tickets(context), known.spans(context)
    _, reopened, _ = _changes(rows)
    first = sa.func.min(rows.c.started_at).label("reopened_at")
    again = sa.select(rows.c.source, rows.c.ticket_id, first).where(reopened, rows.c.previous != "deleted")
    return _beside(t, again.group_by(rows.c.source, rows.c.ticket_id).subquery("again"), "reopened_at")


def _beside(t: Rows, of: sa.Subquery, *names: str) -> sa.Subquery:
    """Return all tickets with columns of a subquery that knows some of them."""
    joined = t.outerjoin(of, sa.and_(t.c.source == of.c.source, t.c.ticket_id == of.c.ticket_id))
    return sa.select(*t.c, *(of.c[name] for name in names)).select_from(joined).subquery("tickets")


def _contacts(context: Context) -> Rows:
    """Return tickets with the customer's last comment and their next ticket on the same topic."""
    t, e = known.tickets(context), schema.ticket_events
    spoken = [e.c.field == "comment", e.c.actor == "customer", e.c.public]
    if context.past:
        spoken.append(e.c.at <= sa.literal(context.as_of, sa.DateTime()))
    last = sa.func.max(e.c.at).label("last_comment_at")
    talk = (
        sa.select(e.c.source, e.c.ticket_id, last).where(*spoken).group_by(e.c.source, e.c.ticket_id).subquery("talk")
    )
    told = [t.c.customer_id.is_not(None), t.c.category.is_not(None), why_excluded(t).is_(None)]
    following = sa.func.lead(t.c.created_at).over(
        partition_by=[t.c.source, t.c.customer_id, t.c.category], order_by=[t.c.created_at, t.c.ticket_id]
    )
    ahead = sa.select(t.c.source, t.c.ticket_id, following.label("next_created_at")).where(*told).subquery("ahead")
    return _beside(_beside(t, talk, "last_comment_at"), ahead, "next_created_at")


def _escalations(context: Context) -> Rows:
    """Return tickets with whether they were raised: to a team of a higher tier, or to a higher priority."""
    t, e = known.tickets(context), schema.ticket_events
    tiers, ranks = dict(context.tiers), {word: -place for place, word in enumerate(schema.WORDS["priority"])}

    def raised(field: str, rank: dict[str, int]) -> Column:
        old, new = (sa.case(*((c == w, r) for w, r in rank.items())) if rank else sa.null() for c in (e.c.old, e.c.new))
        return sa.and_(e.c.field == field, new > old)

    where = [sa.or_(raised("team", tiers), raised("priority", ranks))]
    if context.past:
        where.append(e.c.at <= sa.literal(context.as_of, sa.DateTime()))
    up = sa.select(e.c.source, e.c.ticket_id, sa.true().label("raised")).where(*where).distinct().subquery("up")
    return _beside(t, up, "raised")


def _nps_answers(context: Context) -> Rows:
    """Return NPS surveys of the period; `superseded` by a later answer of the same customer in the same period."""
    s = known.surveys(context)
    window: list[Column] = [s.c.source, s.c.customer_id]
    if context.grain:
        window.append(sql.period(s.c.answered_day, context.grain))
    # Unknown customers are never the same customer.
    window.append(sa.case((s.c.customer_id.is_(None), s.c.survey_id)))
    order = [s.c.answered, s.c.answered_at.asc().nulls_first(), s.c.survey_id]
    later = sa.func.max(sa.case((s.c.answered, s.c.survey_id))).over(
        partition_by=window, order_by=order, rows=(1, None)
    )
    where: list[Column] = [s.c.kind == "nps"]
    if context.since:
        where.append(s.c.answered_day >= sa.literal(context.since, sa.Date()))
    if context.until:
        where.append(s.c.answered_day <= sa.literal(context.until, sa.Date()))
    return sa.select(s, later.is_not(None).label("superseded")).where(*where).subquery("surveys")


def _buyers(context: Context) -> Rows:
    """Return one row per customer with orders in the period (and per period of the grain)."""
    o = known.orders(context)
    groups = [o.c.source, o.c.customer_id, o.c.segment, o.c.region, o.c.country, o.c.loyalty_tier]
    within = [sql.period(o.c.ordered_day, context.grain)] if context.grain else []
    where: list[Column] = [o.c.customer_id.is_not(None)]
    if context.since:
        where.append(o.c.ordered_day >= sa.literal(context.since, sa.Date()))
    if context.until:
        where.append(o.c.ordered_day <= sa.literal(context.until, sa.Date()))
    paid = sa.case((sa.func.coalesce(o.c.status, "paid") == "paid", 1), else_=0)
    columns = [*groups, sa.func.sum(paid).label("orders"), sa.func.max(o.c.ordered_day).label("day")]
    return sa.select(*columns).where(*where).group_by(*groups, *within).subquery("buyers")


_CASE_SHOWN = (
    "customer_id", "subject", "created_at", "first_response_at", "solved_at", "first_response_s", "full_resolution_s",
)  # fmt: skip
TICKETS = Base("tickets", known.tickets, TICKET, _CASE_SHOWN, WHEN)
CONTACTS = Base("contacts", _contacts, TICKET, _CASE_SHOWN, WHEN)
REOPENED = Base("reopened", _reopened, TICKET, _CASE_SHOWN, WHEN)
ESCALATIONS = Base("escalations", _escalations, TICKET, _CASE_SHOWN, WHEN)
SURVEYS = Base(
    "surveys", known.surveys, ("source", "survey_id"), ("ticket_id", "customer_id", "score", "comment"),
    (("score", "score"), ("nps_group", "nps_group")),
)  # fmt: skip
NPS_ANSWERS = Base("nps_answers", _nps_answers, SURVEYS.ids, SURVEYS.shown, SURVEYS.extras)
SOLVES = Base("solves", _solves, (*TICKET, "span"), ("customer_id", "subject", "event_at"))
FLOW = Base("flow", _flow, (*TICKET, "span"), ("customer_id", "subject", "event_at", "flow"), (("flow", "flow"),))
BACKLOG = Base(
    "backlog", _backlog, TICKET, ("customer_id", "subject", "created_at"), (("bucket", "bucket"),), stock=True
)
WAITING = Base("waiting", _waiting, (*TICKET, "cycle"), ("customer_id", "subject", "started_at"), stock=True)
CYCLES = Base("cycles", _cycles, (*TICKET, "cycle"), ("customer_id", "subject", "started_at", "ended_at"))
CLOCKS = Base(
    "clocks", _clocks, (*TICKET, "promise", "cycle"), ("customer_id", "subject", "state", "due_at", "elapsed_s"),
    (("policy", "policy"), ("promise", "promise"), ("state", "state"), *WHEN),
)  # fmt: skip
RUNNING = Base("running", _standing_clocks, CLOCKS.ids, CLOCKS.shown, CLOCKS.extras, stock=True)
ORDERS = Base("orders", known.orders, ("source", "order_id"), ("customer_id", "ordered_at", "currency"))
BUYERS = Base("buyers", _buyers, ("source", "customer_id"), ("orders",))
PURCHASES = Base("purchases", known.purchases, ("source", "customer_id"), ("first_day", "second_day"))
