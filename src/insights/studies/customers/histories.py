"""Each customer's history in the models' terms: repeat purchase days, weeks to the last one and to now, mean spend."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from insights import sql
from insights.stats import repurchase, spend
from insights.stats.lifetime import grouped
from insights.studies.core import Asker
from insights.studies.customers.buying import buyers, literal

Floats = npt.NDArray[np.float64]
MOST_ROWS = 60_000
"""More different histories are rounded: whole weeks, and hundredths of the spend's size."""


@dataclass(frozen=True)
class Histories:
    """Arrays by customer; `later` are purchase days after the day looked from."""

    customer_id: tuple[str, ...]
    x: Floats
    recency: Floats
    age: Floats
    mean: Floats
    """Mean spend of the repeat purchase days; NaN without any or where an amount is unknown."""
    revenue: Floats
    later: Floats

    @property
    def repeaters(self) -> int:
        """Return how many bought on a second day."""
        return int((self.x > 0).sum())

    def buying(self) -> repurchase.Buying | None:
        """Return the fitted model of how often they buy."""
        rows, weight = grouped(self.x, self.recency, self.age)
        if len(rows) > MOST_ROWS:
            rows, weight = grouped(self.x, np.round(self.recency), np.maximum(np.round(self.age), 1))
        return repurchase.fit(rows[:, 0], rows[:, 1], rows[:, 2], weight)

    def spending(self) -> spend.Spending | None:
        """Return the fitted model of what a purchase brings."""
        known = (self.x > 0) & (self.mean > 0)
        x, mean = self.x[known], self.mean[known]
        rows, weight = grouped(x, mean) if len(x) else (np.empty((0, 2)), np.empty(0))
        if len(rows) > MOST_ROWS:
            rows, weight = grouped(x, np.exp(np.round(np.log(mean), 2)))
        return spend.fit(rows[:, 0], rows[:, 1], weight)


def histories(asker: Asker, on: dt.date, until: dt.date | None = None, who: str | None = None) -> Histories:
    """Return the histories as they stood on a day (`who`: of one); with `until`, also what followed up to that day."""
    b = buyers(asker, on, until, who)
    columns = (
        b.c.customer_id,
        b.c.purchase_days,
        sql.days_between(b.c.first_day, b.c.last_day).label("recency"),
        sql.days_between(b.c.first_day, literal(on)).label("age"),
        b.c.revenue,
        b.c.first_revenue,
        (b.c.later if until else sa.literal(0)).label("later"),
    )
    found = asker.columns(sa.select(*columns).order_by(b.c.customer_id))
    of = {name: np.asarray(values, float) for name, values in found.items() if name != "customer_id"}
    x = of["purchase_days"] - 1
    mean = np.where(x > 0, (of["revenue"] - of["first_revenue"]) / np.maximum(x, 1), np.nan)
    weeks = (of["recency"] / 7, of["age"] / 7)
    return Histories(tuple(found["customer_id"].tolist()), x, *weeks, mean, of["revenue"], of["later"])
