"""One customer: found by number, name, e-mail or telephone; how it stands, what happened, what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Study
from insights.ui.cards.draw import beside, show
from insights.ui.kinds.findings import answer, asked, listing, shown
from insights.ui.run import t
from insights.ui.views.customers.revealed import reveal

SHOWN = ("customer_id", "name", "segment", "region", "loyalty_tier", "rfm_segment", "stage", "revenue", "purchase_days",
         "last_day", "last_contact_day", "rating", "open_complaints", "contact_allowed")  # fmt: skip
WORDS = {
    ("ticket", "more"): "status", ("order", "text"): "order_status", ("contact", "text"): "interaction_kind",
    ("campaign", "text"): "arm",
}  # fmt: skip
"""The vocabulary of what stands in a row of the timeline, by what happened."""
KINDS = ("ticket", "rating", "order", "contact", "campaign", "opportunity")


def whole(desk: Desk) -> None:
    """Draw the search, then the customer it finds or those to choose from."""
    text = st.text_input(
        t(desk, "pages.customer.search"), value=st.query_params.get("customer", ""), key="customer_search",
        placeholder=t(desk, "pages.customer.search_help"), icon=":material/search:",
    ).strip()  # fmt: skip
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
    show(timeline(desk, study))
    beside(listing(desk, study, "bought", title=t(desk, "pages.customer.bought")))


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
        said = studied.said(desk, study)
        return Body(text=f"**{said}**", table=shown(desk, columns, found.rows), alt=said, rows=found.rows)

    return Card("standing", desk, title, make, study=study)


def timeline(desk: Desk, study: Study) -> Card:
    """Return the card of everything that happened, newest first, all or of one kind."""
    choice = {"all": t(desk, "pages.customer.all")} | {k: texts.word("happened", k, desk.language) for k in KINDS}
    card = listing(desk, study, "timeline", title=t(desk, "pages.customer.timeline"))

    def make(picked: str) -> Body:
        found = answer(desk, study)
        rows = [r for r in found.tables["timeline"] if picked in ("all", r["what"])]
        if not rows:
            return replace(card.make(""), table=None, text=t(desk, "ui.no_rows"))
        columns = next(s.columns for s in found.shapes if s.name == "timeline")
        said = [_said(desk, row) for row in rows]
        return Body(table=shown(desk, columns, said), alt=t(desk, "pages.customer.timeline"), rows=rows)

    return replace(card, make=make, choice=choice)


def _said(desk: Desk, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row of the timeline with our words as readers say them; the source's own stay as they are."""
    words = {column: WORDS[row["what"], column] for column in ("text", "more") if (row["what"], column) in WORDS}
    known = {column: texts.word(of, row[column], desk.language) for column, of in words.items() if row[column]}
    return {**row, **known}
