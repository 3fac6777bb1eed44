"""KPI tiles: value, change against the equally long period before, whole weeks, target, n, and the way to the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from insights.asking import Desk
from insights.metrics import Number
from insights.ui.cards import details, layout, why
from insights.ui.cards.card import record
from insights.ui.run import data, here, names, periods, steps, t
from insights.ui.run.gather import gathered

WEEKS = 26
LEAST_WEEKS = 4
ACROSS = 6


@dataclass(frozen=True)
class Tile:
    """One metric on a tile, before it is drawn. `desk` is the one its number comes from, shifted back or not."""

    desk: Desk
    number: Number
    weeks: Sequence[float] = ()
    label: str = ""
    """Other words than the metric's own."""
    note: str = ""
    place: str = ""
    """Tells two rows of tiles apart."""

    @property
    def key(self) -> str:
        """Return the metric."""
        return self.number.metric

    @property
    def counted(self) -> bool:
        """Tell whether it is a count, which needs no least n."""
        return names.metric(self.key).unit == "count"

    @property
    def hidden(self) -> bool:
        """Tell whether it rests on too few cases to be shown."""
        return not self.counted and self.number.n < self.desk.settings.thresholds.hide_below

    @property
    def thin(self) -> bool:
        """Tell whether it rests on few cases."""
        return not self.counted and self.number.n < self.desk.settings.thresholds.grey_below

    @property
    def delta(self) -> float | None:
        """Return the change, unknown where the value is hidden."""
        return None if self.hidden else self.number.change

    @property
    def doubtful(self) -> bool:
        """Tell whether the change may be chance; counts have no interval: they are what they are."""
        return self.number.change_real is False or (self.thin and not self.number.change_real)


@dataclass(frozen=True)
class Count:
    """One count before it is drawn."""

    label: str
    value: str
    delta: str | None = None
    note: str = ""
    help: str | None = None
    badge: str = ""
    fine: bool = True
    """The badge says that all is well."""
    about: tuple[Desk, str, str] | None = None
    """The desk, the metric that counts the same, and where its drawer stands in the address."""
    leads: tuple[str, str] | None = None
    """The page it leads to, and the words for that."""


def tiles(desk: Desk, *keys: str, place: str = "") -> None:
    """Draw one tile per metric; `place` tells two rows of tiles apart."""
    made = [*tile(desk, *keys, place=place).values()]
    in_row(made, place)
    say_ignored(desk, keys)
    title = t(desk, "ui.more_figures" if place else "ui.key_figures")
    here().exports[title] = exported(made)


def tile(desk: Desk, *keys: str, place: str = "") -> dict[str, Tile]:
    """Return the tiles of metrics."""
    numbers, lines = data.compared(desk, keys), weekly(desk, keys)
    return {k: Tile(data.matured(desk, k), numbers[k], lines.get(k, ()), place=place) for k in keys}


def exported(made: Sequence[Tile]) -> list[dict[str, Any]]:
    """Return tiles as rows of the export."""
    return [{t(of.desk, "ui.metric"): names.name(of.desk, of.key), **record(of.number)} for of in made]


def say_ignored(desk: Desk, keys: Sequence[str]) -> None:
    """Say which of the chosen filters do not concern which of these metrics."""
    blind = {key: ignored for key in keys if (ignored := desk.about(key).ignored)}
    if blind:
        dimensions = dict.fromkeys(names.dimension(desk, d) for ignored in blind.values() for d in ignored)
        deaf = ", ".join(names.short(desk, key) for key in blind)
        said = t(desk, "ui.ignored_here", dimensions=", ".join(dimensions), metrics=deaf)
        st.caption(f":material/filter_alt_off: {said}")


def weekly(desk: Desk, keys: Sequence[str]) -> Mapping[str, list[float]]:
    """Return each metric's last whole weeks; unknown ones are left out of the line.

    What only grows with the age of its cases has none: its newest weeks would fall whatever happened.
    """
    settled = [key for key in keys if not names.metric(key).open_ended]
    weeks = desk.with_filters(periods.last_weeks(desk.filters, data.day_of(desk), WEEKS, data.starts(desk)))
    found: dict[str, list[float]] = {}
    for number in data.values(weeks, settled, grain="week") if settled else ():
        if number.value is not None and number.complete:
            found.setdefault(number.metric, []).append(float(number.value))
    return found


