"""What a mapping would give: the first rows as converted, and what of them cannot be read."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from insights import texts
from insights.errors import InsightsError
from insights.sources import ReadOptions
from insights.sources.proposing.glance import Preview, preview
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card
from insights.ui.cards.draw import show
from insights.ui.run import Reader, Run, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.held import Held
from insights.ui.views.data.loading.used import notices

EXAMPLES = 8


def previewed(run: Run, held: Held, toml: str, options: ReadOptions) -> Preview | None:
    """Draw the first rows as converted and return them; None when the file would be refused."""
    if toml not in held.previews:
        try:
            held.previews[toml] = preview(held.sample, toml, options)
        except InsightsError as error:
            held.previews[toml] = error
    found = held.previews[toml]
    if isinstance(found, InsightsError):
        st.error(literal(texts.error(found, run.language)), title=t(run, "upload.refused"), icon=":material/block:")
        return None
    show(card(run, held.sample.name, found))
    return found


def card(to: Reader, file: str, found: Preview) -> Card:
    """Return the card of the first rows as converted, and one example of each problem further down."""

    def make(_: str) -> Body:
        marked = [_marked(to, row, found) for row in found.rows]
        shown = tables.records(to, marked) if marked else None
        said = notices(to, file, found.notices)
        return Body(
            table=shown,
            alt=t(to, "wizard.preview_alt"),
            text=_counted(to, found),
            notes=_further(to, found),
            warnings=said,
        )

    return Card("wizard_preview", None, t(to, "wizard.preview"), make)


def _marked(to: Reader, row: Mapping[str, Any], found: Preview) -> dict[str, Any]:
    mine = [p for p in found.problems if p["line"] == row["line"]]
    aside = [t(to, "wizard.row_aside")] if any(p["row_rejected"] for p in mine) else []
    said = " · ".join(aside + [_problem(to, p) for p in mine])
    cells = {k: v for k, v in row.items() if k != "line" and not k.endswith("_raw")}
    return {"line": row["line"], "problems": said or None} | cells


def _problem(to: Reader, problem: Mapping[str, Any]) -> str:
    reason = tables.reason(to, problem["reason"])
    column, value = problem["column"] or "", str(problem["value"] or "")[:60]
    said = "wizard.problem" if value.strip() else "wizard.problem_empty"
    return t(to, said, column=column, value=value, reason=reason)


def _kinds(found: Preview) -> list[Mapping[str, Any]]:
    """Return one problem of each kind, the first of it."""
    return [*reversed({(p["column"], p["reason"]): p for p in reversed(found.problems)}.values())]


def _counted(to: Reader, found: Preview) -> str:
    """Return how many rows could not be read."""
    rows, kinds = names.count(to, found.read), _kinds(found)
    if not kinds:
        return f":material/check_circle: {t(to, 'wizard.preview_all_good', rows=rows)}"
    counts = {"rows": rows, "rejected": names.count(to, found.rejected), "cells": names.count(to, len(kinds))}
    return f":material/warning: {t(to, 'wizard.preview_problems', **counts)}"


def _further(to: Reader, found: Preview) -> list[str]:
    return [
        literal(t(to, "wizard.more_problems", line=p["line"], problem=_problem(to, p), count=names.count(to, p["n"])))
        for p in _kinds(found)[:EXAMPLES]
    ]
