"""The open clocks as known at a moment, first due first, and how many of each kind there are: page and command."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import flag, why_excluded
from insights.schema import customers
from insights.sql import Column, Rows, seconds_between
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option
from insights.studies.promises.clocks import clocks_at, unsolved
from insights.timing import OPEN_STATES

HOUR_S = 3600


def count(owners: Sequence[Row], name: str, agent: str | None = None, team: str | None = None) -> int:
    """Return how many open clocks are of a kind, of everyone or of one agent or team."""
    return sum(o[name] for o in owners if agent in (None, o["agent_id"]) and team in (None, o["team"]))


def total(owners: Sequence[Row], agent: str | None = None, team: str | None = None) -> int:
    """Return how many clocks are open."""
    return sum(count(owners, state, agent, team) for state in OPEN_STATES)


def queue(asker: Asker, options: Options) -> Answer:
    """Return the open clocks at the filters' moment, the rows narrowed to `mine`: (dimension, value) pairs.

    A row says twice how long there is: `left_s` in the clock's own calendar, `due_in_s` on the wall clock until
    `due_at` (None while paused). Both are negative when overdue. Ordered by the due moment, paused clocks last.
    """
    narrowed = asker.filters
    for dimension, value in options["mine"]:
        narrowed = narrowed.choose(dimension, value)
    with clocks_at(asker, unsolved(asker.at)) as (fetch, clocks):
        rows = fetch(_ranked(_open(clocks, asker.with_filters(narrowed)), options["limit"]))
        return Answer({"queue": rows, "owners": fetch(_owners(_open(clocks, asker), asker))})


def _open(clocks: Rows, asker: Asker) -> sa.Select[Any]:
    """Return the open clocks of tickets that counted at the moment: one deleted only later was still there."""
    tickets = known.cases(asker.context())
    c, t, p = clocks.c, tickets.c, customers.c
    joined = clocks.join(tickets, sa.and_(t.source == c.source, t.ticket_id == c.ticket_id)).outerjoin(
        customers, sa.and_(p.source == t.source, p.customer_id == t.customer_id)
    )
    where = [c.state.in_(OPEN_STATES), why_excluded(tickets).is_(None), *conditions(tickets, None, asker.filters)]
    for dimension, column in (("policy", c.policy), ("promise", c.metric)):
        if values := asker.filters.chosen(dimension):
            where.append(column.in_(values))
    return sa.select(*_shown(c, t, asker.at)).select_from(joined).where(*where)


def _shown(c: Any, t: Any, at: dt.datetime) -> list[Column]:
    due_in = seconds_between(sa.literal(at, sa.DateTime()), c.due_at)
    return [
        c.source, c.ticket_id, t.customer_id, customers.c.name.label("customer"), t.segment, t.loyalty_tier, c.policy,
        c.metric.label("promise"), c.cycle, c.state, c.paused, c.due_at,
        sa.case((c.state != "paused", due_in)).label("due_in_s"), (c.target_s - c.elapsed_s).label("left_s"),
        c.elapsed_s, c.target_s, c.calendar, t.agent_id, t.team, t.priority, t.kind, t.channel, t.category, t.subject,
    ]  # fmt: skip


def _ranked(found: sa.Select[Any], limit: int | None) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    order = (o.due_in_s.asc().nulls_last(), o.left_s, o.source, o.ticket_id, o.promise, o.cycle)
    return sa.select(*o).order_by(*order).limit(limit)


def _today_left_s(asker: Asker) -> int:
    """Return how many seconds the local day has left."""
    zone = asker.settings.company.zone
    local = asker.at.replace(tzinfo=dt.UTC).astimezone(zone)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), zone)
    return int((midnight - local.astimezone(dt.UTC)).total_seconds())


def _owners(found: sa.Select[Any], asker: Asker) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    counted = [sa.func.sum(flag(o.state == state)).label(state) for state in OPEN_STATES]
    for name, within in (("due_hour", HOUR_S), ("due_today", _today_left_s(asker))):
        counted.append(sa.func.sum(flag(sa.and_(o.due_in_s >= 0, o.due_in_s < within))).label(name))
    return sa.select(o.agent_id, o.team, *counted).group_by(o.agent_id, o.team)


_TEXTS = ("source", "ticket_id", "customer_id", "customer")
STUDIES = (
    Study(
        "sla_queue", ("tickets", "sla_clocks"), answer=queue, heeds=("values", "as_of"),
        options=(Option("mine", "pairs", ()), Option("limit", "whole", None)),
        shapes=(
            Shape("queue", (
                *(Shown(name, "text") for name in _TEXTS),
                Shown("segment", "member", "segment"), Shown("loyalty_tier", "member", "loyalty_tier"),
                Shown("policy", "text"), Shown("promise", "word", "sla_metric"), Shown("cycle", "number"),
                Shown("state", "word", "sla_state"), Shown("paused", "flag"), Shown("due_at", "moment"),
                *(Shown(name, "seconds") for name in ("due_in_s", "left_s", "elapsed_s", "target_s")),
                Shown("calendar", "text"), Shown("agent_id", "member", "agent"),
                *(Shown(name, "member", name) for name in ("team", "priority", "kind", "channel", "category")),
                Shown("subject", "text"),
            )),
            Shape("owners", (
                Shown("agent_id", "member", "agent"), Shown("team", "member", "team"),
                *(Shown(name, "count") for name in (*OPEN_STATES, "due_hour", "due_today")),
            )),
        ),
    ),
)  # fmt: skip
