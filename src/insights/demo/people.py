"""Who buys and who serves: one block of customers, and the agents of the whole company."""

from dataclasses import dataclass

import numpy as np

from insights.demo import draws, world
from insights.demo.world import DAY, END, START, Flags, Floats, Ints, Texts

_FIRST, _LAST = world.WORDS["first_names"], world.WORDS["last_names"]
_FIRMS, _MAILBOXES, _REGIONS = world.WORDS["company_words"], world.WORDS["mailboxes"], world.WORDS["regions"]
_ASCII = str.maketrans("çğıöşüÇĞİÖŞÜâ", "cgiosuCGIOSUa")


@dataclass(frozen=True)
class Agents:
    """The support agents and account managers; codes index these arrays."""

    name: Texts
    team: Ints
    tier: Ints
    hired_at: Ints
    left_at: Ints
    skill: Floats
    trained: Flags
    hard_cases: int


def ascii_of(text: str) -> str:
    """Return a name as it stands in an e-mail address."""
    return text.translate(_ASCII).lower()


def agents(customers: int, seed: int) -> Agents:
    """Return about one support agent for 300 customers, at least four for each team."""
    rng = np.random.Generator(np.random.PCG64([seed, 0]))
    per_team = np.maximum(4, np.array([0.28, 0.2, 0.2, 0.14, 0.06, 0.12]) * min(customers / 260, 2000)).astype(int)
    team = np.repeat(np.arange(len(per_team)), per_team)
    n = len(team)
    pairs = rng.permutation(len(_FIRST) * len(_LAST))[:n]
    name = [f"{_FIRST[p // len(_LAST)]} {_LAST[p % len(_LAST)]}" for p in pairs]
    place = np.arange(n) - np.concatenate([[0], np.cumsum(per_team)])[team]
    hired = np.where(place < 3, START - rng.integers(100, 1500, n) * DAY, START + rng.integers(0, 1200, n) * DAY)
    leaves = (place >= 3) & (rng.random(n) < 0.25)
    left = np.where(leaves, hired + rng.integers(200, 700, n) * DAY, world.NEVER)
    left = np.where(left > END, world.NEVER, left)
    hard_cases = int(np.flatnonzero((team == 1) & (place == 0))[0])
    present = (hired < world.TRAINING_AT - 180 * DAY) & (left == world.NEVER) & (team != world.RELATIONS)
    trained = present & (rng.permutation(n) % 2 == 0)
    trained[hard_cases] = False
    skill = rng.normal(0, 0.015, n)
    skill -= skill.mean()
    skill[hard_cases] = 0.0
    return Agents(
        np.array(name, dtype=object),
        team,
        np.where(place < 2, 2, 1),
        hired // DAY * DAY,
        left,
        skill,
        trained,
        hard_cases,
    )


@dataclass(frozen=True)
class People:
    """A block of customers; `first` is the position of its first one in the whole company."""

    first: int
    acquired_at: Ints
    segment: Ints
    tier: Ints
    vip: Flags
    region: Ints
    city: Texts
    country: Texts
    name: Texts
    email: Texts
    phone: Texts
    company: Texts
    source: Ints
    owner: Ints
    contact_allowed: Flags
    forgotten: Flags
    pace_days: Floats

    def __len__(self) -> int:
        return len(self.acquired_at)

    def ids(self) -> Texts:
        """Return the company's customer numbers: ten digits with leading zeros, the same in every system."""
        return np.array([f"{self.first + i + 1:010d}" for i in range(len(self))], dtype=object)


def people(rng: np.random.Generator, first: int, n: int, staff: Agents) -> People:
    """Return one block of customers, in order of acquisition."""
    days = (END - START) // DAY
    mood = draws.SEASON[:days] * np.linspace(1.0, 1.7, days)
    acquired = np.sort(START + draws.choose(rng, n, mood) * DAY)
    acquired = np.minimum(draws.at_rush_hour(rng, acquired), END - 3600)
    acquired = np.maximum(acquired, START)
    vip = rng.random(n) < 0.16
    tier = np.where(vip, 3, draws.choose(rng, n, (0.62, 0.26, 0.12)))
    segment = np.where(vip, 1, np.array([0, 2, 3])[draws.choose(rng, n, (0.86, 0.09, 0.05))])
    region = draws.choose(rng, n, tuple(r["share"] for r in _REGIONS))
    spot = rng.random(n) ** 1.7
    cities = [r["cities"] for r in _REGIONS]
    city = np.array([cities[r][int(s * len(cities[r]))] for r, s in zip(region, spot, strict=True)], dtype=object)
    abroad = rng.random(n) < 0.02
    given, family = rng.integers(0, len(_FIRST), n), rng.integers(0, len(_LAST), n)
    names = [f"{_FIRST[g]} {_LAST[f]}" for g, f in zip(given.tolist(), family.tolist(), strict=True)]
    mailbox = rng.integers(0, len(_MAILBOXES), n).tolist()
    emails = [f"{ascii_of(names[i]).replace(' ', '.')}{first + i + 1}@{_MAILBOXES[mailbox[i]]}" for i in range(n)]
    word = rng.integers(0, len(_FIRMS), n).tolist()
    firm = [
        f"{_LAST[family[i]]} {_FIRMS[word[i]]} {'A.Ş.' if segment[i] == 3 else 'Ltd. Şti.'}"
        if segment[i] >= 2
        else None
        for i in range(n)
    ]
    numbers = rng.integers(0, 10_000_000, n).tolist()
    managers = np.flatnonzero(staff.team == world.RELATIONS)
    pace = np.array([92.0, 84.0, 74.0, 60.0])[tier] * rng.lognormal(0, 0.45, n)
    return People(
        first,
        acquired,
        segment,
        tier,
        vip,
        np.where(abroad, -1, region),
        np.where(abroad, "Berlin", city),
        np.where(abroad, "Almanya", "Türkiye"),
        np.array(names, dtype=object),
        np.array(emails, dtype=object),
        np.array([f"+90555{x:07d}" for x in numbers], dtype=object),
        np.array(firm, dtype=object),
        draws.choose(rng, n, (0.3, 0.24, 0.16, 0.12, 0.1, 0.08)),
        managers[rng.integers(0, len(managers), n)],
        rng.random(n) < 0.78,
        rng.random(n) < np.where(vip, 0.12, 0.42),
        pace,
    )
