"""One table being read: cells laid out in rows and columns, and written as comma separated text."""

import csv
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from insights.errors import FileRefused
from insights.sources.model import Limits
from insights.sources.reading.delimited import fullest

_SPAN = re.compile(r"""(?<![\w-])(?:ss:)?(colspan|rowspan|index|mergeacross|mergedown)\s*=\s*["']?\s*(\d{1,5})""", re.I)
_WIDEST, _BEGINNING = 1_000, 40
COLUMNS = 2
"""A row of a table has at least so many cells: less is a title, or how a page is laid out."""


@dataclass(frozen=True)
class Out:
    """Where tables are written to, and how much may be."""

    folder: Path
    name: str
    room: int
    limits: Limits


@dataclass
class Grid:
    """A table being read: its file, the cells of its current row, and what reaches down into the next rows."""

    out: Out
    path: Path
    sheet: str = ""
    file: IO[str] | None = None
    written: int = 0
    rows: int = 0
    begun: list[list[str]] = field(default_factory=list)
    """The first rows: which of them is the header shows how many columns there are."""
    head: list[str] = field(default_factory=list)
    above: list[list[str]] = field(default_factory=list)
    """What stands above the header."""
    row: list[str] | None = None
    cell: list[str] | None = None
    spans: dict[str, int] = field(default_factory=dict)
    down: dict[int, tuple[int, str]] = field(default_factory=dict)
    """By column: in how many more rows which text stands."""

    @property
    def titled(self) -> bool:
        """Tell whether something stands above the header that is no part of it."""
        return any(filled(row) == 1 for row in self.above)

    def open_row(self) -> None:
        """Begin a row."""
        self.close_row()
        self.row = []

    def open_cell(self, attributes: str) -> None:
        """Begin a cell, further right where cells of rows above reach down or where it says so."""
        self.close_cell()
        self.row = [] if self.row is None else self.row
        self.spans = {k.lower(): int(v) for k, v in _SPAN.findall(attributes)}
        self._fill(self.spans.get("index", 0) - 1)
        self.cell = []

    def _fill(self, until: int) -> None:
        row = [] if self.row is None else self.row
        while len(row) in self.down or len(row) < min(until, _WIDEST):
            row.append(self._from_above(len(row)))

    def _from_above(self, column: int) -> str:
        left, said = self.down.pop(column, (0, ""))
        if left > 1:
            self.down[column] = left - 1, said
        return said

    def close_cell(self) -> None:
        """End a cell: its text stands in its first column, empty ones follow where it is wider, rows below repeat it."""
        if self.cell is None or self.row is None:
            return
        said = " ".join(html.unescape("".join(self.cell)).split())
        wide = min(self.spans.get("colspan", self.spans.get("mergeacross", 0) + 1), _WIDEST)
        deep = self.spans.get("rowspan", self.spans.get("mergedown", 0) + 1) - 1
        for number in range(max(wide, 1)):
            if deep > 0:
                self.down[len(self.row)] = deep, said if number == 0 else ""
            self.row.append(said if number == 0 else "")
        self.cell = None
        if len(self.row) > self.out.limits.max_columns + _WIDEST:
            raise FileRefused(
                "too_many_columns", file=self.out.name, found=len(self.row), allowed=self.out.limits.max_columns
            )

    def close_row(self) -> None:
        """End a row and write it."""
        self.close_cell()
        if self.row is not None:
            self._fill(max(self.down, default=-1) + 1)
            self._keep(self.row)
        self.row = None

    def _keep(self, row: list[str]) -> None:
        self.rows += filled(row) >= COLUMNS
        if self.file:
            self._write(row)
            return
        self.begun.append(row)
        if len(self.begun) >= _BEGINNING:
            self._begin()

    def _begin(self) -> None:
        """Find the header among the first rows, and write them."""
        self.head = fullest(row for row in self.begun if filled(row) >= COLUMNS)
        self.above = self.begun[: self.begun.index(self.head)] if self.head else []
        self.file = self.path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        for row in self.begun:
            self._write(row)
        self.begun = []

    def _write(self, row: list[str]) -> None:
        """Write a row as wide as the header: cells that are not there are empty, in pages and Excel's XML alike."""
        row = row + [""] * (len(self.head) - len(row)) if filled(row) else []
        while len(row) > len(self.head) and not row[-1]:
            row.pop()
        self.written += csv.writer(self.file).writerow(row) if self.file else 0
        if self.written > self.out.room:
            raise FileRefused("archive_bomb", file=self.out.name, allowed=f"{self.out.room / 1e9:.1g} GB")

    def close(self) -> None:
        """End the table."""
        self.close_row()
        if self.begun:
            self._begin()
        self.leave()

    def leave(self) -> None:
        """Let go of the file."""
        if self.file:
            self.file.close()


def filled(row: Sequence[str]) -> int:
    """Count the cells of a row that are not empty."""
    return sum(map(bool, row))
