"""The card of groups side by side, with the rows of the chosen one below."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights.asking import Desk
from insights.filters import UNKNOWN
from insights.metrics import Number
from insights.metrics.number import Member
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table, nothing, record
from insights.ui.run import data, names, periods, t

WEEKS = 12
LONGEST = 12
LISTED = 200


def breakdown(desk: Desk, dimension: str, *keys: str, title: str = "") -> Card:
    """Return the card of a dimension's groups with count, change, twelve weeks and metrics."""
    label = title or t(desk, "ui.by_dimension", dimension=names.dimension(desk, dimension))

    def make(_: str) -> Body:
        return _body(desk, dimension, keys, label)

    return Card(f"groups_{dimension}", desk, label, make, t(desk, "ui.pick_row"), about="created")


def _body(desk: Desk, dimension: str, keys: Sequence[str], label: str) -> Body:
    found = data.numbers(desk, ["created"], by=[dimension], compare=data.comparable(desk))
    groups = sorted((g for g in found if g.value), key=lambda g: -(g.value or 0))[:LONGEST]
    if not groups:
        return nothing(desk)
    others = data.numbers(desk, keys, by=[dimension]) if keys else []
    rows = [record(number) for number in (*groups, *others)]
    drawn = _table(desk, dimension, groups, {(n.metric, n.member(dimension)): n for n in others})
    return Body(
        table=drawn,
        alt=label,
        rows=rows,
        groups=[group.group for group in groups],
        opens=lambda place: _opened(desk, dimension, groups[place]),
    )


def _table(desk: Desk, dimension: str, groups: Sequence[Number], others: Mapping[tuple[str, Member], Number]) -> Table:
    weeks, members = _weekly(desk, dimension), [g.member(dimension) for g in groups]
    amounts: dict[str, tuple[Column, Sequence[Any]]] = {}
    amounts["n"] = tables.measured(desk, t(desk, "ui.tickets"), "count", [g.value for g in groups])
    growth = [_growth(g) for g in groups]
    if any(of is not None for of in growth):
        amounts["change"] = tables.measured(desk, t(desk, "ui.change"), "share", growth)
    amounts["weeks"] = Column(t(desk, "ui.last_weeks", weeks=WEEKS), "area"), [weeks.get(m, []) for m in members]
    for key in dict.fromkeys(key for key, _ in others):
        shown = [_shown(desk, others.get((key, m))) for m in members]
        if any(of is not None for of in shown):  # a column of dashes says nothing
            amounts[key] = tables.measured(desk, names.short(desk, key), names.metric(key).unit, shown)
    columns = {"name": Column(names.dimension(desk, dimension), width="medium")}
    rows: list[dict[str, Any]] = [{"name": names.member(desk, dimension, m)} for m in members]
    rows = [row | {c: cells[i] for c, (_, cells) in amounts.items()} for i, row in enumerate(rows)]
    return Table(columns | {c: column for c, (column, _) in amounts.items()}, rows, row_height=40)


def _shown(desk: Desk, number: Number | None) -> float | None:
    enough = number is not None and number.n >= desk.settings.thresholds.hide_below
    return number.value if number and enough else None


def _growth(group: Number) -> float | None:
    return (group.value or 0) / group.previous - 1 if group.previous else None


def _weekly(desk: Desk, dimension: str) -> dict[Member, list[float]]:
    weeks = desk.with_filters(periods.last_weeks(desk.filters, data.day_of(desk), WEEKS, data.starts(desk)))
    found: dict[Member, list[float]] = {}
    for number in data.values(weeks, ["created"], by=[dimension], grain="week"):
        if number.complete:
            found.setdefault(number.member(dimension), []).append(float(number.value or 0))
    return found


def _opened(desk: Desk, dimension: str, group: Number) -> tuple[str, Body]:
    member = group.member(dimension)
    rows = desk.narrow(dimension, UNKNOWN if member is None else str(member)).rows("created", limit=LISTED)
    title = t(desk, "ui.rows_of", name=names.member(desk, dimension, member))
    return title, Body(table=tables.records(desk, rows, 360)) if rows else nothing(desk)
