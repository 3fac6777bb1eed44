"""The engine statements of the folder `sql`: one a file, named by the noun it makes, run with named values."""

import re
from functools import cache
from importlib.resources import files

import duckdb

_VALUE = re.compile(r"\$([a-z_]+)")


@cache
def statement(name: str) -> str:
    """Return the text of a statement."""
    return files("insights.timing").joinpath("sql", f"{name}.sql").read_text("utf-8")


def run(con: duckdb.DuckDBPyConnection, *names: str, **values: object) -> duckdb.DuckDBPyConnection:
    """Run statements in order, each with those of the values it asks for; return the last one's result."""
    for name in names:
        text = statement(name)
        wanted = {value: values[value] for value in set(_VALUE.findall(text))}
        con.execute(text, wanted or None)
    return con
