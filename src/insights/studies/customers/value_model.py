"""What each customer may still bring: BG/NBD and Gamma-Gamma, refused where their assumptions or a hold-out fail."""

import datetime as dt
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import numpy as np
import sqlalchemy as sa

from insights import schema
from insights.stats import spend
from insights.stats.lifetime import bounds, future_purchases, future_spend, held_against, widened
from insights.stats.repurchase import Buying
from insights.stats.spend import Spending
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import buyers, today
from insights.studies.customers.histories import Histories, histories
from insights.studies.customers.people import people
from insights.studies.options import Option

LEAST_REPEATERS = 200
LEAST_WEEKS = 26
MOST_OFF = 1 / 3
"""How far the purchases of the second half may lie from those expected, as a share of them, chance included."""
WORTH_SAYING = 0.05
"""From where on being off is said beside what is expected, if chance does not explain it."""
MOST_CONTRACTS = 0.1
"""Share of customers whose contract has an end above which they do not drop out unseen."""
MOST_SHOWN = 7


@dataclass
class _Tried:
    """What was found so far, and the assumption that failed."""

    facts: dict[str, Any] = field(default_factory=dict)
    holdout: list[Row] = field(default_factory=list)
    buying: Buying | None = None
    spending: Spending | None = None
    refused: str | None = None

    @property
    def came(self) -> tuple[float, float]:
        """Return between which shares of what is expected come, as far as the check tells."""
        return 1 + self.facts["off_low"], 1 + self.facts["off_high"]

    @property
    def said(self) -> str | None:
        """Return the key of the sentence: what fails, else whether customers bought less or more than expected."""
        off = self.facts.get("off", 0.0)
        if self.refused or abs(off) < WORTH_SAYING or not self.facts["off_least"]:
            return self.refused
        return "less" if off < 0 else "more"


def value_model(asker: Asker, options: Options) -> Answer:
    """Return what each customer is expected to buy and bring within `weeks`, the most valuable first."""
    now = histories(asker, today(asker))
    tried = _Tried({"n": len(now.x), "repeaters": now.repeaters, "weeks": options["weeks"]})
    for step in (_enough, _checked, _fitted, _spent):
        step(asker, options, now, tried)
        if tried.refused:
            break
    tried.facts["refused"] = tried.refused
    rows = _rows(now, tried, options) if tried.buying else []
    return Answer({"value_model": rows, "holdout": tried.holdout}, tried.facts, tried.said)


def _enough(asker: Asker, options: Options, now: Histories, tried: _Tried) -> None:
    weeks = float(now.age.max()) if len(now.age) else 0.0
    tried.facts["history_weeks"] = weeks
    contracts = _with_end(asker)
    if contracts > MOST_CONTRACTS * len(now.x):
        tried.refused = "contracts"
    elif now.repeaters < LEAST_REPEATERS:
        tried.refused = "few_repeaters"
    elif ceil(weeks) < max(LEAST_WEEKS, options["weeks"]):
        tried.refused = "short_history"


def _with_end(asker: Asker) -> int:
    contract = schema.customers.c.ended_at.is_not(None)
    if not asker.fetch(sa.select(sa.literal(1).label("some")).where(contract).limit(1)):
        return 0
    b, p = buyers(asker), people(asker, contract)
    ended = sa.select(sa.func.count(p.c.ended_day).label("n")).select_from(
        b.join(p, p.c.customer_id == b.c.customer_id)
    )
    return int(asker.fetch(ended)[0]["n"])


