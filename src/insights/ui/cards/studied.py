"""From any study to its truth, in the drawer the address names: definition, rows, those set aside, SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import texts
from insights.asking import Desk
from insights.asking.recorder import study_sql
from insights.ui.cards import details, downloads, drawn, tables
from insights.ui.cards.card import File, Study
from insights.ui.run import data, names, steps, t

SHOWN = 500
PARTS = ("definition", "rows", "excluded", "sql")


def button(desk: Desk, study: Study, place: str) -> None:
    """Draw the button that leads to a study's drawer, and the drawer where the address names this place."""
    details.opening(desk, name(desk, study), place)
    if st.query_params.get("open") == place:
        shown = st.dialog(name(desk, study), width=940, position="right", on_dismiss=steps.shut)
        shown(_drawer)(desk, study)


def name(desk: Desk, study: Study) -> str:
    """Return what a study is called."""
    return t(desk, f"studies.{study[0]}.name")


def said(desk: Desk, study: Study) -> str:
    """Return the finding of a study in words, or what to load for it to have one; nothing where it says none."""
    found = data.study(desk, study[0], **dict(study[1]))
    if found.lacks:
        return t(desk, "studies.lacks", tables=", ".join(t(desk, f"columns.table_{table}") for table in found.lacks))
    return names.finding(desk, f"studies.{study[0]}.{found.sentence}", found.facts) if (found.sentence) else ""


def _drawer(desk: Desk, study: Study) -> None:
    key, options = study[0], dict(study[1])
    match details.side(desk, PARTS):
        case "rows":
            rows, inside = desk.study_rows(key, **options), steps.inside()
            if inside := tuple((name, value) for name, value in inside if rows and name in rows[0]):
                details.at_mark(desk, inside)
            _rows(desk, study, [r for r in rows if all(steps.code(r[n]) == v for n, v in inside)], f"{key}_rows")
        case "excluded":
            _rows(desk, study, desk.study_left_out(key, **options), f"{key}_excluded")
        case "sql":
            st.code(";\n\n".join(study_sql(desk, key, **options)), language="sql", wrap_lines=True)
        case _:
            _definition(desk, study)


def _definition(desk: Desk, study: Study) -> None:
    st.markdown(t(desk, f"studies.{study[0]}.definition"))
    asked = " ".join(f"--{option} {value}" for option, value in study[1] if value is not None)
    st.code(f"insights study {study[0]} {asked}".strip(), language="bash")
    if metric := dict(study[1]).get("metric"):
        details.explore(desk, str(metric))
    if ignored := data.study(desk, study[0], **dict(study[1])).ignored:
        known = [d for d in ignored if texts.has(f"dimensions.{d}", desk.language)]
        if known:
            st.info(t(desk, "ui.ignores", dimensions=", ".join(names.dimension(desk, d) for d in known)))


def _rows(desk: Desk, study: Study, rows: Sequence[Mapping[str, Any]], place: str) -> None:
    if not rows:
        st.caption(t(desk, "ui.none_left_out" if place.endswith("excluded") else "ui.no_rows"))
        return
    shown = [dict(row) for row in rows[:SHOWN]]
    text = "ui.rows_all" if len(shown) == len(rows) else "ui.rows_first"
    st.caption(t(desk, text, shown=names.count(desk, len(shown)), total=names.count(desk, len(rows))))
    meaning = (f"{name(desk, study)} ({study[0]})", t(desk, f"studies.{study[0]}.definition"))
    file = File(place, name(desk, study), lambda: tables.readable(desk, rows), len(rows), meaning)
    downloads.both(desk, file, place)
    drawn.led(tables.records(desk, shown), t(desk, "ui.rows_alt", metric=place), place)
