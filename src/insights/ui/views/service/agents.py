"""Who serves how well, fairly: the funnel at an equal mix of cases, the work done, the load by hour, trainings."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import charts
from insights.asking import Desk
from insights.charts import Bar
from insights.filters import UNKNOWN
from insights.studies import StudyResult
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card
from insights.ui.kinds.findings import answer, asked, differing, found_by, listing, missing
from insights.ui.run import data, names, t

Row = Mapping[str, Any]


def known(desk: Desk) -> bool:
    """Tell whether any loaded file says who worked on a ticket."""
    return any(agent != UNKNOWN for agent in data.options(desk, "agent")) or bool(data.agent_names(desk))


def fairly(desk: Desk) -> Card:
    """Return the card of each agent's good answers at an equal mix of cases, beyond chance or within it."""
    study, title = asked("agents"), t(desk, "pages.agents.fairly")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        bars = [Bar(names.member(desk, "agent", r["agent_id"]), r["standardised"], r["n"]) for r in found.rows]
        outside = [r["stands_out"] for r in found.rows]
        figure = charts.funnel(bars, found.facts["share"], desk.language, outside=outside)
        said = studied.said(desk, study)
        groups = [(("agent", r["agent_id"]),) for r in found.rows]
        return Body(figure, alt=f"{title}: {said}", rows=found.rows, text=f"**{said}**", groups=groups)

    return Card("fairly", desk, title, make, t(desk, "pages.agents.fairly_reading"), study=study)


def each(desk: Desk) -> Card:
    """Return the card of what is observed, expected and likely of each agent."""
    only = ("agent_id", "n", "share", "expected_share", "standardised", "shrunk", "stands_out")
    reading = t(desk, "pages.agents.each_reading")
    return listing(desk, asked("agents"), title=t(desk, "pages.agents.each"), reading=reading, only=only)


def work(desk: Desk) -> Card:
    """Return the card of what each agent did, whoever the ticket was assigned to."""
    reading = t(desk, "pages.agents.work_reading")
    return listing(desk, asked("agents"), "work", title=t(desk, "pages.agents.work"), reading=reading)


def hours(desk: Desk) -> Card:
    """Return the card of the replies by hour of the day."""
    study, title = asked("agents"), t(desk, "pages.agents.hours")

    def make(_: str) -> Body:
        rows = answer(desk, study).tables["hours"]
        if not rows:
            return missing(desk, study)
        by_hour = {r["hour"]: float(r["replies"]) for r in rows}
        heads = [f"{h:02d}" for h in range(24)]
        busiest = max(by_hour, key=lambda h: by_hour[h])
        alt = f"{title}: {busiest:02d}:00"
        figure = charts.columns(heads, [by_hour.get(h, 0.0) for h in range(24)], "count", desk.language)
        return Body(figure, alt=alt, rows=rows, least_width=760, groups=[(("hour", h),) for h in range(24)])

    return Card("agent_hours", desk, title, make, t(desk, "pages.agents.hours_reading"), study=study)


def trainings(desk: Desk) -> Card:
    """Return the card of what each course goes together with."""
    study, title = asked("trainings"), t(desk, "studies.trainings.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows: Sequence[Row] = [r for r in found.rows if r["value"] is not None]
        if not rows:
            return missing(desk, study)
        bars = [Bar(r["course"], r["value"], r["n"], r["low"], r["high"]) for r in rows]
        notes = [_told(desk, r) for r in rows]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=found.rows,
                notes=notes,
                text=studied.said(desk, study),
                groups=[(("course", r["course"]),) for r in rows],
            ),
        )

    return Card("trainings", desk, title, make, t(desk, "pages.agents.trainings_reading"), study=study)


def _told(desk: Desk, row: Row) -> str:
    return names.finding(desk, "pages.agents.training_note", row)
