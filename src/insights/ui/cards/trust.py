"""Why a KPI is not shown for a source, as sentences; and the pages' cached way to what the checks found."""

from typing import Any

import sqlalchemy as sa
import streamlit as st

from insights import quality, texts
from insights.filters import Filters, Scope
from insights.quality import Finding
from insights.ui.run import here, names, t
from insights.warehouse import Warehouse

Row = dict[str, Any]
WHOLE = Filters()
"""Quality is judged over all the data held: a gap does not go away because a period leaves it out."""


def fetch(select: sa.Select[Any]) -> list[Row]:
    """Return the rows of a select, cached per warehouse version and scope."""
    run = here()
    return _fetched(f"{run.data.path}#{run.data.version}", run.scope, run.data.sql(select), run.data, select)


@st.cache_data(max_entries=200, show_spinner=False)
def _fetched(version: str, scope: Scope, sql: str, _warehouse: Warehouse, _select: sa.Select[Any]) -> list[Row]:
    return _warehouse.fetch(_select)


def found() -> list[Finding]:
    """Return what every check found in all the data the reader may see."""
    with st.spinner(t("quality.checking")):
        return quality.findings(fetch, WHOLE, scope=here().scope, as_of=here().data.as_of)


def why(verdict: quality.Verdict) -> str:
    """Return the sentence that says why a KPI is refused for a source."""
    share = texts.percent(verdict.share, here().language)
    return t(f"quality.refused.{verdict.reason}", source=verdict.source, share=share, n=names.count(verdict.n))


def refusals(key: str, filters: Filters) -> list[str]:
    """Return why a KPI leaves out sources among those chosen; empty for nearly all."""
    chosen = filters.chosen("source")
    return [why(v) for v in quality.verdicts(fetch).get(key, ()) if not chosen or v.source in chosen]
