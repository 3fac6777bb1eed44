"""What someone says of an unknown file: its table, its columns, how cells are read, what else its rows fill."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from insights.sources.profile import Spec, TableSpec
from insights.sources.proposing.draft import Draft
from insights.sources.proposing.filling import answer
from insights.sources.proposing.further import could_ask, could_rate
from insights.sources.proposing.further import further as further_tables
from insights.ui.cards import tables
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.choices import choose, label
from insights.ui.views.data.loading.choices import columns as chosen_columns
from insights.ui.views.data.loading.held import Held, widget_key
from insights.ui.views.data.loading.meanings import words as words_meant

Further = dict[str, TableSpec]


def drafted(run: Run, held: Held) -> Draft:
    """Draw every choice, the proposal chosen, and return what stands now."""
    found = {p.table: p for p in held.proposals}
    said = {name: tables.heading(run, f"table_{name}") for name in found}
    table = choose(t(run, "wizard.table"), said, key=widget_key(held, "table"))
    columns = chosen_columns(run, held, found[table])
    st.subheader(t(run, "wizard.reading"), anchor=False)
    order, decimal, zone = _reading(run, held)
    columns = _units(run, held, table, columns)
    words = words_meant(run, held, table, columns)
    further = _further(run, held, table, columns)
    draft = Draft("mapping", table, columns, timezone=zone, date_order=order, decimal=decimal, words=words)
    return replace(draft, further=further, also=_asked(run, held, draft.columns, further))


def _asked(run: Run, held: Held, columns: Mapping[str, Spec], further: Further) -> tuple[dict[str, Spec], ...]:
    """Ask which further columns answer a question of their own; those whose words say so are chosen."""
    offered = could_ask(held.sample, columns, further)
    if not offered:
        return ()
    sure = [h for h, is_sure in offered.items() if is_sure]
    key = widget_key(held, "also_asked", *sorted(offered))
    chosen = st.multiselect(
        t(run, "wizard.also_asked"), list(offered), sure, key=key, help=t(run, "wizard.also_asked_help")
    )
    return tuple(answer(h, held.sample.facts[h]) for h in chosen)


def _further(run: Run, held: Held, table: str, columns: Mapping[str, Spec]) -> Further:
    """Ask which further tables the same rows fill, and which column rates a ticket where none was sure to."""
    found = further_tables(table, held.sample, columns)
    if table == "tickets" and "surveys" not in found and (ratings := could_rate(held.sample, columns)):
        said = {None: t(run, "wizard.none")} | {h: h for h in ratings}
        rating = choose(t(run, "wizard.offer_survey"), said, key=widget_key(held, table, "rating"))
        found = further_tables(table, held.sample, columns, rating) if rating else found
    if not found:
        return found
    st.subheader(t(run, "wizard.further"), anchor=False, help=t(run, "wizard.further_help"))
    with st.container(horizontal=True):
        return {name: spec for name, spec in found.items() if _also(run, held, table, name)}


def _also(run: Run, held: Held, table: str, name: str) -> bool:
    return st.checkbox(tables.heading(run, f"table_{name}"), value=True, key=widget_key(held, table, "also", name))


def _reading(run: Run, held: Held) -> tuple[str | None, str | None, str | None]:
    left, middle, right = st.columns(3, gap="small")
    orders = {None: t(run, "upload.recognise")} | {o: t(run, f"upload.order_{o}") for o in ("dmy", "mdy", "ymd")}
    marks = {None: t(run, "upload.recognise"), ",": t(run, "wizard.decimal_comma"), ".": t(run, "wizard.decimal_point")}
    own = t(run, "wizard.company_zone", zone=run.settings.company.time_zone)
    with left:
        order = choose(t(run, "wizard.date_order"), orders, key=widget_key(held, "order"))
    with middle:
        decimal = choose(t(run, "wizard.decimal"), marks, key=widget_key(held, "decimal"))
    with right:
        zones = {None: own} | {z: z for z in sorted(available_timezones())}
        zone = choose(t(run, "wizard.timezone"), zones, key=widget_key(held, "zone"))
    # The company's zone is written down: the file means the same times when the company moves.
    return order, decimal, zone or run.settings.company.time_zone


def _units(run: Run, held: Held, table: str, columns: dict[str, Spec]) -> dict[str, Spec]:
    """Ask for the unit of bare numbers in each chosen column of durations."""
    durations = [c for c in columns if c.endswith("_s") and columns[c].column]
    guessed = {c: s.unit for p in held.proposals if p.table == table for c, s in p.columns.items()}
    units = {u: t(run, f"wizard.unit_{u}") for u in ("s", "min", "h", "ms")}
    for start in range(0, len(durations), 3):
        for place, column in zip(st.columns(3, gap="small"), durations[start : start + 3], strict=False):
            said, key = (
                literal(t(run, "wizard.unit", column=label(run, column))),
                widget_key(held, table, column, "unit"),
            )
            with place:
                unit = choose(said, units, key=key, first=guessed.get(column) or "min")
            columns[column] = Spec(column=columns[column].column, unit=unit)
    return columns
