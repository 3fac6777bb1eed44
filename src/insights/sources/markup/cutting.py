"""Pages cut at their tags: which cells stand in which rows of which table."""

import html
import re
from dataclasses import dataclass
from itertools import islice

from insights.errors import FileRefused
from insights.sources.markup.grid import Grid, Out

_TAG = re.compile(r"""(/?)([A-Za-z][\w:.-]*+)(?=[\s/>])((?:=\s*+(?:"[^"]*"|'[^']*')|[^>])*+)>""")
_OPEN_VALUE = re.compile(r"""[A-Za-z](?:=\s*+(?:"[^"]*"|'[^']*')|=(?!\s*["'])|[^>=])*+=\s*["']""")
"""A tag in the middle of a value in quotes: what follows a `<` in there is still the tag."""
_NAME = re.compile(r"""(?<![\w-])(?:ss:)?name\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_DEPTH, _LONGEST_TAG = 30, 4_096
_ROWS = 2
"""A table has at least so many rows: less is how a page is laid out."""
_RIVAL = 0.5


@dataclass(frozen=True)
class Way:
    """What tables, rows and cells are called, whose content is none of theirs, and what ends the file."""

    row: str
    cells: frozenset[str]
    skipped: frozenset[str]
    ends: frozenset[str]


PAGE = Way(
    "tr",
    frozenset({"td", "th"}),
    frozenset({"script", "style", "select", "template", "title"}),
    frozenset({"html", "body"}),
)
EXCEL = Way("row", frozenset({"cell"}), frozenset({"comment", "styles", "names"}), frozenset({"workbook"}))


class Tables:
    """Takes a page piece by piece and keeps the largest of its tables; those with the same header follow one another."""

    def __init__(self, way: Way, out: Out, sheet: str | None = None) -> None:
        self.way, self.out, self.wanted, self.number = way, out, sheet, 0
        self.open: list[Grid] = []
        self.skipping = self.held = self.sheet = ""
        self.ended = self.headers = False
        self.best: Grid | None = None
        self.left: list[Grid] = []
        """Tables with another header that are not the largest, or of a sheet that is not asked for."""

    def take(self, piece: str) -> None:
        """Take what stands from one `<` to the next, without it."""
        if self.skipping:
            self._skip(piece)
            return
        piece, self.held = self.held + piece, ""
        tag = _TAG.match(piece)
        if tag:
            self._tag(_bare(tag), tag[3], closing=bool(tag[1]))
            self._say("" if self.skipping else piece[tag.end() :])
        elif piece.startswith(("!", "?")):
            self._declared(piece)
        elif _OPEN_VALUE.match(piece) and len(piece) < _LONGEST_TAG:
            self.held = piece + "<"
        else:
            self._say("<" + piece)

    def _declared(self, piece: str) -> None:
        """Take a comment, a text that holds tags as letters, or what is said of the file."""
        if piece[:7].upper() == "!ENTITY":
            raise FileRefused("xml_entities", file=self.out.name)
        if piece.startswith("!--"):
            self.skipping = "--"
            self._skip(piece[3:])
        elif piece.startswith("![CDATA["):
            self.skipping = "]]"
            self._letters(piece[8:])
        else:
            self._say(piece.partition(">")[2])

    def _skip(self, piece: str) -> None:
        """Pass over what is no text, up to its end."""
        if self.skipping == "]]":
            self._letters("<" + piece)
            return
        if self.skipping == "--":
            _, ended, after = piece.partition("-->")
        else:
            tag = _TAG.match(piece)
            ended = "/" if tag and tag[1] and _bare(tag) == self.skipping else ""
            after = piece[tag.end() :] if tag else ""
        if ended:
            self.skipping = ""
            self._say(after)

    def _letters(self, piece: str) -> None:
        """Take letters as they stand, up to the end of their stretch."""
        said, ended, after = piece.partition("]]>")
        self._say(html.escape(said))
        if ended:
            self.skipping = ""
            self._say(after)

    def _say(self, said: str) -> None:
        if said and self.open and self.open[-1].cell is not None:
            self.open[-1].cell.append(said)

    def _tag(self, tag: str, attributes: str, *, closing: bool) -> None:
        self.ended = self.ended or (closing and tag in self.way.ends)
        if tag in self.way.skipped and not closing and not attributes.endswith("/"):
            self.skipping = tag
        elif tag == "worksheet" and (name := _NAME.search(attributes)):
            self.sheet = html.unescape(name[1] or name[2] or "")
        elif tag == "table":
            self._close() if closing else self._open()
        elif self.open:
            self._inside(self.open[-1], tag, attributes, closing=closing)

    def _inside(self, table: Grid, tag: str, attributes: str, *, closing: bool) -> None:
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
        self.open.append(Grid(self.out, self.out.folder / str(self.number), self.sheet))

    def _close(self) -> None:
        if not self.open:
            return
        table = self.open.pop()
        table.close()
        if table.rows < _ROWS:
            self.headers = self.headers or table.rows > 0
            table.path.unlink(missing_ok=True)
        elif self.wanted and self.way is EXCEL and table.sheet != self.wanted:
            self._leave(table)
        elif self.best is None:
            self.best = table
        elif table.head == self.best.head and not table.titled:
            self._append(self.best, table)
        else:
            smaller, self.best = (table, self.best) if table.rows <= self.best.rows else (self.best, table)
            self._leave(smaller)

    def _append(self, best: Grid, table: Grid) -> None:
        """Let a table of the same header follow: a report of several pages."""
        with table.path.open("rb") as more, best.path.open("ab") as file:
            file.writelines(islice(more, len(table.above) + 1, None))
        best.rows += table.rows - 1
        table.path.unlink()

    def _leave(self, table: Grid) -> None:
        self.left.append(table)
        table.path.unlink()

    def leave(self) -> None:
        """Let go of every file that is still open."""
        for table in self.open:
            table.leave()

    def done(self) -> Grid:
        """Return the table; raises FileRefused where the file is cut, holds none, or another about as large."""
        began = any(table.rows or table.row is not None for table in self.open)
        if not self.ended and (began or self.way is EXCEL):
            raise FileRefused("truncated", key="refused_cut_short", file=self.out.name)
        while self.open:
            self._close()
        if self.best is None:
            raise self._nothing()
        rival = max((t.rows for t in self.left if not self.wanted), default=0)
        if rival > max(_RIVAL * self.best.rows, _ROWS):
            raise self._several([self.best, *self.left])
        return self.best

    def _nothing(self) -> FileRefused:
        if self.left:
            return self._several(self.left)
        if self.headers:
            return FileRefused("empty_file", file=self.out.name)
        return FileRefused("unsupported_type", file=self.out.name, found="HTML / XML")

    def _several(self, tables: list[Grid]) -> FileRefused:
        if self.way is PAGE:
            return FileRefused("ambiguous_sheet", key="refused_several_tables", file=self.out.name)
        return FileRefused("ambiguous_sheet", file=self.out.name, sheets=", ".join(t.sheet for t in tables))


def _bare(tag: re.Match[str]) -> str:
    """Return what a tag is called, without its namespace."""
    return tag[2].rpartition(":")[2].lower()
