"""What tickets there are and how each is served: who takes it, when it is answered, solved, reopened and closed."""

from dataclasses import dataclass, fields

import numpy as np

from insights.demo import draws, world
from insights.demo.life import Life, first_response, to_the_minute
from insights.demo.people import Agents, People
from insights.demo.world import DAY, END, HOUR, LOCAL, MINUTE, NEVER, Flags, Ints

_OTHERS_PER_ORDER = 0.70
_OTHER_KINDS = np.array([1, 2, 3, 4, 5])
_OTHER_SHARES = (0.46, 0.33, 0.10, 0.06, 0.05)
_OTHER_CHANNELS = (0.18, 0.22, 0.20, 0.18, 0.13, 0.04, 0.05)
_STAYS_OPEN = 0.003
NONE, SPAM, TEST, MERGED = 0, 1, 2, 3


@dataclass
class Cases:
    """The tickets of a block in order of creation; `waited` is seconds to the first answer, -1 for none."""

    customer: Ints
    order: Ints
    kind: Ints
    category: Ints
    channel: Ints
    priority: Ints
    created_at: Ints
    waited: Ints
    excluded: Ints
    original: Ints

    def take(self, rows: Ints) -> "Cases":
        """Return these rows only."""
        return Cases(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class Course:
    """What happens to each ticket and when; NEVER where it does not."""

    first_priority: Ints
    raised_at: Ints
    transferred: Flags
    first_agent: Ints
    agent: Ints
    team: Ints
    taken_at: Ints
    assigned_at: Ints
    replied_at: Ints
    note_at: Ints
    pending_from: Ints
    pending_until: Ints
    middle_reply_at: Ints
    hold_from: Ints
    hold_until: Ints
    solved_at: tuple[Ints, Ints, Ints]
    reopened_at: tuple[Ints, Ints]
    closed_at: Ints
    deleted_at: Ints
    one_touch: Flags


def cases(rng: np.random.Generator, life: Life, crowd: People) -> Cases:
    """Return complaints, all other tickets, and what counts nowhere: spam, tests and merged duplicates."""
    c = life.complaints
    nothing = np.full(len(c.order), -1)
    found = [
        Cases(
            c.customer,
            c.order,
            nothing * 0,
            c.category,
            c.channel,
            c.priority,
            c.created_at,
            c.first_response_s,
            nothing * 0,
            nothing,
        )
    ]
    found += [_others(rng, life, crowd)]
    genuine = _join(found)
    found += [_junk(rng, genuine)]
    everything = _join(found)
    order = np.argsort(everything.created_at, kind="stable")
    new_row = np.empty(len(order), np.int64)
    new_row[order] = np.arange(len(order))
    sorted_ = everything.take(order)
    sorted_.original = np.where(sorted_.original >= 0, new_row[sorted_.original], -1)
    return sorted_


def _join(parts: list[Cases]) -> Cases:
    return Cases(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Cases)})


def _others(rng: np.random.Generator, life: Life, crowd: People) -> Cases:
    per_order = rng.poisson(_OTHERS_PER_ORDER, len(life.customer))
    order = np.repeat(np.arange(len(life.customer)), per_order)
    n = len(order)
    created = draws.at_rush_hour(rng, life.ordered_at[order] + (rng.gamma(0.8, 16.0, n) * DAY).astype(np.int64))
    created = to_the_minute(np.maximum(created, life.ordered_at[order] + 600)) + 60 * (created < world.GENERIC_FROM)
    keep = created < END
    order, created = order[keep], created[keep]
    n = len(order)
    kind = _OTHER_KINDS[draws.choose(rng, n, _OTHER_SHARES)]
    category = np.zeros(n, np.int64)
    for k, name in enumerate(world.KINDS):
        of_kind = [(i, c.share) for i, c in enumerate(world.CATEGORIES) if c.kind == name]
        rows = np.flatnonzero(kind == k)
        category[rows] = np.array([i for i, _ in of_kind])[draws.choose(rng, len(rows), tuple(s for _, s in of_kind))]
    priority = draws.choose(rng, n, (0.03, 0.12, 0.63, 0.22))
    channel = draws.choose(rng, n, _OTHER_CHANNELS)
    customer = life.customer[order]
    waited = first_response(rng, created, False, priority, crowd.vip[customer], channel)
    return Cases(customer, order, kind, category, channel, priority, created, waited, kind * 0, np.full(n, -1))


