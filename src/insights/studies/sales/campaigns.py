"""What campaigns brought: the treated against a control arm, or a description where nothing was held out."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.core import excluded, is_in
from insights.stats.comparing import ratio_mismatch
from insights.stats.intervals import difference, wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import days
from insights.studies.options import Option

BROKEN_SPLIT = 0.001
"""A split less likely than this was not the one planned: the arms cannot be compared."""


def campaigns(asker: Asker, options: Options) -> Answer:
    """Return per campaign reach, response and lift over the control arm, cost per conversion, complaints caused.

    Everybody counts in the arm they were put in, opened or not. Members with an open complaint are in neither arm.
    `split` is the planned share of the treated: without it equal arms are not expected, and no split is checked.
    """
    m = _members(asker, options)
    found = asker.fetch(_by_arm(m))
    about = {c["campaign_id"]: c for c in asker.fetch(sa.select(schema.campaigns))}
    names = dict.fromkeys(r["campaign_id"] for r in found)
    rows = [_row(name, about.get(name, {}), [r for r in found if r["campaign_id"] == name], options) for name in names]
    rows.sort(key=lambda r: (r["started_at"] is None, r["started_at"], r["campaign_id"]))
    told = [r for r in rows if r["lift"] is not None]
    facts = {"n": sum(r["n"] for r in rows), "campaigns": len(rows), "measured": len(told),
             "real": sum(bool(r["real"]) for r in told)}  # fmt: skip
    tables = {"campaigns": rows, "kept_and_won": _kept_and_won(asker, m, about)}
    return Answer(tables, facts, None if not rows else "measured" if told else "descriptive")


def _members(asker: Asker, options: Options) -> sa.Subquery:
    """Return each member with the arm, what came of it within the window, and why it is left out."""
    m, c = schema.campaign_members, schema.campaigns
    began = sa.func.coalesce(m.c.sent_at, c.c.started_at)
    soon = sql.plus_seconds(began, options["within_days"] * 86_400)
    converted = sa.and_(m.c.converted_at.is_not(None), sa.or_(began.is_(None), m.c.converted_at <= soon))
    t, counted = _complaints(asker)
    mine = (t.c.customer_id == m.c.customer_id, t.c.kind == "complaint", *counted)
    standing = sa.select(sa.literal(1)).select_from(t).where(
        *mine, t.c.created_at < began,
        sa.func.coalesce(t.c.first_solved_at > began, is_in(t.c.status, schema.UNSOLVED)),
    ).exists()  # fmt: skip
    complained = (
        sa.select(sa.literal(1)).select_from(t).where(*mine, t.c.created_at >= began, t.c.created_at <= soon).exists()
    )
    day = sql.local_day(began, asker.context().zone, asker.context().as_of)
    columns = (
        m.c.source, m.c.campaign_id, m.c.customer_id, sa.func.coalesce(m.c.arm, "treated").label("arm"),
        began.label("began_at"), day.label("day"), m.c.opened_at.is_not(None).label("opened"),
        m.c.clicked_at.is_not(None).label("clicked"), sa.func.coalesce(converted, sa.false()).label("converted"),
        sa.case((converted, m.c.revenue)).label("revenue"), standing.label("standing"), complained.label("complained"),
    )  # fmt: skip
    joined = m.outerjoin(c, sa.and_(c.c.source == m.c.source, c.c.campaign_id == m.c.campaign_id))
    known_then = sa.or_(began.is_(None), began <= sa.literal(asker.at, sa.DateTime()))
    each = sa.select(*columns).select_from(joined).where(known_then, *_of_chosen(asker, m)).subquery("each")
    inside = conditions(each, each.c.day, asker.filters)
    return sa.select(each).where(*inside).subquery("members")


def _complaints(asker: Asker) -> tuple[Any, list[Any]]:
    t = known.tickets(asker.context())
    return t, [sa.not_(condition) for _, condition in excluded(t)]


def _of_chosen(asker: Asker, m: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the condition of members who are the chosen customers; nothing chosen, everybody."""
    c = schema.customers
    chosen = conditions(c, None, asker.filters)
    return [m.c.customer_id.in_(sa.select(c.c.customer_id).where(*chosen))] if chosen else []


def _by_arm(m: sa.Subquery) -> sa.Select[Any]:
    n, in_ = sa.func.count(), sa.not_(m.c.standing)
    columns = (
        m.c.campaign_id, m.c.arm, n.filter(in_).label("n"), n.filter(m.c.standing).label("standing"),
        n.filter(sa.and_(in_, m.c.opened)).label("opened"), n.filter(sa.and_(in_, m.c.clicked)).label("clicked"),
        n.filter(sa.and_(in_, m.c.converted)).label("converted"),
        n.filter(sa.and_(in_, m.c.complained)).label("complained"),
        sa.func.sum(m.c.revenue).filter(in_).label("revenue"),
    )  # fmt: skip
    return sa.select(*columns).group_by(m.c.campaign_id, m.c.arm).order_by(m.c.campaign_id, m.c.arm)


