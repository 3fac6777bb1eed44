"""One hostile or messy file and what must become of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Content = bytes | Mapping[str, bytes]
"""Bytes of a file, or of the files of a folder by name."""

HEAD = "ticket_id,customer_id,status,created_at"
ROWS = "T-1,C-1,open,2026-01-05 10:00:00\nT-2,C-2,solved,2026-01-13 11:30:00\nT-3,C-3,pending,2026-02-20 09:15:00\n"
PLAIN = f"{HEAD}\n{ROWS}"
"""The good file most cases are a damaged copy of: three tickets."""


@dataclass(frozen=True)
class Case:
    """A file, how it is loaded, and its expected outcome: rows and words per reason, or the class of the refusal.

    `rows` are the rows loaded into the main table `table`, `files` the files (members, sheets) they come from;
    `cells` gives some values by id and column (None: unknown), as DuckDB writes them.
    """

    name: str
    file: str
    content: Content
    rows: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    cells: dict[str, dict[str, str | None]] = field(default_factory=dict)
    refused: str | None = None
    files: int = 1
    table: str = "tickets"
    options: dict[str, Any] = field(default_factory=dict)


def case(name: str, content: str | Content, rows: int = 0, *, file: str = "", **rest: Any) -> Case:
    """Return a case; text is written as UTF-8, the file is named after the case, unknown keywords are read options."""
    own = {k: rest.pop(k) for k in list(rest) if k in Case.__dataclass_fields__}
    body = content.encode() if isinstance(content, str) else content
    return Case(name, file or f"{name}.csv", body, rows, options=rest, **own)


def refused(name: str, content: str | Content, kind: str, **rest: Any) -> Case:
    """Return a case whose file is not loaded at all."""
    return case(name, content, refused=kind, **rest)


def column(
    name: str,
    column: str,
    cells: Sequence[str],
    expected: Sequence[str | None],
    *,
    required: bool,
    table: str,
    header: str,
    row: str,
    **rest: Any,
) -> Case:
    """Return a file whose last column holds `cells`; `expected` has a value, None (unknown) or ` reason` for each."""
    lines = [f"{row.format(n=n)};{cell}" for n, cell in enumerate(cells, 1)]
    reasons = [e[1:] for e in expected if e and e.startswith(" ")]
    counted = {r: reasons.count(r) for r in dict.fromkeys(reasons)}
    good = {f"T-{n}": e for n, e in enumerate(expected, 1) if not (required and e and e.startswith(" "))}
    return case(
        name,
        "\n".join([f"{header};{column}", *lines, ""]),
        len(good),
        table=table,
        cells={k: {column.split(" ")[0]: None if e and e.startswith(" ") else e} for k, e in good.items()},
        **{"rejects" if required else "warnings": counted},
        **rest,
    )


def dated(name: str, cells: Sequence[str], expected: Sequence[str | None], **rest: Any) -> Case:
    """Return tickets with these creation times; a bad one sets its row aside."""
    return column(
        name,
        rest.pop("column", "created_at"),
        cells,
        expected,
        required=True,
        table="tickets",
        header="ticket_id;customer_id;status",
        row="T-{n};C-{n};open",
        **rest,
    )


def optional(name: str, column_name: str, cells: Sequence[str], expected: Sequence[str | None], **rest: Any) -> Case:
    """Return tickets with these cells in an optional column; a bad one is unknown and a warning."""
    return column(
        name,
        column_name,
        cells,
        expected,
        required=False,
        table="tickets",
        header="ticket_id;customer_id;status;created_at",
        row="T-{n};C-{n};open;2026-01-05 10:00:00",
        **rest,
    )


def priced(name: str, cells: Sequence[str], expected: Sequence[str | None], **rest: Any) -> Case:
    """Return orders with these amounts."""
    return column(
        name,
        "amount",
        cells,
        expected,
        required=False,
        table="orders",
        header="order_id;customer_id;status;ordered_at",
        row="T-{n};C-{n};paid;2026-01-05 10:00:00",
        **rest,
    )


def scored(name: str, scale: str, cells: Sequence[str], expected: Sequence[str | None], **rest: Any) -> Case:
    """Return surveys with these answers; `scale` is `kind;scale_min;scale_max`."""
    return column(
        name,
        "score",
        cells,
        expected,
        required=False,
        table="surveys",
        header="survey_id;customer_id;answered_at;kind;scale_min;scale_max",
        row="T-{n};C-{n};2026-01-05 10:00:00;" + scale,
        **rest,
    )
