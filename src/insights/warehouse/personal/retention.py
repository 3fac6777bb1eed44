"""Letting go of what is past its days: counted first, then a version built without it, and all older ones removed."""

import datetime as dt
from dataclasses import dataclass

import duckdb

from insights.settings import Settings
from insights.warehouse import ledger, sending
from insights.warehouse.build import derive_again
from insights.warehouse.engine import open_builder, open_reader, translating
from insights.warehouse.personal import ageing, erasing
from insights.warehouse.personal.forgetting import OLD, attach
from insights.warehouse.publishing import lock, versions


@dataclass(frozen=True)
class Due:
    """What of one table is past its days."""

    table: str
    days: int
    before: dt.datetime
    rows: int


def due(settings: Settings, now: dt.datetime | None = None) -> list[Due]:
    """Count what of each table with a limit is past its days."""
    path = versions.require_current(settings.warehouse)
    with translating(path), open_reader(path, settings.engine) as con:
        return list(_due(con, "main", settings, now or ledger.now()))


def _due(con: duckdb.DuckDBPyConnection, database: str, settings: Settings, now: dt.datetime) -> list[Due]:
    found = []
    for table, before in ageing.cutoffs(settings.personal.keep_days, now).items():
        counted = f"SELECT count(*) FROM {database}.{table} r WHERE {ageing.past_stored(table, database)}"
        row = con.execute(counted, {"before": before}).fetchone()
        found.append(Due(table, settings.personal.keep_days[table], before, int(row[0]) if row else 0))  # type: ignore[index]
    return found


def apply(settings: Settings, now: dt.datetime | None = None) -> list[Due]:
    """Publish a version without what is past its days, and remove all older ones; nothing when nothing is."""
    directory, at = settings.warehouse, now or ledger.now()
    with lock.locked(directory, waiting=lambda _: None):
        found = due(settings, at)
        if not any(one.rows for one in found):
            return found
        base = versions.require_current(directory)
        building = versions.begin(directory, None)
        try:
            with translating(base), open_builder(building, settings.engine) as con:
                attach(con, base)
                erasing.rebuild(con, OLD, [], [], _stays(con, found))
                con.execute(f"DETACH {OLD}")
                derive_again(con, settings)
            versions.publish(building)
            versions.prune(directory, 1, versions.number(base))
        finally:
            versions.discard(building)
        sending.follow(settings)
    return found


def _stays(con: duckdb.DuckDBPyConnection, found: list[Due]) -> dict[str, str]:
    """Return by table the condition that a row stays; whole lists of what goes are made once, before anything is."""
    stays = {}
    for one in found:
        gone = f"SELECT r.rowid AS r FROM {OLD}.{one.table} r WHERE {ageing.past_stored(one.table, OLD)}"
        con.execute(f"CREATE TEMP TABLE gone_{one.table} AS {gone}", {"before": one.before})
        stays[one.table] = f"r.rowid NOT IN (FROM gone_{one.table})"
    for part, (owner, key) in ageing.PART_OF.items():
        if owner in stays:
            left = f"SELECT o.source, o.{key} FROM {OLD}.{owner} o JOIN gone_{owner} g ON o.rowid = g.r"
            stays[part] = f"(r.source, r.{key}) NOT IN ({left})"
    return stays
