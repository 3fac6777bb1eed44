"""What each rule of counting did to the rows held: how many it touched."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from insights import schema
from insights.settings.customers import SHARED
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.timing.calendars import numbers

_T, _E, _S, _O = schema.tickets, schema.ticket_events, schema.surveys, schema.orders
Touched = tuple[str, str, sa.FromClause, sa.ColumnElement[bool]]
"""A rule (its setting), of which table the rows are, where they stand, and which of them it touched."""


def _of_words() -> Iterator[Touched]:
    """Yield whose words start and stop a clock."""
    acted = _E.c.acted_as
    yield "robots.names", "ticket_events", _E, acted == "bot"
    yield "answers.staff_by_deeds", "ticket_events", _E, acted == "agent"
    yield "robots.count_from", "tickets", _T, _T.c.response_basis.in_(("handover", "robot"))
    yield "answers.agent_opened", "tickets", _T, _T.c.response_basis.in_(("customer_words", "agent_opened"))
    credited = _T.c.response_agent_id.is_not(None) & _T.c.agent_id.is_distinct_from(_T.c.response_agent_id)
    yield "answers.credit", "tickets", _T, credited
    clock = schema.sla_clocks
    now = sa.and_(clock.c.source == _T.c.source, clock.c.ticket_id == _T.c.ticket_id)
    pairs = ((clock.c[name], _T.c[name]) for name in ("agent_id", "team", "priority"))
    moved = sa.or_(*(sa.and_(then.is_not(None), then.is_distinct_from(today)) for then, today in pairs))
    yield "answers.owners", "sla_clocks", clock.join(_T, now), moved


def _of_tickets(asker: Asker) -> Iterator[Touched]:
    """Yield what is no customer's ticket, what counts as solved, and whose hours count."""
    yield "exclude", "tickets", _T, _T.c.excluded_by.is_not(None) & (_T.c.excluded != "gone")
    yield "load_complete", "tickets", _T, _T.c.excluded == "gone"
    loaded = schema.ticket_as_loaded
    same = sa.and_(loaded.c.source == _T.c.source, loaded.c.ticket_id == _T.c.ticket_id)
    closed = sa.and_(loaded.c.solved_at.is_(None), _T.c.solved_at == _T.c.closed_at)
    yield "resolutions.closed_is_solved", "tickets", _T.join(loaded, same), closed
    once = sa.and_(_T.c.solved_at.is_not(None), _T.c.first_solved_at.is_(None), _T.c.reopens.is_(None))
    yield "resolutions.first_needs_reopens", "tickets", _T, once
    usual = numbers(asker.settings).get(asker.settings.calendar)
    yield "calendar_for", "tickets", _T, _T.c.calendar_no != usual
    per_team = [policy.name for policy in asker.settings.sla if policy.per == "team"]
    yield "sla.per", "sla_clocks", schema.sla_clocks, schema.sla_clocks.c.policy.in_(per_team)


def _of_people_and_money() -> Iterator[Touched]:
    """Yield who is one customer, which answers are good, and which amounts are left out."""
    alias = schema.customer_aliases
    by_itself = alias.c.evidence.in_(SHARED)
    yield "customers.same", "customers", alias, by_itself
    told = sa.and_(alias.c.evidence != "placeholder", sa.not_(by_itself))
    yield "customers.merged", "customers", alias, told
    yield "customers.unknown", "customers", alias, alias.c.evidence == "placeholder"
    yield "csat.top_boxes", "surveys", _S, _S.c.good_from.is_not(None) & _S.c.score.is_not(None)
    converted = _O.c.company_amount.is_distinct_from(_O.c.amount)
    yield "rates", "orders", _O, sa.and_(_O.c.amount.is_not(None), _O.c.company_amount.is_not(None), converted)
    yield "company.currency", "orders", _O, sa.and_(_O.c.amount.is_not(None), _O.c.company_amount.is_(None))


def rules(asker: Asker, options: Options) -> Answer:
    """Return for each rule how many rows of the warehouse it touched."""
    counts = [
        sa.select(sa.literal(rule).label("rule"), sa.literal(of).label("rows_of"), sa.func.count().label("touched"))
        .select_from(rows)
        .where(where)
        for rule, of, rows, where in (*_of_words(), *_of_tickets(asker), *_of_people_and_money())
    ]
    every = sa.union_all(*counts).subquery("rules")
    return Answer({"rules": asker.fetch(sa.select(every).order_by(every.c.rule))})


def _touching(asker: Asker, options: Options) -> Sequence[Row]:
    """Return the rules that touched rows the reader may see."""
    return [row for row in rules(asker, options).tables["rules"] if row["touched"]]


STUDIES = (
    Study(
        "rules",
        ("tickets",),
        answer=rules,
        behind=_touching,
        heeds=(),
        shapes=(Shape("rules", (Column("rule", "text"), Column("rows_of", "text"), Column("touched", "count"))),),
    ),
)
