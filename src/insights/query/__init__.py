"""The only road from a metric to numbers, to the rows behind them and to their SQL."""

from insights.query.curves import survival, within
from insights.query.highlights import highlights
from insights.query.listing import complete
from insights.query.measure import Result, Warehouse, context_of
from insights.query.numbers import left_out, meta, query, rows, sql
from insights.query.triangles import cohorts

__all__ = [
    "Result", "Warehouse", "cohorts", "complete", "context_of", "highlights", "left_out", "meta", "query", "rows",
    "sql", "survival", "within",
]  # fmt: skip
