"""What a mapping would give: the first rows as converted, and what of them cannot be read."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from insights import texts
from insights.errors import InsightsError
from insights.sources import ReadOptions
from insights.sources.proposing.glance import Preview, preview
from insights.ui.cards import drawn, tables
from insights.ui.run import Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.held import Held
from insights.ui.views.data.loading.used import noticed


def previewed(run: Run, held: Held, toml: str, options: ReadOptions) -> Preview | None:
    """Draw the first rows as converted and return them; None when the file would be refused."""
    st.subheader(t(run, "wizard.preview"), anchor=False)
    if toml not in held.previews:
        try:
            held.previews[toml] = preview(held.sample, toml, options)
        except InsightsError as error:
            held.previews[toml] = error
    found = held.previews[toml]
    if isinstance(found, InsightsError):
        st.error(literal(texts.error(found, run.language)), title=t(run, "upload.refused"), icon=":material/block:")
        return None
    marked = [_marked(run, row, found) for row in found.rows]
    if marked:
        drawn.table(tables.records(run, marked), alt=t(run, "wizard.preview_alt"), key="wizard_preview")
    _counted(run, found)
    noticed(run, held.sample.name, found.notices)
    return found


def _marked(run: Run, row: Mapping[str, Any], found: Preview) -> dict[str, Any]:
    mine = [p for p in found.problems if p["line"] == row["line"]]
    aside = [t(run, "wizard.row_aside")] if any(p["row_rejected"] for p in mine) else []
    said = " · ".join(aside + [_problem(run, p) for p in mine])
    cells = {k: v for k, v in row.items() if k != "line" and not k.endswith("_raw")}
    return {"line": row["line"], "problems": said or None} | cells


def _problem(run: Run, problem: Mapping[str, Any]) -> str:
    reason = tables.reason(run, problem["reason"])
    column, value = problem["column"] or "", str(problem["value"] or "")[:60]
    said = "wizard.problem" if value.strip() else "wizard.problem_empty"
    return t(run, said, column=column, value=value, reason=reason)


def _counted(run: Run, found: Preview) -> None:
    """Say how many rows could not be read, and one example of each problem further down."""
    rows = names.count(run, found.read)
    kinds = {(p["column"], p["reason"]): p for p in reversed(found.problems)}
    if not kinds:
        st.success(t(run, "wizard.preview_all_good", rows=rows), icon=":material/check_circle:")
        return
    said = t(
        run,
        "wizard.preview_problems",
        rows=rows,
        rejected=names.count(run, found.rejected),
        cells=names.count(run, len(kinds)),
    )
    st.warning(said, icon=":material/warning:")
    for problem in list(reversed(kinds.values()))[:8]:
        count = names.count(run, problem["n"])
        st.markdown(
            literal(t(run, "wizard.more_problems", line=problem["line"], problem=_problem(run, problem), count=count))
        )
