"""Who a masked customer is: opened for a stated reason, for this session and this customer alone."""

import streamlit as st

from insights.access import can_reveal, revealed
from insights.asking import Desk
from insights.ui.run import here, t
from insights.ui.run.safe import literal

_SHOWN = ("name", "company", "email", "phone")


def reveal(desk: Desk, customer_id: str) -> None:
    """Offer to open who a customer is, to whoever may and does not see it; draw it once opened."""
    visitor = here().visitor
    if not can_reveal(desk, visitor):
        return
    opened: dict[str, dict[str, str]] = st.session_state.setdefault("people_revealed", {})
    if person := opened.get(customer_id):
        said = " · ".join(literal(str(person[name])) for name in _SHOWN if person.get(name))
        st.info(f"**{said}**", icon=":material/visibility:")
        return
    with st.expander(t(desk, "reveal.title"), icon=":material/visibility_off:"), st.form("reveal", border=False):
        reason = st.text_input(t(desk, "reveal.reason"), max_chars=300)
        st.caption(t(desk, "reveal.help"))
        if st.form_submit_button(t(desk, "reveal.show")):
            if person := revealed(desk, customer_id, reason, visitor):
                opened[customer_id] = person
                st.rerun()
            st.warning(t(desk, "reveal.say_why"), icon=":material/edit_note:")
