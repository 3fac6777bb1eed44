"""What must hold before a version is published; a version that breaks one never becomes visible."""

import duckdb

from insights import schema
from insights.errors import WarehouseCorrupt
from insights.warehouse.report import FileReport


def check(con: duckdb.DuckDBPyConnection, reports: list[FileReport]) -> None:
    """Refuse to publish when a (source, id) occurs twice or the rows of a file do not add up."""
    for report in reports:
        if report.rows_unchanged < 0:
            raise WarehouseCorrupt("rows_do_not_add_up", file=report.path)
    for name in {table for report in reports if report.already_loaded_in is None for table in report.tables}:
        if repeated := _repeated(con, schema.declared[name].info["key"], name):
            raise WarehouseCorrupt("ids_repeated", table=name, count=repeated)


def _repeated(con: duckdb.DuckDBPyConnection, key: tuple[str, ...], table: str) -> int:
    """Count ids stored more than once: by their hash first, which takes an eighth of the memory, then exactly.

    Where a customer is part of the id, the one the export names: two who were merged may both have been in a campaign.
    """
    own = "coalesce(customer_id_raw, customer_id)"
    keys = ", ".join(own if k == "customer_id" and table == "campaign_members" else f'"{k}"' for k in key)
    twice = f"SELECT hash({keys}) AS h FROM {table} GROUP BY ALL HAVING count(*) > 1"
    exact = f"SELECT {keys} FROM {table} WHERE hash({keys}) IN ({twice}) GROUP BY ALL HAVING count(*) > 1"
    row = con.execute(f"SELECT count(*) FROM ({exact})").fetchone()
    return int(row[0]) if row else 0
