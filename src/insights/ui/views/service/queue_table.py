"""The columns of the queue: what is left as numbers that sort, the customer, and the way into the source system."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights import texts
from insights.asking import Desk
from insights.timing.hours import ALWAYS
from insights.ui.cards import tables
from insights.ui.cards.card import Column, Table
from insights.ui.run import local, names, t

Row = Mapping[str, Any]
TALLEST, ROW = 440, 38
SIGNS = {"long_late": "▲", "late": "▲", "at_risk": "◆", "today": "◆", "later": "●", "paused": "‖"}
"""A sign beside each standing's word, so that nothing rests on colour."""
COLUMNS = (
    "left_s",
    "ticket_id",
    "customer",
    "standing",
    "promise",
    "due_at",
    "loyalty_tier",
    "spent",
    "last_contact_at",
    "priority",
    "agent",
    "team",
    "policy",
    "promises",
    "calendar",
    "segment",
    "category",
)
STAKES = ("stake_low", "stake_high")
"""Between which amounts lies what hangs on a ticket, where it is asked for."""
ALWAYS_SHOWN = ("left_s", "standing")
WIDTHS = {"left_s": 84, "ticket_id": 92, "customer": 124, "standing": 112, "promise": 104, "due_at": 128}


def of(desk: Desk, rows: Sequence[Row]) -> Table:
    """Return tickets of the queue as a table, columns without any value left out."""
    columns = (*COLUMNS[:5], *STAKES, *COLUMNS[5:])
    cells = [{c: _cell(desk, row, c) for c in columns} for row in rows]
    shown = [c for c in columns if c in ALWAYS_SHOWN or any(cell[c] is not None for cell in cells)]
    return Table(
        {c: _column(desk, c) for c in shown},
        [{c: cell[c] for c in shown} for cell in cells],
        height=min(TALLEST, 40 + ROW * len(rows)),
        row_height=ROW,
        leads=rows,
    )


def _cell(desk: Desk, row: Row, column: str) -> Any:
    match column:
        case "left_s":
            return tables.hours(row["left_s"])
        case "standing":
            return _standing(desk, row)
        case "customer":
            return row["customer"] or row["customer_id"]
        case "promise":
            return texts.word("sla_metric", row["promise"], desk.language)
        case "calendar":
            return calendar(desk, row)
        case "due_at" | "last_contact_at":
            return local(desk, row[column]).replace(tzinfo=None) if row[column] else None
        case "spent" | "stake_low" | "stake_high":
            return None if row.get(column) is None else round(float(row[column]))
    value = row["agent_id" if column == "agent" else column]
    if value and column in ("agent", "priority"):
        return names.member(desk, column, value)
    return names.called(desk, column, value) if isinstance(value, str) else value


def _standing(desk: Desk, row: Row) -> str:
    words = [row["standing"], *(["paused"] if row["paused"] and row["standing"] != "paused" else [])]
    said = ", ".join(texts.word("standing", word, desk.language) for word in words)
    return f"{SIGNS[row['standing']]} {said}"


def calendar(desk: Desk, row: Row) -> str:
    """Return what the calendar of a clock is called."""
    return names.calendar(desk, str(row["calendar"]))


def _column(desk: Desk, column: str) -> Column:
    width = WIDTHS.get(column)
    match column:
        case "left_s":
            hours = f"{t(desk, 'sla_page.left')} ({t(desk, 'app.unit_hour')})"
            return Column(hours, "number", width, help=t(desk, "sla_page.left_help"), digits=1)
        case "due_at" | "last_contact_at":
            return Column(tables.heading(desk, column), "moment", width)
        case "spent" | "stake_low" | "stake_high":
            return Column(f"{tables.heading(desk, column)} ({desk.currency})", "number", width)
        case "promises":
            return Column(tables.heading(desk, column), "number", width)
    return Column(tables.heading(desk, column), width=width)


def both_clocks(desk: Desk, row: Row) -> str:
    """Return what is left of a promise by its own clock and by the calendar."""
    return t(
        desk,
        "sla_page.both_clocks",
        promise=texts.word("sla_metric", row["promise"], desk.language),
        left=texts.duration(row["left_s"], desk.language, days=row["calendar"] == ALWAYS),
        calendar=calendar(desk, row),
        wall=texts.duration(row["due_in_s"], desk.language),
    )
