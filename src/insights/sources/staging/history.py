"""Ticket events out of a list of changes in one cell, as JSON: a ticket's whole history, or what one entry of it did."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from insights.sources.folding import fold, sql_name
from insights.sources.profile import History, Profile
from insights.sources.raw import fresh
from insights.sources.staging import dates
from insights.sources.staging.vocabulary import canonical_words

_COLUMNS = ("ticket_id", "told", "field", "old", "new", "actor_id", "public", "line", "place")
_WORDS = ("status", "priority")


@dataclass(frozen=True)
class Ticket:
    """What events are told from: the ticket's id, the list of changes, its state now, the line, who did all of it."""

    ticket_id: str
    history: str
    status: str | None
    line: int
    actor_id: str | None


def events(
    con: duckdb.DuckDBPyConnection, wide: str, columns: Mapping[str, str], cell: str, profile: Profile, zone: str
) -> str:
    """Create a temp table of the events in `cell` of every row, and of the state each ticket was opened in.

    Where a row is an entry of a history itself, its time and actor are those of all its changes. Returns the name.
    """
    spec = profile.tables["ticket_events"].history
    assert spec is not None
    name, listed = fresh("ticket_events"), fresh("history")
    status, actor = (sql_name(columns[c]) if c in columns else "NULL" for c in ("status", "actor_id"))
    found = con.execute(
        f"SELECT {sql_name(columns['ticket_id'])}, {sql_name(cell)}, {status}, _line, {actor} FROM {wide} "
        f"WHERE {sql_name(cell)} IS NOT NULL AND {sql_name(columns['ticket_id'])} IS NOT NULL"
    ).fetchall()
    rows = [row for ticket in found for row in _told(Ticket(*ticket), spec, profile)]
    arrays = {c: [row[c] for row in rows] for c in _COLUMNS}
    import pyarrow as pa  # slow to import, and only for exports that carry histories

    types = {"line": pa.int64(), "place": pa.int64(), "public": pa.bool_()}
    con.register("_history", pa.table({c: pa.array(v, types.get(c, pa.string())) for c, v in arrays.items()}))
    con.execute(f"CREATE TEMP TABLE {listed} AS SELECT * FROM _history")
    con.unregister("_history")
    plan = dates.decide(
        con, f"(SELECT told AS v FROM {listed} WHERE told IS NOT NULL)", "v", order=None, hint=profile.date_order
    )
    of_row = sql_name(columns["created_at" if spec.at else "at"])
    con.execute(f"""CREATE TEMP TABLE {name} AS
        WITH timed AS (
          SELECT l.*, coalesce({dates.sql(plan, "l.told", zone)}, w.{of_row}) AS moment
          FROM {listed} l JOIN {wide} w ON w._line = l.line WHERE l.told IS NOT NULL OR l.place = 0 OR {not spec.at})
        SELECT ticket_id, epoch_us(moment) // 1000000 * 1048576 + (row_number() OVER (
            PARTITION BY ticket_id, epoch_us(moment) // 1000000 ORDER BY moment, line, place)) * 8 AS seq,
          moment AS "at", field, "old", "new", actor_id, public, line AS _line
        FROM timed WHERE moment IS NOT NULL""")
    con.execute(f"DROP TABLE {listed}")
    return name


def _told(ticket: Ticket, spec: History, profile: Profile) -> Iterator[dict[str, Any]]:
    """Yield the events of one ticket: its changes in order, after the state it was opened in."""
    changes = list(_changes(ticket, spec, profile))
    first = next((c["old"] for c in changes if c["field"] == "status"), ticket.status)
    if first and spec.at:
        yield _row(ticket, 0, field="status", new=first)
    yield from changes


def _changes(ticket: Ticket, spec: History, profile: Profile) -> Iterator[dict[str, Any]]:
    if not spec.at:
        yield from _entry(ticket, spec, profile)
        return
    entries = [e for e in _list(ticket.history) if isinstance(e, dict)]
    place = 0
    for entry in sorted(entries, key=lambda e: str(_inside(e, spec.at) or "")):
        items = _list(_inside(entry, spec.items)) if spec.items else [entry]
        for item in (i for i in items if isinstance(i, dict)):
            place += 1
            said = _said(item, spec, profile)
            if said:
                at, actor = _text(_inside(entry, spec.at)), _text(_inside(entry, spec.actor_id))
                yield _row(ticket, place, told=at, actor_id=actor, **said)


def _entry(ticket: Ticket, spec: History, profile: Profile) -> Iterator[dict[str, Any]]:
    """Yield the changes of a row that is one entry of a history."""
    for place, item in enumerate(_list(ticket.history), 1):
        if isinstance(item, dict) and (said := _said(item, spec, profile)):
            yield _row(ticket, place, actor_id=ticket.actor_id, **said)


def _said(item: dict[str, Any], spec: History, profile: Profile) -> dict[str, Any] | None:
    """Return what one item of the history says, None where it is of something else."""
    if spec.comment and _text(_inside(item, spec.kind)) == spec.comment:
        public = _inside(item, spec.public) if spec.public else None
        return {"field": "comment", "public": public if isinstance(public, bool) else None}
    field = spec.fields.get(fold(_text(_inside(item, spec.field)) or ""))
    if field is None:
        return None
    by_id = field == "agent" and spec.new_id
    keys = (spec.old_id, spec.new_id) if by_id else (spec.old, spec.new)
    old, new = (_text(_inside(item, key)) for key in keys)
    if field in _WORDS:
        known = canonical_words(profile, field)
        old, new = (known.get(fold(w), profile.defaults.get(field)) if w else None for w in (old, new))
    return {"field": field, "old": old, "new": new}


def _row(ticket: Ticket, place: int, **said: Any) -> dict[str, Any]:
    return dict.fromkeys(_COLUMNS) | {"ticket_id": ticket.ticket_id, "line": ticket.line, "place": place} | said


def _inside(node: Any, path: str | None) -> Any:
    """Return what stands in an object under a name with dots; nothing without one."""
    for key in path.split(".") if path else ("",):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _list(value: Any) -> list[Any]:
    """Return a list, or the one a text holds as JSON: an object is a list of its names and values."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    if isinstance(value, dict):
        return [{"name": name, "value": held} for name, held in value.items()]
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


__all__ = ["events"]
