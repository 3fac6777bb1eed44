"""Two cards of the quality page: which cells are filled in which month, and which days have no rows."""

import datetime as dt
from collections import defaultdict

import streamlit as st

from insights import quality, texts
from insights.charts import coverage as figures
from insights.ui.cards import cards
from insights.ui.cards.tables import heading
from insights.ui.cards.trust import WHOLE, fetch
from insights.ui.run import here, t
from insights.ui.views.data.quality import table_name

MONTHS = 24
WEEKS = 104
NAMED_GAPS = 12


def coverage() -> None:
    """Draw the share of filled cells by column and month, for one table of one source."""
    run = here()
    cells = quality.coverage(fetch, WHOLE, scope=run.scope)
    run.exports[t("quality.cover_title")] = [vars(c) for c in cells]
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for c in cells:
        sizes[c.table, c.source] += c.n
    with cards.card(t("quality.cover_title"), t("quality.cover_reading"), key="coverage"):
        if not sizes:
            cards.nothing()
            return
        order = list(quality.KEY_COLUMNS)
        table, source = _pick(sorted(sizes, key=lambda k: (order.index(k[0]), -sizes[k])), "coverage")
        mine = [c for c in cells if (c.table, c.source) == (table, source)]
        months = sorted({c.month for c in mine if c.month})[-MONTHS:]
        shown = [*([None] if any(c.month is None for c in mine) else []), *months]
        columns = [(c, heading(c)) for c in quality.KEY_COLUMNS[table]]
        by_cell = {(c.column, c.month): (c.filled, c.n) for c in mine}
        filled = {
            k: sum(c.filled for c in mine if c.column == k) / sizes[table, source] * len(columns) for k, _ in columns
        }
        said = "; ".join(f"{h} {texts.percent(filled[k], run.language, 0)}" for k, h in columns)
        alt = t("quality.cover_alt", table=table_name(table), source=source, columns=said)
        cards.plot(figures.coverage(columns, shown, by_cell, run.language), key="coverage", alt=alt)


def gaps() -> None:
    """Draw the days of one table of one source, with those that should not be empty marked."""
    run = here()
    found = {(d.table, d.source): d for d in quality.days(fetch, WHOLE, scope=run.scope)}
    run.exports[t("quality.gaps_title")] = [
        {"table": d.table, "source": d.source, "day": day} for d in found.values() for day in d.gaps
    ]
    with cards.card(t("quality.gaps_title"), t("quality.gaps_reading"), key="gaps"):
        if not found:
            cards.nothing()
            return
        # What has most gaps is what the reader came for.
        table, source = _pick(sorted(found, key=lambda k: -len(found[k].gaps)), "gaps")
        days = found[table, source]
        since = max(days.rows) - dt.timedelta(weeks=WEEKS)
        recent = {day: n for day, n in days.rows.items() if day > since}
        said = _said(days)
        alt = f"{table_name(table)} · {source}. {said}"
        cards.plot(figures.calendar(recent, [g for g in days.gaps if g > since], run.language), key="gaps", alt=alt)
        st.caption(f":material/event_busy: {said}" if days.gaps else f":material/check_circle: {said}")


def _said(days: quality.Days) -> str:
    language = here().language
    first, last = (texts.day(d, language) for d in (min(days.rows), max(days.rows)))
    if not days.gaps:
        return t("quality.gaps_none", first=first, last=last)
    listed = ", ".join(texts.day(d, language) for d in days.gaps[-NAMED_GAPS:])
    if (more := len(days.gaps) - NAMED_GAPS) > 0:
        listed += " " + t("quality.gaps_more", count=more)
    return t("quality.gaps_some", count=len(days.gaps), first=first, last=last, days=listed)


def _pick(choices: list[tuple[str, str]], key: str) -> tuple[str, str]:
    picked = st.selectbox(
        t("quality.cover_pick"), choices, key=f"pick_{key}", label_visibility="collapsed",
        format_func=lambda c: f"{table_name(c[0])} · {c[1]}",
    )  # fmt: skip
    return picked or choices[0]
