"""What one customer may still bring and how surely it is still there, by the model fitted on all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from insights.errors import BadFilter
from insights.stats.lifetime import bounds, future_purchases, future_spend, widened
from insights.stats.repurchase import Buying
from insights.stats.spend import Spending
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import today
from insights.studies.customers.histories import Floats, Histories, histories
from insights.studies.customers.value_model import value_model
from insights.studies.options import Option

BUYING, SPENDING = ("r", "alpha", "a", "b"), ("p", "q", "gamma")


def worth(asker: Asker, options: Options) -> Answer:
    """Return the range of purchases and revenue in the weeks ahead, and the chance that the customer has gone.

    `model` holds the parameters a fit on all customers found; without it they are fitted here. Where the model is
    refused nothing is told.
    """
    weeks, model, came, who = (options[name] for name in ("weeks", "model", "came", "customer"))
    if not model:
        facts = value_model(asker, {"weeks": weeks, "margin": 1.0, "limit": 0}).facts
        model, came = fitted(facts), checked(facts)
    if not model or not who:
        return Answer({"worth": []}, {}, None if not who else "refused")
    if len(model) not in (len(BUYING), len(BUYING) + len(SPENDING)):
        raise BadFilter("bad_option", name="model", value=", ".join(map(str, model)))
    if len(came) not in (0, 2):
        raise BadFilter("bad_option", name="came", value=", ".join(map(str, came)))
    return Answer({"worth": _row(asker, who, model, weeks, came or (1.0, 1.0))}, {"weeks": weeks})


def fitted(facts: Any) -> tuple[float, ...]:
    """Return the parameters a fit found: those of buying, and of spending where it is told; none where refused."""
    if facts.get("r") is None:
        return ()
    names = BUYING if facts.get("p") is None else (*BUYING, *SPENDING)
    return tuple(float(facts[name]) for name in names)


def checked(facts: Any) -> tuple[float, ...]:
    """Return between which shares of what was expected came where the fit was held against the past."""
    return (1 + facts["off_low"], 1 + facts["off_high"]) if facts.get("off_low") is not None else ()


def _row(asker: Asker, who: str, model: Sequence[float], weeks: float, came: Sequence[float]) -> Sequence[Row]:
    mine = histories(asker, today(asker), who=who)
    if not mine.customer_id:
        return []
    past = (mine.x, mine.recency, mine.age)
    r, alpha, a, b = model[:4]
    buying = Buying(r, alpha, a, b, 0.0, np.empty((0, 0)))
    purchases = future_purchases(buying, weeks, *past)
    low, high = widened(bounds(purchases), came)
    expected = float(buying.expected(weeks, *past)[0])
    row: dict[str, Any] = {
        "customer_id": who,
        "gone": 1 - float(buying.alive(*past)[0]),
        "expected": expected,
        "expected_low": float(low[0]),
        "expected_high": float(high[0]),
    }
    spent = _spent(model[4:], mine, purchases, expected)
    if spent["value"] is not None:
        ends = widened((spent["value_low"], spent["value_high"]), came)
        spent |= dict(zip(("value_low", "value_high"), ends, strict=True))
    return [{**row, **spent}]


def _spent(model: Sequence[float], mine: Histories, purchases: Floats, expected: float) -> dict[str, Any]:
    """Return the revenue those purchases bring; unknown where spending is not told."""
    if not model:
        return {"value": None, "value_low": None, "value_high": None}
    p, q, gamma = model
    spending, mean = Spending(p, q, gamma, 0.0), np.nan_to_num(mine.mean)
    low, high = bounds(future_spend(spending, purchases, mine.x, mean))
    each = float(spending.expected(mine.x, mean)[0])
    return {"value": expected * each, "value_low": float(low[0]), "value_high": float(high[0])}


STUDIES = (
    Study(
        "worth",
        ("orders",),
        answer=worth,
        heeds=("values", "as_of"),
        options=(
            Option("customer", "text"),
            Option("weeks", "number", 52.0),
            Option("model", "numbers", ()),
            Option("came", "numbers", ()),
        ),
        shapes=(
            Shape(
                "worth",
                (
                    Column("customer_id", "text"),
                    Column("gone", "share"),
                    Column("expected", "number"),
                    Column("expected_low", "number"),
                    Column("expected_high", "number"),
                    Column("value", "money"),
                    Column("value_low", "money"),
                    Column("value_high", "money"),
                ),
            ),
        ),
    ),
)
