"""Figures and tables as Streamlit draws them."""

import hashlib
import html
import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.dataframe_util import convert_pandas_df_to_arrow_table

from insights import texts
from insights.charts.look import BAD, CONFIG, GOOD, MUTED, SEQUENTIAL, SERIES, WARN, Figure
from insights.ui.cards import tables
from insights.ui.cards.card import Column, Table
from insights.ui.run import Reader, Run, here, seen, steps, t
from insights.ui.run.memo import memo
from insights.ui.run.safe import literal

_NAME = re.compile(r"_+\d+$")
"""What a figure's key ends with to tell filters apart, and no file's name should."""
PICTURES = ("png", "svg")
Point = Mapping[str, Any]
"""A clicked mark of a figure: its place in its trace and what it stands at."""


Clicked = Callable[[Sequence[Point]], None]


def plot(figure: Figure, *, key: str, alt: str, tall: bool = False, clicked: Clicked | None = None) -> None:
    """Draw a figure in the page's theme, with its text alternative; it grows to its neighbour unless it is tall."""
    height: Literal["content", "stretch"] = "content" if tall else "stretch"
    plain: dict[str, Any] = {
        "key": f"plot_{key}",
        "config": _config(here(), _NAME.sub("", key), clicked is not None),
        "alt": alt,
        "height": height,
    }
    if clicked:
        plain |= {"on_select": partial(_taken, f"plot_{key}", clicked), "selection_mode": ("points", "box")}
    st.plotly_chart(accepted(figure), **plain)


def accepted(figure: Figure) -> Any:
    """Return a figure the tests have seen accepted, to be drawn as it is: not built and checked again at every look."""
    of, template = _as_it_is()
    return of({"data": figure["data"], "layout": {"template": template, **figure["layout"]}})


@cache
def _as_it_is() -> tuple[type[Any], Mapping[str, Any]]:
    """Return what plotly takes for a checked figure, and the template it would give one; plotly is slow to import."""
    from plotly.basedatatypes import BaseFigure
    from plotly.graph_objects import Figure as Checked

    class AsItIs(BaseFigure):  # type: ignore[misc]
        def __init__(self, figure: Figure) -> None:
            self._figure = figure

        def to_dict(self) -> Figure:
            return self._figure

    return AsItIs, Checked().to_dict()["layout"]["template"]


def _config(run: Run, name: str, pressed: bool) -> dict[str, Any]:
    """Return what the browser may do with a figure, in the reader's language: frame its marks, save its picture."""
    buttons = [*(["select2d", "pan2d"] if pressed else []), *(["toImage"] if run.may("export") else [])]
    if not buttons:
        return CONFIG
    words = {said: t(run, f"picture.{key}") for key, said in _PLOTLYS.items()}
    picture = {"format": picture_kind(), "filename": name, "scale": 2}
    return CONFIG | {
        "displayModeBar": "hover",
        "displaylogo": False,
        "modeBarButtons": [buttons],
        "locale": run.language,
        "locales": {run.language: {"dictionary": words, "format": {}}},
        "toImageButtonOptions": picture,
    }


_PLOTLYS = {
    "png": "Download plot as a PNG",
    "svg": "Download plot",
    "made": "Image download succeeded",
    "making": "Preparing image - this may take a few seconds",
    "failed": "Sorry, there was a problem downloading your image!",
    "frame": "Box Select",
    "press": "Pan",
}
"""What the library says, by the key of what we say instead."""


def legend(
    figure: Figure, entries: Sequence[steps.Group], key: str, pressed: Callable[[steps.Group], None], *, squares: bool
) -> Figure:
    """Draw the legend as buttons: an entry does what its marks do; and give the figure without it."""
    named = [(group, trace) for group, trace in zip(entries, figure["data"], strict=False) if "name" in trace]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"legend_{key}"):
        for group, trace in named:
            said = literal(html.unescape(trace["name"]))
            if not group:
                st.caption(f"**┃** {said}", width="content")
                continue
            own, shape = f"legend_{key}_{trace['name']}", "■" if squares else "●"
            said = f"{mark(shape, trace['marker']['color'])} {said}"
            st.button(said, type="tertiary", key=own, on_click=pressed, args=(group,))
    bare = figure["layout"] | {"showlegend": False, "margin": figure["layout"]["margin"] | {"t": 8}}
    return {**figure, "layout": bare}


def mark(shape: str, placeholder: str) -> str:
    """Return the mark of a legend in markdown, in the very colour its trace is drawn in."""
    colour = _colours(st.context.theme.type or "light").get(placeholder)
    return f':color[{shape}]{{foreground="{colour}"}}' if colour else shape


