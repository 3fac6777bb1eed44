"""How often a customer without a contract will buy again: BG/NBD (Fader, Hardie, Lee 2005), by maximum likelihood.

Input per customer: `x` repeat purchase days, `recency` from the first to the last purchase, `age` from the first
purchase to now, both in weeks; `weight` says how many customers share a row, so that a million fit as grouped rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


BOUNDS = ((-13, 13), (-13, 13), (-13, 6), (-13, 9))
"""Of the logarithms of (r, alpha, a, b). Where all drop out alike, a and b grow together and nothing else changes."""


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
    each = _Histories(x, recency / scale, age / scale, many)

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, gradient = each.log_likelihood(np.exp(logs))
        return -value / float(size), -gradient / float(size)

    options = {"ftol": 1e-15, "gtol": 1e-10, "maxiter": 2000, "maxcor": 20}
    best: Any = min(
        (
            minimize(loss, np.log(start), jac=True, method="L-BFGS-B", bounds=BOUNDS, options=options)
            for start in ((0.5, 1.0, 0.8, 2.0), (1.0, 2.0, 0.3, 1.0))
        ),
        key=lambda found: found.fun,
    )
    r, alpha, a, b = np.exp(best.x)
    if not np.isfinite([best.fun, r, alpha, a, b]).all() or max(abs(best.x[:2])) > 12 or min(best.x[2:]) < -12:
        return None
    # A likelihood in other units of time differs by a constant: each purchase is a density.
    total = -best.fun * size - np.log(scale) * float((x * many).sum())
    return Buying(
        float(r),
        float(alpha * scale),
        float(a),
        float(b),
        float(total),
        _covariance(lambda at: loss(at)[1], best.x, float(size)),
    )


class _Histories:
    """Histories with what their likelihood needs; special functions are taken once for each count of purchases."""

    def __init__(self, x: Floats, recency: Floats, age: Floats, weight: Floats) -> None:
        self.counts, self.of = np.unique(x, return_inverse=True)
        self.x, self.recency, self.age, self.weight = x, recency, age, weight
        self.again = x > 0

    def log_likelihood(self, parameters: Floats) -> tuple[float, Floats]:
        """Return the log likelihood, and its gradient by the logarithms of (r, alpha, a, b)."""
        from scipy.special import betaln, gammaln, psi

        r, alpha, a, b = parameters
        k, later = self.counts, np.maximum(self.counts, 1) - 1
        log_age, log_recency = np.log(alpha + self.age), np.log(alpha + self.recency)
        bought = gammaln(r + k) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
        stays = betaln(a, b + k)[self.of] - (r + self.x) * log_age
        left = np.where(self.again, betaln(a + 1, b + later)[self.of] - (r + self.x) * log_recency, -np.inf)
        both = np.logaddexp(stays, left)
        gone = np.exp(left - both)
        stayed = 1 - gone
        by_r = (psi(r + k) - psi(r) + np.log(alpha))[self.of] - stayed * log_age - gone * log_recency
        rate = stayed / (alpha + self.age) + gone / (alpha + self.recency)
        by_alpha = r / alpha - (r + self.x) * rate
        whole = psi(a + b) - psi(a + b + k)
        by_a = whole[self.of] + gone / a
        by_b = (whole + psi(b + k) - psi(b))[self.of] - gone / (b + later)[self.of]
        each = (by_r * r, by_alpha * alpha, by_a * a, by_b * b)
        value = float((self.weight * (bought[self.of] + both)).sum())
        return value, np.array([(self.weight * of).sum() for of in each])


def _covariance(gradient: Any, at: Floats, size: float) -> Floats:
    """Return the inverse of the observed information, by central differences of the gradient."""
    step = 1e-4
    rows = [(gradient(at + d) - gradient(at - d)) / (2 * step) for d in np.eye(len(at)) * step]
    hessian = np.array(rows)
    try:
        return np.asarray(np.linalg.inv((hessian + hessian.T) / 2 * size))
    except np.linalg.LinAlgError:
        return np.full((len(at), len(at)), np.nan)
