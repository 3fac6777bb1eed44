"""Pages cut at their tags: which cells stand in which rows of which table."""

import csv
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from insights.errors import FileRefused
from insights.sources.model import Limits

_TAG = re.compile(r"""(/?)([A-Za-z][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_SPAN = re.compile(r"""(colspan|rowspan|index|mergeacross|mergedown)\s*=\s*["']?\s*(\d{1,5})""", re.I)
_DEPTH, _WIDEST = 30, 1_000
_COLUMNS, _ROWS = 2, 2
"""A table has at least so many of each: less is how a page is laid out."""
_RIVAL = 0.5


@dataclass(frozen=True)
class Way:
    """What tables, rows and cells are called, and whose content is none of theirs."""

    row: str
    cells: frozenset[str]
    skipped: frozenset[str]


PAGE = Way("tr", frozenset({"td", "th"}), frozenset({"script", "style", "select", "template", "title"}))
EXCEL = Way("row", frozenset({"cell"}), frozenset({"comment", "styles", "names"}))


@dataclass(frozen=True)
class Out:
    """Where tables are written to, and how much may be."""

    folder: Path
    encoding: str
    name: str
    room: int
    limits: Limits


@dataclass
class _Table:
    """A table being read: its file, the cells of its current row, and what reaches down into the next rows."""

    out: Out
    path: Path
    file: IO[str] | None = None
    rows: int = 0
    head: list[str] = field(default_factory=list)
    titled: bool = False
    """Something stands above the header."""
    row: list[str] | None = None
    cell: list[str] | None = None
    spans: dict[str, int] = field(default_factory=dict)
    down: dict[int, tuple[int, str]] = field(default_factory=dict)
    """By column: in how many more rows which text stands."""

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
            raise FileRefused("too_many_columns", file=self.out.name, found=len(self.row), allowed=self.out.limits.max_columns)  # fmt: skip

    def close_row(self) -> None:
        """End a row and write it."""
        self.close_cell()
        if self.row is not None:
            self._fill(max(self.down, default=-1) + 1)
            self._write(self.row)
        self.row = None

    def _write(self, row: list[str]) -> None:
        if self.file is None:
            self.file = self.path.open("w", encoding=self.out.encoding, errors="surrogateescape", newline="")
        several = sum(map(bool, row)) >= _COLUMNS
        self.rows += several
        self.titled = self.titled or not (several or self.head)
        self.head = self.head or (row if several else [])
        csv.writer(self.file).writerow(row)
        if self.file.tell() > self.out.room:
            raise FileRefused("archive_bomb", file=self.out.name, allowed=f"{self.out.room / 1e9:.1g} GB")

    def close(self) -> None:
        """End the table."""
        self.close_row()
        if self.file:
            self.file.close()


class Tables:
    """Takes a page piece by piece and keeps the largest of its tables; those with the same header follow one another."""

    def __init__(self, way: Way, out: Out) -> None:
        self.way, self.out, self.number = way, out, 0
        self.open: list[_Table] = []
        self.skipping = ""
        self.best: _Table | None = None
        self.next = 0
        """Rows of the largest table with another header."""

    def take(self, piece: str) -> None:
        """Take what stands from one `<` to the next, without it."""
        if self.skipping:
            self._skip(piece)
            return
        if piece.startswith("!--"):
            self._skip_to("--", piece)
            return
        tag = _TAG.match(piece)
        if tag:
            self._tag(_bare(tag), tag[3], closing=bool(tag[1]))
        self._say(piece[tag.end() :] if tag else piece.partition(">")[2])

    def _skip_to(self, end: str, piece: str) -> None:
        self.skipping = end
        self._skip(piece[3:])

    def _skip(self, piece: str) -> None:
        """Pass over what is no text, up to its end."""
        if self.skipping == "--":
            _, ended, after = piece.partition("-->")
        else:
            tag = _TAG.match(piece)
            ended = "/" if tag and tag[1] and _bare(tag) == self.skipping else ""
            after = piece[tag.end() :] if tag else ""
        if ended:
            self.skipping = ""
            self._say(after)

    def _say(self, said: str) -> None:
        if said and not self.skipping and self.open and self.open[-1].cell is not None:
            self.open[-1].cell.append(said)

    def _tag(self, tag: str, attributes: str, *, closing: bool) -> None:
        if tag in self.way.skipped and not closing and not attributes.endswith("/"):
            self.skipping = tag
        elif tag == "table":
            self._close() if closing else self._open()
        elif self.open:
            self._inside(self.open[-1], tag, attributes, closing=closing)

    def _inside(self, table: _Table, tag: str, attributes: str, *, closing: bool) -> None:
        if tag == self.way.row:
            table.close_row() if closing else table.open_row()
            if attributes.endswith("/"):
                table.close_row()
        elif tag in self.way.cells:
            table.close_cell() if closing else table.open_cell(attributes)
            if attributes.endswith("/"):
                table.close_cell()
        elif self.way is PAGE:
            self._say(" ")

    def _open(self) -> None:
        if len(self.open) >= _DEPTH:
            raise FileRefused("too_deep", file=self.out.name, allowed=_DEPTH)
        self.number += 1
        self.open.append(_Table(self.out, self.out.folder / str(self.number)))

    def _close(self) -> None:
        if not self.open:
            return
        table = self.open.pop()
        table.close()
        if table.rows < _ROWS:
            table.path.unlink(missing_ok=True)
        elif self.best is None:
            self.best = table
        elif table.head == self.best.head and not table.titled:
            self._append(table)
        else:
            self._against(table)

    def _append(self, table: _Table) -> None:
        """Let a table of the same header follow: a report of several pages."""
        best = self.best or table
        with table.path.open("rb") as more, best.path.open("ab") as file:
            more.readline()
            while chunk := more.read(1 << 20):
                file.write(chunk)
        best.rows += table.rows - 1
        table.path.unlink()

    def _against(self, table: _Table) -> None:
        """Keep the larger of two tables."""
        best = self.best or table
        smaller, self.best = (table, best) if table.rows <= best.rows else (best, table)
        self.next = max(self.next, smaller.rows)
        smaller.path.unlink()

    def leave(self) -> None:
        """Let go of every file that is still open."""
        for table in self.open:
            if table.file:
                table.file.close()

    def done(self) -> Path | None:
        """Return the file of the table; None where there is none; raises FileRefused where another is about as large."""
        while self.open:
            self._close()
        if self.best and self.next > _RIVAL * self.best.rows and self.next > _ROWS:
            raise FileRefused("ambiguous_sheet", key="refused_several_tables", file=self.out.name)
        return self.best.path if self.best else None


def _bare(tag: re.Match[str]) -> str:
    """Return what a tag is called, without its namespace."""
    return tag[2].rpartition(":")[2].lower()