def _checked(asker: Asker, options: Options, now: Histories, tried: _Tried) -> None:
    """Fit on the first half of the history and hold what it expects of the second against what came."""
    last = today(asker)
    split = last - dt.timedelta(days=round(float(now.age.max()) * 7) - round(float(now.age.max()) * 7) // 2)
    then = histories(asker, split, last)
    model = then.buying()
    if model is None:
        tried.refused = "no_maximum"
        return
    expected = model.expected((last - split).days / 7, then.x, then.recency, then.age)
    tried.holdout = _holdout(then, expected)
    tried.facts |= {"split": split, "expected_since": float(expected.sum()), "actual_since": float(then.later.sum())}
    tried.facts |= _off(held_against(expected, then.later))
    if tried.facts["off_most"] > MOST_OFF:
        tried.refused = "missed"


def _off(held: tuple[float, float, float]) -> Row:
    """Return how far off the model was: signed with its interval, and by how much at least and at most."""
    off, low, high = (share - 1 for share in held)
    least = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    ends = {"off_least": least, "off_most": max(abs(low), abs(high))}
    return {"off": off, "off_low": low, "off_high": high, "off_by": abs(off), **ends}


def _holdout(then: Histories, expected: Any) -> list[Row]:
    """Return expected and actual purchases per customer by how often each had bought again before."""
    times = np.minimum(then.x, MOST_SHOWN)
    return [
        {
            "repeats": int(x),
            "n": int(mine.sum()),
            "expected": float(expected[mine].mean()),
            "actual": float(then.later[mine].mean()),
        }
        for x in np.unique(times)
        for mine in [times == x]
    ]


def _fitted(asker: Asker, options: Options, now: Histories, tried: _Tried) -> None:
    model = now.buying()
    if model is None:
        tried.refused = "no_maximum"
        return
    tried.buying = model
    named = zip(("r", "alpha", "a", "b"), model.parameters, strict=True)
    tried.facts |= dict(named) | {"log_likelihood": model.log_likelihood}


def _spent(asker: Asker, options: Options, now: Histories, tried: _Tried) -> None:
    """Fit what a purchase brings; without it only purchases are told."""
    depends = spend.independence(now.x, np.nan_to_num(now.mean))
    tried.facts["correlation"] = depends
    if depends is not None and abs(depends) > spend.MOST_CORRELATED:
        tried.refused = "spend_depends"
        return
    model = now.spending()
    if model is None or model.q <= 1:
        tried.refused = "spend_unknown"
        return
    tried.spending = model
    tried.facts |= {"p": model.p, "q": model.q, "gamma": model.gamma}


def _rows(now: Histories, tried: _Tried, options: Options) -> list[Row]:
    assert tried.buying
    past, weeks = (now.x, now.recency, now.age), options["weeks"]
    expected = tried.buying.expected(weeks, *past)
    mean = np.nan_to_num(now.mean)
    each = tried.spending.expected(now.x, mean) if tried.spending else np.full_like(mean, np.nan)
    worth, total = expected * each * options["margin"], float(expected.sum())
    low, high = widened((total, total), tried.came)
    tried.facts |= {"expected_total": total, "expected_total_low": low, "expected_total_high": high}
    ranked = np.argsort(-(worth if tried.spending else expected), kind="stable")[: options["limit"]]
    mine = (now.x[ranked], now.recency[ranked], now.age[ranked])
    purchases = future_purchases(tried.buying, weeks, *mine)
    columns = {
        "repeats": mine[0],
        "recency_weeks": mine[1],
        "age_weeks": mine[2],
        "revenue": now.revenue[ranked],
        "alive": tried.buying.alive(*mine),
        "expected": expected[ranked],
        "spend": each[ranked],
        "value": worth[ranked],
    }
    columns |= dict(zip(("expected_low", "expected_high"), widened(bounds(purchases), tried.came), strict=True))
    spent = future_spend(tried.spending, purchases, mine[0], mean[ranked]) if tried.spending else None
    unknown = (columns["spend"], columns["spend"])
    ranges = widened(bounds(spent * options["margin"]), tried.came) if spent is not None else unknown
    columns |= dict(zip(("value_low", "value_high"), ranges, strict=True))
    return [
        {"customer_id": now.customer_id[i]}
        | {n: None if np.isnan(of[k]) else float(of[k]) for n, of in columns.items()}
        for k, i in enumerate(ranked)
    ]


STUDIES = (
    Study(
        "value_model",
        ("orders",),
        answer=value_model,
        behind=lambda asker, options: asker.rows("orders"),
        heeds=("values", "as_of"),
        options=(Option("weeks", "number", 52.0), Option("margin", "number", 1.0), Option("limit", "whole", 50)),
        shapes=(
            Shape(
                "value_model",
                (
                    Column("customer_id", "text"),
                    Column("repeats", "number"),
                    Column("recency_weeks", "number"),
                    Column("age_weeks", "number"),
                    Column("revenue", "money"),
                    Column("alive", "share"),
                    Column("expected", "number"),
                    Column("expected_low", "number"),
                    Column("expected_high", "number"),
                    Column("spend", "money"),
                    Column("value", "money"),
                    Column("value_low", "money"),
                    Column("value_high", "money"),
                ),
            ),
            Shape(
                "holdout",
                (
                    Column("repeats", "count"),
                    Column("n", "count"),
                    Column("expected", "number"),
                    Column("actual", "number"),
                ),
            ),
        ),
    ),
)
