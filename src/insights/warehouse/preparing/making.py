"""Making the tables of prepared answers."""

from collections.abc import Mapping
from itertools import groupby

import duckdb
import sqlalchemy as sa

from insights.filters import Filters
from insights.metrics import moment
from insights.metrics.selects.prepared import every, rows
from insights.schema import PREPARED
from insights.warehouse.engine.compiling import compiled

ROWS = "prepared_rows"


def make(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str]) -> None:
    """Make the tables of one kind of rows after the other: their joins are done once."""
    context = moment.context(facts.get, Filters())
    for metrics, tables in groupby(every(), lambda of: of.metrics):
        counted = rows(metrics, context)
        text, values = compiled(counted)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {ROWS} AS {text}", values)
        listed = sa.table(ROWS, *(sa.column(c.name) for c in counted.selected_columns))
        for of in tables:
            con.execute(f"CREATE TABLE {PREPARED}.{of.name} AS {compiled(of.built(listed))[0]}")
