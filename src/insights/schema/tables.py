"""The declared tables as statements are built from them, and the arithmetic statements share."""

from typing import Any

import sqlalchemy as sa

from insights.schema.columns import declared
from insights.schema.working_time import PIECES

metadata = sa.MetaData()
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "TEXT": sa.Text(),
    "TIMESTAMP WITHOUT TIME ZONE": sa.DateTime(),
    "DATE": sa.Date(),
    "BIGINT": sa.BigInteger(),
    "NUMERIC(18, 2)": sa.Numeric(18, 2),
    "DOUBLE PRECISION": sa.Double(),
    "BOOLEAN": sa.Boolean(),
}
Number = sa.ColumnElement[Any]


def _made(name: str) -> sa.Table:
    of = declared[name]
    columns = (sa.Column(c.name, _TYPES[c.type], comment=c.comment, info=c.info) for c in of.columns)
    return sa.Table(name, metadata, *columns, comment=of.comment, info=of.info)


customers = _made("customers")
customer_aliases = _made("customer_aliases")
tickets = _made("tickets")
ticket_events = _made("ticket_events")
status_spans = _made("status_spans")
ticket_holders = _made("ticket_holders")
reply_cycles = _made("reply_cycles")
sla_clocks = _made("sla_clocks")
ticket_as_loaded = _made("ticket_as_loaded")
calendar_days = _made("calendar_days")
calendar_segments = _made("calendar_segments")
surveys = _made("surveys")
orders = _made("orders")
order_lines = _made("order_lines")
interactions = _made("interactions")
campaigns = _made("campaigns")
campaign_members = _made("campaign_members")
opportunities = _made("opportunities")
agents = _made("agents")
trainings = _made("trainings")
customer_months = _made("customer_months")
customer_purchases = _made("customer_purchases")
verdicts = _made("verdicts")
loads = _made("loads")
rejects = _made("rejects")
facts = _made("facts")


def upwards(score: Number, low: Number, high: Number) -> Number:
    """Return an answer with the best as the highest, also where the ends of its scale were written backwards."""
    return sa.case((low > high, low + high - score), else_=score)


def worked_until(day: sa.FromClause, of_day: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a calendar's working seconds up to a second of a day: those before the day, and those of it so far."""
    total: sa.ColumnElement[Any] = day.c.cum
    for i in range(1, PIECES + 1):
        so_far = sa.func.least(of_day, day.c[f"e{i}"]) - day.c[f"s{i}"]
        total = total + sa.func.greatest(sa.literal_column("0"), so_far)
    return total
