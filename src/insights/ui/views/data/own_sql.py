"""The page for analysts: one SELECT over what their role sees, the answer as table, chart and file, what there is."""

from typing import Any

import streamlit as st

from insights import schema, texts
from insights.access import QUERIES, Saved
from insights.asking.role_file import readable
from insights.charts.look import plain
from insights.errors import InsightsError
from insights.sandbox import MOST_ROWS, Answer, select
from insights.ui.cards import give
from insights.ui.cards.export import csv_bytes
from insights.ui.run import Run, t
from insights.ui.run.safe import literal

FIRST = "SELECT channel, count(*) AS n\nFROM tickets\nGROUP BY channel\nORDER BY n DESC"
_KEY = "own_sql"
_DRAWN = 200
"""Rows a chart shows at most."""


def own_sql(run: Run) -> None:
    """Draw the field, the answer, the saved queries and the tables."""
    with st.container(border=True, key="card_own_sql"):
        st.header(t(run, "sql_page.ask"), anchor=False)
        st.caption(t(run, "sql_page.reading"))
        _saved(run)
        st.session_state.setdefault(_KEY, FIRST)
        st.text_area(t(run, "sql_page.statement"), key=_KEY, height=180)
        if st.button(t(run, "sql_page.run"), type="primary", icon=":material/play_arrow:", key="own_sql_run"):
            st.session_state["own_sql_answer"] = _ask(run, st.session_state[_KEY])
    answer = st.session_state.get("own_sql_answer")
    if isinstance(answer, str):
        st.warning(literal(answer), icon=":material/block:")
    elif answer is not None:
        _answer(run, answer)
    _tables(run)


def _ask(run: Run, text: str) -> Answer | str:
    """Return the answer, or the sentence that says why there is none."""
    try:
        return select(run.visitor, text, run.desk.warehouse, run.settings)
    except InsightsError as error:
        return texts.error(error, run.language)


def _answer(run: Run, answer: Answer) -> None:
    rows = [dict(zip(answer.names, row, strict=True)) for row in answer.rows]
    with st.container(border=True, key="card_own_sql_answer"):
        st.header(t(run, "sql_page.result"), anchor=False)
        seconds = texts.decimal_text(answer.seconds, run.language, 1)
        st.caption(t(run, "sql_page.seconds", rows=texts.decimal_text(len(rows), run.language), seconds=seconds))
        if answer.more:
            st.caption(t(run, "sql_page.more", most=texts.decimal_text(MOST_ROWS, run.language)))
        if not rows:
            st.write(t(run, "sql_page.none"))
            return
        st.dataframe(rows, hide_index=True, key="own_sql_rows")
        _chart(run, answer, rows)
        give.button(
            t(run, "sql_page.download"), lambda: csv_bytes(rows), "select.csv", icon="download", key="own_sql_download"
        )


def _chart(run: Run, answer: Answer, rows: list[dict[str, Any]]) -> None:
    """Draw the numbers of one column along another, where there is a column of numbers."""
    numbers = [
        n for n in answer.names if any(isinstance(r[n], int | float) and not isinstance(r[n], bool) for r in rows)
    ]
    others = [n for n in answer.names if n not in numbers[-1:]]
    if not (numbers and others and st.toggle(t(run, "sql_page.chart"), key="own_sql_chart")):
        return
    left, right = st.columns(2)
    along = left.selectbox(t(run, "sql_page.x"), others, key="own_sql_x")
    value = right.selectbox(t(run, "sql_page.y"), numbers, index=len(numbers) - 1, key="own_sql_y")
    drawn = rows[:_DRAWN]
    figure = {
        "data": [{"type": "bar", "x": [plain(str(r[along])) for r in drawn], "y": [r[value] for r in drawn]}],
        "layout": {"height": 320, "margin": {"l": 40, "r": 10, "t": 10, "b": 40}, "xaxis": {"type": "category"}},
    }
    st.plotly_chart(figure, key="own_sql_figure")


def _saved(run: Run) -> None:
    """Draw the queries this reader kept, and the way to keep the one in the field."""
    kept = Saved(run.settings.warehouse / QUERIES, run.visitor.name)
    with st.popover(t(run, "sql_page.saved"), icon=":material/bookmark:"):
        for name, text in kept.listed().items():
            left, right = st.columns([4, 1])
            left.button(literal(name), on_click=_take, args=(text,), key=f"own_sql_take_{name}", width="stretch")
            right.button("", icon=":material/delete:", help=t(run, "sql_page.remove"), on_click=kept.remove,
                         args=(name,), key=f"own_sql_remove_{name}")  # fmt: skip
        if not kept.listed():
            st.caption(t(run, "sql_page.no_saved"))
        name = st.text_input(t(run, "sql_page.name"), key="own_sql_name")
        st.button(t(run, "sql_page.save"), disabled=not name.strip(), on_click=_keep, args=(kept, name),
                  key="own_sql_save")  # fmt: skip


def _take(text: str) -> None:
    st.session_state[_KEY] = text


def _keep(kept: Saved, name: str) -> None:
    kept.keep(name, st.session_state[_KEY])


def _tables(run: Run) -> None:
    """Draw what can be asked: every table with its columns and what each means."""
    with st.container(border=True, key="card_own_sql_tables"):
        st.header(t(run, "sql_page.tables"), anchor=False)
        st.caption(t(run, "sql_page.tables_reading"))
        for table, columns in readable():
            with st.expander(f"**{table.name}** · {table.comment}"):
                head = {key: t(run, f"sql_page.{key}") for key in ("column", "kind", "meaning")}
                rows = [{head["column"]: c.name, head["kind"]: schema.kind_of(c), head["meaning"]: c.comment}
                        for c in columns]  # fmt: skip
                st.dataframe(rows, hide_index=True, key=f"own_sql_{table.name}")
