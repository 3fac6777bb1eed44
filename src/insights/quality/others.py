"""Checks on surveys, customers, orders, contacts, campaigns, opportunities and agents."""

import sqlalchemy as sa

from insights import sql
from insights.quality.columns import AMOUNT, ANSWERS, BUYING, ORDER_DAY, SATISFACTION, SENT
from insights.quality.forms import among, filled, known, never_ahead, never_before, refers, tickets
from insights.quality.model import Check
from insights.schema import UNSOLVED, metadata

_tables = metadata.tables
surveys, customers, orders, lines = (_tables[n] for n in ("surveys", "customers", "orders", "order_lines"))
contacts, members, deals, agents = (_tables[n] for n in ("interactions", "campaign_members", "opportunities", "agents"))
s, c, o, li, i, m, d, a = (x.c for x in (surveys, customers, orders, lines, contacts, members, deals, agents))

DEFAULT_SHARE = 0.95
"""Real customers with an open case give the lowest score often, but not in 19 of 20 cases: that is a default."""
TOLERANCE, TOLERANCE_SHARE = 1, 0.01
"""Lines may differ from their total by rounding, a fee or a coupon: one unit of money, or 1 %."""
PHONE_DIGITS = 10
"""Country code and trunk zero are written or left out; the last ten digits tell telephones apart."""


def _duplicate_surveys() -> Check:
    twin = surveys.alias().c
    inner = (twin.source, twin.ticket_id, twin.kind)
    several = sa.select(*inner).where(known(*inner)).group_by(*inner).having(sa.func.count() > 1)
    twice = sa.tuple_(s.source, s.ticket_id, s.kind).in_(several)
    return Check("duplicate_survey", surveys, known(s.ticket_id, s.kind), twice, ANSWERS, "doubtful")


def _answered_before_ticket() -> Check:
    mine, its = surveys.alias().c, tickets.alias().c
    early = sa.select(mine.source, mine.survey_id).where(
        mine.source == its.source, mine.ticket_id == its.ticket_id, mine.answered_at < its.created_at
    )
    looked = known(s.ticket_id, s.answered_at)
    return Check("answered_before_ticket", surveys, looked, among(surveys, early), ANSWERS)


def _shared(key: str, own: sa.ColumnElement[str], others: sa.ColumnElement[str], ids: sa.ColumnElement[str]) -> Check:
    """Return the check that customers of different ids do not share an address."""
    several = sa.select(others).where(others.is_not(None)).group_by(others)
    several = several.having(sa.func.count(ids.distinct()) > 1)
    return Check(key, customers, own.is_not(None), own.in_(several), BUYING, "doubtful")


def _duplicate_customers() -> tuple[Check, Check]:
    twin = customers.alias().c
    mine, theirs = (sql.telephone_key(x.phone, PHONE_DIGITS) for x in (c, twin))
    return (
        _shared("duplicate_email", sql.address_key(c.email), sql.address_key(twin.email), twin.customer_id),
        _shared("duplicate_phone", mine, theirs, twin.customer_id),
    )


def _differs(total: sa.ColumnElement[object], parts: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return sa.func.abs(parts - total) > sa.func.greatest(TOLERANCE, TOLERANCE_SHARE * sa.func.abs(total))


def _lines_do_not_add_up() -> Check:
    line, order = lines.alias().c, orders.alias().c
    totals = (
        sa.select(line.source, line.order_id, sa.func.sum(line.amount).label("total"))
        .where(line.amount.is_not(None))
        .group_by(line.source, line.order_id)
        .subquery()
    )
    same = sa.and_(order.source == totals.c.source, order.order_id == totals.c.order_id)
    wrong = sa.select(order.source, order.order_id).where(same, _differs(order.amount, totals.c.total))
    with_lines = sa.select(line.source, line.order_id).where(line.amount.is_not(None))
    looked = sa.and_(o.amount.is_not(None), among(orders, with_lines))
    return Check("lines_do_not_add_up", orders, looked, among(orders, wrong), AMOUNT + BUYING, "doubtful")


def _line_without_order() -> Check:
    its = orders.alias().c
    orphan = sa.tuple_(li.source, li.order_id).not_in(sa.select(its.source, its.order_id))
    return Check("line_without_order", lines, li.order_id.is_not(None), orphan, BUYING)


SURVEY_CHECKS = (
    never_before("answered_before_sent", s.answered_at, s.sent_at, SENT),
    _answered_before_ticket(),
    _duplicate_surveys(),
    Check(
        "score_off_scale",
        surveys,
        known(s.score, s.scale_min, s.scale_max),
        sa.or_(s.score < s.scale_min, s.score > s.scale_max),
        ANSWERS,
    ),
    Check(
        "default_score",
        surveys,
        sa.and_(s.kind == "csat", s.status.in_(UNSOLVED), known(s.score, s.scale_min)),
        s.score == s.scale_min,
        SATISFACTION,
        "doubtful",
        DEFAULT_SHARE,
    ),
    never_ahead(s.sent_at, s.answered_at, discredits=ANSWERS),
    refers("unknown_ticket", s.ticket_id, tickets.c.ticket_id, ANSWERS),
    refers("unknown_customer", s.customer_id, c.customer_id),
    refers("unknown_agent", s.agent_id, a.agent_id),
    Check(
        "no_survey_time", surveys, sa.true(), sa.and_(s.sent_at.is_(None), s.answered_at.is_(None)), ANSWERS, "missing"
    ),
)

PEOPLE_CHECKS = (
    *_duplicate_customers(),
    never_before("ended_before_acquired", c.ended_at, c.acquired_at),
    never_ahead(c.acquired_at),
    never_before("left_before_hired", a.left_at, a.hired_at),
    never_ahead(i.at),
    filled("no_time", i.at),
    filled("no_customer", i.customer_id),
    refers("unknown_customer", i.customer_id, c.customer_id),
    refers("unknown_agent", i.agent_id, a.agent_id),
)

SALES_CHECKS = (
    filled("no_customer", o.customer_id, BUYING),
    filled("no_time", o.ordered_at, ORDER_DAY + BUYING),
    filled("no_amount", o.amount, AMOUNT),
    refers("unknown_customer", o.customer_id, c.customer_id),
    never_ahead(o.ordered_at, discredits=ORDER_DAY + BUYING),
    Check(
        "paid_nothing",
        orders,
        sa.and_(o.status == "paid", o.amount.is_not(None)),
        o.amount <= 0,
        AMOUNT + BUYING,
        "doubtful",
    ),
    _lines_do_not_add_up(),
    _line_without_order(),
    Check(
        "line_arithmetic",
        lines,
        known(li.quantity, li.unit_price, li.amount),
        _differs(li.amount, li.quantity * li.unit_price),
        (),
        "doubtful",
    ),
    never_before("opened_before_sent", m.opened_at, m.sent_at),
    never_before("converted_before_sent", m.converted_at, m.sent_at),
    refers("unknown_customer", m.customer_id, c.customer_id),
    refers("unknown_campaign", m.campaign_id, _tables["campaigns"].c.campaign_id),
    never_before("closed_before_created", d.closed_at, d.created_at),
    Check("decided_without_time", deals, d.outcome.in_(("won", "lost")), d.closed_at.is_(None), (), "doubtful"),
    refers("unknown_customer", d.customer_id, c.customer_id),
    refers("unknown_agent", d.agent_id, a.agent_id),
)
