"""What is open, what is won and how fast, why it is lost and to whom."""

from dataclasses import replace

from insights import charts
from insights.asking import Desk
from insights.charts import Bar
from insights.studies import StudyResult
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card
from insights.ui.kinds.findings import answer, asked, found_by, listing
from insights.ui.run import names, t


def stages(desk: Desk) -> Card:
    """Return the card of the open opportunities by stage, with how many are won and how long that takes."""
    card = listing(desk, asked("pipeline"), title=t(desk, "pages.pipeline.stages"))

    def make(picked: str) -> Body:
        body, facts = card.make(picked), answer(desk, asked("pipeline")).facts
        if not facts:
            return body
        counted = {"won": "won", "days": "cycle_days", "days_low": "cycle_low", "days_high": "cycle_high"}
        counts = {name: names.count(desk, facts[of]) for name, of in counted.items()}
        decided = names.count(desk, facts["won"] + facts["lost"])
        rates = {
            name: names.percent(desk, facts[of])
            for name, of in (("rate", "win_rate"), ("low", "low"), ("high", "high"))
        }
        return replace(body, text=t(desk, "pages.pipeline.stages_reading", decided=decided, **counts, **rates))

    return replace(card, make=make)


def owners(desk: Desk) -> Card:
    """Return the card of the win rate by owner."""
    title, reading = t(desk, "pages.pipeline.owners"), t(desk, "pages.pipeline.owners_reading")
    return listing(desk, asked("pipeline"), "owners", title=title, reading=reading)


def reasons(desk: Desk) -> Card:
    """Return the card of why opportunities were lost."""
    study, title = asked("lost"), t(desk, "pages.pipeline.reasons")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        bars = [Bar(names.word_of(desk, "lost_reason", r), r["share"], r["n"], r["low"], r["high"]) for r in found.rows]
        said = "; ".join(f"{b.name}: {names.percent(desk, b.value)}" for b in bars)
        groups = [(("lost_reason", r["lost_reason"]),) for r in found.rows]
        figure = charts.dots(bars, "share", desk.language)
        return Body(figure, alt=f"{title}: {said}", rows=found.rows, tall=True, groups=groups, upwards=True)

    return Card("reasons", desk, title, make, t(desk, "pages.pipeline.reasons_reading"), study=study)


def competitors(desk: Desk) -> Card:
    """Return the card of whom opportunities were lost to, and whether they take more than before."""
    title, reading = t(desk, "pages.pipeline.competitors"), t(desk, "pages.pipeline.competitors_reading")
    card = listing(desk, asked("lost"), "competitors", title=title, reading=reading)

    def make(picked: str) -> Body:
        body = card.make(picked)
        return replace(body, text=studied.said(desk, asked("lost"))) if body.table else body

    return replace(card, make=make)
