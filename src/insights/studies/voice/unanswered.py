"""Bad ratings and whether somebody turned to the customer afterwards, in the time the settings allow."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import Filters
from insights.metrics.bases.joined import same
from insights.metrics.core import quoted
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.contacts import human
from insights.studies.options import Option
from insights.studies.voice.ratings import counted, with_answer

STATES = ("waiting", "overdue", "late", "in_time")
WAITING = ("waiting", "overdue")
_LISTED = (
    Column("source", "text"),
    Column("survey_id", "text"),
    Column("ticket_id", "text"),
    Column("customer_id", "text"),
    Column("customer", "text"),
    Column("score", "number"),
    Column("answered_at", "moment"),
    Column("due_at", "moment"),
    Column("state", "word", "rating_state"),
    Column("turned_at", "moment"),
    Column("comment", "text"),
    Column("channel", "member"),
    Column("category", "member"),
    Column("team", "member"),
)


def unanswered_bad(asker: Asker, options: Options) -> Answer:
    """Return the bad ratings nobody answered, those that can still be answered in time first, and how many were."""
    n = sa.func.count().label("n")
    if not _known(asker):
        return Answer({"unanswered": []}, asker.fetch(sa.select(n).select_from(_bad(asker)))[0], "unknown")
    found = asker.fetch(_counted_and_listed(_each(asker, options), options["limit"]))
    counts = {r["state"]: r["n"] for r in found}
    of = {state: int(counts.get(state, 0)) for state in STATES}
    decided = sum(of.values()) - of["waiting"]
    low, high = wilson(of["in_time"], decided) or (None, None)
    facts: dict[str, Any] = {
        "n": sum(of.values()),
        **of,
        "hours": _hours(asker, options),
        "decided": decided,
        "share": of["in_time"] / decided if decided else None,
        "low": low,
        "high": high,
        "time_unknown": int(counts.get(None, 0)),
    }
    sentence = None if not facts["n"] else "some" if of["waiting"] + of["overdue"] else "all"
    listed = [{c.name: r[c.name] for c in _LISTED} for r in found if r["state"] in WAITING]
    return Answer({"unanswered": listed[: options["limit"]]}, facts, sentence)


def _counted_and_listed(each: sa.Subquery, limit: int) -> sa.Select[Any]:
    """Return those that still wait and one of each other state, with how many are in its state: in one reading."""
    c, n, place = each.c, sa.func.count(), sa.func.row_number().over(partition_by=each.c.state, order_by=_order(each))
    rows = sa.select(
        *(c[name.name] for name in _LISTED), n.over(partition_by=c.state).label("n"), place.label("place")
    ).subquery("placed")
    first = sa.or_(rows.c.place == 1, sa.and_(rows.c.state.in_(WAITING), rows.c.place <= limit))
    return sa.select(rows).where(first).order_by(*_order(rows))


def _known(asker: Asker) -> bool:
    """Tell whether it is known when people of the company turned to customers: exports of tickets alone do not say."""
    whole = asker.with_filters(Filters(as_of=asker.filters.as_of))
    return whole.remembered("turned", lambda: bool(whole.fetch(sa.select(human(whole, firsts=False).c.at).limit(1))))


def _hours(asker: Asker, options: Options) -> float:
    asked = options["within_hours"]
    return float(asker.settings.voice.answer_within_hours if asked is None else asked)


def _each(asker: Asker, options: Options) -> sa.Subquery:
    """Return the bad ratings with when somebody turned to their customer; without a moment their state is unknown."""
    bad = _bad(asker)
    turned = _turned(asker, bad)
    due = sql.plus_seconds(bad.c.answered_at, round(_hours(asker, options) * 3600))
    now = sa.literal(asker.at, sa.DateTime())
    state = sa.case(
        (bad.c.answered_at.is_(None), sa.null()),
        (turned.c.turned_at <= due, quoted("in_time")),
        (turned.c.turned_at.is_not(None), quoted("late")),
        (due > now, quoted("waiting")),
        else_=quoted("overdue"),
    )
    joined = bad.outerjoin(turned, _rating(bad, turned))
    return (
        sa.select(*bad.c, due.label("due_at"), turned.c.turned_at, state.label("state"))
        .select_from(joined)
        .subquery("each")
    )


def _bad(asker: Asker) -> sa.CTE:
    answers = with_answer(asker, counted(asker, "csat"))
    c = schema.customers
    named = answers.outerjoin(c, sa.and_(c.c.source == answers.c.source, c.c.customer_id == answers.c.customer_id))
    columns = (*answers.c, c.c.name.label("customer"))
    return sa.select(*columns).select_from(named).where(answers.c.value == 0).cte("bad")


def _turned(asker: Asker, bad: sa.CTE) -> sa.Subquery:
    """Return when somebody first turned to the customer after a bad rating: on its ticket, or in any other way."""
    h, e = human(asker, asker.filters.since, firsts=False), schema.ticket_events
    spoken = (
        e.c.field == "comment",
        e.c.actor == "agent",
        sa.func.coalesce(e.c.public, sa.true()),
        e.c.at > bad.c.answered_at,
        e.c.at <= sa.literal(asker.at, sa.DateTime()),
    )
    here = sa.select(bad.c.source, bad.c.survey_id, e.c.at).select_from(bad.join(e, same(bad, e))).where(*spoken)
    anywhere = bad.join(h, sa.and_(h.c.customer_id == bad.c.customer_id, h.c.at > bad.c.answered_at))
    other = sa.select(bad.c.source, bad.c.survey_id, h.c.at).select_from(anywhere)
    both = sa.union_all(here, other).subquery("both")
    first = sa.func.min(both.c.at).label("turned_at")
    return (
        sa.select(both.c.source, both.c.survey_id, first).group_by(both.c.source, both.c.survey_id).subquery("turned")
    )


def _rating(a: sa.FromClause, b: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(a.c.source == b.c.source, a.c.survey_id == b.c.survey_id)


def _listed(asker: Asker, each: sa.Subquery, which: Any) -> Sequence[Row]:
    return asker.fetch(_in_order(each, which, None))


def _in_order(each: sa.FromClause, which: Any, limit: int | None) -> sa.Select[Any]:
    return sa.select(*(each.c[c.name] for c in _LISTED)).where(which).order_by(*_order(each)).limit(limit)


def _order(of: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    saved = sa.case((of.c.state == "waiting", of.c.due_at))
    return (saved.asc().nulls_last(), of.c.answered_at.desc(), of.c.source, of.c.survey_id)


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker, options)
    return _listed(asker, each, each.c.state.is_not(None))


def _aside(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker, options)
    found = _listed(asker, each, each.c.state.is_(None))
    return [dict(row) | {"reason": "time_unknown"} for row in found]


STUDIES = (
    Study(
        "unanswered_bad",
        ("surveys",),
        answer=unanswered_bad,
        behind=_rows,
        aside=_aside,
        options=(Option("within_hours", "number"), Option("limit", "whole", 200)),
        shapes=(Shape("unanswered", _LISTED),),
    ),
)
