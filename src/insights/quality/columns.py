"""The columns a check can discredit, by what they say; which KPIs that touches follows from what KPIs read."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from insights.metrics import METRICS
from insights.metrics.reads import reads
from insights.schema import metadata

Columns = tuple[sa.Column[Any], ...]


def _of(table: str, *names: str) -> Columns:
    return tuple(metadata.tables[table].c[name] for name in names)


def _both_clocks(*names: str) -> Columns:
    return _of("tickets", *(f"{name}_{clock}" for name in names for clock in ("s", "business_s")))


START = (*_of("tickets", "created_at", "created_day"), *_of("status_spans", "started_day"))
RESPONSE = (*_both_clocks("first_response"), *_of("tickets", "first_response_at"))
FIRST_RESOLUTION = _both_clocks("first_resolution")
RESOLUTION = (
    *FIRST_RESOLUTION,
    *_both_clocks("full_resolution", "requester_wait", "agent_work", "agent_wait", "on_hold"),
)
WAITS = _of("reply_cycles", "started_at", "started_day", "ended_at", "ended_day", "wait_s", "wait_business_s")
PROMISES = _of("sla_clocks", "due_at", "stopped_at", "breached_at", "elapsed_s", "state")
DURATIONS = (*RESPONSE, *RESOLUTION, *WAITS, *PROMISES)
SOLVES = (
    *_of("tickets", "first_solved_at", "first_solved_day", "solved_at", "solved_day"),
    *_of("status_spans", "status", "previous"),
)
EVENTS = tuple(metadata.tables["ticket_events"].columns)
HISTORY = (*_of("tickets", "replies", "reopens", "transfers"), *EVENTS, *WAITS)
DUE = _of("tickets", "due_at")
SENT = _of("surveys", "sent_at", "sent_day")
SATISFACTION = _of("surveys", "good", "score_5")
ANSWERS = (*SATISFACTION, *_of("surveys", "answered", "nps_group", "score"))
ORDER_DAY = _of("orders", "ordered_at", "ordered_day")
AMOUNT = _of("orders", "amount")
BUYING = _of("customer_purchases", "first_day", "second_day")


def touched(columns: Iterable[sa.Column[Any]]) -> tuple[str, ...]:
    """Return the KPIs that read any of these columns, in the catalogue's order."""
    wrong = frozenset(columns)
    return tuple(key for key, metric in METRICS.items() if wrong & reads(metric))
