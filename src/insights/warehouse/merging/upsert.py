"""Applying the judged rows of one staged table: new ones are inserted, changed ones replaced, in set-based steps."""

from insights.schema import Column
from insights.warehouse.ddl import quoted
from insights.warehouse.merging.judge import Incoming, arriving, judge
from insights.warehouse.report import Counts

ORDERED_BY = {"tickets": "created_at", "orders": "ordered_at", "surveys": "sent_at", "interactions": "at"}
"""Facts are laid down in time order on their first load, so that a period reads few blocks."""


_BLOCK = 122_880
"""Rows whose least and greatest time the engine knows without reading them."""


def upsert(incoming: Incoming, load_id: int) -> Counts:
    """Judge every row of a staged table and apply the winners; `incoming.outcomes` tells what became of each."""
    if not incoming.new:
        judge(incoming)
    counts = dict(incoming.run(f"SELECT outcome, count(*) FROM {incoming.outcomes} GROUP BY ALL").fetchall())
    actions = _actions(incoming)
    if "insert" in actions:
        _insert(incoming, load_id)
    if actions - {"insert"}:
        _replace(incoming, load_id)
    return Counts(counts.get(2, 0), counts.get(1, 0), counts.get(0, 0), bool(counts and actions))


def _actions(incoming: Incoming) -> set[str]:
    """Return what is to be done with the winners of the ids."""
    if incoming.new:
        return {"insert"}
    found = incoming.run(f"SELECT DISTINCT action FROM {incoming.judged} WHERE action IS NOT NULL")
    return {action for (action,) in found.fetchall()}


def _insert(incoming: Incoming, load_id: int) -> None:
    at = ORDERED_BY.get(incoming.table.name)
    sort = incoming.empty and at in incoming.columns and not _in_time_order(incoming, str(at))
    order = f'ORDER BY staged."{at}", staged.rowid' if sort else ""
    row = ", ".join(f"{_new(incoming, c, load_id)} AS {quoted(c.name)}" for c in incoming.table.columns)
    winners = f"""SELECT staged.*, judged.said_at AS _said_at, judged.content AS _content
                  FROM {quoted(incoming.staged)} AS staged
                  JOIN {incoming.judged} AS judged ON staged.rowid = judged.staged_row
                  WHERE judged.action = 'insert'"""
    rows = arriving(incoming, "staged.*") if incoming.new else winners
    # What no file fills is added after sorting, which carries every column it is given.
    incoming.run(f"INSERT INTO {incoming.table.name} BY NAME SELECT {row} FROM ({rows} {order}) AS staged")


def _in_time_order(incoming: Incoming, at: str) -> bool:
    """Tell whether each block of rows spans little time already: exports mostly do, and sorting takes long."""
    blocks = f"""SELECT min("{at}") AS first, max("{at}") AS last FROM {quoted(incoming.staged)}
                 GROUP BY rowid // {_BLOCK}"""
    return incoming.tell(f"""SELECT coalesce(sum(date_sub('second', first, last))
        <= 1.2 * date_sub('second', min(first), max(last)), true) FROM ({blocks})""")


def _replace(incoming: Incoming, load_id: int) -> None:
    table = incoming.table.name
    row = ", ".join(f"{_merged(incoming, c, load_id)} AS {quoted(c.name)}" for c in incoming.table.columns)
    incoming.run(f"""CREATE OR REPLACE TEMP TABLE merged AS SELECT {row} FROM {quoted(incoming.staged)} AS staged
                     JOIN {incoming.judged} AS judged
                       ON staged.rowid = judged.staged_row AND judged.action <> 'insert'
                     JOIN {incoming.held} t ON t.source = $source AND {incoming.same("t", "staged")}""")
    incoming.run(f"DELETE FROM {table} t USING merged m WHERE t.source = $source AND {incoming.same('t', 'm')}")
    if table == "tickets":
        same = incoming.same("t", "m")
        incoming.run(f"DELETE FROM ticket_as_loaded t USING merged m WHERE t.source = $source AND {same}")
    incoming.run(f"INSERT INTO {table} BY NAME SELECT * FROM merged")
    incoming.run("DROP TABLE merged")


def _new(incoming: Incoming, column: Column, load_id: int) -> str:
    """Return a cell of a row that was not there."""
    if column.name in (*incoming.key, *incoming.columns):
        return f'CAST(staged."{column.name}" AS {column.type})'
    known = {"source": "$source", "load_id": str(load_id), "row_at": "_said_at", "row_hash": "_content"}
    return known.get(column.name, f"'{incoming.filled}'" if column.name == "row_columns" else "NULL")


def _merged(incoming: Incoming, column: Column, load_id: int) -> str:
    """Return a cell of a row that was there: the file's columns over the stored ones; what is derived is forgotten."""
    name, stored = column.name, incoming.exported(column.name)
    both = f"list_sort(list_distinct(string_split(t.row_columns || ',{incoming.filled}', ',')))"
    union = f"CASE WHEN t.row_columns = '{incoming.filled}' THEN t.row_columns ELSE array_to_string({both}, ',') END"
    kept_on_touch = f"CASE WHEN judged.action = 'touch' THEN {stored}"
    bookkeeping = {
        "source": "$source",
        "load_id": f"{kept_on_touch} ELSE {load_id} END",
        "row_at": "greatest(t.row_at, judged.said_at)",
        "row_columns": union,
        "derived_hash": "NULL",
        "row_hash": f"CASE WHEN judged.action <> 'fill' AND {union} = '{incoming.filled}' THEN judged.content END",
    }
    if name in bookkeeping:
        return bookkeeping[name]
    if name in incoming.columns:
        late = f"judged.action = 'fill' AND list_contains(string_split(t.row_columns, ','), '{name}')"
        return f'CASE WHEN {late} THEN {stored} ELSE CAST(staged."{name}" AS {column.type}) END'
    return f"{kept_on_touch} END" if column.info["derived"] else stored
