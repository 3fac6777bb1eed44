"""An OpenDocument sheet writes a gap of a million cells in a few letters: counted before anything unfolds it."""

import zipfile
from collections.abc import Iterable
from xml.etree import ElementTree

from insights.errors import FileRefused
from insights.sources.model import Limits

MAX_CELLS = 60_000_000
_MOSTLY_EMPTY, _EMPTY = 10_000_000, 20
"""So many cells, and so many times those written down, are a trick and no table."""
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ROW, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def refuse(book: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Refuse a sheet that is wider or larger, once unfolded, than any table; raises FileRefused, corrupt too."""
    try:
        with book.open("content.xml") as content:
            _walk(ElementTree.iterparse(content, ("start", "end")), name, limits)
    except ElementTree.ParseError as error:
        raise FileRefused("corrupt", key="refused_damaged", file=name) from error


def _walk(events: Iterable[tuple[str, ElementTree.Element]], name: str, limits: Limits) -> None:
    rows = gap = columns = written = 0
    for event, node in events:
        if event == "start":
            rows, gap, columns, written = (0, 0, 0, 0) if node.tag == _SHEET else (rows, gap, columns, written)
        elif node.tag == _ROW:
            width, gap, written = _width(node), gap + _repeated(node, "rows"), written + len(node)
            if width:
                rows, gap, columns = rows + gap, 0, max(columns, width)
            node.clear()
            if columns > limits.max_columns:
                raise FileRefused("too_many_columns", file=name, found=columns, allowed=limits.max_columns)
            if rows * columns > min(MAX_CELLS, max(_MOSTLY_EMPTY, _EMPTY * written)):
                raise FileRefused("too_large", file=name)


def _width(row: ElementTree.Element) -> int:
    """Return the column of the last cell of a row that holds anything."""
    width = last = 0
    for cell in row:
        if cell.tag in _CELLS:
            width += _repeated(cell, "columns")
            last = width if len(cell) or any(name.endswith("}value-type") for name in cell.attrib) else last
    return last


def _repeated(node: ElementTree.Element, what: str) -> int:
    number = node.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(number) if number.isdigit() else 1
