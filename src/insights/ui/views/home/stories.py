"""The few sentences a manager takes away: what changed beyond chance, and where it is worst."""

from collections.abc import Mapping
from typing import Any

from insights.asking import Desk
from insights.ui.cards.card import Body, Card
from insights.ui.run import data, names, t
from insights.ui.run.safe import literal

Finding = Mapping[str, Any]


def highlights(desk: Desk, *keys: str) -> Card:
    """Return the card of at most three sentences, each with a number, what it is compared to, and where."""
    title = t(desk, "ui.highlights")

    def make(_: str) -> Body:
        found = data.study(desk, "highlights", metrics=keys).rows
        if not found:
            return Body(notes=[t(desk, "ui.no_highlights")])
        return Body(text="\n".join(f"- {sentence(desk, finding)}" for finding in found), rows=found)

    return Card("highlights", desk, f":material/lightbulb: {title}", make, filed=title)


def sentence(desk: Desk, finding: Finding) -> str:
    """Return a finding as one sentence of markdown."""
    key = finding["metric"]
    told = {"metric": literal(names.name(desk, key)), "value": literal(names.said(desk, finding["value"], key))}
    return _change(desk, finding, told) if finding["what"] == "change" else _worst(desk, finding, told)


def _change(desk: Desk, finding: Finding, told: dict[str, str]) -> str:
    key, text = finding["metric"], "ui.story_change_good" if finding["good"] else "ui.story_change_bad"
    change, before = names.said_change(desk, finding["change"], key), names.said(desk, finding["previous"], key)
    return t(desk, text, change=literal(change), previous=literal(before), **told)


def _worst(desk: Desk, finding: Finding, told: dict[str, str]) -> str:
    dimension = finding["dimension"]
    where = literal(names.member(desk, dimension, finding["member"]))
    rest = literal(names.said(desk, finding["rest"], finding["metric"]))
    return t(desk, "ui.story_worst", where=where, dimension=names.dimension(desk, dimension).lower(), rest=rest, **told)
