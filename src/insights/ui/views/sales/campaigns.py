"""What campaigns brought against who was held out, what keeping and winning cost, where the best came from."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.charts import Bar
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Study, nothing
from insights.ui.kinds.findings import answer, asked, differing, listing, missing, shown
from insights.ui.run import names, pick, t
from insights.ui.run.safe import literal

UNPLANNED, SPLITS = "unknown", ("50", "60", "67", "75", "80", "90", "95")
"""Which percentage of the members was to be treated."""


def planned(desk: Desk) -> float | None:
    """Let the reader say which share of the members was to be treated; unknown, no split is checked."""
    with pick.kept("campaign_split", (UNPLANNED, *SPLITS), UNPLANNED):
        chosen = st.selectbox(
            t(desk, "pages.campaigns.planned"),
            (UNPLANNED, *SPLITS),
            key="campaign_split",
            width=260,
            help=t(desk, "pages.campaigns.planned_help"),
            format_func=lambda of: t(desk, "pages.campaigns.unplanned") if of == UNPLANNED else _share(desk, of),
        )
    return None if chosen in (None, UNPLANNED) else float(chosen) / 100


def _asked(split: float | None, **options: str) -> Study:
    return asked("campaigns", **options, **({} if split is None else {"split": split}))


def _share(desk: Desk, percent: str) -> str:
    return names.percent(desk, float(percent) / 100, 0)


def lift(desk: Desk, split: float | None) -> Card:
    """Return the card of each campaign's lift over its control arm; those without one are named, not measured."""
    title = t(desk, "pages.campaigns.lift")

    def make(picked: str) -> Body:
        study = _asked(split, **({"outcome": picked} if picked else {}))
        found = answer(desk, study)
        if not found.rows:
            return missing(desk, study)
        told = [r for r in found.rows if r["lift"] is not None]
        bars = [Bar(_name(r), r["lift"], r["n"], r["lift_low"], r["lift_high"]) for r in told]
        broken = [_name(r) for r in found.rows if r["broken_split"]]
        bare = [_name(r) for r in found.rows if not r["n_control"]]
        notes = [
            t(desk, f"pages.campaigns.{word}", names=literal(", ".join(of)))
            for word, of in (("descriptive", bare), ("broken", broken))
            if of
        ]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=found.rows,
                text=f"**{studied.said(desk, study)}**",
                notes=notes,
                groups=[_stands_for(r) for r in told],
            ),
        )

    reading = t(desk, "pages.campaigns.lift_reading")
    return Card("lift", desk, title, make, reading, choice=_outcomes(desk), study=_asked(split))


def _stands_for(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    named = ("campaign_id", *(("variant",) if row["variant"] else ()))
    return tuple((name, row[name]) for name in named)


def _outcomes(desk: Desk) -> dict[str, str]:
    """Return what lift can be told of; no choice where no export says who responded."""
    answered = answer(desk, asked("campaigns", outcome="responded")).rows
    if all(r["share"] is None for r in answered):
        return {}
    return {word: texts.word("campaign_outcome", word, desk.language) for word in ("converted", "responded")}


def _name(row: Mapping[str, Any]) -> str:
    name = str(row["name"] or row["campaign_id"])
    return f"{name} · {row['variant']}" if row["variant"] else name


def every(desk: Desk, split: float | None) -> Card:
    """Return the card of all campaigns in numbers."""
    only = (
        "name",
        "variant",
        "channel",
        "started_at",
        "n_treated",
        "n_control",
        "left_out",
        "opened",
        "share",
        "share_control",
        "lift",
        "lift_low",
        "lift_high",
        "cost",
        "cost_each",
        "cost_added",
        "revenue",
        "complaints_added",
    )
    reading = t(desk, "pages.campaigns.all_reading")
    return listing(desk, _asked(split), title=t(desk, "pages.campaigns.all"), reading=reading, only=only)


def lists(desk: Desk) -> Card:
    """Return the card of the target lists that were given away, and what became of them."""
    study, title = asked("lists"), t(desk, "studies.lists.name")

    def make(_: str) -> Body:
        found = desk.any_time().study("lists")  # not remembered: a list made a moment ago is in it
        if not found.rows:
            return nothing(desk, t(desk, "studies.lists.none_yet"), "playlist_add")
        return Body(table=shown(desk, found.shapes[0].columns, found.rows), alt=title, rows=found.rows)

    return Card("lists", desk, title, make, t(desk, "pages.campaigns.lists_reading"), study=study)


def kept_and_won(desk: Desk) -> Card:
    """Return the card of what keeping and winning a customer cost."""
    title, reading = (t(desk, f"pages.campaigns.kept_and_won{end}") for end in ("", "_reading"))
    return listing(desk, asked("campaigns"), "kept_and_won", title=title, reading=reading)


def acquisition(desk: Desk) -> Card:
    """Return the card of the channels that bring customers like the best."""
    study, title = asked("acquisition"), t(desk, "pages.campaigns.acquisition")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows = [r for r in found.rows if r["gap"] is not None]
        if not rows:
            return missing(desk, study)
        said = [names.word_of(desk, "acquisition_channel", r) for r in rows]
        bars = [Bar(s, r["gap"], r["n"], r["gap_low"], r["gap_high"]) for s, r in zip(said, rows, strict=True)]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=found.rows,
                text=studied.said(desk, study),
                groups=[(("acquisition_channel", r["acquisition_channel"]),) for r in rows],
            ),
        )

    return Card("acquisition", desk, title, make, t(desk, "pages.campaigns.acquisition_reading"), study=study)
