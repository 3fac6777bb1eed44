"""What tests ask of the studies of promises, by their own arguments."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insights.asking import Desk
from insights.filters import Filters, Scope
from insights.settings import Settings
from insights.studies.promises import queue as queues
from insights.studies.promises.late import CAUSES
from insights.studies.promises.story import Story, Ticket
from insights.studies.promises.story import story as told
from insights.warehouse import Warehouse

Row = Any


@dataclass(frozen=True)
class Queue:
    """The most urgent clocks, and how many there are per owner."""

    at: dt.datetime
    rows: list[Row]
    owners: list[Row]

    def count(self, name: str, agent: str | None = None, team: str | None = None) -> int:
        """Return how many clocks are of a kind."""
        return queues.count(self.owners, name, agent, team)

    def total(self, agent: str | None = None, team: str | None = None) -> int:
        """Return how many clocks are open."""
        return queues.total(self.owners, agent, team)


@dataclass(frozen=True)
class Verdict:
    """What a replay says."""

    tickets: int
    clocks: int
    differing: int
    compliance: list[Row]
    flipped: dict[str, int]
    flips: list[Row]
    load: list[Row]


def queue(
    warehouse: Warehouse,
    settings: Settings,
    filters: Filters,
    *,
    scope: Scope,
    mine: Sequence[tuple[str, str]] = (),
    limit: int | None = 200,
) -> Queue:
    """Return the open clocks."""
    desk = Desk(warehouse, filters, scope, settings=settings)
    found = desk.study("sla_queue", mine=tuple(mine), limit=limit)
    return Queue(found.at, list(found.rows), list(found.tables["owners"]))


def story(
    warehouse: Warehouse,
    settings: Settings,
    source: str,
    ticket_id: str,
    *,
    scope: Scope,
    at: dt.datetime | None = None,
) -> Story | None:
    """Return a ticket's story."""
    return told(Desk(warehouse, Filters(as_of=at), scope, settings=settings), Ticket(source, ticket_id))


def what_if(warehouse: Warehouse, settings: Settings, filters: Filters, *, scope: Scope) -> Verdict:
    """Replay the promises of the settings."""
    found = Desk(warehouse, filters, scope, settings=settings).study("what_if")
    f, t = found.facts, found.tables
    return Verdict(
        f["tickets"],
        f["clocks"],
        f["differing"],
        list(t["what_if"]),
        {w: f[w] for w in ("kept", "broken")},
        list(t["flips"]),
        list(t["load"]),
    )


def why_late(
    warehouse: Warehouse, settings: Settings, filters: Filters, *, scope: Scope, promise: str = "first_response"
) -> Row:
    """Return the seconds past due per cause."""
    found = Desk(warehouse, filters, scope, settings=settings).study("sla_why_late", promise=promise)
    return (
        {"n": found.facts.get("n", 0), "seconds": found.facts.get("seconds", 0)}
        | dict.fromkeys(CAUSES, 0)
        | {row["cause"]: row["seconds"] for row in found.rows}
    )


def outcomes(warehouse: Warehouse, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return how promises ended."""
    return list(Desk(warehouse, filters, scope).study("sla_outcomes").rows)


def breaches(warehouse: Warehouse, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return when promises broke."""
    return list(Desk(warehouse, filters, scope).study("sla_breaches").rows)


def curve(warehouse: Warehouse, promise: str, edges: Sequence[float], filters: Filters, *, scope: Scope) -> list[Row]:
    """Return what share each target would have kept."""
    return list(Desk(warehouse, filters, scope).study("sla_targets", promise=promise, edges=tuple(edges)).rows)


def status_time(warehouse: Warehouse, dimension: str, filters: Filters, *, scope: Scope) -> list[Row]:
    """Return the seconds spent in each state."""
    return list(Desk(warehouse, filters, scope).study("status_time", by=dimension).rows)
