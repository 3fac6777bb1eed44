"""One block of customers with everything that happens to them, and the ids it gets in the exports."""

from dataclasses import dataclass

import numpy as np

from insights.demo import life, outreach, people, service, timeline, voice, world
from insights.demo.world import Ints

BLOCK = 8_000
"""Customers generated at a time: memory depends on this, not on the size of the company."""
ZENDESK, FRESHDESK, GENERIC = range(3)
_FIRST_TICKET = (184_001, 20_001, 1_000_001)


@dataclass
class Counters:
    """How many rows of each kind the files hold so far: where the next block's ids start."""

    tickets: list[int]
    surveys: int = 0
    orders: int = 0
    interactions: int = 0
    opportunities: int = 0


@dataclass(frozen=True)
class Block:
    """A block of customers; `ticket_id`, `order_id`, ... are the numbers inside the exported ids."""

    crowd: people.People
    life: life.Life
    cases: service.Cases
    course: service.Course
    log: timeline.Events
    now: timeline.Standing
    mood: voice.Mood
    surveys: tuple[voice.Surveys, voice.Surveys]
    bought: outreach.Purchases
    members: list[outreach.Members]
    contacts: outreach.Interactions
    offers: outreach.Opportunities
    desk: Ints
    ticket_id: Ints
    product: Ints
    start: Counters


def make(seed: int, number: int, first: int, n: int, staff: people.Agents, counters: Counters) -> Block:
    """Return block `number`, of customers first .. first + n; the counters move on."""
    rng = np.random.Generator(np.random.PCG64([seed, 1 + number]))
    crowd = people.people(rng, first, n, staff)
    lives = life.live(rng, crowd)
    cases = service.cases(rng, lives, crowd)
    course = service.course(rng, cases, staff)
    log = timeline.events(rng, cases, course, staff)
    now = timeline.standing(len(cases.kind), log)
    mood = voice.mood(rng, cases, course, now, staff, crowd)
    surveys = (voice.after_tickets(rng, cases, now, mood, crowd), voice.relationship(rng, lives, crowd))
    bought, members = outreach.purchases(rng, lives, crowd)
    contacts = outreach.interactions(rng, lives, crowd)
    offers = outreach.opportunities(rng, crowd, staff)
    desk = (cases.created_at >= world.FRESHDESK_FROM).astype(np.int64) + (cases.created_at >= world.GENERIC_FROM)
    start = Counters(
        list(counters.tickets), counters.surveys, counters.orders, counters.interactions, counters.opportunities
    )
    ids = np.zeros(len(desk), np.int64)
    for d in range(3):
        rows = np.flatnonzero(desk == d)
        ids[rows] = _FIRST_TICKET[d] + counters.tickets[d] + np.arange(len(rows))
        counters.tickets[d] += len(rows)
    counters.orders += len(bought.customer)
    counters.interactions += len(contacts.customer)
    counters.opportunities += len(offers.customer)
    product = outreach.first_product(crowd.first + cases.customer, lives.ordered_at[cases.order])
    return Block(
        crowd,
        lives,
        cases,
        course,
        log,
        now,
        mood,
        surveys,
        bought,
        members,
        contacts,
        offers,
        desk,
        ids,
        product,
        start,
    )
