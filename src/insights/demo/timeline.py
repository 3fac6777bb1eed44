"""The history of every ticket, event by event, and how it stands at the end."""

from dataclasses import dataclass

import numpy as np

from insights.demo import world
from insights.demo.people import Agents
from insights.demo.service import NONE, Cases, Course
from insights.demo.world import END, NEVER, Flags, Ints

_NEW, _OPEN, _PENDING, _HOLD, _SOLVED, _CLOSED, _DELETED = range(7)
_STATUS, _PRIORITY, _TEAM, _AGENT, _COMMENT = range(5)
BY_AGENT, BY_CUSTOMER, BY_BOT, BY_SYSTEM = range(4)
PRIORITY_CODE, TEAM_CODE, AGENT_CODE = 7, 11, 17
"""Where priorities, teams and agents start in the vocabulary of event values; statuses start at 0."""


@dataclass(frozen=True)
class Events:
    """Ticket events in order; values and actors are codes, -1 for none."""

    ticket: Ints
    seq: Ints
    at: Ints
    field: Ints
    old: Ints
    new: Ints
    actor: Ints
    actor_id: Ints
    public: Ints


@dataclass(frozen=True)
class Standing:
    """How each ticket stands at the end of the data."""

    status: Ints
    priority: Ints
    team: Ints
    agent: Ints
    updated_at: Ints
    last_solved_at: Ints
    reopens: Ints
    replies: Ints


class _Log:
    """Collects events slot by slot; within one second the earlier slot comes first."""

    def __init__(self) -> None:
        self.parts: list[tuple[Ints, ...]] = []

    def add(
        self,
        at: Ints,
        field: int,
        new: Ints | int,
        actor: Ints | int,
        actor_id: Ints | int,
        *,
        old: Ints | int = -1,
        public: int = -1,
        where: Flags | None = None,
    ) -> None:
        """Add one event to every ticket where `at` lies within the data."""
        rows = np.flatnonzero((at <= END) if where is None else (at <= END) & where)
        given = (at, field, old, new, actor, actor_id, public)
        columns = (x[rows] if isinstance(x, np.ndarray) else np.full(len(rows), x, np.int64) for x in given)
        self.parts.append((rows, np.full(len(rows), len(self.parts)), *columns))

    def events(self) -> Events:
        """Return all events by ticket and time, numbered from 1 within each ticket."""
        ticket, slot, at, *rest = (np.concatenate(x) for x in zip(*self.parts, strict=True))
        order = np.lexsort((slot, at, ticket))
        ticket = ticket[order]
        start = np.flatnonzero(np.r_[True, ticket[1:] != ticket[:-1]])
        seq = np.arange(len(ticket)) - np.repeat(start, np.diff(np.r_[start, len(ticket)])) + 1
        return Events(ticket, seq, at[order], *(x[order] for x in rest))


