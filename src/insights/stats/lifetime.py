"""What a customer may still buy and spend: draws from the fitted models of buying and spending, given its past."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from insights.stats.intervals import Z
from insights.stats.repurchase import Buying
from insights.stats.spend import Spending

Floats = npt.NDArray[np.float64]
DRAWS = 2000
Ends = TypeVar("Ends", float, Floats)


def grouped(*columns: Floats) -> tuple[Floats, Floats]:
    """Return the different rows of some columns, and how often each occurs.

    Rows are told apart by one number each: sorting a million rows column by column takes twenty times as long.
    """
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        code = np.unique(code, return_inverse=True)[1] * len(values) + place
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    return np.column_stack([column[first] for column in columns]), counts.astype(float)


def future_purchases(model: Buying, weeks: float, x: Floats, recency: Floats, age: Floats, seed: int = 1) -> Floats:
    """Return draws of the purchases in the next `weeks`, one row a customer: gone for good, or until it drops out.

    Given that it still buys, its rate is Gamma(r + x, alpha + age) and its drop-out Beta(a, b + x), independently.
    """
    draw, shape = np.random.default_rng(seed), (len(x), DRAWS)
    alive = draw.random(shape) < model.alive(x, recency, age)[:, None]
    rate = draw.gamma((model.r + x)[:, None], 1 / (model.alpha + age)[:, None], shape)
    drops = np.clip(draw.beta(model.a, (model.b + x)[:, None], shape), 1e-9, 1.0)
    return np.where(alive, np.minimum(draw.poisson(rate * weeks), draw.geometric(drops)), 0).astype(float)


def future_spend(model: Spending, purchases: Floats, x: Floats, mean: Floats, seed: int = 2) -> Floats:
    """Return draws of what those purchases bring; `mean` is that of the x repeat purchases so far."""
    draw = np.random.default_rng(seed)
    seen = np.where(x > 0, x * mean, 0.0)
    level = draw.gamma((model.p * x + model.q)[:, None], 1 / (model.gamma + seen)[:, None], purchases.shape)
    spent = draw.gamma(np.maximum(model.p * purchases, 1e-12)) / level
    return np.where(purchases > 0, spent, 0.0)


def held_against(expected: Floats, actual: Floats) -> tuple[float, float, float]:
    """Return how much of what was expected of all together came, with the 95 % interval over customers."""
    whole = float(expected.sum())
    came = float(actual.sum()) / whole
    half = Z * float(np.sqrt(((actual - came * expected) ** 2).sum())) / whole
    return came, max(0.0, came - half), came + half


def widened(ends: tuple[Ends, Ends], came: Sequence[float]) -> tuple[Ends, Ends]:
    """Return ranges that reach as far as the model was off: `came` are the shares of what it expected that came."""
    return ends[0] * min(1.0, came[0]), ends[1] * max(1.0, came[1])


def bounds(draws: Floats) -> tuple[Floats, Floats]:
    """Return between which values 95 % of the draws of each row lie."""
    low, high = np.quantile(draws, (0.025, 0.975), axis=1)
    return low, high
