"""How long customers stay, by group: curves, who is still watched, who leaves sooner, who comes back."""

from collections.abc import Mapping
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Share
from insights.studies import StudyResult
from insights.ui.cards.card import Body, Card, Column, Study, Table
from insights.ui.kinds.findings import answer, asked, missing
from insights.ui.run import names, t
from insights.ui.run.steps import Group

GROUPS = ("segment", "acquisition_channel", "complaint")
STRATA = {"segment": "acquisition_channel"}
"""Within what groups are compared: channels and complaints at equal segments, segments at equal channels."""
MOST = 6
DAY_S = 86_400
Row = Mapping[str, Any]


def staying(desk: Desk, gone_days: int) -> Card:
    """Return the card of the share still buying by days since the first purchase, of all or by group."""
    title = t(desk, "pages.retention.staying")

    def make(picked: str) -> Body:
        found = answer(desk, _asked(picked, gone_days))
        if not found.rows:
            return missing(desk, _asked(picked, gone_days))
        lines = {_named(desk, picked, r["group"]): _line(desk, found, r["group"]) for r in found.rows[:MOST]}
        kept = [
            names.finding(desk, "pages.retention.kept", {**r, "name": _named(desk, picked, r["group"])})
            for r in found.rows
        ]
        notes = [
            _whose(desk),
            *kept,
            *_differ(desk, picked, found),
            names.finding(desk, "pages.retention.rule", found.facts),
        ]
        figure = charts.share_curves(lines, desk.language, steps=True)
        return Body(
            figure,
            _at_risk(desk, picked, found),
            f"{title}: {'; '.join(kept)}",
            found.rows,
            notes=notes,
            lines=_parts(picked, found),
        )

    reading = t(desk, "pages.retention.staying_reading")
    return Card("staying", desk, title, make, reading, choice=_choice(desk), study=_asked("all", gone_days))


def _choice(desk: Desk) -> dict[str, str]:
    return {"all": t(desk, "pages.retention.all")} | {by: attribute(desk, by) for by in GROUPS}


def attribute(desk: Desk, name: str) -> str:
    """Return what customers are split by, as readers say it."""
    own = f"pages.retention.by_{name}"
    return t(desk, own) if texts.has(own, desk.language) else names.dimension(desk, name)


def _asked(picked: str, gone_days: int) -> Study:
    if picked in ("all", ""):
        return asked("survival", by=None, gone_days=gone_days)
    return asked("survival", by=picked, gone_days=gone_days, strata=STRATA.get(picked, "segment"))


def _whose(desk: Desk) -> str:
    """Return whom the card is about: everybody, or those whose first purchase lies in the period."""
    chosen = desk.filters
    if chosen.since is None:
        return t(desk, "pages.retention.of_all")
    days = {"first": names.day(desk, chosen.since), "last": names.day(desk, chosen.until or chosen.since)}
    return t(desk, "pages.retention.of_period", **days)


def _differ(desk: Desk, picked: str, found: StudyResult) -> list[str]:
    """Return whether the groups differ beyond chance, and how much sooner each leaves at equal strata."""
    if found.facts["p"] is None:
        return []
    within = attribute(desk, STRATA.get(picked, "segment"))
    told = [names.finding(desk, "pages.retention.log_rank", found.facts)]
    for row in found.tables["hazards"]:
        said = {"name": _named(desk, picked, row["group"]), "than": _named(desk, picked, row["than"]), "within": within}
        told.append(names.finding(desk, "pages.retention.sooner", {**row, **said}))
    return told


def _at_risk(desk: Desk, picked: str, found: StudyResult) -> Table:
    """Return the table under the curves: how many are still watched at each of some days."""
    held = found.tables["at_risk"]
    days = [r["days"] for r in held if r["group"] == found.rows[0]["group"]]
    columns = {"group": Column(t(desk, "pages.retention.watched"), width="medium")}
    columns |= {str(d): Column(texts.duration(d * DAY_S, desk.language) if d else "0", right=True) for d in days}
    rows = [
        {"group": _named(desk, picked, r["group"])}
        | {str(a["days"]): names.count(desk, a["n"]) for a in held if a["group"] == r["group"]}
        for r in found.rows[:MOST]
    ]
    return Table(columns, rows)


def again(desk: Desk, key: str, **options: Any) -> Card:
    """Return the card of the share that bought again by days since: the first purchase, or since it counted as gone."""
    title = t(desk, f"studies.{key}.name")

    def make(picked: str) -> Body:
        study = asked(key, by=None if picked == "all" else picked, **options)
        found = answer(desk, study)
        if not found.rows or not found.facts["n"]:
            return missing(desk, study)
        lines = {_named(desk, picked, r["group"]): _line(desk, found, r["group"], 0.0) for r in found.rows[:MOST]}
        said = [
            names.finding(desk, "pages.retention.again", {**r, "name": _named(desk, picked, r["group"])})
            for r in found.rows
        ]
        figure = charts.share_curves(lines, desk.language, steps=True)
        return Body(
            figure,
            alt=f"{title}: {'; '.join(said)}",
            rows=found.rows,
            notes=[_whose(desk), *said],
            lines=_parts(picked, found),
        )

    choice = {name: said for name, said in _choice(desk).items() if name != "complaint"}
    reading = t(desk, f"pages.retention.{key}_reading")
    return Card(key, desk, title, make, reading, choice=choice, study=asked(key, by=None, **options))


def _parts(picked: str, found: StudyResult) -> list[Group]:
    """Return what each line stands for."""
    return [((picked if picked != "all" else "group", r["group"]),) for r in found.rows[:MOST]]


def _named(desk: Desk, picked: str, group: str | None) -> str:
    if picked in ("all", ""):
        return t(desk, "pages.retention.all")
    return texts.word("complaint_outcome" if picked == "complaint" else picked, group, desk.language)


def _line(desk: Desk, found: StudyResult, group: str | None, begins: float = 1.0) -> list[Share]:
    points = [p for p in found.tables["points"] if p["group"] == group]
    later = (Share(p["days"] * DAY_S, p["share"], _said(desk, p), p["low"], p["high"]) for p in points)
    return [Share(0.0, begins, "", begins, begins), *later]


def _said(desk: Desk, p: Row) -> str:
    share, low, high = (names.percent(desk, p[name]) for name in ("share", "low", "high"))
    at_risk = t(desk, "pages.retention.at_risk", n=names.count(desk, p["at_risk"]))
    return f"{texts.duration(p['days'] * DAY_S, desk.language)}: <b>{share}</b> ({low} … {high}) · {at_risk}"