def _junk(rng: np.random.Generator, genuine: Cases) -> Cases:
    draw = rng.random(len(genuine.kind))
    recent = genuine.created_at >= world.GENERIC_FROM
    rows = np.flatnonzero(recent & (draw < 0.032))
    junk = genuine.take(rows)
    excluded = np.where(draw[rows] < 0.010, SPAM, np.where(draw[rows] < 0.012, TEST, MERGED))
    delay = rng.integers(15 * MINUTE, 36 * HOUR, len(rows))
    created = np.where(excluded == MERGED, junk.created_at + delay, draws.at_rush_hour(rng, junk.created_at + 3 * DAY))
    junk.created_at, junk.excluded = created, excluded
    junk.original = np.where(excluded == MERGED, rows, -1)
    junk.kind = np.where(excluded == MERGED, junk.kind, 5)
    junk.category = np.where(excluded == MERGED, junk.category, len(world.CATEGORIES) - 1)
    junk.channel = np.where(excluded == MERGED, draws.choose(rng, len(rows), _OTHER_CHANNELS), 1)
    junk.waited = np.full(len(rows), -1)
    return junk.take(np.flatnonzero(created < END))


def _assign(rng: np.random.Generator, staff: Agents, team: Ints, hard: Flags, at: Ints) -> Ints:
    """Return an agent of the team who works there at that time; one of them gets most of the hard cases."""
    chosen = np.zeros(len(team), np.int64)
    for t in range(len(world.TEAMS)):
        rows = np.flatnonzero(team == t)
        members = np.flatnonzero(staff.team == t)
        usual = members[members != staff.hard_cases]
        pick = usual[rng.integers(0, len(usual), len(rows))]
        for _ in range(4):
            absent = (staff.hired_at[pick] > at[rows]) | (staff.left_at[pick] <= at[rows])
            pick = np.where(absent, usual[rng.integers(0, len(usual), len(rows))], pick)
        absent = (staff.hired_at[pick] > at[rows]) | (staff.left_at[pick] <= at[rows])
        chosen[rows] = np.where(absent, usual[0], pick)
        if staff.team[staff.hard_cases] == t:
            share = np.where(hard[rows], 0.85, 0.03)
            chosen[rows] = np.where(rng.random(len(rows)) < share, staff.hard_cases, chosen[rows])
    return chosen


