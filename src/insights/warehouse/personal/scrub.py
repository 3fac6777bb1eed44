"""Rows as they are without somebody: ids become a word in their place, what tells of them goes, figures stay."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import duckdb

from insights import schema
from insights.personal import kind_of
from insights.sources.corrections import ERASED
from insights.warehouse.ddl import quoted
from insights.warehouse.personal import keys

ID_COLUMNS = ("customer_id", "customer_id_raw")
_LISTED = re.compile(r"[^\s;,|\[\]\"]+")
_AGENTS = ("agent_id", "owner_agent_id", "response_agent_id", "actor_id")
_KEPT = frozenset({"source", "row_columns", "profile_hash", "sha256", "from_ticket", *_AGENTS})
"""Bookkeeping, and who served: an agent's work stays theirs."""


@dataclass(frozen=True)
class Needle:
    """One thing to be found: its kind, its key, and the word that takes its place."""

    kind: str
    key: str
    word: str


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the lists a scrub looks into: ids and their words, and the tickets of these people."""
    con.execute("CREATE OR REPLACE TEMP TABLE erased_ids (source TEXT, id TEXT, word TEXT)")
    con.execute("CREATE OR REPLACE TEMP TABLE erased_tickets (source TEXT, ticket_id TEXT)")


def end(con: duckdb.DuckDBPyConnection) -> None:
    """Forget the lists."""
    con.execute("DROP TABLE IF EXISTS erased_ids")
    con.execute("DROP TABLE IF EXISTS erased_tickets")
    made = (
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_name IN ('said_without', 'ids_without')"
    )
    for (name,) in con.execute(made).fetchall():
        con.remove_function(name)


class Words:
    """What takes needles out of words."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        found = sorted(set(needles), key=lambda n: -len(n.key))
        self._ways = [(re.compile(keys.pattern(n.kind, n.key)), n.word) for n in found]
        self.any = keys.any_of(keys.pattern(n.kind, n.key) for n in found)

    def without(self, text: str) -> str:
        """Return words with every needle replaced."""
        for way, word in self._ways:
            text = way.sub(word, text)
        return text


class Scrub(Words):
    """What takes these needles out of tables; one for a connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, needles: Iterable[Needle]) -> None:
        super().__init__(needles)
        self._ids = dict(con.execute("SELECT id, word FROM erased_ids").fetchall())
        for name, of in (("said_without", self.without), ("ids_without", self.ids_without)):
            con.create_function(name, of, ["VARCHAR"], "VARCHAR")

    def ids_without(self, listed: str) -> str:
        """Return a list of merged ids, in whatever brackets, with words in the place of these people's."""
        return _LISTED.sub(lambda found: self._ids.get(re.sub(r":\d{10,}$", "", found[0]), found[0]), listed)

    def select(self, table: schema.Table, relation: str, columns: Collection[str], source: str) -> str:
        """Return the SQL of all rows of a relation without these people; `source` is the SQL of a row's source."""
        mine = _mine(table.name, set(columns), source)
        cells = (f"{self._cell(table, c, mine, source)} AS {quoted(c)}" for c in columns)
        return f"SELECT {', '.join(cells)} FROM {relation} r"

    def _cell(self, table: schema.Table, name: str, mine: str, source: str) -> str:
        cell = f"r.{quoted(name)}"
        if name == "row_hash":
            return "NULL"  # of the row as exported: a load makes it anew
        if name == "derived_hash":
            return f"CASE WHEN {mine} THEN NULL ELSE {cell} END"
        if name not in of_words(table):
            return cell
        of_people = table.name in ("customers", "customer_aliases")
        if name in (*ID_COLUMNS, "referred_by") or (name == "merged_into" and of_people):
            word = f"(SELECT max(e.word) FROM erased_ids e WHERE e.source = {source} AND e.id = {cell})"
            return f"coalesce({word}, {self._said(cell)})"
        if name == "merged_ids":
            return f"ids_without({cell})"
        kind = kind_of(table.name, name)
        if kind in ("name", "email", "phone"):
            return f"CASE WHEN {mine} THEN NULL ELSE {cell} END"  # a namesake's name and a shared number are theirs
        if kind == "text" and table.name != "rejects":
            return f"CASE WHEN {mine} THEN NULL ELSE {self._said(cell)} END"
        return self._rejected(name, cell) if table.name == "rejects" else self._said(cell)

    def _said(self, cell: str) -> str:
        """Return words without the needles; only cells that hold one are handed to Python."""
        return f"CASE WHEN regexp_matches({cell}, $any) THEN said_without({cell}) ELSE {cell} END" if self.any else cell

    def _rejected(self, name: str, cell: str) -> str:
        ids = "(SELECT list(id) FROM (SELECT id FROM erased_ids UNION ALL SELECT ticket_id FROM erased_tickets))"
        cells = "CASE WHEN json_valid(r.row) THEN json_extract_string(r.row, '$.*') ELSE [] END"
        tells = f"coalesce(list_has_any({cells}, {ids}), false)"
        if self.any:
            tells += " OR regexp_matches(concat_ws(' ', r.row, r.value), $any)"
        gone = {"row": f"'{ERASED}'", "value": "NULL"}
        return f"CASE WHEN {tells} THEN {gone[name]} ELSE {cell} END" if name in gone else self._said(cell)

    def values(self, statement: str) -> dict[str, str]:
        """Return what a statement with `select` in it binds."""
        return {"any": self.any} if "$any" in statement else {}


def of_words(table: schema.Table) -> set[str]:
    """Return the columns that may hold words of anybody's: text that is no canonical word and no bookkeeping."""
    if table.name == "agents":
        return set()
    texts = (c for c in table.columns if c.type == "TEXT" and not c.info.get("words"))
    return {c.name for c in texts} - _KEPT


def _mine(table: str, columns: set[str], source: str) -> str:
    """Return the condition that a row belongs to these people."""
    ways = [f"({source}, r.{c}) IN (SELECT (source, id) FROM erased_ids)" for c in ID_COLUMNS if c in columns]
    if "ticket_id" in columns:
        ways.append(f"({source}, r.ticket_id) IN (SELECT (source, ticket_id) FROM erased_tickets)")
    ways = [f"coalesce({way}, false)" for way in ways]
    return f"({' OR '.join(ways)})" if ways else "false"
