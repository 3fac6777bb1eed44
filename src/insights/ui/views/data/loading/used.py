"""What of a file is used and what is not, and what can be asked of it then."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from insights import texts
from insights.sources.notices import Notice
from insights.sources.possible import possible
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import label

Uses = Mapping[str, Sequence[str]]
_SALES = ("revenue", "retention")


def used_and_unused(run: Run, uses: Uses, headers: Sequence[str], sure: Mapping[str, float] | None = None) -> None:
    """Draw each column used with what for, each left, and what that makes possible and impossible."""
    read = [_read_for(run, h, uses[h], sure or {}) for h in headers if h in uses]
    left = [h for h in headers if h not in uses]
    st.markdown(f"**{t(run, 'arrival.used', count=len(read), of=len(headers))}** {literal(' · '.join(read))}")
    if left:
        st.markdown(f"**{t(run, 'arrival.unused')}** {literal(' · '.join(left))}")
    asked = possible({h: list(c) for h, c in uses.items()})
    _questions(run, "arrival.possible", [q for q, can in asked.items() if can])
    _questions(run, "arrival.impossible", [q for q, can in asked.items() if not can and _near(q, uses)])


def noticed(run: Run, file: str, notices: Iterable[Notice]) -> None:
    """Draw a sentence for each thing to know of how a file was read, with the way out this page offers."""
    for notice in notices:
        offered = f"on_page.notices_{notice.kind}"
        key = offered if texts.has(offered, run.language) else f"notices.{notice.kind}"
        said = texts.t(key, run.language, file=file, column=notice.column or "", **notice.shown)
        st.warning(literal(said), icon=":material/info:")


def _read_for(run: Run, header: str, columns: Sequence[str], sure: Mapping[str, float]) -> str:
    meant = list(dict.fromkeys(label(run, c.partition(".")[2]) for c in columns))
    known = [sure[c] for c in columns if c in sure]
    percent = f" ({t(run, 'arrival.sure', share=round(100 * max(known)))})" if known else ""
    return f"{header} → {', '.join(meant)}{percent}"


def _questions(run: Run, key: str, questions: Sequence[str]) -> None:
    if questions:
        st.caption(f"{t(run, key)} {', '.join(t(run, f'arrival.asked.{q}') for q in questions)}")


def _near(question: str, uses: Uses) -> bool:
    """Tell whether a file of these tables could have answered: a list of people is not blamed for its promises."""
    held = {c.partition(".")[0] for columns in uses.values() for c in columns}
    if question in _SALES:
        return bool(held & {"orders", "order_lines"})
    return question != "pipeline" and "tickets" in held
