"""How long customers stayed after a complaint, answered in time or not, at an equal mix of complaints."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from insights.stats.hazards import cox
from insights.stats.survival import kaplan_meier, log_rank
from insights.studies.core import Row
from insights.studies.service.complaints import stratum
from insights.studies.waits import LEAST_AT_RISK

Sizes = dict[Any, dict[bool, int]]


def curves(counted: Sequence[Row]) -> list[Row]:
    """Return the share still there by days since the landmark, of both sides: each stratum weighs what it does in both.

    The cases at risk are what the weights leave of them (Kish), so that the intervals are no narrower for weighting.
    """
    usable, sizes = _comparable(counted)
    return [point for with_ in (True, False) for point in _curve(usable, sizes, with_)]


def hazard(counted: Sequence[Row]) -> dict[str, Any]:
    """Return the hazard ratio of leaving and the log-rank test, strata held apart."""
    usable, _ = _comparable(counted)
    many = [r["n"] for r in usable]
    if not any(r["gone"] for r in usable):
        return dict.fromkeys(("hazard_ratio", "hazard_low", "hazard_high", "log_rank_p"))
    strata, with_, days, gone = (
        [x for x, n in zip(of, many, strict=True) for _ in range(n)]
        for of in zip(*((stratum(r), r["exposed"], r["days"], r["gone"]) for r in usable), strict=True)
    )
    found = cox(days, gone, [[float(x)] for x in with_], strata)
    low, high = found.interval if found else (None, None)
    return {
        "hazard_ratio": found.ratio if found else None,
        "hazard_low": low,
        "hazard_high": high,
        "log_rank_p": log_rank(days, gone, with_, strata).p,
    }


def _comparable(counted: Sequence[Row]) -> tuple[list[Row], Sizes]:
    sizes: Sizes = defaultdict(lambda: {True: 0, False: 0})
    for r in counted:
        sizes[stratum(r)][r["exposed"]] += r["n"]
    return [r for r in counted if all(sizes[stratum(r)].values())], sizes


def _curve(usable: Sequence[Row], sizes: Sizes, with_: bool) -> list[Row]:
    mine = [r for r in usable if r["exposed"] == with_]
    if not mine:
        return []
    many = np.array([r["n"] for r in mine], float)
    w = np.array([sum(of.values()) / of[with_] for of in (sizes[stratum(r)] for r in mine)])
    w *= (w * many).sum() / (w * w * many).sum()
    days, place = np.unique([r["days"] for r in mine], return_inverse=True)
    gone = np.array([r["gone"] for r in mine], bool)
    events, censored = (np.bincount(place, many * w * of, len(days)) for of in (gone, ~gone))
    curve = kaplan_meier(list(days), list(events), list(censored))
    of = {"days": curve.time, "share": curve.share, "low": curve.low, "high": curve.high, "at_risk": curve.at_risk}
    start = {"exposed": with_, "days": 0.0, "share": 1.0, "low": 1.0, "high": 1.0, "at_risk": float((many * w).sum())}
    shown = np.flatnonzero(curve.at_risk >= LEAST_AT_RISK)
    return [start, *({"exposed": with_} | {name: float(values[i]) for name, values in of.items()} for i in shown)]
