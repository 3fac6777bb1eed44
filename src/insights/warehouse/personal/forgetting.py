"""Looking a person up in the version served, and publishing one that was built without them."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from insights.errors import NotWritable
from insights.settings import Settings
from insights.warehouse.engine import open_builder, open_reader, translating
from insights.warehouse.failpoints import failpoint
from insights.warehouse.personal import erasing, keys, marks, who
from insights.warehouse.personal.held import held
from insights.warehouse.personal.scrub import Needle
from insights.warehouse.publishing import lock, unfinished, versions

OLD = "before"
Elsewhere = Callable[[Mapping[str, str], Sequence[Needle]], None]
"""What takes people out of everything that is no version: their ids with the word for each, and what to look for."""


@dataclass(frozen=True)
class Found:
    """A person and what is held on them."""

    person: who.Person
    rows: Mapping[str, list[dict[str, Any]]]
    namesakes: tuple[str, ...]
    """Agents of the same name or address: whether they are the same person only people know."""


@dataclass(frozen=True)
class Erased:
    """What was erased: rows by table, the version built without it, what to look for elsewhere."""

    rows: Mapping[str, int]
    version: int
    ids: Mapping[str, str]
    needles: tuple[Needle, ...]
    namesakes: tuple[str, ...]


def look_up(settings: Settings, asked: str, sources: Sequence[str] = ()) -> Found:
    """Return everything the version served holds on one person; raises UnknownName for nobody or for several."""
    path = versions.require_current(settings.warehouse)
    with translating(path), open_reader(path, settings.engine) as con:
        person = who.find(con, asked, sources)
        return Found(person, held(con, person), tuple(_namesakes(con, person)))


def _namesakes(con: duckdb.DuckDBPyConnection, person: who.Person) -> Sequence[str]:
    same = f"{keys.key('name', 'name')} IN (SELECT unnest($known)) OR lower(trim(agent_id)) IN (SELECT unnest($known))"
    known = [key for _, key in person.known_by]
    found = con.execute(f"SELECT DISTINCT agent_id FROM agents WHERE {same} ORDER BY ALL", {"known": known}).fetchall()
    return [row[0] for row in found]


def erase(
    settings: Settings, asked: str, sources: Sequence[str] = (), elsewhere: Elsewhere = lambda ids, needles: None
) -> Erased:
    """Publish a version built without a person, remove all older ones, and mark the person so that no load brings them.

    Rows stay and count; what tells who they are about is gone. Raises UnknownName for nobody or for several.
    The version before goes last: cut short, `finish` reads there whom to look for elsewhere.
    """
    directory = settings.warehouse
    with lock.locked(directory, waiting=lambda _: None):
        found = look_up(settings, asked, sources)
        base = versions.require_current(directory)
        building = versions.begin(directory, None)
        try:
            with translating(base):
                ids = _build(building, base, found.person, settings)
            needles, words = tuple(found.person.needles(ids[0][2])), {one: word for _, one, word in ids}
            unfinished.note(directory, versions.number(base))
            versions.publish(building)
            elsewhere(words, needles)
            _let_go(directory, versions.number(base))
        finally:
            versions.discard(building)
    rows = {name: len(listed) for name, listed in found.rows.items()}
    return Erased(rows, versions.number(building), words, needles, found.namesakes)


def finish(settings: Settings, elsewhere: Elsewhere) -> bool:
    """Do what an erasure that was cut short has left to do; tell whether there was anything.

    One that published nothing is forgotten: the person is held as before, and can be asked for again.
    """
    directory = settings.warehouse
    if unfinished.noted(directory) is None:
        return False
    with lock.locked(directory, waiting=lambda _: None):
        if (base := unfinished.noted(directory)) is None:
            return False
        if (versions.current(directory) or 0) <= base:
            unfinished.done(directory)
            return False
        if (before := directory / versions.name_of(base)).exists():  # it is removed last
            with translating(before), open_reader(before, settings.engine) as con:
                ids, needles = who.marked(con, marks.read(directory / marks.FILE))
            try:
                elsewhere({one: word for _, one, word in ids}, needles)
            except OSError as error:
                raise NotWritable("erasing_unfinished", problem=str(error)) from error
        _let_go(directory, base)
    return True


def _let_go(directory: Path, base: int) -> None:
    versions.prune(directory, 1, base)
    failpoint("let_go")
    unfinished.done(directory)


def _build(building: Path, base: Path, person: who.Person, settings: Settings) -> list[tuple[str, str, str]]:
    file = settings.warehouse / marks.FILE
    con = open_builder(building, settings.engine)
    try:
        known, ids = erasing.marks_of(con, person, marks.read(file))
        attach(con, base)
        erasing.rebuild(con, OLD, ids, person.needles(ids[0][2]))
        con.execute(f"DETACH {OLD}")
        con.execute("CHECKPOINT")
        marks.write(file, known)  # before anybody sees the version: a crash in between leaves nobody who can come back
    finally:
        con.close()
    return ids


def bring_back(
    base: Path, building: Path, known: marks.Marks, settings: Settings
) -> tuple[dict[str, str], list[Needle]]:
    """Write a version that comes from a backup as the next one: whoever was erased since then stays erased.

    Returns their ids with the word for each, and what to look for elsewhere.
    """
    with translating(base), open_reader(base, settings.engine) as con:
        ids, needles = who.marked(con, known)
    if not ids:
        shutil.move(base, building)
        return {}, []
    with translating(base), open_builder(building, settings.engine) as con:
        attach(con, base)
        erasing.rebuild(con, OLD, ids, needles)
        con.execute(f"DETACH {OLD}")
        con.execute("CHECKPOINT")
    return {one: word for _, one, word in ids}, needles


def attach(con: duckdb.DuckDBPyConnection, base: Path) -> None:
    """Let a builder read a published version as `before`."""
    place = str(base).replace("'", "''")
    con.execute(f"ATTACH '{place}' AS {OLD} (READ_ONLY)")
