"""One customer: found by number, name, e-mail or telephone; how it stands, what happened, what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.studies.customers.whole import offers
from insights.studies.customers.whole.offers import withheld
from insights.studies.customers.whole.worth import checked, fitted
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Study, nothing
from insights.ui.cards.draw import beside, show
from insights.ui.kinds.findings import answer, asked, listing, missing, shown
from insights.ui.run import names, t
from insights.ui.views.customers.revealed import reveal

SHOWN = (
    "customer_id",
    "name",
    "segment",
    "region",
    "loyalty_tier",
    "rfm_segment",
    "stage",
    "revenue",
    "purchase_days",
    "last_day",
    "last_contact_day",
    "rating",
    "open_complaints",
    "contact_allowed",
)
WORDS = {
    ("ticket", "more"): "status",
    ("order", "text"): "order_status",
    ("contact", "text"): "interaction_kind",
    ("campaign", "text"): "arm",
}
"""The vocabulary of what stands in a row of the timeline, by what happened."""
AMOUNTS = ("order", "campaign", "opportunity")
"""What happened with an amount beside it."""
WEEKS = 52
GROUP = "product_group"
EVIDENCE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "solve": ("speed_to_kept", {"exposure": "resolution", "hours": None}),
    "win_back": ("winback", {}),
    "greet": ("neglected", {}),
}
"""The study that says of a next step what came of it before."""
TOLD = ("together", "less")
"""What a study of a difference says where it is told from chance."""
KINDS = ("ticket", "rating", "order", "contact", "campaign", "opportunity")


def whole(desk: Desk) -> None:
    """Draw the search, then the customer it finds or those to choose from."""
    text = st.text_input(
        t(desk, "pages.customer.search"),
        value=st.query_params.get("customer", ""),
        key="customer_search",
        placeholder=t(desk, "pages.customer.search_help"),
        icon=":material/search:",
    ).strip()
    if not text:
        st.info(t(desk, "pages.customer.nobody_yet"), icon=":material/person_search:")
        return
    study = asked("customer", customer=text)
    if not answer(desk, study).rows:
        study = asked("customer", search=text)
    found = answer(desk, study)
    if not found.rows:
        st.info(studied.said(desk, study), icon=":material/person_search:")
        if found.tables["found"]:
            _choose(desk, study)
        return
    st.query_params["customer"] = found.rows[0]["customer_id"]
    show(standing(desk, study))
    reveal(desk, found.rows[0]["customer_id"])
    beside(next_step(desk, study), fitting(desk, study), widths=(1, 2))
    show(timeline(desk, study))
    show(bought(desk, study))


def _choose(desk: Desk, study: Study) -> None:
    rows = answer(desk, study).tables["found"]
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            label = f"{row['name'] or ''} · {row['customer_id']}"
            st.button(label, key=f"to_{row['customer_id']}", on_click=_open, args=(row["customer_id"],))


def _open(customer_id: str) -> None:
    st.session_state["customer_search"] = customer_id
    st.query_params["customer"] = customer_id


def standing(desk: Desk, study: Study) -> Card:
    """Return the card of who the customer is, how it stands, and the next step with its reason."""
    title = t(desk, "pages.customer.standing")

    def make(_: str) -> Body:
        found = answer(desk, study)
        columns = [c for c in found.shapes[0].columns if c.name in SHOWN]
        rows, told = [dict(found.rows[0])], worth(desk, found.rows[0]["customer_id"])
        said = names.finding(desk, "pages.customer.worth", told) if told else ""
        rows[0] |= {name: told.get(name) for name in ("value_low", "value_high", "gone")}
        one = replace(shown(desk, columns, found.rows), alone=True)
        return Body(text=said, table=one, alt=said or title, rows=rows)

    return Card("standing", desk, title, make, study=study)


def worth(desk: Desk, who: str) -> Mapping[str, Any]:
    """Return the range of what a customer may still bring and the chance that it is gone; nothing where untold."""
    facts = answer(desk, asked("value_model", limit=1)).facts
    model = fitted(facts)
    rows = answer(desk, asked("worth", customer=who, model=model, came=checked(facts))).rows if model else []
    return {**rows[0], "weeks": WEEKS} if rows and rows[0]["value_high"] is not None else {}


def next_step(desk: Desk, study: Study) -> Card:
    """Return the card of what to do next, why, and what is known of doing so."""
    title = t(desk, "pages.customer.next")

    def make(_: str) -> Body:
        facts = answer(desk, study).facts
        evidence = EVIDENCE.get(facts["action"])
        notes = [_evidence(desk, *evidence)] if evidence else []
        return Body(text=f"**{studied.said(desk, study)}**", notes=notes, alt=studied.said(desk, study), rows=[facts])

    return Card("next_step", desk, title, make, study=study)


def _evidence(desk: Desk, key: str, options: Mapping[str, Any]) -> str:
    """Return what the company's own history says of a step; where it says nothing, that."""
    found = answer(desk.any_time(), asked(key, **options))
    facts = {**found.facts, **(found.rows[0] if key == "winback" and found.rows else {})}
    known = facts.get("again_90") is not None if key == "winback" else found.sentence in TOLD
    if not known:
        return t(desk, "pages.customer.no_evidence")
    return names.finding(desk, f"pages.customer.evidence_{key}", facts)


