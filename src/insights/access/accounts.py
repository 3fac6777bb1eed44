"""Accounts of our own, for a company without a sign-in service: names, argon2 hashes, roles."""

import ipaddress
import sqlite3
import time
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pwdlib import PasswordHash

from insights.access.store import opened
from insights.errors import InsightsError

LEAST_CHARACTERS = 10
FREE_TRIES = 3
LONGEST_WAIT_S = 60.0
FORGOTTEN_S = 3600.0
"""After this long without a failure the count begins anew."""


class SignInRefused(InsightsError):
    """A sign-in or an account that is not accepted; never says which of name and password was wrong."""

    kind = "sign_in"


@dataclass(frozen=True)
class Account:
    """Who someone is: the name they sign in with, their role, and the agent they are (for a role of own work)."""

    name: str
    role: str
    agent: str | None = None
    disabled: bool = False


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    """Return a hash to check against when there is no account, so that the time taken does not tell."""
    return _hasher().hash("nobody's password")


def folded(name: str) -> str:
    """Return a name as it is kept: one letter form, no spaces around, no difference between large and small."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


@dataclass(frozen=True)
class Accounts:
    """The accounts kept in a directory."""

    directory: Path

    def add(self, name: str, password: str, role: str, agent: str | None = None) -> None:
        """Add an account; raises SignInRefused when the name is taken or empty, or the password too short."""
        kept = folded(name)
        if not kept:
            raise SignInRefused("account_no_name")
        with opened(self.directory) as con:
            if _found(con, kept):
                raise SignInRefused("account_taken", name=name)
            row = (kept, role, _hash(password), agent)
            con.execute("INSERT INTO accounts (name, role, password, agent) VALUES (?, ?, ?, ?)", row)

    def listed(self) -> list[Account]:
        """Return every account, by name."""
        with opened(self.directory) as con:
            rows = con.execute("SELECT name, role, agent, disabled FROM accounts ORDER BY name").fetchall()
        return [Account(name, role, agent, bool(off)) for name, role, agent, off in rows]

    def find(self, name: str) -> Account | None:
        """Return an account."""
        with opened(self.directory) as con:
            return _found(con, folded(name))

    def change(
        self, name: str, *, password: str | None = None, role: str | None = None, disabled: bool | None = None
    ) -> None:
        """Change what is given, and end the account's sessions; raises SignInRefused for a name that is not there."""
        given = {"role": role, "disabled": disabled, "password": _hash(password) if password is not None else None}
        with opened(self.directory) as con:
            if not _found(con, folded(name)):
                raise SignInRefused("account_unknown", name=name)
            for column, value in given.items():
                if value is not None:
                    con.execute(f"UPDATE accounts SET {column} = ? WHERE name = ?", (value, folded(name)))
            con.execute("DELETE FROM sessions WHERE name = ?", (folded(name),))

    def check(self, name: str, password: str, address: str = "", now: float | None = None) -> Account:
        """Return who signs in; raises SignInRefused, also while a name or an address has to wait after failures.

        A try counts as a failure until it turns out right, so that many at once are no more than one after another.
        """
        now, kept = time.time() if now is None else now, folded(name)
        asked = [f"name:{kept}", *([f"address:{_network(address)}"] if address else [])]
        with opened(self.directory) as con:
            before = [_failures(con, who, now) for who in asked]
            if (wait := max(_wait(times, last, now) for times, last in before)) > 0:
                raise SignInRefused("sign_in_wait", seconds=round(wait + 0.5))
            con.execute("DELETE FROM failures WHERE last < ?", (now - FORGOTTEN_S,))
            for who in asked:
                _count(con, who, 1, now)
            row = con.execute("SELECT password FROM accounts WHERE name = ? AND NOT disabled", (kept,)).fetchone()
        right = _hasher().verify(password, row[0] if row else _nobodys()) and row is not None
        if not right:
            raise SignInRefused("sign_in_wrong")
        with opened(self.directory) as con:
            own, _ = _failures(con, asked[0], now)  # forgiven; an address keeps those under other names
            for who, (_, last) in zip(asked, before, strict=True):
                _count(con, who, -own, last)
            account = _found(con, kept)
        if account is None or account.disabled:
            raise SignInRefused("sign_in_wrong")
        return account


def _hash(password: str) -> str:
    if len(password) < LEAST_CHARACTERS:
        raise SignInRefused("password_short", least=LEAST_CHARACTERS)
    return _hasher().hash(password)


def _found(con: sqlite3.Connection, kept: str) -> Account | None:
    row = con.execute("SELECT name, role, agent, disabled FROM accounts WHERE name = ?", (kept,)).fetchone()
    return Account(row[0], row[1], row[2], bool(row[3])) if row else None


def _network(address: str) -> str:
    """Return what one visitor can change of their address at will left out: the second half of a long one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def _failures(con: sqlite3.Connection, who: str, now: float) -> tuple[int, float]:
    """Return how often this name or address failed, and when last."""
    row = con.execute("SELECT times, last FROM failures WHERE who = ?", (who,)).fetchone()
    return (row[0], row[1]) if row and now - row[1] <= FORGOTTEN_S else (0, now)


def _wait(times: int, last: float, now: float) -> float:
    """Return how many seconds must still be waited after so many failures."""
    if times < FREE_TRIES:
        return 0.0
    return max(0.0, last + min(LONGEST_WAIT_S, 2.0 ** (times - FREE_TRIES)) - now)


def _count(con: sqlite3.Connection, who: str, more: int, last: float) -> None:
    """Count failures, or forgive them."""
    con.execute(
        "INSERT INTO failures VALUES (?, ?, ?) ON CONFLICT (who) DO UPDATE SET times = times + ?, last = ?",
        (who, more, last, more, last),
    )
    con.execute("DELETE FROM failures WHERE who = ? AND times <= 0", (who,))
