"""What changed and where it is worst, as data: the overview turns it into sentences."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

from insights.filters import COMPARISONS, dimension_column
from insights.metrics import METRICS, Context, Number, metric
from insights.metrics.core import Better
from insights.stats.intervals import Z, difference, wilson
from insights.studies.core import Answer, Asker, Column, Options, Shape, Study
from insights.studies.options import Option

LEAST_N = 30
"""Below this a number starts no sentence."""
Finding = dict[str, Any]


def highlights(asker: Asker, options: Options) -> Answer:
    """Return at most `most` findings that chance does not explain, the surest first, one a metric.

    A change has what it was before; a group that is worse than the rest has the dimension, its member and the rest.
    """
    directed = [key for key in options["metrics"] if metric(key).better != "context"]
    found = _changes(asker, directed, options["compare"]) if asker.filters.previous() else []
    found += [worst for dimension in options["by"] for worst in _worst(asker, directed, dimension)]
    one_each: dict[str, Finding] = {}
    for finding in sorted(found, key=lambda f: (-f["strength"], f["metric"], f["what"])):
        one_each.setdefault(finding["metric"], finding)
    return Answer({"highlights": [_shown(finding) for finding in list(one_each.values())[: options["most"]]]})


def _shown(finding: Finding) -> Finding:
    return {name: value for name, value in finding.items() if name != "strength"}


def _changes(asker: Asker, keys: Sequence[str], compare: str) -> list[Finding]:
    real = [r for r in asker.numbers(keys, compare=compare) if r.change_real and min(r.n, r.previous_n) >= LEAST_N]
    return [_change(r) for r in real]


def _change(r: Number) -> Finding:
    assert r.change is not None
    return {
        "what": "change",
        "metric": r.metric,
        "unit": r.unit,
        "value": r.value,
        "previous": r.previous,
        "change": r.change,
        "change_low": r.change_low,
        "change_high": r.change_high,
        "n": r.n,
        "good": (r.change > 0) == (METRICS[r.metric].better == "up"),
        "strength": _strength(r.change_low or 0, r.change_high or 0),
    }


def _worst(asker: Asker, keys: Sequence[str], dimension: str) -> list[Finding]:
    """Return, per metric, the member of a dimension that is surely worse than all the others together."""
    usable = [key for key in keys if METRICS[key].measure == "share" and _knows(key, dimension, asker.context())]
    numbers = asker.numbers(usable, by=[dimension]) if usable else []
    each = ([r for r in numbers if r.metric == key and r.member(dimension) is not None] for key in usable)
    return [finding for members in each if (finding := _worst_of(members, dimension))]


def _worst_of(members: Sequence[Number], dimension: str) -> Finding | None:
    solid = [r for r in members if r.n >= LEAST_N]
    if len(members) < 2 or not solid:
        return None
    better = METRICS[members[0].metric].better
    worst = (min if better == "up" else max)(solid, key=lambda r: (r.value or 0, str(r.member(dimension))))
    if (compared := _against_the_rest(worst, members)) is None or not _surely(compared, better, len(members)):
        return None
    rest, low, high = compared
    return {
        "what": "worst",
        "metric": worst.metric,
        "unit": worst.unit,
        "dimension": dimension,
        "member": worst.member(dimension),
        "value": worst.value,
        "rest": rest,
        "change_low": low,
        "change_high": high,
        "n": worst.n,
        "good": False,
        "strength": _strength(low, high),
    }


def _surely(compared: tuple[float, float, float], better: Better, members: int) -> bool:
    """Tell whether a member is worse than the rest; the worst of many is bad by luck sooner (Bonferroni)."""
    _, low, high = compared
    sure = _strength(low, high) > NormalDist().inv_cdf(1 - 0.025 / members) / Z
    return sure and (high < 0 if better == "up" else low > 0)


def _against_the_rest(one: Number, members: Sequence[Number]) -> tuple[float, float, float] | None:
    """Return the share of the others together, and the interval of the difference from it."""
    n = sum(r.n for r in members) - one.n
    rest = wilson(hits := sum(r.hits or 0 for r in members) - (one.hits or 0), n)
    if n < LEAST_N or rest is None or one.value is None or one.low is None or one.high is None:
        return None
    low, high = difference(one.value, (one.low, one.high), hits / n, rest)
    return hits / n, low, high


def _knows(key: str, dimension: str, context: Context) -> bool:
    return dimension_column(METRICS[key].base.rows(context), dimension) is not None


def _strength(low: float, high: float) -> float:
    """Return how many half-widths the middle of an interval lies from zero."""
    half = (high - low) / 2
    return abs(low + high) / 2 / half if half else float("inf")


STUDIES = (
    Study(
        "highlights",
        ("tickets",),
        answer=highlights,
        behind=lambda asker, options: asker.rows(options["metrics"][0]),
        options=(
            Option("metrics", "words", ("csat", "sla_compliance", "frt_p50", "full_res_p50", "backlog")),
            Option("by", "dimensions", ("channel", "team")),
            Option("most", "whole", 3),
            Option("compare", "word", "previous", COMPARISONS, "unknown_comparison"),
        ),
        shapes=(
            Shape(
                "highlights",
                (
                    Column("what", "word", "finding"),
                    Column("metric", "word"),
                    Column("unit", "text"),
                    Column("value", "number"),
                    Column("n", "count"),
                    Column("good", "flag"),
                ),
                open=True,
            ),
        ),
    ),
)
