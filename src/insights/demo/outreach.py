"""What the company does of its own accord: calls, visits, newsletters, campaigns, offers to companies."""

from dataclasses import dataclass

import numpy as np

from insights.demo import draws, world
from insights.demo.life import Life
from insights.demo.people import Agents, People
from insights.demo.world import DAY, END, HOUR, NEVER, START, Flags, Ints

CONTACT_KINDS = ("call", "email", "visit", "message", "newsletter")
_CONTACT_CHANNELS = np.array([0, 1, 6, 4, 1])
_CALL, _EMAIL, _VISIT, _MESSAGE, _NEWSLETTER = range(5)
_NEWSLETTERS = tuple(
    world.utc(y, m, 7, 10) for y in range(2023, 2027) for m in (2, 5, 8, 11) if world.utc(y, m, 7) < END
)
_COMPETITORS = len(world.WORDS["competitors"])


@dataclass(frozen=True)
class Purchases:
    """Every order of a block, those a campaign brought included, in order of time."""

    customer: Ints
    ordered_at: Ints
    paid: Flags
    refunded: Flags


@dataclass(frozen=True)
class Interactions:
    """Contacts in either direction that are not tickets."""

    customer: Ints
    at: Ints
    inbound: Flags
    kind: Ints
    channel: Ints
    agent: Ints
    outcome: Ints
    by_human: Flags


@dataclass(frozen=True)
class Members:
    """Members of one campaign, with what each would have done in either arm."""

    customer: Ints
    treated: Flags
    opened_at: Ints
    clicked_at: Ints
    converted_at: Ints
    order: Ints
    buys_if_treated: Flags
    buys_if_control: Flags


@dataclass(frozen=True)
class Opportunities:
    """Offers to business customers."""

    customer: Ints
    created_at: Ints
    closed_at: Ints
    stage: Ints
    outcome: Ints
    amount: Ints
    reason: Ints
    competitor: Ints
    agent: Ints
    product: Ints


def interactions(rng: np.random.Generator, life: Life, crowd: People) -> Interactions:
    """Return contacts. Forgotten customers hear from no human after portfolios were cut; the others do every year."""
    n = len(crowd)
    parts: list[tuple[Ints, ...]] = []
    at = crowd.acquired_at + rng.integers(5 * DAY, 100 * DAY, n)
    given_up = np.zeros(n, np.int64)
    np.maximum.at(given_up, life.customer, life.ordered_at + 720 * DAY)
    who = np.arange(n)
    while len(who):
        stays = (at < np.minimum(END, given_up[who])) & ~(crowd.forgotten[who] & (at >= world.CALLS_STOPPED - DAY))
        who, at = who[stays], at[stays]
        moment = draws.desk_hours(rng, draws.at_rush_hour(rng, at)) // 60 * 60
        moment = np.minimum(moment, np.where(crowd.forgotten[who], np.maximum(world.CALLS_STOPPED - HOUR, at), END))
        business = crowd.segment[who] >= 2
        kind = np.where(
            business & (rng.random(len(who)) < 0.3), _VISIT, draws.choose(rng, len(who), (0.55, 0.3, 0.0, 0.15))
        )
        parts.append(
            (
                who,
                np.minimum(moment, END),
                kind * 0,
                kind,
                crowd.owner[who],
                draws.choose(rng, len(who), (0.6, 0.2, 0.14, 0.06)),
                kind * 0 + 1,
            )
        )
        at = at + rng.integers(130 * DAY, 330 * DAY, len(who))
    calls = rng.random(len(life.customer)) < 0.15
    who = life.customer[calls]
    at = draws.at_rush_hour(rng, life.ordered_at[calls] + rng.integers(-6 * DAY, 40 * DAY, len(who))) // 60 * 60
    keep = (at < END) & (at >= START)
    who, at = who[keep], at[keep]
    kind = draws.choose(rng, len(who), (0.4, 0.15, 0.35, 0.1))
    parts.append((who, at, kind * 0 + 1, kind, np.full(len(who), -1), kind * 0 - 1, kind * 0 + 1))
    for wave in _NEWSLETTERS:
        who = np.flatnonzero(crowd.contact_allowed & (crowd.acquired_at < wave) & (rng.random(n) < 0.35))
        same = np.zeros(len(who), np.int64)
        parts.append((who, same + wave, same, same + _NEWSLETTER, same - 1, same - 1, same))
    customer, moment, inbound, kind, agent, outcome, human = (np.concatenate(x) for x in zip(*parts, strict=True))
    order = np.lexsort((customer, moment))
    return Interactions(
        customer[order],
        moment[order],
        inbound[order] == 1,
        kind[order],
        _CONTACT_CHANNELS[kind[order]],
        agent[order],
        outcome[order],
        human[order] == 1,
    )


def purchases(rng: np.random.Generator, life: Life, crowd: People) -> tuple[Purchases, list[Members]]:
    """Return all orders and the members of each campaign; treated customers buy more where the campaign works."""
    n = len(life.customer)
    draw = rng.random(n)
    first = life.ordered_at == crowd.acquired_at[life.customer]
    sure = life.must_be_paid | first
    refunded, cancelled = (draw < 0.035) & ~sure, (draw > 0.985) & ~sure
    columns = [(life.customer, life.ordered_at, ~(refunded | cancelled), refunded)]
    lost = _lost_spells(life, crowd)
    drafts = []
    for campaign in world.CAMPAIGNS:
        draft = _members(rng, campaign, life, crowd, columns, lost)
        drafts.append(draft)
        who, at = draft.customer[draft.order == -2], draft.converted_at[draft.order == -2]
        columns.append((who, at, np.ones(len(who), bool), np.zeros(len(who), bool)))
    customer, at, paid, refunded = (np.concatenate(x) for x in zip(*columns, strict=True))
    order = np.lexsort((customer, at))
    bought = Purchases(customer[order], at[order], paid[order], refunded[order])
    return bought, [_point(d, bought) for d in drafts]


