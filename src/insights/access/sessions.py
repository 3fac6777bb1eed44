"""Sessions kept on this side: a cookie holds a random token alone, and ends when the server says so."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from insights.access.accounts import Account
from insights.access.store import opened

LASTS = 8 * 3600.0
"""Seconds a session lasts at most, unless the settings say otherwise."""


@dataclass(frozen=True)
class Sessions:
    """The sessions kept in a directory; a token is stored as its hash."""

    directory: Path
    lasts_s: float = LASTS

    def begin(self, account: Account, now: float | None = None) -> str:
        """Return the token of a new session."""
        token, began = secrets.token_urlsafe(32), time.time() if now is None else now
        with opened(self.directory) as con:
            con.execute("DELETE FROM sessions WHERE ends < ?", (began,))
            con.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", (_hash(token), account.name, began, began + self.lasts_s)
            )
        return token

    def who(self, token: str | None, now: float | None = None) -> Account | None:
        """Return whose session a token is; None when it ended, was ended, or its account is disabled."""
        if not token:
            return None
        at = time.time() if now is None else now
        with opened(self.directory, reading=True) as con:
            row = con.execute(
                "SELECT a.name, a.role, a.agent FROM sessions AS s JOIN accounts AS a ON a.name = s.name "
                "WHERE s.token = ? AND s.ends > ? AND NOT a.disabled",
                (_hash(token), at),
            ).fetchone()
        return Account(*row) if row else None

    def end(self, token: str) -> None:
        """End a session: a copy of its cookie is worth nothing from now on."""
        with opened(self.directory) as con:
            con.execute("DELETE FROM sessions WHERE token = ?", (_hash(token),))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
