"""An export that brings an erased person again: their rows count, and say nothing of them, before they are stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import duckdb

from insights import schema
from insights.settings import Settings
from insights.sources import StagedFile
from insights.warehouse import ledger
from insights.warehouse.ddl import quoted
from insights.warehouse.personal import ageing, keys, scrub
from insights.warehouse.personal import marks as marks_file
from insights.warehouse.personal.erasing import WORD, list_tickets
from insights.warehouse.personal.marks import Mark, Marks, hashed, of_id
from insights.warehouse.personal.scrub import Needle, Scrub, of_words

Stage = Callable[[duckdb.DuckDBPyConnection], Iterable[StagedFile]]
Columns = dict[str, list[str]]
"""Columns of each staged relation, by its name."""


def forgetting(stage: Stage, settings: Settings) -> Stage:
    """Return a stage that hands on its files without erased people, and without what is past the days it is kept."""
    path = settings.warehouse / marks_file.FILE

    def read(con: duckdb.DuckDBPyConnection) -> Iterator[StagedFile]:
        for file in stage(con):
            before = marks_file.read(path)
            if (after := forget_again(con, file, before)) != before:
                marks_file.write(path, after)
            _leave_out(con, file, ageing.cutoffs(settings.personal.keep_days, ledger.now()))
            yield file

    return read


def _leave_out(con: duckdb.DuckDBPyConnection, file: StagedFile, before: ageing.Cutoffs) -> None:
    """Remove rows of a staged file that are past their days; they count as read and unchanged."""
    for table, staged in file.tables.items():
        columns = [row[0] for row in con.execute(f"DESCRIBE {quoted(staged)}").fetchall()]
        if table in before and (past := ageing.past(table, columns)):
            con.execute(f"DELETE FROM {quoted(staged)} AS r WHERE {past}", {"before": before[table]})
    if (events := file.tables.get("ticket_events")) and "tickets" in before:
        kept = "SELECT ticket_id FROM tickets WHERE source = $source"
        if tickets := file.tables.get("tickets"):
            kept += f" UNION ALL SELECT ticket_id FROM {quoted(tickets)}"
        con.execute(
            f"DELETE FROM {quoted(events)} WHERE at < $before AND ticket_id NOT IN ({kept})",
            {"before": before["tickets"], "source": file.source},
        )


def forget_again(con: duckdb.DuckDBPyConnection, file: StagedFile, marks: Marks) -> Marks:
    """Take erased people out of a staged file; return the marks with the new ids and addresses they came under."""
    if not marks.by_salt:
        return marks
    arrived = _Arrived(con, file, marks)
    for salt in marks.by_salt:
        marks = marks.also(salt, arrived.recognise(salt, marks.by_salt[salt]))
    arrived.take_out()
    return marks


_PAIR = "$source || chr(31) || id"
_NEW = f"'{WORD}' || left({hashed('id', _PAIR)}, 12)"


def _join(kind: str, text: str, alias: str = "m") -> str:
    """Return the SQL that joins the marks of one kind to rows by a text of theirs."""
    mark = f"(SELECT hash, word FROM marks WHERE salt = $salt AND kind = '{kind}')"
    return f"JOIN {mark} {alias} ON {alias}.hash = {hashed(kind, text)}"


class _Arrived:
    """A staged file while it is searched for erased people."""

    def __init__(self, con: duckdb.DuckDBPyConnection, file: StagedFile, marks: Marks) -> None:
        self.con, self.file = con, file
        self.there: Columns = {staged: self._columns(staged) for staged in file.tables.values()}
        self.needles: set[Needle] = set()
        scrub.prepare(con)
        con.execute("CREATE OR REPLACE TEMP TABLE marks (salt TEXT, kind TEXT, hash TEXT, word TEXT)")
        listed = [[salt, *mark, word] for salt, found in marks.by_salt.items() for mark, word in found.items()]
        con.executemany("INSERT INTO marks VALUES (?, ?, ?, ?)", listed)

    def _columns(self, staged: str) -> list[str]:
        return [row[0] for row in self.con.execute(f"DESCRIBE {quoted(staged)}").fetchall()]

    def _rows(self, sql: str, **bound: str) -> list[tuple[str, ...]]:
        bound |= {"source": self.file.source}
        return self.con.execute(sql, {k: v for k, v in bound.items() if f"${k}" in sql}).fetchall()

    def recognise(self, salt: str, known: Mapping[Mark, str]) -> dict[Mark, str]:
        """List the ids and needles this salt's marks know, and return marks of what is new about these people."""
        ids = list(self._ids(salt))
        if ids:
            self.con.executemany("INSERT INTO erased_ids VALUES (?, ?, ?)", [[self.file.source, *one] for one in ids])
        new = {("id", self._hash(salt, "id", of_id(self.file.source, one))): word for one, word in ids}
        for kind, key, word in self._own_keys():
            mark = (kind, self._hash(salt, kind, key))
            new[mark] = known.get(mark, word)
            self.needles.add(Needle(kind, key, new[mark]))
        self.needles |= {Needle(*one) for one in self._said(salt)}
        return new

    def _hash(self, salt: str, kind: str, text: str) -> str:
        return self._rows(f"SELECT {hashed(kind, '$text')}", salt=salt, text=text)[0][0]

    def _ids(self, salt: str) -> Iterator[tuple[str, ...]]:
        """Yield the customer ids of the file that mean an erased person, with the word for each."""
        named = [f"SELECT customer_id AS id FROM {quoted(s)}" for s, cs in self.there.items() if "customer_id" in cs]
        if not named:
            return
        listed = "SELECT customer_id FROM customers WHERE source = $source"
        if people := self.file.tables.get("customers"):
            listed += f" UNION SELECT customer_id FROM {quoted(people)}"
        ways = [
            f"SELECT id, word FROM came {_join('id', _PAIR)}",
            f"""SELECT id, word FROM came {_join("abroad", "id")}
                WHERE id NOT IN (SELECT * FROM ({listed}) AS l(id) WHERE id IS NOT NULL)""",
            f"SELECT id, {_NEW} FROM came {_join('email', keys.key('email', 'id'))}",
            *self._by_rows(),
        ]
        came = f"SELECT DISTINCT id FROM ({' UNION '.join(named)}) WHERE id IS NOT NULL"
        ranked = (f"SELECT {place} AS place, * FROM ({way}) AS w(id, word)" for place, way in enumerate(ways))
        first = f"SELECT id, min_by(word, place) FROM ({' UNION ALL '.join(ranked)}) GROUP BY ALL ORDER BY ALL"
        yield from self._rows(f"WITH came AS ({came}) {first}", salt=salt)

    def _by_rows(self) -> Iterator[str]:
        """Yield how a row of customers tells of an erased person: by its address, or by number and name together."""
        if not (people := self.file.tables.get("customers")):
            return
        there, row = set(self.there[people]), f"(SELECT customer_id AS id, * FROM {quoted(people)})"
        if "email" in there:
            yield f"SELECT id, {_NEW} FROM {row} {_join('email', keys.key('email', 'email'))}"
        if {"phone", "name"} <= there:
            phone, name = (_join(kind, keys.key(kind, kind), kind[0]) for kind in ("phone", "name"))
            yield f"SELECT id, {_NEW} FROM {row} {phone} {name} WHERE p.word = n.word"

    def _own_keys(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the rows of these people say of them: kind, key and the word."""
        people = self.file.tables.get("customers")
        if not people:
            return
        for kind in keys.KINDS:
            if kind in self.there[people]:
                mine = "JOIN erased_ids e ON e.source = $source AND e.id = customer_id"
                made = f"SELECT DISTINCT {keys.key(kind, kind)} AS found, word FROM {quoted(people)} {mine}"
                yield from ((kind, k, word) for k, word in self._rows(f"FROM ({made}) WHERE found IS NOT NULL"))

    def _said(self, salt: str) -> Iterator[tuple[str, str, str]]:
        """Yield which marked addresses, numbers and names stand in any text of the file, ids made of them included."""
        for table, relation in self._relations():
            for column in set(self._columns(relation)) & of_words(schema.declared[table]):
                for kind in keys.KINDS:
                    cells = f"SELECT DISTINCT {quoted(column)} AS cell FROM {quoted(relation)}"
                    words = f"SELECT DISTINCT unnest({keys.said_in(kind, 'cell')}) AS found FROM ({cells})"
                    known = self._rows(f"SELECT found, word FROM ({words}) {_join(kind, 'found')}", salt=salt)
                    yield from ((kind, key, word) for key, word in known)

    def take_out(self) -> None:
        """Replace the staged relations by the same without these people."""
        if tickets := self.file.tables.get("tickets"):
            self._add_tickets(tickets)
        list_tickets(self.con, "")
        if self.needles or self._rows("SELECT 1 FROM erased_ids UNION ALL SELECT 1 FROM erased_tickets LIMIT 1"):
            taken = Scrub(self.con, self.needles)
            for table, staged in self._relations():
                select = taken.select(schema.declared[table], quoted(staged), self._columns(staged), "$source")
                bound = taken.values(select) | ({"source": self.file.source} if "$source" in select else {})
                self.con.execute(f"CREATE TEMP TABLE without_them AS {select}", bound)
                self.con.execute(f"DROP TABLE {quoted(staged)}")
                self.con.execute(f"ALTER TABLE without_them RENAME TO {quoted(staged)}")
        self.con.execute("DROP TABLE marks")
        scrub.end(self.con)

    def _add_tickets(self, staged: str) -> None:
        if "customer_id" in self.there[staged]:
            self._rows(f"""INSERT INTO erased_tickets SELECT $source, ticket_id FROM {quoted(staged)}
                           WHERE customer_id IN (SELECT id FROM erased_ids WHERE source = $source)""")

    def _relations(self) -> Iterable[tuple[str, str]]:
        yield from self.file.tables.items()
        if self.file.rejects:
            yield "rejects", self.file.rejects
