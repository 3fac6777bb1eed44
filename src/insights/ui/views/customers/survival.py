"""How long customers stay, by group: curves, who is still watched, and whether the groups differ."""

from collections.abc import Mapping
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.studies import StudyResult
from insights.ui.cards.card import Body, Card
from insights.ui.kinds.findings import answer, asked, missing
from insights.ui.run import names, t

GROUPS = ("segment", "acquisition_channel", "complaint")
MOST = 6
DAY_S = 86_400
Row = Mapping[str, Any]


def staying(desk: Desk) -> Card:
    """Return the card of the share still buying by days since the first purchase, of all or by group."""
    title = t(desk, "pages.retention.staying")
    choice = {"all": t(desk, "pages.retention.all"), "segment": names.dimension(desk, "segment")}
    choice |= {by: t(desk, f"pages.retention.by_{by}") for by in GROUPS[1:]}

    def make(picked: str) -> Body:
        study = asked("survival", by=None if picked == "all" else picked)
        found = answer(desk, study)
        if not found.rows:
            return missing(desk, study)
        lines = {_named(desk, picked, r["group"]): _line(desk, found, r["group"]) for r in found.rows[:MOST]}
        kept = [texts.finding("pages.retention.kept", desk.language, {**r, "name": _named(desk, picked, r["group"])})
                for r in found.rows]  # fmt: skip
        rule = texts.finding("pages.retention.rule", desk.language, found.facts)
        told = (
            [texts.finding("pages.retention.log_rank", desk.language, found.facts)]
            if found.facts["p"] is not None
            else []
        )
        figure = charts.share_curves(lines, desk.language, steps=True)
        parts = [((picked if picked != "all" else "group", r["group"]),) for r in found.rows[:MOST]]
        return Body(figure, alt=f"{title}: {'; '.join(kept)}", rows=found.rows, notes=[*kept, *told, rule], lines=parts)

    reading = t(desk, "pages.retention.staying_reading")
    return Card("staying", desk, title, make, reading, choice=choice, study=asked("survival", by=None))


def _named(desk: Desk, picked: str, group: str | None) -> str:
    if picked == "all":
        return t(desk, "pages.retention.all")
    return texts.word("complaint_outcome" if picked == "complaint" else picked, group, desk.language)


def _line(desk: Desk, found: StudyResult, group: str | None) -> list[tuple[float, float | None, str]]:
    points = [p for p in found.tables["points"] if p["group"] == group]
    return [(0.0, 1.0, ""), *((p["days"] * DAY_S, p["share"], _said(desk, p)) for p in points)]


def _said(desk: Desk, p: Row) -> str:
    share, low, high = (names.percent(desk, p[name]) for name in ("share", "low", "high"))
    at_risk = t(desk, "pages.retention.at_risk", n=names.count(desk, p["at_risk"]))
    return f"{texts.duration(p['days'] * DAY_S, desk.language)}: <b>{share}</b> ({low} … {high}) · {at_risk}"
