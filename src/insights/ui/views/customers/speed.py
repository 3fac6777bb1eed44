"""Whether fast answers go together with customers who stay: naive beside fair, by speed, over time, and what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Bar, Share
from insights.studies import StudyResult
from insights.studies.service.exposures import BANDS, HOURS
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Study, nothing
from insights.ui.kinds.findings import answer, asked, differing, effect, found_by, listing, missing, shown
from insights.ui.run import names, t

Row = Mapping[str, Any]
OFTEN_SAID = 0.9
"""What is often said of complaints answered fast: drawn as a line, claimed by nobody."""
DAY_S = 86_400


def of(exposure: str, hours: float | None) -> Study:
    """Return the study of one kind of answer by one moment."""
    return asked("speed_to_kept", exposure=exposure, hours=hours)


def _exposure(study: Study) -> str:
    return str(dict(study[1])["exposure"])


def known(desk: Desk, study: Study) -> bool:
    """Tell whether all that the study rests on was loaded; else its first card says what is to be loaded."""
    return not answer(desk, study).lacks


def compared(desk: Desk, study: Study) -> Card:
    """Return the card of the difference as it stands, among equal complaints, and before the complaint."""
    title = t(desk, "pages.speed.compared")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        bars = [effect(texts.word("compared", r["compared"], desk.language), r) for r in found.rows]
        counts = {n: names.count(desk, found.facts[n]) for n in ("n", "running", "before_landmark", "left_before")}
        shares = {n: names.percent(desk, found.facts[n]) for n in ("kept_with", "kept_without", "overlap")}
        hazard = names.finding(desk, "pages.speed.hazard", found.facts)
        notes = [t(desk, "pages.speed.counts", **counts), t(desk, "pages.speed.shares", **shares), hazard]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=found.rows,
                notes=notes,
                text=f"**{studied.said(desk, study)}**",
                groups=[(("compared", r["compared"]),) for r in found.rows],
            ),
        )

    those = texts.word("customers_of", _exposure(study), desk.language)
    return Card("speed_compared", desk, title, make, t(desk, "pages.speed.compared_reading", those=those), study=study)


def bands(desk: Desk, study: Study) -> Card:
    """Return the card of the share that stayed by speed band, with the line of what is often said."""
    title = t(desk, "pages.speed.bands")

    def make(_: str) -> Body:
        rows = [r for r in answer(desk, study).tables["bands"] if r["n"]]
        if not rows:
            return nothing(desk, t(desk, "pages.speed.no_bands"))
        edges = BANDS[_exposure(study)]
        bars = [Bar(_band(desk, r["until_s"], edges[-1]), r["share"], r["n"], r["low"], r["high"]) for r in rows]
        said = "; ".join(f"{b.name}: {names.percent(desk, b.value)}" for b in bars)
        figure = charts.dots(bars, "share", desk.language, overall=OFTEN_SAID)
        line = t(desk, "pages.speed.often_said", share=names.percent(desk, OFTEN_SAID, 0))
        groups = [(("until_s", r["until_s"]),) for r in rows]
        return Body(figure, alt=f"{title}: {said}", rows=rows, notes=[line], tall=True, groups=groups, upwards=True)

    return Card("speed_bands", desk, title, make, t(desk, "pages.speed.bands_reading"), study=study)


def _band(desk: Desk, until_s: float | None, last: float) -> str:
    if until_s is None:
        return t(desk, "pages.speed.later", time=texts.duration(last * 3600, desk.language))
    return t(desk, "pages.speed.until", time=texts.duration(until_s, desk.language))


def curves(desk: Desk, study: Study) -> Card:
    """Return the card of the share still there by days since the moment it counts from."""
    title = t(desk, "pages.speed.curves")

    def make(_: str) -> Body:
        points = answer(desk, study).tables["curves"]
        sides = [side for side in (True, False) if any(p["exposed"] == side for p in points)]
        if not sides:
            return missing(desk, study)
        done = texts.word("exposure", _exposure(study), desk.language)
        lines = {done if s else t(desk, "pages.speed.without"): _line(desk, points, s) for s in sides}
        figure = charts.share_curves(lines, desk.language, steps=True)
        return Body(figure, alt=title, rows=points, lines=[(("exposed", side),) for side in sides])

    return Card("speed_curves", desk, title, make, t(desk, "pages.speed.curves_reading"), study=study)


def _line(desk: Desk, points: Sequence[Row], side: bool) -> list[Share]:
    def said(p: Row) -> str:
        share, low, high = (names.percent(desk, p[name]) for name in ("share", "low", "high"))
        return f"{texts.duration(p['days'] * DAY_S, desk.language)}: <b>{share}</b> ({low} … {high})"

    mine = (p for p in points if p["exposed"] == side)
    return [Share(p["days"] * DAY_S, p["share"], said(p), p["low"], p["high"]) for p in mine]


def moments(desk: Desk, study: Study) -> Card:
    """Return the card of the same difference for other moments."""
    title = t(desk, "pages.speed.moments")

    def make(_: str) -> Body:
        rows = answer(desk, study).tables["moments"]
        if not rows:
            return nothing(desk, t(desk, "pages.speed.no_bands"))
        bars = [effect(texts.duration(r["hours"] * 3600, desk.language), r) for r in rows]
        groups = [(("hours", r["hours"]),) for r in rows]
        return differing(desk, title, bars, Body(rows=rows, groups=groups))

    return Card("speed_moments", desk, title, make, t(desk, "pages.speed.moments_reading"), study=study)


def waiting(desk: Desk, study: Study) -> Card:
    """Return the card of the unanswered complaints with what is at stake, the largest first."""
    title = t(desk, "pages.speed.waiting")
    card = listing(desk, study, "open", title=title, reading=t(desk, "pages.speed.waiting_reading"))

    def make(_: str) -> Body:
        found = answer(desk, study)
        if found.facts.get("stake_low") is None:
            return nothing(desk, t(desk, "pages.speed.no_stake"), "visibility_off")
        rows, columns = found.tables["open"], next(s.columns for s in found.shapes if s.name == "open")
        if not rows:
            return nothing(desk, t(desk, "pages.speed.nobody_waits"), "task_alt")
        said = names.finding(desk, "pages.speed.stake", found.facts)
        return Body(text=said, table=shown(desk, columns, rows), alt=title, rows=rows)

    return replace(card, make=make)


def offered(exposure: str) -> tuple[float, ...]:
    """Return the moments a kind of answer can be asked for; none where it has one alone."""
    return HOURS.get(exposure, ())
