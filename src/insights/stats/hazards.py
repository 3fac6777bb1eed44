"""How much sooner one group has an event than another at equal strata: Cox's model with Efron's ties."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt

import numpy as np
import numpy.typing as npt

from insights.stats.intervals import Z

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Hazard:
    """Logarithm of the hazard ratio of each covariate with its standard error; the first is the one asked about."""

    log_ratio: tuple[float, ...]
    error: tuple[float, ...]
    events: int

    @property
    def ratio(self) -> float:
        """Return the hazard ratio of the first covariate."""
        return exp(self.log_ratio[0])

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of `ratio`."""
        half = Z * self.error[0]
        return exp(self.log_ratio[0] - half), exp(self.log_ratio[0] + half)

    @property
    def p(self) -> float:
        """Return Wald's two-sided p value of the first covariate."""
        return erfc(abs(self.log_ratio[0] / self.error[0]) / sqrt(2))


def cox(
    time: Sequence[float],
    event: Sequence[bool],
    covariates: Sequence[Sequence[float]],
    stratum: Sequence[object] | None = None,
) -> Hazard | None:
    """Return the fit by Newton's steps, `covariates` row by row; None when it has no finite maximum.

    Raises nothing for few cases: the standard error says how little they tell.
    """
    t, e, z = np.asarray(time, float), np.asarray(event, bool), np.asarray(covariates, float)
    z = z[:, None] if z.ndim == 1 else z
    names = np.asarray([str(s) for s in stratum]) if stratum is not None else np.zeros(len(t), int)
    strata = [_Stratum(t[names == name], e[names == name], z[names == name]) for name in np.unique(names)]
    strata = [s for s in strata if s.events]
    if not strata:
        return None
    beta = np.zeros(z.shape[1])
    value, score, information = _sum(strata, beta)
    for _ in range(50):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return None
        while True:  # half a step where a whole one makes it worse
            tried = _sum(strata, beta + step)
            if tried[0] >= value - 1e-12 or np.abs(step).max() < 1e-10:
                break
            step = step / 2
        beta, (value, score, information) = beta + step, tried
        if np.abs(beta).max() > 20:
            return None
        if np.abs(step).max() < 1e-9:
            break
    try:
        errors = np.sqrt(np.diag(np.linalg.inv(information)))
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(errors).all():
        return None
    events = sum(s.events for s in strata)
    return Hazard(tuple(map(float, beta)), tuple(map(float, errors)), events)


class _Stratum:
    """The cases of one stratum, latest first, with the ends of its tied groups."""

    def __init__(self, t: Floats, event: npt.NDArray[np.bool_], z: Floats) -> None:
        order = np.lexsort((~event, -t))
        t, self.event, self.z = t[order], event[order], z[order]
        self.events = int(self.event.sum())
        moments, ends = np.unique(-t, return_index=False, return_counts=True)
        self.last = np.cumsum(ends)  # who is at risk at each moment: all rows before this one
        place = np.searchsorted(moments, -t)
        self.died_at = place[self.event]
        self.deaths = np.bincount(self.died_at, minlength=len(moments))
        # Efron: the k-th of d tied events sees k/d of the tied ones gone.
        self.of = np.repeat(np.arange(len(moments)), self.deaths)
        before = np.cumsum(self.deaths) - self.deaths
        self.gone = (np.arange(self.events) - before[self.of]) / np.maximum(self.deaths[self.of], 1)

    def parts(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """Return the log partial likelihood, its gradient and the information."""
        risk = np.exp(self.z @ beta)
        first = risk[:, None] * self.z
        second = first[:, :, None] * self.z[:, None, :]
        sums = [np.cumsum(of, axis=0)[self.last - 1] for of in (risk, first, second)]
        tied = [np.zeros_like(s) for s in sums]
        for total, of in zip(tied, (risk, first, second), strict=True):
            np.add.at(total, self.died_at, of[self.event])
        gone = self.gone
        s0 = sums[0][self.of] - gone * tied[0][self.of]
        s1 = sums[1][self.of] - gone[:, None] * tied[1][self.of]
        s2 = sums[2][self.of] - gone[:, None, None] * tied[2][self.of]
        mean = s1 / s0[:, None]
        died = self.z[self.event]
        value = float((died @ beta).sum() - np.log(s0).sum())
        spread = s2 / s0[:, None, None] - mean[:, :, None] * mean[:, None, :]
        return value, died.sum(axis=0) - mean.sum(axis=0), spread.sum(axis=0)


def _sum(strata: Sequence[_Stratum], beta: Floats) -> tuple[float, Floats, Floats]:
    parts = [s.parts(beta) for s in strata]
    return sum(p[0] for p in parts), np.sum([p[1] for p in parts], axis=0), np.sum([p[2] for p in parts], axis=0)