def in_row(of: Sequence[Tile | Count], place: str) -> None:
    """Draw tiles and counts side by side; they stack on a phone. What no loaded file ever says is named below them."""
    silent = [one for one in of if isinstance(one, Tile) and _never_said(one)]
    drawn = [one for one in of if one not in silent]
    if drawn:
        grid = st.grid(min(len(drawn), ACROSS), min_column_width=150, gap="small", border=True, key=f"tiles_{place}")
    for i, one in enumerate(drawn):
        with grid.cell():
            if isinstance(one, Tile):
                draw(one)
            else:
                _count(one, f"{place}_{i}")
    if silent:
        told = t(silent[0].desk, "ui.never_said", names=", ".join(names.short(one.desk, one.key) for one in silent))
        report.add(told) if (report := gathered()) else st.caption(f":material/database_off: {told}")


def _never_said(of: Tile) -> bool:
    """Tell whether nothing loaded makes the number known, at any time and under no filter."""
    if of.number.n or of.number.value is not None or of.number.refused:
        return False
    return not data.ever(of.desk, of.key)


def _count(of: Count, place: str) -> None:
    if report := gathered():
        return report.add(of)
    with st.container(key=f"count_{place}", gap="xsmall"):
        st.metric(of.label, of.value, delta=of.delta, help=of.help, height="content")
        if of.note:
            st.caption(of.note)
        if of.badge:
            _badged(of.badge, of.fine)
        if of.about:
            details.button(*of.about)
        if of.leads:
            layout.link(*of.leads)


def _badged(said: str, fine: bool) -> None:
    st.badge(said, icon=f":material/{'check_circle' if fine else 'flag'}:", color="green" if fine else "orange")


def draw(of: Tile) -> None:
    """Draw one metric: value, change, weeks, and the way to its definition and rows."""
    if report := gathered():
        report.add(of)
        return
    with st.container(key=f"tile_{of.place}{of.key}", gap="xsmall"):
        _value(of)
        _badge(of)
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            _details(of)
        if of.note and not of.hidden:
            st.caption(of.note)


def _value(of: Tile) -> None:
    quiet = of.doubtful or not of.delta
    st.metric(
        of.label or names.short(of.desk, of.key),
        names.said_briefly(of.desk, None if of.hidden else of.number.value, of.key),
        delta=_said_delta(of),
        delta_color="off" if quiet else _colour(of.key),
        delta_arrow="off" if quiet else "auto",
        chart_data=list(of.weeks) if len(of.weeks) >= LEAST_WEEKS else None,
        height="content",
    )


def _said_delta(of: Tile) -> str | None:
    if of.delta is None:
        return None
    said = names.said_change(of.desk, of.delta, of.key)
    return said if any(c in "123456789" for c in said) else f"= {t(of.desk, 'ui.no_change')}"


def _colour(key: str) -> Literal["off", "normal", "inverse"]:
    colours: dict[str, Literal["off", "normal", "inverse"]] = {"up": "normal", "down": "inverse"}
    return colours.get(names.metric(key).better, "off")


def _details(of: Tile) -> None:
    desk, chosen = of.desk, here().desk.filters
    help_ = f"{names.name(desk, of.key)}: {t(desk, 'ui.info_help')}"
    earlier = desk.filters.until != chosen.until
    if earlier:
        span = names.span(desk, desk.filters.since, desk.filters.until)
        help_ += f". {t(desk, 'ui.shifted', span=span)}"
    about = t(desk, "ui.details") if of.counted else f"n = {names.count(desk, of.number.n)}"
    icon, key = f":material/{'history' if earlier else 'info'}:", f"info_{of.place}{of.key}"
    st.button(about, icon=icon, type="tertiary", key=key, help=help_, on_click=steps.opens, args=(key,))
    if of.delta is not None and why.can_be_asked(desk, of.key):
        details.why_button(desk, of.key, key)
    details.drawer(desk, of.key, key)


def _badge(of: Tile) -> None:
    desk, number = of.desk, of.number
    if number.refused and not number.n:
        st.badge(t(desk, "quality.refused_badge"), icon=":material/block:", color="orange")
    elif not number.n and not of.counted:
        st.badge(t(desk, "ui.none"), icon=":material/search_off:", color="gray")
    elif of.hidden:
        st.badge(t(desk, "ui.too_few"), icon=":material/visibility_off:", color="gray")
    elif of.thin:
        st.badge(t(desk, "ui.few"), icon=":material/grain:", color="gray")
    elif (met := names.reached(desk, number.value, of.key)) is not None:
        _badged(f"{t(desk, 'ui.target')} {names.said_target(desk, of.key)}", met)