def _row(campaign: str, about: Row, arms: Sequence[Row], options: Options) -> Row:
    of = {r["arm"]: r for r in arms}
    treated, control = of.get("treated", _NOBODY), of.get("control", _NOBODY)
    broken = _broken(treated["n"], control["n"], options["split"])
    lift, low, high = (None, None, None) if broken else _lift(treated, control, "converted")
    caused, _, _ = (None, None, None) if broken else _lift(treated, control, "complained")
    cost = float(about["cost"]) if about.get("cost") is not None else None
    added = lift * treated["n"] if lift is not None else None
    return {
        "campaign_id": campaign, "name": about.get("name"), "channel": about.get("channel"),
        "started_at": about.get("started_at"), "n": treated["n"] + control["n"], "n_treated": treated["n"],
        "n_control": control["n"], "left_out": treated["standing"] + control["standing"],
        "opened": _share(treated, "opened"), "share": _share(treated, "converted"),
        "share_control": _share(control, "converted"), "lift": lift, "lift_low": low, "lift_high": high,
        "real": None if low is None or high is None else low > 0 or high < 0, "broken_split": broken, "cost": cost,
        "cost_each": cost / treated["converted"] if cost is not None and treated["converted"] else None,
        "cost_added": cost / added if cost is not None and added and low is not None and low > 0 else None,
        "revenue": float(treated["revenue"]) if treated["revenue"] is not None else None, "complaints_added": caused,
    }  # fmt: skip


_NOBODY: Row = {"n": 0, "standing": 0, "opened": 0, "clicked": 0, "converted": 0, "complained": 0, "revenue": None}


def _share(arm: Row, of: str) -> float | None:
    return arm[of] / arm["n"] if arm["n"] else None


def _broken(treated: int, control: int, split: float | None) -> bool:
    """Tell whether the arms are not those that were planned."""
    if split is None or not (treated and control):
        return False
    p = ratio_mismatch((treated, control), (split, 1 - split))
    return p is not None and p < BROKEN_SPLIT


def _lift(treated: Row, control: Row, of: str) -> tuple[float | None, Any, Any]:
    one, other = wilson(treated[of], treated["n"]), wilson(control[of], control["n"])
    if one is None or other is None:
        return None, None, None
    p, q = treated[of] / treated["n"], control[of] / control["n"]
    return p - q, *difference(p, one, q, other)


def _kept_and_won(asker: Asker, m: sa.Subquery, about: Any) -> list[Row]:
    """Return what a conversion of somebody who had bought before cost, and one of somebody who had not.

    A campaign's cost is shared among its treated members alike.
    """
    d = days(asker)
    earlier = sa.select(sa.literal(1)).select_from(d).where(
        d.c.customer_id == m.c.customer_id, d.c.paid, d.c.day < m.c.day
    ).exists()  # fmt: skip
    n = sa.func.count()
    columns = (m.c.campaign_id, earlier.label("kept"), n.label("n"), n.filter(m.c.converted).label("converted"))
    treated = sa.select(*columns).where(m.c.arm == "treated", sa.not_(m.c.standing))
    found = asker.fetch(treated.group_by(m.c.campaign_id, earlier))
    sizes: dict[str, int] = {}
    for r in found:
        sizes[r["campaign_id"]] = sizes.get(r["campaign_id"], 0) + r["n"]
    return [_paid(word, [r for r in found if r["kept"] == kept], sizes, about)
            for word, kept in (("kept", True), ("won", False)) if any(r["kept"] == kept for r in found)]  # fmt: skip


def _paid(word: str, found: Sequence[Row], sizes: Row, about: Any) -> Row:
    priced = [r for r in found if about.get(r["campaign_id"], {}).get("cost") is not None]
    cost = sum(float(about[r["campaign_id"]]["cost"]) * r["n"] / sizes[r["campaign_id"]] for r in priced)
    converted = sum(r["converted"] for r in priced)
    each = cost / converted if priced and converted else None
    n = sum(r["n"] for r in found)
    return {"kept_or_won": word, "n": n, "converted": converted, "cost": cost if priced else None, "cost_each": each}


def _rows(asker: Asker, options: Options, *, aside: bool = False) -> Sequence[Row]:
    m = _members(asker, options)
    reason = [sa.literal("open_complaint").label("reason")] if aside else []
    chosen = m.c.standing if aside else sa.not_(m.c.standing)
    return asker.fetch(sa.select(m, *reason).where(chosen).order_by(m.c.campaign_id, m.c.customer_id))


STUDIES = (
    Study(
        "campaigns", ("campaign_members", "campaigns"), answer=campaigns, behind=_rows,
        aside=lambda asker, options: _rows(asker, options, aside=True),
        options=(Option("within_days", "whole", 14), Option("split", "number")),
        shapes=(
            Shape("campaigns", (
                Column("campaign_id", "text"), Column("name", "text"), Column("channel", "member"),
                Column("started_at", "moment"), Column("n", "count"), Column("n_treated", "count"),
                Column("n_control", "count"), Column("left_out", "count"), Column("opened", "share"),
                Column("share", "share"), Column("share_control", "share"), Column("lift", "difference"),
                Column("lift_low", "difference"), Column("lift_high", "difference"), Column("real", "flag"),
                Column("broken_split", "flag"), Column("cost", "money"), Column("cost_each", "money"),
                Column("cost_added", "money"), Column("revenue", "money"), Column("complaints_added", "difference"),
            )),
            Shape("kept_and_won", (
                Column("kept_or_won", "word", "kept_or_won"), Column("n", "count"), Column("converted", "count"),
                Column("cost", "money"), Column("cost_each", "money"),
            )),
        ),
    ),
)  # fmt: skip
