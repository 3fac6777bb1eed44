"""The page for analysts: one SELECT over what their role sees, the answer as table, chart and file, what there is."""

from typing import Any

import sqlalchemy as sa
import streamlit as st

from insights import schema, texts
from insights.access import QUERIES, Saved
from insights.asking.role_file import readable
from insights.charts.look import plain
from insights.errors import InsightsError
from insights.sandbox import MOST_ROWS, Answer, select
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, File, Table
from insights.ui.cards.draw import show
from insights.ui.run import Reader, Rows, Run, names, t
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
            asked = st.session_state["own_sql_asked"] = st.session_state[_KEY]
            st.session_state["own_sql_answer"] = _ask(run, asked)
    answer = st.session_state.get("own_sql_answer")
    if isinstance(answer, str):
        st.warning(literal(answer), icon=":material/block:")
    elif answer is not None:
        _answer(run, answer)
    show(readable_tables(run))


def _ask(run: Run, text: str) -> Answer | str:
    """Return the answer, or the sentence that says why there is none."""
    try:
        return select(run.visitor, text, run.desk.warehouse, run.settings)
    except InsightsError as error:
        return texts.error(error, run.language)


def _answer(run: Run, answer: Answer) -> None:
    rows = [dict(zip(answer.names, row, strict=True)) for row in answer.rows]
    show(result(run, st.session_state["own_sql_asked"], answer, rows))
    _chart(run, answer, rows)


def result(to: Reader, asked: str, answer: Answer, rows: Rows) -> Card:
    """Return the card of what a statement gave."""
    seconds = texts.decimal_text(answer.seconds, to.language, 1)
    reading = t(to, "sql_page.seconds", rows=names.count(to, len(rows)), seconds=seconds)
    title = t(to, "sql_page.result")

    def make(_: str) -> Body:
        more = [t(to, "sql_page.more", most=names.count(to, MOST_ROWS))] if answer.more else []
        if not rows:
            return Body(notes=[t(to, "sql_page.none")])
        held = Table({name: Column(name, "any") for name in answer.names}, rows, "auto")
        meaning = t(to, "sql_page.statement"), "\n".join([asked, *more])
        given = File("select", title, lambda: rows, len(rows), meaning, t(to, "sql_page.download"), whole=True)
        return Body(table=held, alt=title, notes=more, files=[given])

    return Card("own_sql_answer", None, title, make, reading)


def _chart(run: Run, answer: Answer, rows: Rows) -> None:
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
    show(figure(run, rows, along, value))


def figure(to: Reader, rows: Rows, along: str, value: str) -> Card:
    """Return the card of a column of numbers along another."""
    shown, title = rows[:_DRAWN], f"{literal(value)} · {literal(along)}"
    bars = {"type": "bar", "x": [plain(str(r[along])) for r in shown], "y": [r[value] for r in shown]}
    layout = {"height": 320, "margin": {"l": 40, "r": 10, "t": 10, "b": 40}, "xaxis": {"type": "category"}}
    return Card("own_sql_figure", None, title, lambda _: Body({"data": [bars], "layout": layout}, alt=title))


def _saved(run: Run) -> None:
    """Draw the queries this reader kept, and the way to keep the one in the field."""
    kept = Saved(run.settings.warehouse / QUERIES, run.visitor.name)
    with st.popover(t(run, "sql_page.saved"), icon=":material/bookmark:"):
        for name, text in kept.listed().items():
            left, right = st.columns([4, 1])
            left.button(literal(name), on_click=_take, args=(text,), key=f"own_sql_take_{name}", width="stretch")
            right.button(
                "",
                icon=":material/delete:",
                help=t(run, "sql_page.remove"),
                on_click=kept.remove,
                args=(name,),
                key=f"own_sql_remove_{name}",
            )
        if not kept.listed():
            st.caption(t(run, "sql_page.no_saved"))
        name = st.text_input(t(run, "sql_page.name"), key="own_sql_name")
        st.button(
            t(run, "sql_page.save"), disabled=not name.strip(), on_click=_keep, args=(kept, name), key="own_sql_save"
        )


def _take(text: str) -> None:
    st.session_state[_KEY] = text


def _keep(kept: Saved, name: str) -> None:
    kept.keep(name, st.session_state[_KEY])


def readable_tables(to: Reader) -> Card:
    """Return the card of what can be asked: every table with its columns and what each means."""
    head = " | ".join(t(to, f"sql_page.{key}") for key in ("column", "kind", "meaning"))

    def make(_: str) -> Body:
        listed = {
            f"**{of.name}** · {_told(to, f'table_{of.name}', of.comment)}": [
                f"| {head} |",
                "| --- | --- | --- |",
                *(_line(to, column) for column in columns),
            ]
            for of, columns in readable()
        }
        return Body(asides=[(name, "\n".join(lines)) for name, lines in listed.items()])

    return Card("own_sql_tables", None, t(to, "sql_page.tables"), make, t(to, "sql_page.tables_reading"))


def _told(to: Reader, name: str, comment: str | None) -> str:
    """Return what a table or column means: the schema speaks English, readers of another language get its heading."""
    if to.language == texts.FALLBACK:
        return comment or ""
    said, hours = tables.heading(to, name), f" ({t(to, 'app.unit_hour')})"
    return f"{said.removesuffix(hours)} ({t(to, 'app.unit_second')})" if said.endswith(hours) else said


def _line(to: Reader, column: sa.Column[Any]) -> str:
    meaning = literal(_told(to, column.name, column.comment)).replace("|", "\\|")
    kind = schema.kind_of(schema.declared[column.table.name].columns[column.name])
    return f"| `{column.name}` | {kind} | {meaning} |"
