"""What customers say: csat after a ticket, ces after some, nps twice a year; about 15 % answer."""

from dataclasses import dataclass

import numpy as np

from insights.demo import draws, world
from insights.demo.life import Life, is_fast
from insights.demo.people import Agents, People
from insights.demo.service import NONE, Cases, Course
from insights.demo.timeline import Standing
from insights.demo.world import DAY, END, HOUR, Flags, Floats, Ints

CSAT, NPS, CES = 0, 1, 2
_PRAISE, _BLAME = len(world.WORDS["praise"]), len(world.WORDS["blame"])
_ANSWERS = 0.153
_CHAT = world.CHANNELS.index("chat")
_WAVES = tuple(world.utc(y, m, 15, 11) for y in range(2023, 2027) for m in (3, 9))


@dataclass(frozen=True)
class Surveys:
    """Surveys sent; `ticket` and `agent` are -1 where there is none, `answered_at` -1 where nobody answered."""

    kind: Ints
    customer: Ints
    ticket: Ints
    channel: Ints
    agent: Ints
    sent_at: Ints
    answered_at: Ints
    score: Ints
    comment: Ints


@dataclass(frozen=True)
class Mood:
    """Whether each ticket's customer would be satisfied, as it is and as it would be otherwise."""

    asked: Flags
    good: Flags
    good_if_chat: Flags
    good_if_not_chat: Flags
    good_if_trained: Flags
    good_if_untrained: Flags
    trained: Flags


def mood(rng: np.random.Generator, c: Cases, k: Course, now: Standing, staff: Agents, crowd: People) -> Mood:
    """Return the satisfaction behind every solved ticket, with its potential outcomes."""
    n = len(c.kind)
    bad_month = (c.created_at >= world.BAD_MONTH[0]) & (c.created_at < world.BAD_MONTH[1]) & (c.category == world.CARGO)
    base = np.array([0.73, 0.87, 0.87, 0.78, 0.88, 0.85])[c.kind] + np.array([-0.16, -0.07, 0.0, 0.01])[c.priority]
    base = base - 0.06 * ~is_fast(c.waited) - 0.05 * (now.last_solved_at - c.created_at > 5 * DAY) - 0.14 * bad_month
    base = base + staff.skill[k.agent] + 0.01 * crowd.vip[c.customer]
    trained = staff.trained[k.agent] & (c.created_at >= world.TRAINING_AT)
    chat = c.channel == _CHAT
    luck = rng.random(n)

    def happy(in_chat: Flags | bool, with_training: Flags | bool) -> Flags:
        share: Floats = (
            base + world.EFFECT_CHAT * np.asarray(in_chat) + world.EFFECT_TRAINING * np.asarray(with_training)
        )
        return luck < np.clip(share, 0.03, 0.99)

    asked = (c.excluded == NONE) & (now.last_solved_at >= 0)
    return Mood(
        asked,
        happy(chat, trained),
        happy(True, trained),
        happy(False, trained),
        happy(chat, True),
        happy(chat, False),
        trained,
    )


def _score(rng: np.random.Generator, good: Flags, kind: Ints) -> Ints:
    n = len(good)
    csat = np.where(good, 5 - draws.choose(rng, n, (0.66, 0.34)), 3 - draws.choose(rng, n, (0.40, 0.26, 0.34)))
    ces = np.where(
        good, 7 - draws.choose(rng, n, (0.42, 0.36, 0.22)), 4 - draws.choose(rng, n, (0.34, 0.24, 0.18, 0.24))
    )
    return np.where(kind == CSAT, csat, ces)


def _answered_at(rng: np.random.Generator, sent: Ints, answers: Flags) -> Ints:
    at = sent + np.minimum(rng.lognormal(np.log(7), 1.4, len(sent)) * HOUR, 20 * DAY).astype(np.int64) + 40
    return np.where(answers & (at <= END), at, -1)


def after_tickets(rng: np.random.Generator, c: Cases, now: Standing, feeling: Mood, crowd: People) -> Surveys:
    """Return csat and ces surveys of solved tickets. The Freshdesk years had no survey at all."""
    surveyed = feeling.asked & (rng.random(len(c.kind)) < 0.9)
    surveyed &= (c.created_at < world.FRESHDESK_FROM) | (c.created_at >= world.GENERIC_FROM)
    ticket = np.flatnonzero(surveyed)
    # The survey tool sends at full hours.
    sent = (now.last_solved_at[ticket] + rng.integers(2, 5, len(ticket)) * HOUR) // HOUR * HOUR
    ticket, sent = ticket[sent <= END], sent[sent <= END]
    n = len(ticket)
    kind = np.where((rng.random(n) < 0.15) & (c.created_at[ticket] >= world.GENERIC_FROM), CES, CSAT)
    answers = rng.random(n) < _ANSWERS * np.where(crowd.vip[c.customer[ticket]], 1.25, 0.96)
    good = feeling.good[ticket]
    words = np.where(good, draws.choose(rng, n, (1.0,) * _PRAISE), _PRAISE + draws.choose(rng, n, (1.0,) * _BLAME))
    answered = _answered_at(rng, sent, answers)
    said = (answered >= 0) & (rng.random(n) < np.where(good, 0.18, 0.40))
    return Surveys(
        kind,
        c.customer[ticket],
        ticket,
        c.channel[ticket],
        now.agent[ticket],
        sent,
        answered,
        np.where(answered >= 0, _score(rng, good, kind), -1),
        np.where(said, words, -1),
    )


def relationship(rng: np.random.Generator, life: Life, crowd: People) -> Surveys:
    """Return nps surveys: each March and September, almost half of those who bought in the last year."""
    who, sent = [], []
    for wave in _WAVES:
        recent = (life.ordered_at < wave) & (life.ordered_at >= wave - 365 * DAY)
        members = np.unique(life.customer[recent])
        members = members[rng.random(len(members)) < 0.45]
        who.append(members)
        sent.append(np.full(len(members), wave))
    customer, at = np.concatenate(who), np.concatenate(sent)
    n, vip = len(customer), crowd.vip[customer]
    neglected = crowd.forgotten[customer] & (at > world.CALLS_STOPPED)
    lift = 0.10 * vip - 0.12 * neglected
    draw = rng.random(n)
    promoter, detractor = draw < 0.50 + lift, draw > 0.82 + lift / 2
    score = np.where(
        promoter,
        10 - draws.choose(rng, n, (0.5, 0.5)),
        np.where(
            detractor,
            6 - draws.choose(rng, n, (0.3, 0.3, 0.1, 0.1, 0.08, 0.05, 0.07)),
            8 - draws.choose(rng, n, (0.6, 0.4)),
        ),
    )
    answered = _answered_at(rng, at, rng.random(n) < _ANSWERS)
    none = np.full(n, -1)
    return Surveys(
        np.full(n, NPS), customer, none, np.full(n, 1), none, at, answered, np.where(answered >= 0, score, -1), none
    )
