"""An exact answer to whether two shares differ."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def fisher(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Return Fisher's two-sided p value of two shares: the chance of splits no likelier than the one seen."""
    good = hits + other_hits
    at = np.arange(max(0, good - other_n), min(good, n) + 1)
    log = _ways(n, at) + _ways(other_n, good - at) - _ways(n + other_n, np.array([good]))
    # Splits as likely as the one seen count, though rounding may put them a hair above it.
    return min(1.0, float(np.exp(log[log <= log[hits - at[0]] + 1e-7]).sum()))


def _ways(of: int, chosen: npt.NDArray[np.int64]) -> Numbers:
    """Return the logarithm of the number of ways to choose."""
    from scipy.special import gammaln

    return np.asarray(gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1), dtype=np.float64)
