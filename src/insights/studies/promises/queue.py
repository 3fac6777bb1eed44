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

HOUR_S, DAY_S = 3600, 86_400
SHOWS = ("all", "at_risk", "today", "late", "paused")
"""What of the queue can be asked for."""


def count(owners: Sequence[Row], name: str, agent: str | None = None, team: str | None = None) -> int:
    """Return how many open clocks are of a kind, of everyone or of one agent or team; without what is not shown."""
    return sum(o[name] or 0 for o in owners if agent in (None, o["agent_id"]) and team in (None, o["team"]))


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
        mine = open_clocks(clocks, asker.with_filters(narrowed))
        rows = fetch(_ranked(mine, options["show"], options["limit"])) if options["limit"] != 0 else []
        return Answer({"queue": rows, "owners": fetch(_owners(open_clocks(clocks, asker)))})


def open_clocks(clocks: Rows, asker: Asker) -> sa.Select[Any]:
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
    due_in = sa.case((c.state != "paused", seconds_between(sa.literal(asker.at, sa.DateTime()), c.due_at)))
    today = sa.and_(c.state != "breached_open", due_in >= 0, due_in < _today_left_s(asker))
    shown = _shown(c, t, due_in)
    return sa.select(*shown, _standing(c, due_in, asker), today.label("due_today")).select_from(joined).where(*where)


def _standing(c: Any, due_in: Column, asker: Asker) -> Column:
    """Return how a clock stands: to be saved (three), freshly late, standing still, late for more days than are set."""
    late = c.state == "breached_open"
    return sa.case(
        (sa.and_(late, due_in < -asker.settings.queue.late_days * DAY_S), "long_late"),
        (late, "late"),
        (c.state == "paused", "paused"),
        (c.state == "at_risk", "at_risk"),
        (due_in < _today_left_s(asker), "today"),
        else_="later",
    ).label("standing")


def shows(o: Any, show: str) -> Column:
    """Return whether a clock is among what is asked for."""
    among: dict[str, Column] = {
        "all": sa.true(),
        "today": sa.func.coalesce(o.due_today, sa.false()),
        "late": o.standing.in_(("late", "long_late")),
    }
    return among[show] if show in among else sa.literal(show) == o.standing


def _shown(c: Any, t: Any, due_in: Column) -> list[Column]:
    return [
        c.source,
        c.ticket_id,
        t.customer_id,
        customers.c.name.label("customer"),
        t.segment,
        t.loyalty_tier,
        c.policy,
        c.metric.label("promise"),
        c.cycle,
        c.state,
        c.paused,
        c.due_at,
        due_in.label("due_in_s"),
        (c.target_s - c.elapsed_s).label("left_s"),
        c.elapsed_s,
        c.target_s,
        c.calendar,
        t.agent_id,
        t.team,
        t.priority,
        t.kind,
        t.channel,
        t.category,
        t.subject,
    ]


def _ranked(found: sa.Select[Any], show: str, limit: int | None) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    order = (o.due_in_s.asc().nulls_last(), o.left_s, o.source, o.ticket_id, o.promise, o.cycle)
    listed = [column for column in o if column.name != "due_today"]
    return sa.select(*listed).where(shows(o, show)).order_by(*order).limit(limit)


def _today_left_s(asker: Asker) -> int:
    """Return how many seconds the local day has left."""
    zone = asker.settings.company.zone
    local = asker.at.replace(tzinfo=dt.UTC).astimezone(zone)
    midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), zone)
    return int((midnight - local.astimezone(dt.UTC)).total_seconds())


def _owners(found: sa.Select[Any]) -> sa.Select[Any]:
    o = found.subquery("open_clocks").c
    counted = [sa.func.sum(flag(o.state == state)).label(state) for state in OPEN_STATES]
    counted.append(sa.func.sum(flag(sa.and_(o.due_in_s >= 0, o.due_in_s < HOUR_S))).label("due_hour"))
    counted.append(sa.func.sum(flag(sa.func.coalesce(o.due_today, sa.false()))).label("due_today"))
    who = (o.agent_id, o.team)
    return sa.select(*who, *counted).group_by(*who).order_by(*(of.nulls_last() for of in who))


DUE = (
    Shown("due_at", "moment"),
    *(Shown(name, "seconds") for name in ("due_in_s", "left_s", "elapsed_s", "target_s")),
    Shown("calendar", "text"),
    Shown("agent_id", "member", "agent"),
    *(Shown(name, "member", name) for name in ("team", "priority", "kind", "channel", "category")),
    Shown("subject", "text"),
)
"""When an open promise is due, by which calendar, and of which ticket it is."""
_TEXTS = ("source", "ticket_id", "customer_id", "customer")
STUDIES = (
    Study(
        "sla_queue",
        ("tickets", "sla_clocks"),
        answer=queue,
        heeds=("values", "as_of"),
        options=(
            Option("mine", "pairs", ()),
            Option("show", "word", "all", SHOWS),
            Option("limit", "whole", None),
        ),
        shapes=(
            Shape(
                "queue",
                (
                    *(Shown(name, "text") for name in _TEXTS),
                    Shown("segment", "member", "segment"),
                    Shown("loyalty_tier", "member", "loyalty_tier"),
                    Shown("policy", "text"),
                    Shown("promise", "word", "sla_metric"),
                    Shown("cycle", "number"),
                    Shown("state", "word", "sla_state"),
                    Shown("paused", "flag"),
                    *DUE,
                    Shown("standing", "word", "standing"),
                ),
            ),
            Shape(
                "owners",
                (
                    Shown("agent_id", "member", "agent"),
                    Shown("team", "member", "team"),
                    *(Shown(name, "count") for name in (*OPEN_STATES, "due_hour", "due_today")),
                ),
            ),
        ),
    ),
)
