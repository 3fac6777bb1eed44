"""What of a file is used and what is not, and what can be asked of it then."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from insights import texts
from insights.sources.notices import Notice
from insights.sources.possible import possible
from insights.ui.run import Reader, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import label

Uses = Mapping[str, Sequence[str]]
_SALES = ("revenue", "retention")


def used_and_unused(
    to: Reader, uses: Uses, headers: Sequence[str], sure: Mapping[str, float] | None = None
) -> list[str]:
    """Return each column used with what for, each left, and what that makes possible and impossible."""
    read = [_read_for(to, h, uses[h], sure or {}) for h in headers if h in uses]
    left = [h for h in headers if h not in uses]
    said = [f"**{t(to, 'arrival.used', count=len(read), of=len(headers))}** {literal(' · '.join(read))}"]
    said += [f"**{t(to, 'arrival.unused')}** {literal(' · '.join(left))}"] if left else []
    possible_ = possible({h: list(c) for h, c in uses.items()})
    said += _questions(to, "arrival.possible", [q for q, can in possible_.items() if can])
    return said + _questions(
        to, "arrival.impossible", [q for q, can in possible_.items() if not can and _near(q, uses)]
    )


def notices(to: Reader, file: str, of: Iterable[Notice]) -> list[str]:
    """Return a sentence for each thing to know of how a file was read, with the way out this page offers."""
    said = []
    for notice in of:
        offered = f"on_page.notices_{notice.kind}"
        key = offered if texts.has(offered, to.language) else f"notices.{notice.kind}"
        said.append(literal(texts.t(key, to.language, file=file, column=notice.column or "", **notice.shown)))
    return said


def say(sentences: Sequence[str], warnings: Sequence[str] = ()) -> None:
    """Draw what is said of a file beside the form it is mapped in."""
    for sentence in sentences:
        st.markdown(sentence)
    for warning in warnings:
        st.warning(warning, icon=":material/info:")


def _read_for(to: Reader, header: str, columns: Sequence[str], sure: Mapping[str, float]) -> str:
    meant = list(dict.fromkeys(label(to, c.partition(".")[2]) for c in columns))
    known = [sure[c] for c in columns if c in sure]
    percent = f" ({t(to, 'arrival.sure', share=round(100 * max(known)))})" if known else ""
    return f"{header} → {', '.join(meant)}{percent}"


def _questions(to: Reader, key: str, questions: Sequence[str]) -> list[str]:
    return [f"{t(to, key)} {', '.join(t(to, f'arrival.asked.{q}') for q in questions)}"] if questions else []


def _near(question: str, uses: Uses) -> bool:
    """Tell whether a file of these tables could have answered: a list of people is not blamed for its promises."""
    held = {c.partition(".")[0] for columns in uses.values() for c in columns}
    if question in _SALES:
        return bool(held & {"orders", "order_lines"})
    return question != "pipeline" and "tickets" in held
