"""What changed and where it is worst, as data: the overview turns it into sentences."""

from collections.abc import Iterable, Sequence
from statistics import NormalDist

from insights.filters import Filters, Scope
from insights.metrics import METRICS
from insights.query.measure import Result, Warehouse
from insights.query.numbers import meta, query
from insights.stats.intervals import Z, difference, wilson

LEAST_N = 30
"""Below this a number starts no sentence."""


def highlights(
    warehouse: Warehouse, keys: Iterable[str], filters: Filters, *, scope: Scope,
    by: Sequence[str] = ("channel", "team"), most: int = 3, compare: str = "previous",
) -> list[Result]:  # fmt: skip
    """Return at most `most` findings that chance does not explain, the surest first.

    A change: `{"what": "change", "metric", "value", "previous", "change", "n", "good"}`; a group that is worse than the
    rest: `{"what": "worst", "metric", "dimension", "member", "value", "rest", "n", "good": False}`.
    """
    directed = [key for key in keys if METRICS[key].better != "context"]
    found = _changes(warehouse, directed, filters, scope, compare) if filters.previous() else []
    found += [w for d in by for w in _worst(warehouse, directed, filters, scope, d)]
    ranked = sorted(found, key=lambda f: (-f["strength"], f["metric"], f["what"]))
    one_each: dict[str, Result] = {}
    for finding in ranked:
        one_each.setdefault(finding["metric"], finding)
    return [{k: v for k, v in f.items() if k != "strength"} for f in list(one_each.values())[:most]]


def _changes(warehouse: Warehouse, keys: Sequence[str], filters: Filters, scope: Scope, compare: str) -> list[Result]:
    found = []
    for r in query(warehouse, keys, filters, scope=scope, compare=compare):
        if not r["change_real"] or min(r["n"], r["previous_n"]) < LEAST_N:
            continue
        rose = r["change"] > 0
        found.append({
            "what": "change", "metric": r["metric"], "unit": r["unit"], "value": r["value"], "previous": r["previous"],
            "change": r["change"], "change_low": r["change_low"], "change_high": r["change_high"], "n": r["n"],
            "good": rose == (METRICS[r["metric"]].better == "up"),
            "strength": _strength(r["change_low"], r["change_high"]),
        })  # fmt: skip
    return found


def _worst(warehouse: Warehouse, keys: Sequence[str], filters: Filters, scope: Scope, dimension: str) -> list[Result]:
    """Return, per metric, the member of a dimension that is surely worse than all the others together."""
    usable = [key for key in keys if METRICS[key].measure == "share" and _knows(key, dimension)]
    found = []
    for key in usable:
        members = [r for r in query(warehouse, [key], filters, scope=scope, by=[dimension]) if r[dimension] is not None]
        up = METRICS[key].better == "up"
        solid = [r for r in members if r["n"] >= LEAST_N]
        if len(members) < 2 or not solid:
            continue
        worst = (min if up else max)(solid, key=lambda r: (r["value"], str(r[dimension])))
        if (compared := _against_the_rest(worst, members)) is None:
            continue
        rest, low, high = compared
        # The worst of many is bad by luck alone sooner than one of two: Bonferroni over the members.
        sure = _strength(low, high) > NormalDist().inv_cdf(1 - 0.025 / len(members)) / Z
        if sure and ((high < 0) if up else (low > 0)):
            found.append({
                "what": "worst", "metric": key, "unit": worst["unit"], "dimension": dimension,
                "member": worst[dimension], "value": worst["value"], "rest": rest, "change_low": low,
                "change_high": high, "n": worst["n"], "good": False, "strength": _strength(low, high),
            })  # fmt: skip
    return found


def _against_the_rest(one: Result, members: Sequence[Result]) -> tuple[float, float, float] | None:
    """Return the share of the others together, and the interval of the difference from it."""
    n = sum(r["n"] for r in members) - one["n"]
    if n < LEAST_N:
        return None
    hits = sum(round(r["value"] * r["n"]) for r in members if r["n"]) - round(one["value"] * one["n"])
    rest = wilson(hits, n)
    assert rest
    low, high = difference(one["value"], (one["low"], one["high"]), hits / n, rest)
    return hits / n, low, high


def _knows(key: str, dimension: str) -> bool:
    return dimension not in meta(key, Filters().choose(dimension, "x"))["ignored"]


def _strength(low: float, high: float) -> float:
    """Return how many half-widths the middle of an interval lies from zero."""
    half = (high - low) / 2
    return abs(low + high) / 2 / half if half else float("inf")
