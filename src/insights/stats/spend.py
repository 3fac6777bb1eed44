"""What a purchase of a customer is worth: Gamma-Gamma (Fader, Hardie 2013), fitted by maximum likelihood.

Input per repeat buyer: `x` repeat purchase days and `mean` spend of them. It assumes that spend does not depend on how
often a customer buys: `independence` measures that, and who uses the model refuses it above `MOST_CORRELATED`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_CORRELATED = 0.3


@dataclass(frozen=True)
class Spending:
    """Fitted Gamma-Gamma: a purchase is Gamma(p, nu), nu is Gamma(q, gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float

    def expected(self, x: Floats, mean: Floats) -> Floats:
        """Return the expected spend per purchase of each, between its own mean and everyone's; NaN where q ≤ 1."""
        if self.q <= 1 and not (x > 0).all():
            return np.full_like(mean, np.nan)
        observed = np.where(x > 0, x * mean, 0.0)
        return np.asarray(self.p * (self.gamma + observed) / (self.p * x + self.q - 1))


def fit(x: Floats, mean: Floats, weight: Floats | None = None) -> Spending | None:
    """Return the fitted model of repeat buyers who spent something; None when there are fewer than three."""
    from scipy.optimize import minimize

    kept = (x > 0) & (mean > 0)
    if kept.sum() < 3:
        return None
    x, mean = x[kept], mean[kept]
    many = np.ones_like(x) if weight is None else weight[kept]
    scale, size = float(np.average(mean, weights=many)), many.sum()

    def loss(logs: Floats) -> float:
        return -_log_likelihood(np.exp(logs), x, mean / scale, many) / float(size)

    options = {"maxiter": 6000, "xatol": 1e-8, "fatol": 1e-12}
    best = minimize(loss, np.log([2.0, 3.0, 1.5]), method="Nelder-Mead", options=options)
    p, q, gamma = np.exp(best.x)
    if not np.isfinite([p, q, gamma]).all() or max(abs(best.x)) > 12:
        return None
    total = -best.fun * size - np.log(scale) * float(many.sum())
    return Spending(float(p), float(q), float(gamma * scale), float(total))


def independence(x: Floats, mean: Floats) -> float | None:
    """Return the correlation of how often and how much among repeat buyers; None when either does not vary."""
    kept = (x > 0) & (mean > 0)
    if kept.sum() < 3 or not np.ptp(x[kept]) or not np.ptp(mean[kept]):
        return None
    return float(np.corrcoef(x[kept], mean[kept])[0, 1])


def _log_likelihood(parameters: Floats, x: Floats, mean: Floats, weight: Floats) -> float:
    from scipy.special import gammaln

    p, q, gamma = parameters
    each = (
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(gamma)
        + (p * x - 1) * np.log(mean)
        + p * x * np.log(x)
        - (p * x + q) * np.log(gamma + x * mean)
    )
    return float((weight * each).sum())
