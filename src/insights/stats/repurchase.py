"""How often a customer without a contract will buy again: BG/NBD (Fader, Hardie, Lee 2005), by maximum likelihood.

Input per customer: `x` repeat purchase days, `recency` from the first to the last purchase, `age` from the first
purchase to now, both in weeks; `weight` says how many customers share a row, so that a million fit as grouped rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Buying:
    """Fitted BG/NBD: purchase rates are Gamma(r, alpha), drop-out after a purchase is Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Floats
    """Of the logarithms of (r, alpha, a, b); not finite where the likelihood is flat."""

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """Return (r, alpha, a, b)."""
        return self.r, self.alpha, self.a, self.b

    def alive(self, x: Floats, recency: Floats, age: Floats) -> Floats:
        """Return the probability that each still buys; 1 by construction for those who bought once."""
        r, alpha, a, b = self.parameters
        odds = (a / (b + np.maximum(x, 1) - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x)
        return np.where(x > 0, 1 / (1 + odds), 1.0)

    def expected(self, weeks: float, x: Floats, recency: Floats, age: Floats) -> Floats:
        """Return the purchases expected of each in the next `weeks`, given its past."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.parameters
        if abs(a - 1) < 1e-6:
            a = 1 + 1e-6  # the expectation has a removable pole there
        z = weeks / (alpha + age + weeks)
        shrink = ((alpha + age) / (alpha + age + weeks)) ** (r + x)
        expected = (a + b + x - 1) / (a - 1) * (1 - shrink * hyp2f1(r + x, b + x, a + b + x - 1, z))
        return np.asarray(expected * self.alive(x, recency, age))

    def expected_new(self, weeks: Floats) -> Floats:
        """Return the repeat purchases expected of a new customer by each number of weeks."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.parameters
        a = a if abs(a - 1) >= 1e-6 else 1 + 1e-6
        shrink = (alpha / (alpha + weeks)) ** r * hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks))
        return np.asarray((a + b - 1) / (a - 1) * (1 - shrink))


def fit(x: Floats, recency: Floats, age: Floats, weight: Floats | None = None) -> Buying | None:
    """Return the fitted model; None when nobody bought again or the likelihood has no maximum."""
    from scipy.optimize import minimize

    many = np.ones_like(x) if weight is None else weight
    if not (x * many).sum() > 0:
        return None
    size, scale = many.sum(), max(float(age.max()) / 10, 1e-9)  # in units near one, or the steps are lame
    rows = (x, recency / scale, age / scale, many)

    def loss(logs: Floats) -> float:
        return -_log_likelihood(np.exp(logs), *rows) / float(size)

    best: Any = min(
        (minimize(loss, np.log(start), method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-7, "fatol": 1e-11})
         for start in ((0.5, 1.0, 0.8, 2.0), (1.0, 2.0, 0.3, 1.0))),
        key=lambda found: found.fun,
    )  # fmt: skip
    best = min((best, minimize(loss, best.x, method="BFGS", options={"gtol": 1e-8})), key=lambda found: found.fun)
    r, alpha, a, b = np.exp(best.x)
    if not np.isfinite([best.fun, r, alpha, a, b]).all() or max(abs(best.x)) > 12:
        return None
    # A likelihood in other units of time differs by a constant: each purchase is a density.
    total = -best.fun * size - np.log(scale) * float((x * many).sum())
    return Buying(float(r), float(alpha * scale), float(a), float(b), float(total), _covariance(loss, best.x, size))


def _log_likelihood(parameters: Floats, x: Floats, recency: Floats, age: Floats, weight: Floats) -> float:
    from scipy.special import betaln, gammaln

    r, alpha, a, b = parameters
    start = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
    bought = x > 0
    left = np.full_like(stays, -np.inf)
    left[bought] = betaln(a + 1, b + x[bought] - 1) - betaln(a, b) - (r + x[bought]) * np.log(alpha + recency[bought])
    return float((weight * (start + np.logaddexp(stays, left))).sum())


def _covariance(loss: Any, at: Floats, size: float) -> Floats:
    """Return the inverse of the observed information, by central differences."""
    k, step = len(at), 1e-4
    hessian = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            di, dj = np.eye(k)[i] * step, np.eye(k)[j] * step
            corners = loss(at + di + dj) - loss(at + di - dj) - loss(at - di + dj) + loss(at - di - dj)
            hessian[i, j] = corners / (4 * step * step)
    try:
        return np.asarray(np.linalg.inv(hessian * size))
    except np.linalg.LinAlgError:
        return np.full((k, k), np.nan)
