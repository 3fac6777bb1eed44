"""Making the tables of prepared answers."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import groupby
from typing import Any

import duckdb
import sqlalchemy as sa

from insights.filters import Filters
from insights.metrics import moment
from insights.metrics.selects.prepared import every, rows
from insights.schema import PREPARED
from insights.warehouse.engine.compiling import compiled

ROWS = "prepared_rows"


def make(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str]) -> set[str]:
    """Make the tables of one kind of rows after the other: their joins are done once. Return those memory allowed."""
    context, made = moment.context(facts.get, Filters()), set[str]()
    for metrics, tables in groupby(every(), lambda of: of.metrics):
        with suppress(duckdb.OutOfMemoryException):
            counted = rows(metrics, context)
            found = counted.subquery() if _as_stored(counted) else _written(con, counted)
            for of in tables:
                text, values = compiled(of.built(found))
                con.execute(f"CREATE TABLE {PREPARED}.{of.name} AS {text}", values)
                made.add(of.name)
    return made


def _as_stored(counted: sa.Select[Any]) -> bool:
    """Tell whether rows stand in one table: to read it again takes less than to write down what is read."""
    return all(isinstance(of, sa.Table) for of in counted.get_final_froms())


def _written(con: duckdb.DuckDBPyConnection, counted: sa.Select[Any]) -> sa.TableClause:
    text, values = compiled(counted)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {ROWS} AS {text}", values)
    return sa.table(ROWS, *(sa.column(c.name) for c in counted.selected_columns))
