"""The story of the period in at most three sentences: what changed, where, how sure; each opens its view."""

from collections.abc import Mapping
from typing import Any

from insights import texts
from insights.asking import Desk
from insights.stats.intervals import Z
from insights.ui.cards.card import Body, Card, Sentence
from insights.ui.run import data, names, steps, t
from insights.ui.run.safe import literal

Finding = Mapping[str, Any]
FAR = 4.0
"""Sigmas: the worst of all groups of all metrics lies that far from the rest by chance in one look of a hundred."""


def story(desk: Desk, *keys: str) -> Card:
    """Return the card of at most three sentences beyond chance: what moved, else where it is worst."""
    title = t(desk, "ui.story")

    def make(_: str) -> Body:
        found = findings(desk, *keys)
        if not found:
            return Body(notes=[t(desk, "ui.no_highlights")])
        told = [sentence(desk, finding) for finding in found]
        return Body(alt="\n".join(s.text for s in told), rows=found, sentences=told)

    return Card("story", desk, f":material/lightbulb: {title}", make, filed=title)


def findings(desk: Desk, *keys: str) -> list[Finding]:
    """Return what moved beyond chance; where nothing did, what is far worse in one group than in all the others."""
    moved = data.study(desk, "story", compare=data.comparable(desk) or "previous").rows
    if moved:
        return [*moved]
    return [f for f in data.study(desk, "highlights", metrics=keys).rows if f["what"] == "worst" and _far(f)]


def _far(finding: Finding) -> bool:
    low, high = float(finding["change_low"]), float(finding["change_high"])
    return high > low and abs(high + low) / (high - low) * Z >= FAR


def sentence(desk: Desk, finding: Finding) -> Sentence:
    """Return a finding as one sentence of markdown."""
    if finding.get("what") == "worst":
        return _worst(desk, finding)
    if not finding["by"]:
        return _whole(desk, finding)
    return _volume(desk, finding) if finding["part"] is None else _part(desk, finding)


def _group(finding: Finding, by: str) -> steps.Group:
    return ((finding[by], finding["member"]),)


def _where(desk: Desk, finding: Finding, by: str) -> dict[str, str]:
    dimension = finding[by]
    where = literal(names.member(desk, dimension, finding["member"]))
    return {"where": where, "dimension": names.dimension(desk, dimension).lower()}


def _moved(desk: Desk, finding: Finding) -> dict[str, str]:
    key = finding["metric"]
    before, now = (literal(names.said(desk, finding[side], key)) for side in ("before", "now"))
    return {"metric": literal(names.name(desk, key)), "before": before, "now": now}


def _part(desk: Desk, finding: Finding) -> Sentence:
    """Return the sentence of a part of a change: how much of it, what the part itself did, how sure the whole is."""
    key, part, change = finding["metric"], finding["part"], finding["change"] or 0.0
    low, high = (literal(names.said_change(desk, finding[side], key)) for side in ("part_low", "part_high"))
    inside = part * change > 0 and abs(part) <= abs(change)
    text = f"ui.story_{'of' if inside else 'alone'}_{'up' if part > 0 else 'down'}"
    size = literal(names.said_change(desk, abs(part), key).lstrip("+"))
    said = t(
        desk,
        text,
        part=size,
        low=low,
        high=high,
        facts=_facts(desk, finding),
        **_moved(desk, finding),
        **_where(desk, finding, "by"),
    )
    doubt = "" if finding["change_real"] is not False else " " + t(desk, "ui.story_whole_chance")
    return Sentence(said + doubt, key, _group(finding, "by"))


def _facts(desk: Desk, finding: Finding) -> str:
    """Return what the part itself did: its cases and its own rate."""
    was, now, key = finding["n_before"], finding["n_now"], finding["metric"]
    found = []
    if was:
        growth = literal(texts.signed(names.percent(desk, now / was - 1, 0)))
        found.append(t(desk, "ui.story_tickets", growth=growth))
    if finding["value_before"] is not None and finding["value_now"] is not None:
        rates = " → ".join(literal(names.said(desk, finding[side], key)) for side in ("value_before", "value_now"))
        found.append(f"{literal(names.short(desk, key))} {rates}")
    return ", ".join(found)


def _volume(desk: Desk, finding: Finding) -> Sentence:
    shares = [
        literal(names.percent(desk, finding[n] / finding[whole])) if finding[whole] else texts.DASH
        for n, whole in (("n_before", "before"), ("n_now", "now"))
    ]
    counts = {"was": names.count(desk, finding["n_before"]), "is": names.count(desk, finding["n_now"])}
    said = t(
        desk,
        "ui.story_volume",
        share_before=shares[0],
        share_now=shares[1],
        counts=f"{counts['was']} → {counts['is']}",
        **_moved(desk, finding),
        **_where(desk, finding, "by"),
    )
    return Sentence(said, finding["metric"], _group(finding, "by"))


def _whole(desk: Desk, finding: Finding) -> Sentence:
    key = finding["metric"]
    good = (finding["change"] > 0) == (names.metric(key).better == "up")
    change = literal(names.said_change(desk, finding["change"], key))
    text = "ui.story_change_good" if good else "ui.story_change_bad"
    told = _moved(desk, finding)
    return Sentence(
        t(desk, text, metric=told["metric"], value=told["now"], previous=told["before"], change=change), key
    )


def _worst(desk: Desk, finding: Finding) -> Sentence:
    key = finding["metric"]
    value, rest = (literal(names.said(desk, finding[side], key)) for side in ("value", "rest"))
    told = {"metric": literal(names.name(desk, key)), "value": value, "rest": rest}
    said = t(desk, "ui.story_worst", **told, **_where(desk, finding, "dimension"))
    return Sentence(said, key, _group(finding, "dimension"))