def _colours(theme: str) -> dict[str, str]:
    """Return the colours of a theme by the placeholders figures are made with."""
    kinds = (("chartCategoricalColors", (*SERIES, GOOD, BAD, WARN, MUTED)), ("chartSequentialColors", SEQUENTIAL))
    listed = ((names, st.get_option(f"theme.{theme}.{kind}") or ()) for kind, names in kinds)
    return {name: colour for names, colours in listed for name, colour in zip(names, colours, strict=False)}


def picture_kind() -> str:
    """Return what pictures of figures are made as."""
    return str(st.session_state.get("picture_kind") or PICTURES[0])


def _taken(key: str, clicked: Clicked) -> None:
    if points := st.session_state[key].get("selection", {}).get("points", []):
        clicked(points)


def table(of: Table, *, alt: str, key: str, picks: bool = False) -> int | None:
    """Draw a table and give the row that is picked, where rows can be."""
    return _cell(of, alt, key, picks)[0]


def _cell(of: Table, alt: str, key: str, picks: bool) -> tuple[int | None, str]:
    """Draw a table and give the row and the column of the cell that is picked."""
    if not picks:
        _shown(of, alt)
        return None, ""
    event = _shown(of, alt, on_select="rerun", selection_mode="single-cell", key=f"table_{key}")
    # A cell, not a row: a click anywhere picks its row, arrows walk on, Esc lets go.
    chosen = event.get("selection", {}).get("cells", [])
    return tuple(chosen[0]) if chosen and chosen[0][0] < len(of.rows) else (None, "")


def _shown(of: Table, alt: str, **picks: Any) -> Any:
    seen.shown(of.leads or of.rows)
    of = tables.linked(here(), of)
    written = texts.locales()[here().language]
    config = {name: _column(column, written) for name, column in of.columns.items()}
    plain: dict[str, Any] = {"hide_index": True, "column_config": config, "placeholder": texts.DASH, "alt": alt}
    return st.dataframe(_sent(of), **plain, height=of.height, row_height=of.row_height, **picks)


def _sent(of: Table) -> Any:
    """Return cells as the browser is sent them, made once of equal ones: that takes longest of all about a table."""
    columns, rows = list(of.columns), list(of.rows)
    cells = hashlib.sha256(pickle.dumps((columns, rows))).digest()

    def make() -> Any:
        return convert_pandas_df_to_arrow_table(pd.DataFrame(rows, columns=columns))

    return memo().answer(("cells", cells), make)


def pressed(of: Table, alt: str, key: str, picked: Callable[[int], None]) -> None:
    """Draw a table of which a picked row does something."""
    _shown(of, alt, on_select=partial(_row, f"table_{key}", picked), selection_mode="single-cell", key=f"table_{key}")


def _row(key: str, picked: Callable[[int], None]) -> None:
    if cells := st.session_state[key].get("selection", {}).get("cells", []):
        picked(cells[0][0])


def words(of: Table, alt: str) -> None:
    """Draw a table of words that go on below in their cells."""
    heads = {name: literal(column.label) for name, column in of.columns.items()}
    cells = [{head: literal(row.get(name) or texts.DASH) for name, head in heads.items()} for row in of.rows]
    st.table(pd.DataFrame(cells, columns=list(heads.values())), border="horizontal", hide_index=True, alt=alt)


def alone(to: Reader, table: Table, key: str) -> None:
    """Draw the one row of a table as labels and values side by side, as many in a line as there is room for."""
    with st.container(horizontal=True, gap="medium", key=f"alone_{key}"):
        for name, column in table.columns.items():
            with st.container(width="content", gap=None):
                st.caption(column.label, width="content")
                st.text(tables.written(to, column, table.rows[0].get(name)), width="content")


def led(of: Table, alt: str, key: str) -> None:
    """Draw a table whose rows lead to the tickets and customers they are about, where they are about any."""
    picked, column = _cell(of, alt, key, picks=bool(of.leads))
    if picked is not None:
        steps.to_case(of.leads[picked], column)


def _column(of: Column, written: texts.Locale) -> Any:
    match of.kind:
        case "moment":
            return st.column_config.DatetimeColumn(of.label, format=written.table_moment, width=of.width)
        case "day":
            return st.column_config.DateColumn(of.label, format=written.table_day, width=of.width)
        case "number" | "percent":
            kind: Literal["localized", "percent"] = "localized" if of.kind == "number" else "percent"
            step = None if of.digits is None else 10**-of.digits
            return st.column_config.NumberColumn(of.label, format=kind, step=step, width=of.width, help=of.help or None)
        case "link":
            return st.column_config.LinkColumn(of.label, display_text=":material/open_in_new:", width=of.width)
        case "area":
            return st.column_config.AreaChartColumn(of.label, y_min=0, width=of.width)
        case "any":
            return st.column_config.Column(of.label, width=of.width)
    return st.column_config.TextColumn(of.label, width=of.width, alignment="right" if of.right else None)
