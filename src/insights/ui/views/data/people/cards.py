"""The cards of who is who: numbers joined, pairs to look at, decisions with the way back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from insights.asking import Desk
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.kinds.findings import answer, asked, shown
from insights.ui.run import Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data import calendar_try
from insights.ui.views.data.people import deciding

Row = Mapping[str, Any]
SHOWN = 200


def cards(run: Run) -> Iterator[Card]:
    """Yield the card of numbers joined, of pairs to look at, and of what was decided."""
    calendar_try.say_kept()
    calendar_try.recompute(run)
    yield _joined(run)
    yield _review(run)
    yield _decided(run)


def _joined(run: Run) -> Card:
    desk, title = run.desk, t(run, "pages.people.joined")
    study = asked("identities", look="no")

    def make(_: str) -> Body:
        found = answer(desk, study)
        said = names.finding(desk, "pages.people.counts", found.facts)
        if not found.rows:
            return Body(text=f"{said}\n\n{t(desk, 'pages.people.nothing_joined')}")
        rows = found.rows[:SHOWN]
        table = shown(desk, found.shapes[0].columns, rows)
        return Body(text=said, table=table, alt=title, rows=found.rows, below=_buttons(run, "joined", rows))

    return Card("joined", desk, title, make, t(run, "pages.people.joined_reading"), study=study)


def _review(run: Run) -> Card:
    desk, title, study = run.desk, t(run, "pages.people.review"), asked("identities")

    def make(_: str) -> Body:
        if not st.session_state.get("people_look"):
            return Body(below=lambda: _look(run))
        found = answer(desk, study)
        rows = found.tables["review"][:SHOWN]
        if not rows:
            least = names.percent(desk, found.facts["least"], 0)
            return nothing(desk, t(desk, "pages.people.nothing_to_look_at", least=least), "task_alt")
        table = shown(desk, found.shapes[1].columns, rows)
        return Body(table=table, alt=title, rows=found.tables["review"], below=_buttons(run, "review", rows))

    return Card("review", desk, title, make, t(run, "pages.people.review_reading"), study=study)


def _look(run: Run) -> None:
    st.button(
        t(run, "pages.people.look"),
        icon=":material/search:",
        help=t(run, "pages.people.look_help"),
        key="people_look_for",
        on_click=lambda: st.session_state.update(people_look=True),
    )


def _decided(run: Run) -> Card:
    desk, title = run.desk, t(run, "pages.people.decided")
    study = asked("identities", look="no")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows = found.tables["decided"]
        if not rows:
            return Body(text=t(desk, "pages.people.nothing_decided"))
        table = shown(desk, found.shapes[2].columns, rows)
        return Body(table=table, alt=title, rows=rows, below=_buttons(run, "decided", rows))

    return Card("decided", desk, title, make, t(run, "pages.people.decided_reading"), study=study)


def _buttons(run: Run, of: str, rows: Sequence[Row]) -> Callable[[], None]:
    """Return what draws the choice of a pair and what can be done with it, for who may change settings."""

    def draw() -> None:
        if not run.may("settings"):
            return
        if of == "decided":
            _button(run, t(run, "pages.people.take_back", pair=pair(run.desk, rows[0])), "undo", "undo", rows[:1])
        place = st.selectbox(
            t(run, "pages.people.pair"),
            range(len(rows)),
            key=f"pair_{of}_{rows[0]['customer_id']}_{rows[0]['other_id']}_{len(rows)}",  # none stays once decided
            format_func=lambda n: _probable(run.desk, rows[n]),
        )
        row = rows[place or 0]
        with st.container(horizontal=True, gap="small", key=f"pair_buttons_{of}"):
            if of == "decided":
                _button(run, t(run, "pages.people.take_back_one"), "undo", "undo", [row], "one")
            elif of == "joined":
                _button(run, t(run, "pages.people.split"), "call_split", "different", [row])
            else:
                _button(run, t(run, "pages.people.same"), "merge", "same", [row])
                _button(run, t(run, "pages.people.different"), "call_split", "different", [row])
                _button(run, t(run, "pages.people.all_same", n=len(rows)), "done_all", "same", rows, "all")

    return draw


def _button(run: Run, label: str, icon: str, verdict: str, rows: Sequence[Row], which: str = "") -> None:
    if st.button(literal(label), icon=f":material/{icon}:", key=f"people_{verdict}_{which}_{rows[0]['customer_id']}"):
        deciding.kept(run, verdict, rows, pair(run.desk, rows[0]))


def pair(desk: Desk, row: Row) -> str:
    """Return two numbers as readers say them."""
    told = {
        "one": row["name"] or "",
        "id": row["customer_id"],
        "other": row["other_name"] or "",
        "other_id": row["other_id"],
    }
    return t(desk, "pages.people.pair_said", **told)


def _probable(desk: Desk, row: Row) -> str:
    if "probability" not in row:
        return pair(desk, row)
    return t(desk, "pages.people.probable", pair=pair(desk, row), share=names.percent(desk, row["probability"]))
