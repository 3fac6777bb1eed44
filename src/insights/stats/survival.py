"""Time to an event when some have not had it yet: Kaplan–Meier curves and the stratified log-rank test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insights.stats.intervals import Z

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Share that has not had the event by each time, with Greenwood's log-log 95 % interval and the cases at risk."""

    time: Floats
    share: Floats
    error: Floats
    low: Floats
    high: Floats
    at_risk: Floats

    def quantile(self, share: float = 0.5) -> float | None:
        """Return the first time by which so many had the event; None when it was never reached."""
        return self._first(self.share, share)

    def quantile_interval(self, share: float = 0.5) -> tuple[float | None, float | None]:
        """Return the interval of `quantile`: where the curve's bounds reach it (Brookmeyer–Crowley)."""
        return self._first(self.low, share), self._first(self.high, share)

    def _first(self, of: Floats, share: float) -> float | None:
        reached = np.flatnonzero(of <= 1 - share + 1e-12)
        return float(self.time[reached[0]]) if len(reached) else None


def kaplan_meier(time: Sequence[float], events: Sequence[float], censored: Sequence[float]) -> Curve:
    """Return the curve from counts by time: how many had the event then, how many were last seen then without it."""
    order = np.argsort(np.asarray(time, float), kind="stable")
    t, d, c = (np.asarray(of, float)[order] for of in (time, events, censored))
    at_risk = np.cumsum((d + c)[::-1])[::-1]
    kept = d > 0
    t, d, n = t[kept], d[kept], at_risk[kept]
    share = np.cumprod(1 - d / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(d / (n * (n - d)))
        error = np.where(share > 0, share * np.sqrt(greenwood), 0.0)
        width = Z * np.sqrt(greenwood) / np.abs(np.log(share))
        low, high = share ** np.exp(width), share ** np.exp(-width)
    nothing_left = share <= 0
    return Curve(t, share, error, np.where(nothing_left, 0.0, low), np.where(nothing_left, 0.0, high), n)


@dataclass(frozen=True)
class LogRank:
    """Chi-square of the log-rank test, its p value and its degrees of freedom."""

    chi2: float
    p: float
    freedom: int = 1


def log_rank(
    time: Sequence[float], event: Sequence[bool], group: Sequence[bool], stratum: Sequence[object] | None = None
) -> LogRank:
    """Return the log-rank test of two groups, case by case, stratified when strata are given."""
    from scipy.special import chdtrc

    t, e, g = np.asarray(time, float), np.asarray(event, bool), np.asarray(group, bool)
    names = np.asarray([str(s) for s in stratum]) if stratum is not None else np.zeros(len(t), int)
    surplus = variance = 0.0
    for name in np.unique(names):
        here = names == name
        more, spread = _one_stratum(t[here], e[here], g[here])
        surplus, variance = surplus + more, variance + spread
    chi2 = surplus**2 / variance if variance > 0 else 0.0
    return LogRank(float(chi2), float(chdtrc(1, chi2)))


def _one_stratum(t: Floats, event: npt.NDArray[np.bool_], group: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Return observed less expected events of the group, and the hypergeometric variance."""
    moments = np.unique(t[event])
    if not len(moments):
        return 0.0, 0.0
    ordered, ours = np.sort(t), np.sort(t[group])
    n = len(t) - np.searchsorted(ordered, moments, "left")
    n1 = len(ours) - np.searchsorted(ours, moments, "left")
    place = np.searchsorted(moments, t[event])
    d = np.bincount(place, minlength=len(moments))
    d1 = np.bincount(place, weights=group[event], minlength=len(moments))
    expected = d * n1 / n
    variance = np.where(n > 1, expected * (1 - n1 / n) * (n - d) / np.maximum(n - 1, 1), 0.0)
    return float((d1 - expected).sum()), float(variance.sum())


Counted = tuple[Sequence[float], Sequence[float], Sequence[float]]
"""Times of one group, and how many had the event or were last seen without it then."""


def log_rank_groups(groups: Sequence[Counted]) -> LogRank | None:
    """Return the log-rank test of several groups from counts by time; None when nothing can be told."""
    from scipy.special import chdtrc

    times = np.unique(np.concatenate([np.asarray(t, float) for t, _, _ in groups])) if groups else np.empty(0)
    deaths = np.array([_by_time(times, t, d) for t, d, _ in groups])
    seen = deaths + np.array([_by_time(times, t, c) for t, _, c in groups])
    if len(groups) < 2 or not deaths.sum():
        return None
    at_risk = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1]
    n, d = at_risk.sum(axis=0), deaths.sum(axis=0)
    share = at_risk / np.maximum(n, 1)
    spread = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    # What is more than expected adds up to nothing: the last group says nothing beyond the others.
    excess = (deaths - d * share).sum(axis=1)[:-1]
    variance = (np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T)[:-1, :-1]
    freedom = int(np.linalg.matrix_rank(variance))
    if not freedom:
        return None
    chi2 = float(excess @ np.linalg.pinv(variance) @ excess)
    return LogRank(chi2, float(chdtrc(freedom, chi2)), freedom)


def _by_time(times: Floats, t: Sequence[float], counts: Sequence[float]) -> Floats:
    return np.bincount(np.searchsorted(times, np.asarray(t, float)), np.asarray(counts, float), len(times)).astype(
        float
    )
