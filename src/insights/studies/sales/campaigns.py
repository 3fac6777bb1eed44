"""What campaigns brought: the treated against a control arm, or a description where nothing was held out."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.stats.comparing import ratio_mismatch
from insights.stats.intervals import difference, wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import rows
from insights.studies.options import Option
from insights.studies.sales.members import KEY, among, members

Key = tuple[str, str]
"""Source and number of a campaign: two systems may number theirs alike."""
COUNTED = ("opened", "clicked", "converted", "complained")
BROKEN_SPLIT = 0.001
"""A split less likely than this was not the one planned: the arms cannot be compared."""


def campaigns(asker: Asker, options: Options) -> Answer:
    """Return per campaign reach, response and lift over the control arm, cost per conversion, complaints caused.

    Everybody counts in the arm they were put in, opened or not. Members with an open complaint are in neither arm. A
    campaign of several treatments has a row for each, against the one control arm. `split` is the planned share of the
    treated: without it equal arms are not expected, and no split is checked.
    """
    m = members(asker, options)
    found = asker.fetch(_by_arm(m))
    about = {(c["source"], c["campaign_id"]): c for c in asker.fetch(sa.select(schema.campaigns))}
    named = dict.fromkeys(_key(r) for r in found)
    rows = [row for key in named for row in _rows_of(about.get(key, {}), [r for r in found if _key(r) == key], options)]
    rows.sort(key=lambda r: (r["started_at"] is None, r["started_at"], r["campaign_id"], r["source"]))
    told = [r for r in rows if r["lift"] is not None]
    facts = {
        "n": sum(r["n_treated"] for r in rows) + sum(r["n"] for r in found if r["arm"] == "control"),
        "campaigns": len(named),
        "measured": len({_key(r) for r in told}),
        "real": len({_key(r) for r in told if r["real"]}),
    }
    tables = {"campaigns": rows, "kept_and_won": _kept_and_won(asker, m, about)}
    return Answer(tables, facts, None if not rows else "measured" if told else "descriptive")


def _key(record: Row) -> Key:
    return record["source"], record["campaign_id"]


def _by_arm(m: sa.Subquery) -> sa.Select[Any]:
    n, in_ = sa.func.count(), sa.not_(m.c.standing)
    keys = (m.c.source, m.c.campaign_id, m.c.arm, m.c.variant)
    counted = [
        n.filter(sa.and_(in_, m.c[name].is_not(None) if told else m.c[name])).label(f"{name}_told" if told else name)
        for name in COUNTED
        for told in (False, True)
    ]
    columns = (
        *keys,
        n.filter(in_).label("n"),
        n.filter(m.c.standing).label("standing"),
        *counted,
        sa.func.sum(m.c.revenue).filter(in_).label("revenue"),
    )
    return sa.select(*columns).group_by(*keys).order_by(*keys)


def _rows_of(about: Row, arms: Sequence[Row], options: Options) -> list[Row]:
    """Return a row for each treatment of a campaign, against its control arm; its cost is shared among the treated."""
    treated = [r for r in arms if r["arm"] == "treated"]
    control = next((r for r in arms if r["arm"] == "control"), _NOBODY)
    n = sum(r["n"] for r in treated)
    broken = _broken(n, control["n"], options["split"])
    cost = float(about["company_cost"]) if about.get("company_cost") is not None else None
    named: dict[str, Any] = {name: about.get(name) for name in ("name", "channel", "started_at")}
    for name in ("source", "campaign_id"):
        named[name] = arms[0][name]
    return [
        {**named, **_row(arm, control, broken, cost * arm["n"] / n if cost is not None and n else cost)}
        for arm in treated or [_NOBODY]
    ]


def _row(treated: Row, control: Row, broken: bool, cost: float | None) -> Row:
    lift, low, high = (None, None, None) if broken else _lift(treated, control, "converted")
    caused, _, _ = (None, None, None) if broken else _lift(treated, control, "complained")
    added = lift * treated["n"] if lift is not None else None
    return {
        "variant": treated["variant"],
        "n": treated["n"] + control["n"],
        "n_treated": treated["n"],
        "n_control": control["n"],
        "left_out": treated["standing"] + control["standing"],
        "opened": _share(treated, "opened"),
        "share": _share(treated, "converted"),
        "share_control": _share(control, "converted"),
        "lift": lift,
        "lift_low": low,
        "lift_high": high,
        "real": None if low is None or high is None else low > 0 or high < 0,
        "broken_split": broken,
        "cost": cost,
        "cost_each": cost / treated["converted"] if cost is not None and treated["converted"] else None,
        "cost_added": cost / added if cost is not None and added and low is not None and low > 0 else None,
        "revenue": float(treated["revenue"]) if treated["revenue"] is not None else None,
        "complaints_added": caused,
    }


_NOBODY: Row = {
    "n": 0,
    "standing": 0,
    "revenue": None,
    "variant": None,
    **{f"{name}{end}": 0 for name in COUNTED for end in ("", "_told")},
}


def _share(arm: Row, of: str) -> float | None:
    """Return a share of those of whom it is known; of nobody known there is none."""
    return arm[of] / arm[f"{of}_told"] if arm[f"{of}_told"] else None


def _broken(treated: int, control: int, split: float | None) -> bool:
    """Tell whether the arms are not those that were planned."""
    if split is None or not (treated and control):
        return False
    p = ratio_mismatch((treated, control), (split, 1 - split))
    return p is not None and p < BROKEN_SPLIT


def _lift(treated: Row, control: Row, of: str) -> tuple[float | None, Any, Any]:
    n, m = treated[f"{of}_told"], control[f"{of}_told"]
    one, other = wilson(treated[of], n), wilson(control[of], m)
    if one is None or other is None:
        return None, None, None
    p, q = treated[of] / n, control[of] / m
    return p - q, *difference(p, one, q, other)


def _kept_and_won(asker: Asker, m: sa.Subquery, about: Mapping[Key, Row]) -> list[Row]:
    """Return what a conversion of somebody who had bought before cost, and one of somebody who had not.

    A campaign's cost is shared among its treated members alike. Of a campaign without a day, or where no orders are
    known, nobody can say who had bought before.
    """
    if not asker.warehouse.holds(schema.orders):
        return []
    d, b = rows(asker), m.alias("begun_on")
    earlier = sa.select(*(b.c[name] for name in KEY)).join(d, d.c.customer_id == b.c.customer_id)
    kept = among(m, earlier.where(d.c.paid, d.c.day < b.c.day)).label("kept")
    treated = (m.c.arm == "treated", m.c.day.is_not(None), sa.not_(m.c.standing))
    each = sa.select(m.c.source, m.c.campaign_id, m.c.converted, kept).where(*treated).subquery("each_treated").c
    n = sa.func.count()
    keys = (each.source, each.campaign_id, each.kept)
    told = n.filter(each.converted.is_not(None)).label("told")
    counts = (n.label("n"), n.filter(each.converted).label("converted"), told)
    found = asker.fetch(sa.select(*keys, *counts).group_by(*keys))
    sizes: dict[Key, int] = {}
    for r in found:
        sizes[_key(r)] = sizes.get(_key(r), 0) + r["n"]
    return [
        _paid(word, [r for r in found if r["kept"] == kept], sizes, about)
        for word, kept in (("kept", True), ("won", False))
        if any(r["kept"] == kept for r in found)
    ]


def _paid(word: str, found: Sequence[Row], sizes: Mapping[Key, int], about: Mapping[Key, Row]) -> Row:
    priced = [r for r in found if about.get(_key(r), {}).get("company_cost") is not None]
    cost = sum(float(about[_key(r)]["company_cost"]) * r["n"] / sizes[_key(r)] for r in priced)
    converted = sum(r["converted"] for r in priced)
    each = cost / converted if priced and converted else None
    every = sum(r["converted"] for r in found) if any(r["told"] for r in found) else None
    n = sum(r["n"] for r in found)
    return {"kept_or_won": word, "n": n, "converted": every, "cost": cost if priced else None, "cost_each": each}


def _rows(asker: Asker, options: Options, *, aside: bool = False) -> Sequence[Row]:
    m = members(asker, options)
    reason = [sa.literal("open_complaint").label("reason")] if aside else []
    chosen = m.c.standing if aside else sa.not_(m.c.standing)
    return asker.fetch(sa.select(m, *reason).where(chosen).order_by(m.c.source, m.c.campaign_id, m.c.customer_id))


STUDIES = (
    Study(
        "campaigns",
        ("campaign_members",),
        answer=campaigns,
        behind=_rows,
        aside=lambda asker, options: _rows(asker, options, aside=True),
        options=(
            Option("within_days", "whole", 14),
            Option("split", "number"),
            Option("outcome", "word", "converted", ("converted", "responded")),
        ),
        shapes=(
            Shape(
                "campaigns",
                (
                    Column("source", "text"),
                    Column("campaign_id", "text"),
                    Column("name", "text"),
                    Column("variant", "text"),
                    Column("channel", "member"),
                    Column("started_at", "moment"),
                    Column("n", "count"),
                    Column("n_treated", "count"),
                    Column("n_control", "count"),
                    Column("left_out", "count"),
                    Column("opened", "share"),
                    Column("share", "share"),
                    Column("share_control", "share"),
                    Column("lift", "difference"),
                    Column("lift_low", "difference"),
                    Column("lift_high", "difference"),
                    Column("real", "flag"),
                    Column("broken_split", "flag"),
                    Column("cost", "money"),
                    Column("cost_each", "money"),
                    Column("cost_added", "money"),
                    Column("revenue", "money"),
                    Column("complaints_added", "difference"),
                ),
            ),
            Shape(
                "kept_and_won",
                (
                    Column("kept_or_won", "word", "kept_or_won"),
                    Column("n", "count"),
                    Column("converted", "count"),
                    Column("cost", "money"),
                    Column("cost_each", "money"),
                ),
            ),
        ),
    ),
)
