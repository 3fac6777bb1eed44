"""A list of orders with a row for each line of an order: its lines are summed, the last one is not taken for the whole."""

import duckdb

from insights.sources.folding import sql_name
from insights.sources.notices import Notice
from insights.sources.profile import Profile
from insights.sources.staging.plan import Plan

_SUMMED = "amount"


def summed(con: duckdb.DuckDBPyConnection, plan: Plan, wide: str, profile: Profile) -> list[Notice]:
    """Sum the rows of one order that differ in nothing but their amount; leave rows that differ in more alone."""
    columns = plan.tables.get(profile.main, {})
    if profile.main != "orders" or not {"order_id", _SUMMED} <= columns.keys() or "updated_at" in columns:
        return []
    others = ", ".join(sql_name(f) for c, f in columns.items() if c != _SUMMED)
    repeated = f"""SELECT order_id, count(DISTINCT hash({others})) AS kinds, count(DISTINCT {_SUMMED}) AS amounts
        FROM {wide} WHERE NOT _bad GROUP BY order_id HAVING count(*) > 1"""
    orders, kinds, amounts, example = con.execute(
        f"SELECT count(*), max(kinds), max(amounts), min(order_id) FILTER (amounts > 1) FROM ({repeated})"
    ).fetchall()[0]
    if not orders or kinds > 1 or amounts < 2:
        return []
    whole = (
        f"SELECT order_id, sum({_SUMMED}) AS total, min(_line) AS first FROM {wide} WHERE NOT _bad GROUP BY order_id"
    )
    con.execute(
        f"UPDATE {wide} SET {_SUMMED} = w.total FROM ({whole}) w WHERE {wide}.order_id = w.order_id AND NOT _bad"
    )
    con.execute(f"""DELETE FROM {wide} WHERE NOT _bad AND _line NOT IN (
        SELECT min(_line) FROM {wide} WHERE NOT _bad GROUP BY order_id)""")
    return [
        Notice(
            "lines_summed", plan.header(plan.fields[columns["order_id"]].cells), {"orders": orders, "example": example}
        )
    ]


__all__ = ["summed"]
