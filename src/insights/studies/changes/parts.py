"""Why a number moved between two periods: the part of each value of a dimension, own rate and mix apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from insights.dimensions import DIMENSIONS
from insights.errors import BadFilter
from insights.filters import COMPARISONS, UNKNOWN, dimension_column
from insights.metrics import METRICS, Metric, Number, metric
from insights.metrics.number import Member
from insights.stats.intervals import Z
from insights.stats.parts import Cell, Part, change_parts
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option

MOST_LEFT_OUT = 12
"""Members for which a percentile is computed again without them; the largest."""


@dataclass(frozen=True)
class Both:
    """A metric by the members of a dimension, before and now."""

    before: Mapping[Member, Number]
    now: Mapping[Member, Number]

    @property
    def members(self) -> tuple[Member, ...]:
        """Return the members of either period, the largest first."""
        n = {m: max(of[m].n for of in (self.before, self.now) if m in of) for m in (*self.before, *self.now)}
        return tuple(sorted(n, key=lambda m: (-n[m], str(m))))


def known_dimensions(asker: Asker, key: str) -> tuple[str, ...]:
    """Return the dimensions a metric's rows know."""
    rows = METRICS[key].base.rows(asker.context())
    return tuple(name for name in DIMENSIONS if name != "source" and dimension_column(rows, name) is not None)


def both(asker: Asker, before: Asker, key: str, by: str) -> Both:
    """Return a metric by the members of a dimension in two periods."""
    found = ({n.member(by): n for n in one.numbers([key], by=[by])} for one in (before, asker))
    return Both(*found)


def parts_of(of: Metric, numbers: Both) -> list[Part]:
    """Return the parts of a change, largest first; they add up to it. Only for shares, means, scores and counts."""
    if of.measure in ("count", "sum"):
        return _amounts(numbers)
    return change_parts(*({m: _cell(of, n) for m, n in side.items()} for side in (numbers.before, numbers.now)))


def _cell(of: Metric, number: Number) -> Cell:
    if number.value is None:
        return Cell(0, 0.0, 0.0)
    return Cell(number.n, number.value, _variance(of, number))


def _variance(of: Metric, number: Number) -> float:
    """Return the variance of one case: of a share from itself, else from the interval of the mean."""
    assert number.value is not None
    if of.measure == "share":
        return number.value * (1 - number.value)
    if number.low is None or number.high is None:
        return 0.0
    return ((number.high - number.low) / (2 * Z)) ** 2 * number.n


def _amounts(numbers: Both) -> list[Part]:
    """Return what each member added to a count or a sum; only counts have an interval."""
    found = []
    for member in numbers.members:
        before, now = numbers.before.get(member), numbers.now.get(member)
        was, is_now = (float(n.value or 0) if n else 0.0 for n in (before, now))
        half = Z * sqrt(was + is_now)
        own = is_now - was
        found.append(Part(member, own, own - half, own + half, 0.0, 0.0, 0.0, int(was), int(is_now)))
    return sorted(found, key=lambda p: (-abs(p.total), str(p.value)))


def _left_out(asker: Asker, before: Asker, of: Metric, by: str) -> list[Row]:
    """Return, for a percentile, how much of the change is gone without each member: no interval, no sum."""
    numbers = both(asker, before, of.key, by)
    whole = _change(asker, before, of.key)
    names = [UNKNOWN if member is None else str(member) for member in numbers.members]
    found = []
    for member, name in list(zip(numbers.members, names, strict=True))[:MOST_LEFT_OUT]:
        others = [n for n in names if n != name]
        sides = [one.with_filters(one.filters.choose(by, *others)) for one in (asker, before)] if others else []
        rest = _change(sides[0], sides[1], of.key) if sides else None
        total = whole - rest if whole is not None and rest is not None else None
        found.append(
            _row(member, numbers, {"own": None, "mix": None, "total": total, "low": None, "high": None, "real": None})
        )
    return sorted(found, key=lambda row: (-abs(row["total"] or 0), str(row["member"])))


