"""Whether channels serve alike: gaps at equal cases, problems that change channel, robots beside people."""

from insights import texts
from insights.asking import Desk
from insights.charts import Bar
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.kinds.findings import answer, asked, differing, listing, missing
from insights.ui.run import names, t


def gaps(desk: Desk) -> Card:
    """Return the card of each channel's gap to the others at equal cases: promises kept, or good answers."""
    title = t(desk, "pages.channels.gaps")
    choice = {measure: texts.word("channel_measure", measure, desk.language) for measure in ("promise", "csat")}

    def make(picked: str) -> Body:
        study = asked("channels", figure=picked)
        found = answer(desk, study)
        if not found.rows:
            return nothing(desk, t(desk, f"pages.channels.none_{picked}"), "upload_file")
        rows = [r for r in found.rows if r["gap"] is not None]
        if not rows:
            return missing(desk, study)
        rows.sort(key=lambda r: r["gap"])
        bars = [
            Bar(names.member(desk, "channel", r["channel"]), r["gap"], r["n"], r["gap_low"], r["gap_high"])
            for r in rows
        ]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=found.rows,
                text=f"**{studied.said(desk, study)}**",
                groups=[(("channel", r["channel"]),) for r in rows],
            ),
        )

    reading = t(desk, "pages.channels.gaps_reading")
    return Card("channel_gaps", desk, title, make, reading, choice=choice, study=asked("channels"))


def switches(desk: Desk) -> Card:
    """Return the card of problems that came back within a week, and through another channel."""
    reading = t(desk, "pages.channels.switches_reading")
    return listing(desk, asked("channels"), "switches", title=t(desk, "pages.channels.switches"), reading=reading)


def robots(desk: Desk) -> Card:
    """Return the card of what became of tickets robots handled, beside those people handled."""
    reading = t(desk, "pages.channels.robots_reading")
    return listing(desk, asked("channels"), "robots", title=t(desk, "pages.channels.robots"), reading=reading)
