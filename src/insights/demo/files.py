"""Files written piece by piece, byte for byte the same on every run: gzip, zip and Excel without clocks inside."""

import datetime as dt
import gzip
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from insights.demo.world import LOCAL, Flags, Ints, Texts

Column = Any
"""An Arrow array of strings."""

_STAMP = (2026, 11, 21, 23, 58, 0)
_TWO_DIGITS = pa.array([f"{i:02d}" for i in range(100)])


def words(codes: Ints, vocabulary: Sequence[str | None]) -> Column:
    """Return the word of each code; -1 is empty."""
    return pa.array(vocabulary, pa.string()).take(pa.array(codes, pa.int64(), mask=codes < 0))


def texts(values: Texts) -> Column:
    """Return texts; None is empty."""
    return pa.array(values, pa.string())


def whole(values: Ints, where: Flags | None = None) -> Column:
    """Return whole numbers as text, empty outside `where`."""
    return pc.cast(pa.array(values, pa.int64(), mask=None if where is None else ~where), pa.string())


def numbered(prefix: str, values: Ints) -> Column:
    """Return ids such as SR1000042; negative numbers are empty."""
    return pc.binary_join_element_wise(pa.scalar(prefix), whole(values, values >= 0), "")


def flags(values: Flags, where: Flags | None = None) -> Column:
    """Return true or false."""
    return pc.cast(pa.array(values, pa.bool_(), mask=None if where is None else ~where), pa.string())


def utc(seconds: Ints) -> Column:
    """Return ISO times in UTC; negative is empty."""
    text = pc.cast(pa.array(seconds, pa.int64(), mask=seconds < 0).cast(pa.timestamp("s")), pa.string())
    return pc.binary_join_element_wise(text, pa.scalar("Z"), "")


def local(seconds: Ints) -> Column:
    """Return times of Istanbul as 2023-04-08 20:52:00; negative is empty."""
    return pc.cast(pa.array(seconds + LOCAL, pa.int64(), mask=seconds < 0).cast(pa.timestamp("s")), pa.string())


def turkish(seconds: Ints) -> Column:
    """Return times of Istanbul as Excel shows them in Turkish, 08.04.2023 20:52; negative is empty."""
    text = local(seconds)
    day, month, year, clock = (pc.utf8_slice_codeunits(text, a, b) for a, b in ((8, 10), (5, 7), (0, 4), (11, 16)))
    return pc.binary_join_element_wise(pc.binary_join_element_wise(day, month, year, "."), clock, " ")


def money(cents: Ints, mark: str = ".", where: Flags | None = None) -> Column:
    """Return amounts with two decimals, empty outside `where`."""
    return pc.binary_join_element_wise(whole(cents // 100, where), _TWO_DIGITS.take(pa.array(cents % 100)), mark)


def _quote(column: Column, delimiter: str) -> Column:
    needs = pc.or_(pc.match_substring(column, delimiter), pc.match_substring(column, '"'))
    if not pc.any(needs).as_py():
        return column
    mark = pa.scalar('"')
    quoted = pc.binary_join_element_wise(mark, pc.replace_substring(column, '"', '""'), mark, "")
    return pc.if_else(needs, quoted, column)


def _bytes(lines: Column) -> bytes:
    """Return the lines one after another, straight from Arrow's memory."""
    data = lines.buffers()[2]
    return data.to_pybytes()[: pc.sum(pc.binary_length(lines)).as_py() or 0] if data is not None else b""


class Output:
    """A compressed file that grows piece by piece: .gz, or .zip with one member."""

    def __init__(self, path: Path, member: str = "") -> None:
        self.path, self.rows = path, 0
        self._stack: list[Any] = []
        self._sink: BinaryIO
        if path.suffix == ".zip":
            archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
            info = zipfile.ZipInfo(member, _STAMP)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            info._compresslevel = 9  # type: ignore[attr-defined]
            self._sink = archive.open(info, "w", force_zip64=True)  # type: ignore[assignment]
            self._stack = [self._sink, archive]
        else:
            raw = path.open("wb")
            self._sink = gzip.GzipFile("", "wb", 9, raw, mtime=0)  # type: ignore[assignment]
            self._stack = [self._sink, raw]

    def put(self, data: bytes, rows: int) -> None:
        """Append bytes that hold this many rows."""
        self._sink.write(data)
        self.rows += rows

    def close(self) -> None:
        """Finish the file."""
        for part in self._stack:
            part.close()


class Csv(Output):
    """A delimited file; `encoding`, `delimiter` and `newline` are the vendor's."""

    def __init__(
        self,
        path: Path,
        header: Sequence[str],
        *,
        delimiter: str = ",",
        encoding: str = "utf-8",
        newline: str = "\n",
        member: str = "",
    ) -> None:
        super().__init__(path, member)
        self.header, self.delimiter, self.encoding, self.newline = tuple(header), delimiter, encoding, newline
        self.put((delimiter.join(header) + newline).encode(encoding), 0)

    def write(self, columns: dict[str, Column]) -> None:
        """Append rows; the columns are named as in the header."""
        assert tuple(columns) == self.header, set(columns) ^ set(self.header)
        cells = [_quote(pc.fill_null(c, ""), self.delimiter) for c in columns.values()]
        # The line's end belongs to the last cell, so that a line is one string.
        cells[-1] = pc.binary_join_element_wise(cells[-1], pa.scalar(self.newline), "")
        text = _bytes(pc.binary_join_element_wise(*cells, pa.scalar(self.delimiter)))
        self.put(text if self.encoding == "utf-8" else text.decode().encode(self.encoding), len(cells[0]))


class Ndjson(Output):
    """One JSON object a line; every cell is JSON already."""

    def __init__(self, path: Path, keys: Sequence[str]) -> None:
        super().__init__(path)
        self.keys = tuple(keys)

    def write(self, columns: dict[str, Column]) -> None:
        """Append rows; the columns are named as the keys."""
        assert tuple(columns) == self.keys
        parts: list[Column] = []
        for i, (key, cells) in enumerate(columns.items()):
            parts += [pa.scalar(f'{"," if i else "{"}"{key}":'), pc.fill_null(cells, "null")]
        text = _bytes(pc.binary_join_element_wise(*parts, pa.scalar("}\n"), ""))
        self.put(text, len(next(iter(columns.values()))))


def quoted(column: Column) -> Column:
    """Return JSON strings of texts without quotes or control characters."""
    return pc.binary_join_element_wise(pa.scalar('"'), column, pa.scalar('"'), "")


class Excel:
    """A workbook of one sheet with hidden first columns, written row by row in constant memory."""

    def __init__(self, path: Path, sheet: str, header: Sequence[str], *, hidden: int) -> None:
        self.path, self.rows = path, 0
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "default_date_format": "dd.mm.yyyy hh:mm"}
        )
        self._book.set_properties({"created": dt.datetime(*_STAMP)})
        self._sheet = self._book.add_worksheet(sheet)
        self._sheet.set_column(0, hidden - 1, None, None, {"hidden": True})
        self._sheet.write_row(0, 0, header)

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        """Append rows; times are naive local ones, None is empty."""
        for row in rows:
            self.rows += 1
            for place, value in enumerate(row):
                if value is not None:
                    self._sheet.write(self.rows, place, value)

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()


def moments(seconds: Ints) -> list[dt.datetime | None]:
    """Return local times for a workbook; negative is None."""
    zero = dt.datetime(1970, 1, 1)
    return [None if s < 0 else zero + dt.timedelta(seconds=s + LOCAL) for s in seconds.tolist()]