def _change(asker: Asker, before: Asker, key: str) -> float | None:
    now, was = (one.numbers([key])[0].value for one in (asker, before))
    return now - was if now is not None and was is not None else None


def _row(member: Member, numbers: Both, more: Row) -> dict[str, Any]:
    before, now = numbers.before.get(member), numbers.now.get(member)
    return {
        "member": member,
        "value_before": before.value if before else None,
        "value_now": now.value if now else None,
        "n_before": before.n if before else 0,
        "n_now": now.n if now else 0,
        **more,
    }


def _shown(part: Part, numbers: Both) -> dict[str, Any]:
    low, high = part.interval
    return _row(
        part.value,
        numbers,
        {"own": part.own, "mix": part.mix, "total": part.total, "low": low, "high": high, "real": part.real},
    )


def rows_by(asker: Asker, before: Asker, of: Metric, by: str) -> list[Row]:
    """Return the parts of a change by one dimension."""
    if of.measure in ("quantile", "ratio", "max"):
        return _left_out(asker, before, of, by)
    numbers = both(asker, before, of.key, by)
    return [_shown(part, numbers) for part in parts_of(of, numbers)]


def parts(asker: Asker, options: Options) -> Answer:
    """Return the parts of a metric's change, by the dimension asked for or by the one that explains most."""
    of = metric(options["metric"])
    known = known_dimensions(asker, of.key)
    if (asked := options["by"]) is not None and asked not in known:
        raise BadFilter("not_by_dimension", metric=of.key, name=asked, known=", ".join(known))
    if not asker.filters.previous():
        return Answer()  # an open period has none before it
    before = asker.before(options["compare"])
    tried = {name: rows_by(asker, before, of, name) for name in ((asked,) if asked else _worth_trying(known))}
    by = max(tried, key=lambda name: _telling(tried[name]))
    whole = asker.numbers([of.key], compare=options["compare"])[0]
    facts = {
        "metric": of.key,
        "unit": of.unit,
        "by": by,
        "before": whole.previous,
        "now": whole.value,
        "change": whole.change,
        "change_low": whole.change_low,
        "change_high": whole.change_high,
        "change_real": whole.change_real,
        "n_before": whole.previous_n,
        "n_now": whole.n,
    }
    return Answer({"change_parts": tried[by]}, facts)


def _worth_trying(known: Sequence[str]) -> tuple[str, ...]:
    """Return the dimensions a cause is looked for in: not the state a ticket is in, which follows from its age."""
    return tuple(name for name in known if name not in ("status", "agent"))


def _telling(rows: Sequence[Row]) -> tuple[bool, float]:
    """Return how much the most telling part explains beyond its weight: where nearly all cases are says nothing.

    One told apart from chance comes before any that is not.
    """
    n, change = sum(_cases(row) for row in rows), sum(row["total"] or 0 for row in rows)
    beyond = [(bool(row["real"]), abs((row["total"] or 0) - change * _cases(row) / n)) for row in rows if n]
    return max(beyond, default=(False, 0.0))


def _cases(row: Row) -> int:
    return int(row["n_before"]) + int(row["n_now"])


STUDIES = (
    Study(
        "change_parts",
        ("tickets",),
        answer=parts,
        behind=lambda asker, options: asker.rows(options["metric"]),
        options=(
            Option("metric", "text", "csat"),
            Option("by", "dimension", None),
            Option("compare", "word", "previous", COMPARISONS, "unknown_comparison"),
        ),
        shapes=(
            Shape(
                "change_parts",
                (
                    Column("member", "member"),
                    Column("value_before", "number"),
                    Column("value_now", "number"),
                    Column("n_before", "count"),
                    Column("n_now", "count"),
                    Column("own", "number"),
                    Column("mix", "number"),
                    Column("total", "number"),
                    Column("low", "number"),
                    Column("high", "number"),
                    Column("real", "flag"),
                ),
            ),
        ),
    ),
)