def course(rng: np.random.Generator, c: Cases, staff: Agents) -> Course:
    """Return what happens to each ticket."""
    n = len(c.kind)
    answered, old_desk, genuine = c.waited >= 0, c.created_at < world.GENERIC_FROM, c.excluded == NONE
    teams = np.array([x.team for x in world.CATEGORIES])
    team = teams[c.category]
    transferred = (rng.random(n) < 0.17) & (team != world.FIRST_LINE) & genuine & (c.waited > 120)
    agent = _assign(rng, staff, team, (c.kind == 0) & (c.priority <= 1), c.created_at)
    first_line = _assign(rng, staff, np.zeros(n, np.int64), np.zeros(n, bool), c.created_at)

    waiting = np.where(answered, c.waited, rng.integers(HOUR, 9 * HOUR, n))
    taken = c.created_at + (waiting * rng.uniform(0.1, 0.3, n)).astype(np.int64)
    assigned = np.where(transferred, c.created_at + (waiting * rng.uniform(0.4, 0.85, n)).astype(np.int64), taken)
    replied = np.where(answered & genuine, c.created_at + c.waited, NEVER)
    noted = (rng.random(n) < 0.16) & answered & genuine
    note = np.where(
        noted,
        assigned + ((np.minimum(replied, END + DAY) - assigned) * rng.uniform(0.1, 0.9, n)).astype(np.int64),
        NEVER,
    )

    one_touch = (rng.random(n) < np.where(c.kind == 0, 0.30, 0.52)) & answered
    hours = np.where(rng.random(n) < 0.12, rng.lognormal(np.log(170), 0.9, n), rng.lognormal(np.log(13), 1.25, n))
    hours *= np.array([0.6, 0.8, 1.0, 1.2])[c.priority] * np.where(c.kind == 0, 1.3, 0.9)
    span = np.minimum(hours * HOUR, 90 * DAY).astype(np.int64) + 20 * MINUTE
    start = np.where(answered, replied, assigned)
    solve = np.where(one_touch, start, draws.desk_hours(rng, np.minimum(start, END + DAY) + span))
    solve = np.where(old_desk, solve // 60 * 60, solve)
    # A few cases are forgotten by everybody and stay open for good.
    solve = np.where((rng.random(n) < _STAYS_OPEN) & ~old_desk, NEVER, solve)
    gap = np.minimum(solve, END + 30 * DAY) - start
    worked = answered & ~one_touch & genuine
    asks, waits = worked & (rng.random(n) < 0.52), worked & (rng.random(n) < 0.20)
    pending_until = np.where(asks, start + (gap * rng.beta(2, 3, n) * 0.9).astype(np.int64), NEVER)
    middle = np.where(
        asks & (rng.random(n) < 0.45), np.minimum(pending_until, END + 60 * DAY) + (gap * 0.04).astype(np.int64), NEVER
    )
    hold_from, hold_until = start + (gap * 0.95).astype(np.int64), start + (gap * 0.99).astype(np.int64)
    hold_from = np.where(waits & ~asks, start + (gap * rng.uniform(0.1, 0.4, n)).astype(np.int64), hold_from)

    genuine_solve = np.where(genuine, solve, NEVER)
    solves, reopens = _reopen(rng, genuine_solve, old_desk)
    last = np.where(solves[2] < NEVER, solves[2], np.where(solves[1] < NEVER, solves[1], solves[0]))
    # A nightly job closes what has been solved for four days.
    closed = np.where(last < NEVER, (last + LOCAL + 4 * DAY) // DAY * DAY + DAY + 2 * HOUR - LOCAL, NEVER)
    short = c.created_at + rng.integers(5 * MINUTE, 5 * HOUR, n)
    closed = np.where((c.excluded == MERGED) | (c.excluded == TEST), np.maximum(short, taken + MINUTE), closed)
    raised = (rng.random(n) < 0.035) & genuine & ~old_desk & (c.priority < 3) & (c.waited > 3 * HOUR)
    return Course(
        np.where(raised, c.priority + 1, c.priority),
        np.where(raised, c.created_at + rng.integers(10 * MINUTE, HOUR, n), NEVER),
        transferred,
        np.where(transferred, first_line, agent),
        agent,
        team,
        np.where(c.excluded == SPAM, NEVER, taken),
        np.where(transferred, assigned, NEVER),
        replied,
        note,
        np.where(asks, start, NEVER),
        pending_until,
        middle,
        np.where(waits, hold_from, NEVER),
        np.where(waits, hold_until, NEVER),
        solves,
        reopens,
        closed,
        np.where(c.excluded == SPAM, short, NEVER),
        one_touch,
    )


def _reopen(
    rng: np.random.Generator, solve: Ints, old_desk: Flags
) -> tuple[tuple[Ints, Ints, Ints], tuple[Ints, Ints]]:
    n = len(solve)
    solves, reopens = [solve], []
    for share in (0.16, 0.13):
        before = solves[-1]
        again = (before < NEVER) & (rng.random(n) < share)
        lag = np.minimum(rng.lognormal(np.log(16), 0.9, n) * HOUR, 3.8 * DAY).astype(np.int64)
        reopened = np.minimum(before, END + 90 * DAY) + lag
        hours = np.minimum(rng.lognormal(np.log(9), 1.0, n) * HOUR, 30 * DAY).astype(np.int64) + 10 * MINUTE
        solved = draws.desk_hours(rng, reopened + hours)
        reopened, solved = (np.where(old_desk, x // 60 * 60, x) for x in (reopened, solved))
        reopens.append(np.where(again, reopened, NEVER))
        solves.append(np.where(again, solved, NEVER))
    return (solves[0], solves[1], solves[2]), (reopens[0], reopens[1])
