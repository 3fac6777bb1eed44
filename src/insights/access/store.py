"""The file that holds accounts and sessions: SQLite, for its owner's eyes only, beside the warehouse."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, agent TEXT, disabled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, began REAL NOT NULL, ends REAL NOT NULL);
CREATE TABLE IF NOT EXISTS failures (
    who TEXT PRIMARY KEY, times INTEGER NOT NULL, last REAL NOT NULL);
CREATE TABLE IF NOT EXISTS service_cookies (
    cookie TEXT PRIMARY KEY, first REAL NOT NULL, ended INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS arrivals (cookie TEXT PRIMARY KEY, first REAL NOT NULL);
CREATE TABLE IF NOT EXISTS salts (salt TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS trails (began INTEGER PRIMARY KEY);
"""


FILE = "access.sqlite"
FORM = 3
"""Which tables a store has: those of another form are made once, not at every look."""


@contextmanager
def opened(directory: Path, *, reading: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the store in one transaction; it and its folder are readable by their owner alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = directory / FILE
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    con = sqlite3.connect(file, timeout=10)
    try:
        with con:
            if con.execute("PRAGMA user_version").fetchone()[0] != FORM:
                con.executescript(f"{SCHEMA}PRAGMA user_version = {FORM};")
            con.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
            yield con
    finally:
        con.close()


def salt(directory: Path) -> str:
    """Return the secret that makes this company's pseudonyms its own; made at the first call."""
    with opened(directory) as con:
        con.execute("INSERT INTO salts SELECT ? WHERE NOT EXISTS (SELECT 1 FROM salts)", (secrets.token_hex(16),))
        return str(con.execute("SELECT salt FROM salts").fetchone()[0])


def note_trail(directory: Path) -> None:
    """Remember that a trail is kept here, so that one that is removed whole is missed."""
    with opened(directory) as con:
        con.execute("INSERT OR IGNORE INTO trails VALUES (1)")


def had_trail(directory: Path) -> bool:
    """Tell whether a trail was ever kept here."""
    if not (directory / FILE).exists():
        return False
    with opened(directory, reading=True) as con:
        return con.execute("SELECT 1 FROM trails").fetchone() is not None