def events(rng: np.random.Generator, c: Cases, k: Course, staff: Agents) -> Events:
    """Return the history of every ticket up to END."""
    n, log = len(c.kind), _Log()
    bot = len(staff.name)
    customer = c.customer + bot + 1
    agent, first = k.agent, k.first_agent
    by_phone = c.channel == 0
    opener = np.where(by_phone, BY_SYSTEM, BY_CUSTOMER)
    log.add(c.created_at, _STATUS, _NEW, opener, np.where(by_phone, -1, customer))
    log.add(c.created_at, _PRIORITY, k.first_priority + PRIORITY_CODE, BY_SYSTEM, -1)
    log.add(c.created_at, _COMMENT, -1, BY_CUSTOMER, customer, public=1)
    greeted = (rng.random(n) < 0.75) & ~by_phone & (c.channel != 6) & (c.excluded == NONE)
    log.add(c.created_at + 6, _COMMENT, -1, BY_BOT, bot, public=1, where=greeted)
    routed = np.minimum(c.created_at + 2, k.taken_at)
    log.add(routed, _TEAM, np.where(k.transferred, world.FIRST_LINE, k.team) + TEAM_CODE, BY_SYSTEM, -1)
    log.add(k.taken_at, _AGENT, first + AGENT_CODE, BY_AGENT, first)
    log.add(k.taken_at, _STATUS, _OPEN, BY_AGENT, first, old=_NEW)
    log.add(k.raised_at, _PRIORITY, c.priority + PRIORITY_CODE, BY_SYSTEM, -1, old=k.first_priority + PRIORITY_CODE)
    log.add(k.assigned_at, _TEAM, k.team + TEAM_CODE, BY_AGENT, first, old=world.FIRST_LINE + TEAM_CODE)
    log.add(k.assigned_at, _AGENT, agent + AGENT_CODE, BY_AGENT, first, old=first + AGENT_CODE)
    log.add(k.note_at, _COMMENT, -1, BY_AGENT, agent, public=0)
    log.add(k.replied_at, _COMMENT, -1, BY_AGENT, agent, public=1)
    log.add(k.pending_from, _STATUS, _PENDING, BY_AGENT, agent, old=_OPEN)
    log.add(k.pending_until, _COMMENT, -1, BY_CUSTOMER, customer, public=1)
    log.add(k.pending_until, _STATUS, _OPEN, BY_SYSTEM, -1, old=_PENDING)
    log.add(k.middle_reply_at, _COMMENT, -1, BY_AGENT, agent, public=1)
    log.add(k.hold_from, _STATUS, _HOLD, BY_AGENT, agent, old=_OPEN)
    log.add(k.hold_until, _STATUS, _OPEN, BY_AGENT, agent, old=_HOLD)
    talked = (k.replied_at < NEVER) & ~k.one_touch
    log.add(k.solved_at[0], _COMMENT, -1, BY_AGENT, agent, public=1, where=talked)
    log.add(k.solved_at[0], _STATUS, _SOLVED, BY_AGENT, agent, old=_OPEN)
    for i, reopened in enumerate(k.reopened_at):
        log.add(reopened, _COMMENT, -1, BY_CUSTOMER, customer, public=1)
        log.add(reopened, _STATUS, _OPEN, BY_SYSTEM, -1, old=_SOLVED)
        log.add(k.solved_at[i + 1], _COMMENT, -1, BY_AGENT, agent, public=1, where=c.waited >= 0)
        log.add(k.solved_at[i + 1], _STATUS, _SOLVED, BY_AGENT, agent, old=_OPEN)
    log.add(k.deleted_at, _STATUS, _DELETED, BY_SYSTEM, -1, old=_NEW)
    genuine = c.excluded == NONE
    log.add(k.closed_at, _STATUS, _CLOSED, BY_SYSTEM, -1, old=np.where(genuine, _SOLVED, _OPEN))
    return log.events()


def standing(n: int, log: Events) -> Standing:
    """Return how each ticket stands after its last event."""

    def latest(field: int, start: int) -> Ints:
        value = np.full(n, -1)
        rows = log.field == field
        value[log.ticket[rows]] = log.new[rows] - start
        return value

    updated, solved = np.zeros(n, np.int64), np.full(n, -1)
    updated[log.ticket] = log.at
    is_solve = (log.field == _STATUS) & (log.new == _SOLVED)
    solved[log.ticket[is_solve]] = log.at[is_solve]
    reopen = (log.field == _STATUS) & (log.old == _SOLVED) & (log.new == _OPEN)
    reply = (log.field == _COMMENT) & (log.actor == BY_AGENT) & (log.public == 1)
    status = latest(_STATUS, 0)
    return Standing(
        status,
        latest(_PRIORITY, PRIORITY_CODE),
        latest(_TEAM, TEAM_CODE),
        latest(_AGENT, AGENT_CODE),
        updated,
        np.where((status == _SOLVED) | (status == _CLOSED), solved, -1),
        np.bincount(log.ticket[reopen], minlength=n),
        np.bincount(log.ticket[reply], minlength=n),
    )
