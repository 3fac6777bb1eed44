"""Whom the company forgot, whom it bothers, what tiers go with, and whether the disappointed heard from somebody."""

from functools import partial

from insights import schema, texts
from insights.asking import Desk
from insights.filters import Filters
from insights.studies import StudyResult
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card
from insights.ui.kinds.findings import answer, asked, differing, effect, found_by, listing, missing, shown
from insights.ui.kinds.target_list import maker
from insights.ui.run import data, names, t

MONTHS = (12, 6, 3)


def known(desk: Desk) -> bool:
    """Tell whether anything the page is about was loaded; else one sentence says what to load."""
    contacts = any(desk.warehouse.holds(table) for table in (schema.interactions, schema.orders))
    return contacts or data.any_of(desk.with_filters(Filters()), "nps_answers")


def forgotten(desk: Desk) -> Card:
    """Return the card of the customers nobody turned to for 12, 6 or 3 months, the most valuable first."""
    title, choice = t(desk, "studies.forgotten.name"), {str(m): t(desk, "pages.care.months", n=m) for m in MONTHS}
    usual = asked("forgotten", months=MONTHS[0])

    def make(picked: str) -> Body:
        study = asked("forgotten", months=int(picked))
        found = answer(desk, study)
        if not found.rows:
            return missing(desk, study)
        mine = next(r for r in found.tables["by_months"] if r["months"] == int(picked))
        said = t(
            desk,
            "pages.care.forgotten",
            n=names.count(desk, mine["n"]),
            share=names.percent(desk, mine["share"]),
            low=names.percent(desk, mine["low"]),
            high=names.percent(desk, mine["high"]),
            revenue=texts.money(mine["revenue"], desk.language, desk.currency),
            new=names.count(desk, found.facts["new"]),
        )
        named = {t(desk, "pages.care.not_for", n=picked): partial(_not_for, desk, int(picked))}
        return Body(
            text=said,
            table=shown(desk, found.shapes[0].columns, found.rows),
            alt=title,
            rows=found.rows,
            below=maker(desk, "forgotten", named),
        )

    return Card("forgotten", desk, title, make, t(desk, "pages.care.forgotten_reading"), choice=choice, study=usual)


def _not_for(desk: Desk, months: int) -> list[str]:
    return [row["customer_id"] for row in desk.study_rows("forgotten", months=months, limit=None)]


def overcontacted(desk: Desk) -> Card:
    """Return the card of who is turned to too often, and of contacts to those who refused them."""
    study, title = asked("overcontacted"), t(desk, "studies.overcontacted.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        if not found.facts.get("n"):
            return missing(desk, study)
        said = names.finding(desk, "pages.care.overcontacted", found.facts)
        table = shown(desk, found.shapes[0].columns, found.rows) if found.rows else None
        return Body(text=said, table=table, alt=title, rows=found.rows)

    return Card("overcontacted", desk, title, make, t(desk, "pages.care.overcontacted_reading"), study=study)


def cadence(desk: Desk) -> Card:
    """Return the card of the usual days between two contacts by people, by segment."""
    return listing(
        desk,
        asked("overcontacted"),
        "cadence",
        title=t(desk, "pages.care.cadence"),
        reading=t(desk, "pages.care.cadence_reading"),
    )


def tiers(desk: Desk) -> Card:
    """Return the card of the loyalty tiers: customers, points, revenue, share that bought again."""
    return listing(desk, asked("loyalty"), reading=t(desk, "pages.care.tiers_reading"))


def tier_effect(desk: Desk) -> Card:
    """Return the card of what goes together with a tier, among customers who had bought alike."""
    study, title = asked("loyalty"), t(desk, "pages.care.tier_effect")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows = [r for r in found.tables["effect"] if r["value"] is not None]
        if not rows:
            return missing(desk, study)
        tier = [names.member(desk, "loyalty_tier", r["loyalty_tier"]) for r in rows]
        bars = [effect(name, r) for name, r in zip(tier, rows, strict=True)]
        notes = [f":material/info: {studied.said(desk, study)}"]
        return differing(
            desk,
            title,
            bars,
            Body(
                rows=rows,
                notes=notes,
                groups=[(("loyalty_tier", r["loyalty_tier"]),) for r in rows],
            ),
        )

    return Card("tier_effect", desk, title, make, t(desk, "pages.care.tier_effect_reading"), study=study)


def neglected(desk: Desk) -> Card:
    """Return the card of what goes together with being forgotten, as it stands and among equal customers."""
    study, title = asked("neglected"), t(desk, "studies.neglected.name")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        said = {r["compared"]: texts.word("compared_customers", r["compared"], desk.language) for r in found.rows}
        bars = [effect(said[r["compared"]], r) for r in found.rows]
        notes = [names.finding(desk, "pages.care.neglected_counts", found.facts)]
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

    return Card("neglected", desk, title, make, t(desk, "pages.care.neglected_reading"), study=study)


def advocates(desk: Desk) -> Card:
    """Return the card of promoters, passives and detractors: how many, and what they are worth."""
    study, title = asked("advocates"), t(desk, "studies.advocates.name")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        said = names.finding(desk, "pages.care.followed", found.facts)
        return Body(text=said, table=shown(desk, found.shapes[0].columns, found.rows), alt=title, rows=found.rows)

    return Card("advocates", desk, title, make, study=study)


def people(desk: Desk, group: str) -> Card:
    """Return the card of promoters by value, of detractors and who heard from somebody, or of those who recommend."""
    return listing(
        desk,
        asked("advocates"),
        group,
        title=t(desk, f"pages.care.{group}"),
        only=("customer_id", "name", "score", "answered_at", "revenue", "referred", "followed_up"),
    )
