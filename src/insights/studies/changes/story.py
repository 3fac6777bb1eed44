"""The story of a period in at most three findings: what moved, where, and how sure; nothing chance could have made.

Every member of every dimension is a question, so the questions share one error rate: under the null, one period in
twenty says anything at all (Bonferroni over all of them). What passes is told by the metric it moved most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

from insights.filters import COMPARISONS
from insights.metrics import METRICS, Number, metric
from insights.metrics.number import Member
from insights.stats.intervals import Z
from insights.stats.parts import Part
from insights.studies.changes.parts import Both, known_dimensions, parts_of
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option

LEAST_N = 30
ERROR_RATE = 0.05
VOLUME = "created"


@dataclass(frozen=True)
class Signal:
    """A member of a dimension (or, without one, the whole) whose rate or share of the volume moved, in sigmas."""

    metric: str
    by: str
    member: Member
    z: float

    @property
    def p(self) -> float:
        """Return how likely chance alone moves it so far."""
        return erfc(self.z / sqrt(2))


@dataclass(frozen=True)
class Seen:
    """Everything looked at: a metric by a dimension in both periods, and the whole of each metric."""

    tables: Mapping[tuple[str, str], Both]
    whole: Mapping[str, Number]

    def signals(self) -> list[Signal]:
        """Return the moves chance does not explain, the surest first."""
        tests = [*self._rates(), *self._volumes(), *self._wholes()]
        return sorted((t for t in tests if t.p * len(tests) < ERROR_RATE), key=lambda t: (-t.z, t.metric, t.by))

    def _rates(self) -> Iterator[Signal]:
        for (key, by), numbers in self.tables.items():
            if METRICS[key].measure == "share":
                for member in numbers.members:
                    z = _z_of_rates(numbers.before.get(member), numbers.now.get(member))
                    if z is not None:
                        yield Signal(key, by, member, z)

    def _volumes(self) -> Iterator[Signal]:
        for (key, by), numbers in self.tables.items():
            if key == VOLUME:
                totals = [sum(n.n for n in side.values()) for side in (numbers.before, numbers.now)]
                for member in numbers.members:
                    counts = [side[member].n if member in side else 0 for side in (numbers.before, numbers.now)]
                    if max(counts) >= LEAST_N and min(totals) >= LEAST_N:
                        yield Signal(key, by, member, _z(counts[0], totals[0], counts[1], totals[1]))

    def _wholes(self) -> Iterator[Signal]:
        for key, whole in self.whole.items():
            if whole.change is not None and min(whole.n, whole.previous_n) >= LEAST_N and whole.change_low is not None:
                half = ((whole.change_high or 0) - whole.change_low) / 2
                if METRICS[key].better != "context" and half > 0:
                    yield Signal(key, "", None, abs(whole.change) / half * Z)

    def part(self, key: str, by: str, member: Member) -> Part | None:
        """Return a member's part of a metric's change, where it is told apart from chance."""
        found = parts_of(metric(key), self.tables[key, by]) if (key, by) in self.tables else []
        return next((p for p in found if p.value == member and p.real), None)


def _z_of_rates(before: Number | None, now: Number | None) -> float | None:
    if not before or not now or min(before.n, now.n) < LEAST_N or before.hits is None or now.hits is None:
        return None
    return _z(before.hits, before.n, now.hits, now.n)


def _z(hits: int, n: int, later: int, m: int) -> float:
    """Return how many sigmas two shares lie apart."""
    pooled = (hits + later) / (n + m)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return abs(later / m - hits / n) / spread if spread else 0.0


def story(asker: Asker, options: Options) -> Answer:
    """Return at most `most` findings, one a metric, those that explain most first; nothing without a period before."""
    if not asker.filters.previous():
        return Answer({"story": []})
    seen = _seen(asker, options)
    best: dict[str, dict[str, Any]] = {}
    for signal in seen.signals():
        for finding in _told(seen, signal):
            best.setdefault(finding["metric"], finding)  # the surest comes first
    ranked = sorted(best.values(), key=lambda f: (not f["by"], -_weight(f), f["metric"]))
    return Answer({"story": ranked[: options["most"]]})


def _seen(asker: Asker, options: Options) -> Seen:
    before, keys = asker.before(options["compare"]), options["metrics"]
    share = [key for key in keys if METRICS[key].measure == "share"]
    known = {key: known_dimensions(asker, key) for key in (*share, VOLUME)}
    asked = {key: [by for by in options["by"] if by in names] for key, names in known.items()}
    now, was = asker.breakdowns(asked, before)
    order = [(key, by) for by in options["by"] for key, names in asked.items() if by in names]
    tables = {(key, by): Both(*({n.member(by): n for n in side[key, by]} for side in (was, now))) for key, by in order}
    whole = {n.metric: n for n in asker.numbers([*keys, VOLUME], compare=options["compare"])}
    return Seen(tables, whole)


def _told(seen: Seen, signal: Signal) -> Iterator[dict[str, Any]]:
    """Yield a signal as findings: the metrics its member moved; without any, the move itself."""
    if not signal.by:
        yield _finding(seen, signal.metric, signal, None)
        return
    moved = [key for key, by in seen.tables if by == signal.by and METRICS[key].better != "context"]
    parts = {key: part for key in moved if (part := seen.part(key, signal.by, signal.member))}
    for key, part in parts.items():
        if signal.metric in (key, VOLUME):
            yield _finding(seen, key, signal, part)
    if not parts and signal.metric == VOLUME:
        yield _finding(seen, VOLUME, signal, None)


def _finding(seen: Seen, key: str, signal: Signal, part: Part | None) -> dict[str, Any]:
    whole, volume, own = seen.whole[key], seen.tables.get((VOLUME, signal.by)), seen.tables.get((key, signal.by))
    counts = [_n(side, signal.member) for side in (volume.before, volume.now)] if volume else [None, None]
    rates = [_value(side, signal.member) for side in (own.before, own.now)] if own and key != VOLUME else [None, None]
    low, high = part.interval if part else (None, None)
    return {
        "metric": key,
        "unit": whole.unit,
        "before": whole.previous,
        "now": whole.value,
        "change": whole.change,
        "change_real": whole.change_real,
        "by": signal.by or None,
        "member": signal.member,
        "part": part.total if part else None,
        "part_low": low,
        "part_high": high,
        "n_before": counts[0],
        "n_now": counts[1],
        "value_before": rates[0],
        "value_now": rates[1],
        "p": signal.p,
        "n": whole.n,
    }


def _n(side: Mapping[Member, Number], member: Member) -> int:
    return side[member].n if member in side else 0


def _value(side: Mapping[Member, Number], member: Member) -> float | None:
    return side[member].value if member in side else None


def _weight(finding: Row) -> float:
    """Return how much a finding explains: its part of the change, a volume by its surety alone."""
    return abs(finding["part"]) if finding["part"] is not None else 0.0


DIMENSIONS: Sequence[str] = ("category", "product", "region", "team", "channel", "priority", "segment")

STUDIES = (
    Study(
        "story",
        ("tickets",),
        answer=story,
        behind=lambda asker, options: asker.rows(options["metrics"][0]),
        options=(
            Option("metrics", "words", ("csat", "sla_compliance", "frt_4h", "reopen_rate", "frt_p50")),
            Option("by", "dimensions", tuple(DIMENSIONS)),
            Option("most", "whole", 3),
            Option("compare", "word", "previous", COMPARISONS, "unknown_comparison"),
        ),
        shapes=(
            Shape(
                "story",
                (
                    Column("metric", "word"),
                    Column("unit", "text"),
                    Column("before", "number"),
                    Column("now", "number"),
                    Column("change", "number"),
                    Column("change_real", "flag"),
                    Column("by", "text"),
                    Column("member", "member"),
                    Column("part", "number"),
                    Column("part_low", "number"),
                    Column("part_high", "number"),
                    Column("n_before", "count"),
                    Column("n_now", "count"),
                    Column("value_before", "number"),
                    Column("value_now", "number"),
                    Column("p", "number"),
                    Column("n", "count"),
                ),
            ),
        ),
    ),
)