def fitting(desk: Desk, study: Study) -> Card:
    """Return the card of products that fit: what those who bought the same bought next."""
    title = t(desk, "studies.offers.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        if why := withheld(found.rows[0]):
            return nothing(desk, t(desk, f"studies.offers.{why}"), "do_not_disturb_on")
        pairs = answer(desk.any_time(), asked("affinities"))
        if pairs.sentence:
            return nothing(desk, studied.said(desk.any_time(), asked("affinities")))
        rows = list(offers.fitting(found.tables["bought"], pairs.rows))
        if not rows:
            return nothing(desk, t(desk, "studies.offers.nothing_fits"))
        return Body(table=shown(desk, offers.COLUMNS, rows), alt=title, rows=rows)

    reading = t(desk, "pages.customer.offers_reading")
    return Card("offers", desk, title, make, reading, study=asked("affinities"))


def bought(desk: Desk, study: Study) -> Card:
    """Return the card of what the customer bought, by product and its group."""
    title = t(desk, "pages.customer.bought")

    def make(_: str) -> Body:
        found = answer(desk, study)
        if not (rows := [_grouped(row) for row in found.tables["bought"]]):
            return missing(desk, study)
        declared = next(s.columns for s in found.shapes if s.name == "bought")
        columns = [replace(c, name=GROUP) if c.name == "category" else c for c in declared]
        return Body(table=shown(desk, columns, rows), alt=title, rows=rows)

    return Card("customer_bought", desk, title, make, study=study)


def _grouped(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its category under the name of what it is a category of: tickets have one, too."""
    return {GROUP if name == "category" else name: value for name, value in row.items()}


def timeline(desk: Desk, study: Study) -> Card:
    """Return the card of everything that happened, newest first, all or of one kind."""
    choice = {"all": t(desk, "pages.customer.all")} | {k: texts.word("happened", k, desk.language) for k in KINDS}
    card = listing(desk, study, "timeline", title=t(desk, "pages.customer.timeline"))

    def make(picked: str) -> Body:
        found = answer(desk, study)
        rows = [r for r in found.tables["timeline"] if picked in ("all", r["what"])]
        if not rows:
            return replace(card.make(""), table=None, text=t(desk, "ui.no_rows"))
        declared = next(s.columns for s in found.shapes if s.name == "timeline")
        columns = [c for c in declared if c.name != "currency"]  # said with the amount
        said = [_said(desk, row) for row in rows]
        return Body(table=shown(desk, columns, said), alt=t(desk, "pages.customer.timeline"), rows=rows)

    return replace(card, make=make, choice=choice)


def _said(desk: Desk, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row of the timeline with our words and figures as readers write them; the source's own words stay."""
    words = {column: WORDS[row["what"], column] for column in ("text", "more") if (row["what"], column) in WORDS}
    known = {column: texts.word(of, row[column], desk.language) for column, of in words.items() if row[column]}
    return {**row, **known, "more": _figure(desk, row) or known.get("more", row["more"])}


def _figure(desk: Desk, row: Mapping[str, Any]) -> str | None:
    """Return an amount or a score as readers write it; nothing where there is none."""
    if row["more"] is None:
        return None
    if row["what"] in AMOUNTS:
        return texts.money(float(row["more"]), desk.language, row["currency"] or desk.currency, 2)
    if row["what"] == "rating":
        score = float(row["more"])
        return texts.decimal_text(score, desk.language, 0 if score == int(score) else 1)
    return None
