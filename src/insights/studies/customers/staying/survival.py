"""How long customers stay: Kaplan-Meier curves by group, who is still at risk, and whether the groups differ."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from insights.stats.survival import Curve, kaplan_meier, log_rank_groups
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.people import ATTRIBUTES
from insights.studies.customers.staying.leaving import leaving
from insights.studies.customers.staying.lifetimes import lifetimes, own_gaps
from insights.studies.options import Option
from insights.studies.waits import LEAST_AT_RISK

DAYS = (30, 90, 180, 365)
AT_RISK_DAYS = (0, 30, 90, 180, 365, 540, 730, 1095)
Counts = Sequence[Row]


def survival(asker: Asker, options: Options) -> Answer:
    """Return per group the median days kept and the shares kept at 30 to 365, with the points of the curve.

    A share or a point is told only where at least ten are at risk; a median that was not reached is None.
    """
    each = lifetimes(asker, options["gone_days"], options["by"])
    watched = each.c.watched
    happened = (
        sa.func.count().filter(of).label(name)
        for name, of in (("events", each.c.gone), ("censored", sa.not_(each.c.gone)))
    )
    keys = (each.c.group, each.c.days)
    groups: dict[str | None, list[Row]] = {}
    counted = asker.fetch(sa.select(*keys, watched, *happened).group_by(*keys, watched).order_by(*keys))
    for record in counted:
        if record["watched"]:
            groups.setdefault(record["group"], []).append(record)
    curves = {group: _curve(counts) for group, counts in groups.items()}
    facts = {"gone_days": options["gone_days"], **_facts(asker, counted), **_test(list(groups.values()))}
    rows = [_row(group, groups[group], curve) for group, curve in curves.items()]
    drawn = [{"group": group} | point for group, curve in curves.items() for point in points(curve)]
    at_risk = [{"group": g} | row for g, counts in groups.items() for row in _at_risk(counts)]
    hazards = leaving(asker, options, _watched(counted)) if options["by"] else []
    return Answer({"survival": rows, "points": drawn, "at_risk": at_risk, "hazards": hazards}, facts)


def _facts(asker: Asker, counted: Counts) -> Mapping[str, Any]:
    gone_before = sum(_size(r) for r in counted if not r["watched"])
    (gaps,) = asker.fetch(own_gaps(asker))
    facts = {"n": _watched(counted), "gone_before": gone_before}
    return {**facts, "usual_gap_p90_days": gaps["p90"], "gaps": gaps["n"]}


def _watched(counted: Counts) -> int:
    return sum(_size(r) for r in counted if r["watched"])


def _size(record: Row) -> int:
    return int(record["events"] + record["censored"])


def _test(groups: Sequence[Counts]) -> Mapping[str, Any]:
    found = log_rank_groups([_columns(counts) for counts in groups])
    names = ("chi2", "freedom", "p")
    return {name: getattr(found, name) if found else None for name in names}


def _columns(counts: Counts) -> tuple[list[float], list[float], list[float]]:
    days, events, censored = ([float(c[name]) for c in counts] for name in ("days", "events", "censored"))
    return days, events, censored


def _curve(counts: Counts) -> Curve:
    return kaplan_meier(*_columns(counts))


def _row(group: str | None, counts: Counts, curve: Curve) -> Row:
    days, events, censored = _columns(counts)
    low, high = curve.quantile_interval()
    found: dict[str, Any] = {
        "group": group,
        "n": int(sum(events) + sum(censored)),
        "gone": int(sum(events)),
        "median": curve.quantile(),
        "median_low": low,
        "median_high": high,
    }
    for day in DAYS:
        left = sum(e + c for d, e, c in zip(days, events, censored, strict=True) if d >= day)
        share = at(curve, day) if left >= LEAST_AT_RISK else (None, None, None)
        found |= dict(zip((f"kept_{day}", f"kept_{day}_low", f"kept_{day}_high"), share, strict=True))
    return found


def at(curve: Curve, day: int) -> tuple[float | None, float | None, float | None]:
    """Return the share kept after so many days, with its interval; nobody gone yet has none."""
    place = int(np.searchsorted(curve.time, day, "right")) - 1
    if place < 0:
        return 1.0, None, None
    return float(curve.share[place]), float(curve.low[place]), float(curve.high[place])


def points(curve: Curve) -> list[dict[str, float]]:
    """Return the points of a curve as far as enough are at risk."""
    of = {"days": curve.time, "share": curve.share, "low": curve.low, "high": curve.high, "at_risk": curve.at_risk}
    shown = [i for i, n in enumerate(curve.at_risk) if n >= LEAST_AT_RISK]
    return [{name: float(values[i]) for name, values in of.items()} for i in shown]


def _at_risk(counts: Counts) -> list[dict[str, float]]:
    """Return how many were still watched and not gone just before each day of the table under the curve."""
    left = [(day, sum(c["events"] + c["censored"] for c in counts if c["days"] >= day)) for day in AT_RISK_DAYS]
    return [{"days": day, "n": n} for day, n in left]


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = lifetimes(asker, options["gone_days"], options["by"])
    return asker.fetch(sa.select(each).where(each.c.watched).order_by(each.c.customer_id))


_KEPT = tuple(Column(f"kept_{day}{end}", "share") for day in DAYS for end in ("", "_low", "_high"))
STUDIES = (
    Study(
        "survival",
        ("orders",),
        answer=survival,
        behind=_rows,
        options=(
            Option("by", "word", None, (*ATTRIBUTES, "complaint")),
            Option("gone_days", "whole", 180),
            Option("strata", "word", None, ATTRIBUTES),
        ),
        shapes=(
            Shape(
                "survival",
                (
                    Column("group", "text"),
                    Column("n", "count"),
                    Column("gone", "count"),
                    Column("median", "number"),
                    Column("median_low", "number"),
                    Column("median_high", "number"),
                    *_KEPT,
                ),
            ),
            Shape(
                "points",
                (
                    Column("group", "text"),
                    Column("days", "number"),
                    *(Column(name, "share") for name in ("share", "low", "high")),
                    Column("at_risk", "count"),
                ),
            ),
            Shape(
                "hazards",
                (
                    Column("group", "text"),
                    Column("than", "text"),
                    Column("n", "count"),
                    *(Column(name, "number") for name in ("ratio", "low", "high", "p")),
                ),
            ),
            Shape("at_risk", (Column("group", "text"), Column("days", "number"), Column("n", "count"))),
        ),
    ),
)