def _lost_spells(life: Life, crowd: People) -> tuple[Ints, Flags]:
    """Return the orders as sorted keys, and whether a lost spell follows each."""
    key = life.customer * (4 * END) + life.ordered_at
    order = np.argsort(key)
    return key[order], life.lost_after[order]


def _members(
    rng: np.random.Generator,
    campaign: world.Campaign,
    life: Life,
    crowd: People,
    columns: list[tuple[Ints, Ints, Flags, Flags]],
    lost: tuple[Ints, Flags],
) -> Members:
    n, start = len(crowd), campaign.start
    who = np.flatnonzero((crowd.acquired_at < start) & crowd.contact_allowed & (rng.random(n) < campaign.reach))
    treated = rng.random(len(who)) >= campaign.control
    customer, at, paid = (np.concatenate([c[i] for c in columns]) for i in range(3))
    inside = paid & (at >= start) & (at < start + world.WINDOW_S)
    first = np.full(n, NEVER)
    np.minimum.at(first, customer[inside], at[inside])
    own = first[who] < NEVER
    before = np.searchsorted(lost[0], who * (4 * END) + start) - 1
    alive = ~lost[1][np.maximum(before, 0)]
    reachable = alive & ~own
    # The lift is meant over all members, so it is asked of those who can still be moved.
    share = campaign.lift * len(who) / max(int(reachable.sum()), 1)
    moved = reachable & (rng.random(len(who)) < share)
    extra = treated & moved
    bought = np.where(
        extra, start + (rng.beta(1.2, 2.5, len(who)) * world.WINDOW_S * 0.98).astype(np.int64) + HOUR, first[who]
    )
    open_share = np.where(own, 0.55, np.where(alive, 0.34, 0.12))
    opened = treated & (rng.random(len(who)) < open_share)
    delay = np.minimum(rng.lognormal(np.log(5), 1.1, len(who)) * HOUR, 10 * DAY).astype(np.int64) + 60
    clicked = opened & (rng.random(len(who)) < np.where(own | extra, 0.42, 0.10))
    opened_at = np.where(opened, np.minimum(start + delay, END), -1)
    clicked_at = np.where(clicked, np.minimum(start + delay + 45, END), -1)
    return Members(
        who,
        treated,
        opened_at,
        clicked_at,
        np.where(bought < NEVER, bought, -1),
        np.where(extra, -2, -1),
        own | moved,
        own,
    )


def _point(draft: Members, bought: Purchases) -> Members:
    """Return the members with `order` pointing at the order they converted with."""
    key = bought.customer * (4 * END) + bought.ordered_at
    order = np.argsort(key)
    wanted = draft.customer * (4 * END) + draft.converted_at
    place = order[np.minimum(np.searchsorted(key[order], wanted), len(order) - 1)]
    return Members(
        draft.customer,
        draft.treated,
        draft.opened_at,
        draft.clicked_at,
        draft.converted_at,
        np.where(draft.converted_at >= 0, place, -1),
        draft.buys_if_treated,
        draft.buys_if_control,
    )


def first_product(customer: Ints, ordered_at: Ints) -> Ints:
    """Return the product group of an order's first line: the same wherever the order is met, without storing it."""
    mixed = (customer * 2_654_435_761 + ordered_at * 40_503) % 999_983 / 999_983
    return np.searchsorted(np.cumsum([0.30, 0.20, 0.13, 0.14, 0.10, 0.06]), mixed, side="right").astype(np.int64)


def opportunities(rng: np.random.Generator, crowd: People, staff: Agents) -> Opportunities:
    """Return about two offers for each business customer."""
    business = np.flatnonzero(crowd.segment >= 2)
    customer = np.repeat(business, rng.poisson(2.1, len(business)))
    n = len(customer)
    begin = crowd.acquired_at[customer]
    created = draws.at_rush_hour(rng, begin + (rng.random(n) * (END - begin)).astype(np.int64)) // 60 * 60
    created = np.clip(created, begin // 60 * 60 + 60, END - HOUR)
    closed = created + (rng.gamma(1.6, 30.0, n) * DAY).astype(np.int64) // 60 * 60 + DAY
    done = closed < END
    won = rng.random(n) < np.where(crowd.segment[customer] == 3, 0.44, 0.36)
    outcome = np.where(done, np.where(won, 0, 1), 2)
    stage = np.where(done, 3, draws.choose(rng, n, (0.4, 0.35, 0.25)))
    amount = (
        (rng.lognormal(np.log(38_000), 0.9, n) * np.where(crowd.segment[customer] == 3, 2.2, 1.0)).astype(np.int64)
        // 50
        * 50
    )
    reason = np.where(outcome == 1, draws.choose(rng, n, (0.4, 0.25, 0.15, 0.2)), -1)
    order = np.argsort(created, kind="stable")
    rows = Opportunities(
        customer,
        created,
        np.where(done, closed, -1),
        stage,
        outcome,
        amount,
        reason,
        np.where(reason == 1, rng.integers(0, _COMPETITORS, n), -1),
        crowd.owner[customer],
        rng.integers(0, len(world.GROUPS), n),
    )
    return Opportunities(*(getattr(rows, f)[order] for f in Opportunities.__dataclass_fields__))
