"""Parquet files as a table of text."""

from collections.abc import Iterator, Sequence

import duckdb

from insights.errors import FileRefused
from insights.sources.folding import composed, sql_name, sql_text
from insights.sources.profile import Profile
from insights.sources.raw import Raw, fresh
from insights.sources.reading.tables import Table, fitting, sha256
from insights.sources.reading.unpack import Member

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
)


def read(con: duckdb.DuckDBPyConnection, member: Member, profiles: Sequence[Profile]) -> Iterator[Table]:
    """Yield the one table of a Parquet file; raises FileRefused (truncated, corrupt)."""
    with member.path.open("rb") as file:
        file.seek(-4, 2)
        if file.read() != b"PAR1":
            raise FileRefused("truncated", key="refused_cut_short", file=member.name)
    source = f"read_parquet({sql_text(str(member.path))})"
    table = fresh("raw")
    try:
        described = [(row[0], str(row[1])) for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        profile = fitting([name for name, _ in described], profiles, member.name)
        columns = ", ".join(f"{_text(name, type_)} AS c{i}" for i, (name, type_) in enumerate(described))
        con.execute(f"CREATE TEMP TABLE {table} AS SELECT {columns}, row_number() OVER () AS _line FROM {source}")
    except duckdb.Error as error:
        raise FileRefused("corrupt", key="refused_damaged", file=member.name) from error
    numeric = frozenset(i for i, (_, type_) in enumerate(described) if type_.startswith(_NUMBERS))
    headers = tuple(composed(name) for name, _ in described)
    yield Table(member.name, sha256(member.path), Raw(table, headers, streamed=False, numeric=numeric), profile)


def _text(name: str, type_: str) -> str:
    column = sql_name(name)
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S.%f') || 'Z'"
    if type_ == "BLOB":
        return f"decode({column})"
    if type_.endswith("[]") or type_.startswith(("STRUCT", "MAP")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if type_ == "VARCHAR":
        return f"nfc_normalize({column})"
    return f"CAST({column} AS VARCHAR)"
