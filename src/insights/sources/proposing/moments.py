"""How the times of two columns lie to each other, row by row: a solve comes after its creation."""

import re

from insights.sources.proposing.glance import Facts
from insights.sources.staging import dates

Moment = tuple[int, ...]
_MONTHS = {
    name: place
    for place, names in enumerate(
        (
            "jan oca ene",
            "feb sub fev",
            "mar mrz",
            "apr nis avr abr",
            "may mai mayis",
            "jun haz juin",
            "jul tem juil",
            "aug agu aout ago",
            "sep eyl",
            "oct eki okt",
            "nov kas",
            "dec ara dez dic",
        ),
        start=1,
    )
    for name in names.split()
}


def after(later: Facts, earlier: Facts) -> float | None:
    """Return the share of rows with both times in which `later` is not on a day before; None where no row has both."""
    both = _pairs(later, earlier)
    return sum(a[:3] >= b[:3] for a, b in both) / len(both) if both else None


def same(one: Facts, other: Facts) -> float:
    """Return the share of rows with both times in which they are the same moment, or the same day where one is a day."""
    both = _pairs(one, other)
    return sum(_alike(a, b) for a, b in both) / len(both) if both else 0.0


def days_between(later: Facts, earlier: Facts) -> float:
    """Return the days that usually lie between two times, at least nought."""
    found = sorted(max(0, (a[0] - b[0]) * 365 + (a[1] - b[1]) * 30 + a[2] - b[2]) for a, b in _pairs(later, earlier))
    return found[len(found) // 2] if found else 0


def _alike(one: Moment, other: Moment) -> bool:
    if any(one[3:]) and any(other[3:]):
        return one == other
    return one[:3] == other[:3]


def _pairs(one: Facts, other: Facts) -> list[tuple[Moment, Moment]]:
    first, second = _moments(one), _moments(other)
    return [(a, b) for a, b in zip(first, second, strict=False) if a and b]


def _moments(facts: Facts) -> list[Moment]:
    """Return year, month, day, hour and minute of every row, empty where it says none."""
    read = [_numbers(cell) for cell in facts.by_row]
    month_first = any(n[1] > 12 for n in read if n and n[0] <= 31)
    return [_ordered(n, month_first) if n else () for n in read]


def _numbers(cell: str) -> list[int]:
    if at := dates.since_1970(cell):
        return [at.year, at.month, at.day, at.hour, at.minute]
    text = re.sub(r"[^\W\d_]+", lambda m: f" {_MONTHS.get(_short(m[0]), '')} ", cell)
    if compact := re.match(r"\s*(\d{4})(\d{2})(\d{2})\b", text):
        text = " ".join(compact.groups()) + text[compact.end() :]
    found = [int(n) for n in re.findall(r"\d+", text)][:5]
    named = re.match(r"\s*[^\W\d_]", cell)
    if named and len(found) > 2:
        found[0], found[1] = found[1], found[0]
    return found if len(found) >= 3 else []


def _short(word: str) -> str:
    return word.lower().translate(str.maketrans("şıçğöüûéâ", "sicgouuea"))[
        : 4 if word[:4].lower() in ("juin", "juil", "aout") else 3
    ]


def _ordered(numbers: list[int], month_first: bool) -> Moment:
    first, second, third, *clock = numbers
    if first > 31:
        day = first, second, third
    elif month_first:
        day = third, first, second
    else:
        day = third, second, first
    return (*day, *clock)
