"""The rows metrics read: one row per counted thing, with every dimension a reader can choose."""

from insights.metrics.bases import events, known, per_period, stocks
from insights.metrics.core import Base

WHEN = (("hour", "created_hour"), ("weekday", "created_weekday"))
TICKET = ("source", "ticket_id")
_CASE_SHOWN = (
    "customer_id",
    "subject",
    "created_at",
    "first_response_at",
    "solved_at",
    "first_response_s",
    "full_resolution_s",
)
TICKETS = Base("tickets", known.tickets, TICKET, _CASE_SHOWN, WHEN)
RESPONSES = Base("responses", events.responses, TICKET, _CASE_SHOWN, WHEN)
CONTACTS = Base("contacts", events.contacts, TICKET, _CASE_SHOWN, WHEN)
REOPENED = Base("reopened", events.reopened, TICKET, _CASE_SHOWN, WHEN)
ESCALATIONS = Base("escalations", events.escalations, TICKET, _CASE_SHOWN, WHEN)
SURVEYS = Base(
    "surveys",
    known.surveys,
    ("source", "survey_id"),
    ("ticket_id", "customer_id", "score", "comment"),
    (("score", "score"), ("nps_group", "nps_group")),
)
NPS_ANSWERS = Base("nps_answers", per_period.nps_answers, SURVEYS.ids, SURVEYS.shown, SURVEYS.extras)
SOLVES = Base("solves", events.solves, (*TICKET, "span"), ("customer_id", "subject", "event_at"))
FLOW = Base("flow", events.flow, (*TICKET, "span"), ("customer_id", "subject", "event_at", "flow"), (("flow", "flow"),))
BACKLOG = Base(
    "backlog",
    stocks.backlog,
    TICKET,
    ("customer_id", "subject", "created_at"),
    (("bucket", "bucket"),),
    stock=True,
    stretches=stocks.open_stretches,
)
WAITING = Base(
    "waiting",
    stocks.waiting,
    (*TICKET, "cycle"),
    ("customer_id", "subject", "started_at"),
    stock=True,
    stretches=stocks.waiting_stretches,
)
CYCLES = Base("cycles", events.cycles, (*TICKET, "cycle"), ("customer_id", "subject", "started_at", "ended_at"))
CLOCKS = Base(
    "clocks",
    events.clocks,
    (*TICKET, "promise", "cycle"),
    ("customer_id", "subject", "policy", "state", "due_at", "elapsed_s"),
    (("policy", "policy"), ("promise", "promise"), ("state", "state"), *WHEN),
)
RUNNING = Base("running", stocks.standing_clocks, CLOCKS.ids, CLOCKS.shown, CLOCKS.extras, stock=True)
ORDERS = Base("orders", known.orders, ("source", "order_id"), ("customer_id", "ordered_at", "currency"))
BUYERS = Base("buyers", per_period.buyers, ("source", "customer_id"), ("orders",))
PURCHASES = Base("purchases", known.purchases, ("source", "customer_id"), ("first_day", "second_day"))
