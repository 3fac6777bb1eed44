"""Who sends a request: by our own session's cookie, by what a listed proxy says, or by the sign-in service's cookie."""

import base64
import hashlib
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insights.access.policy import ANYBODY, Visitor, role_named
from insights.access.sessions import Sessions
from insights.access.store import opened
from insights.settings import Settings

COOKIE = "insights_session"
SERVICE_COOKIE = "_streamlit_user"
MOST_PIECES = 100


@dataclass(frozen=True)
class Request:
    """What of a request tells who sends it: cookies, headers by small names, what the sign-in service vouches for."""

    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    claims: Mapping[str, Any] | None = None


def who(request: Request, settings: Settings) -> Visitor | None:
    """Return who sends a request; None for nobody known. A proxy's headers reach this only from a listed address."""
    ways = {"accounts": _by_account, "proxy": _by_proxy, "oidc": _by_service}
    way = settings.sign_in.way
    return ANYBODY if way == "none" else ways[way](request, settings)


def _by_account(request: Request, settings: Settings) -> Visitor | None:
    found = Sessions(settings.warehouse).who(request.cookies.get(COOKIE))
    if found is None:
        return None
    return Visitor(found.name, found.role, (found.agent,) if found.agent else ())


def _by_proxy(request: Request, settings: Settings) -> Visitor | None:
    asked = settings.sign_in
    name = request.headers.get(asked.user_header.lower(), "").strip()
    groups = [g.strip() for g in request.headers.get(asked.groups_header.lower(), "").split(",")]
    return Visitor(name, role_named(name, groups, settings), (name,)) if name else None


def _by_service(request: Request, settings: Settings) -> Visitor | None:
    claims = request.claims or {}
    name = str(claims.get("email") or claims.get("sub") or "")
    if not (claims.get("is_logged_in") and name and holds(request.cookies, settings)):
        return None
    groups = claims.get(settings.sign_in.groups_claim) or ()
    groups = [groups] if isinstance(groups, str) else [str(g) for g in groups]
    others = (str(claims[c]) for c in ("agent_id", "name") if claims.get(c))
    return Visitor(name, role_named(name, groups, settings), (name, *others))


def holds(cookies: Mapping[str, str], settings: Settings, now: float | None = None) -> bool:
    """Tell whether a service's cookie still counts: not signed out, and not older than the settings allow."""
    kept, at = _kept(cookies), time.time() if now is None else now
    if not kept:
        return False
    with opened(settings.warehouse, reading=True) as con:
        known = _known(con, kept)
    if len(known) < len(kept):
        with opened(settings.warehouse) as con:
            con.executemany("INSERT OR IGNORE INTO service_cookies VALUES (?, ?, 0)", [(one, at) for one in kept])
            known = _known(con, kept)
    return all(not ended and at - first < settings.sign_in.hours * 3600 for first, ended in known)


def _known(con: sqlite3.Connection, kept: Sequence[str]) -> list[tuple[float, bool]]:
    wanted = f"SELECT first, ended FROM service_cookies WHERE cookie IN ({', '.join('?' * len(kept))})"
    return con.execute(wanted, kept).fetchall()


def arrives(cookies: Mapping[str, str], directory: Path) -> bool:
    """Tell, once for each of a service's cookies, that it is one not met before: somebody has signed in."""
    with opened(directory) as con:
        kept = (next(iter(_kept(cookies)), ""), time.time())
        return con.execute("INSERT OR IGNORE INTO arrivals VALUES (?, ?)", kept).rowcount == 1


def sign_out(cookies: Mapping[str, str], directory: Path) -> None:
    """End whatever session a request's cookies hold: a copy of them is worth nothing from now on."""
    if token := cookies.get(COOKIE):
        Sessions(directory).end(token)
    if kept := _kept(cookies):
        with opened(directory) as con:
            con.executemany(
                "INSERT INTO service_cookies VALUES (?, ?, 1) ON CONFLICT (cookie) DO UPDATE SET ended = 1",
                [(one, time.time()) for one in kept],
            )


def _kept(cookies: Mapping[str, str]) -> list[str]:
    """Return what a service's cookie is remembered by: a hash of each piece of it that is in use.

    Without the signature, whose last letter has several spellings. Many claims come in pieces: none may be exchanged.
    """
    whole = cookies.get(SERVICE_COOKIE, "")
    pieces = [whole, *(cookies.get(f"{SERVICE_COOKIE}_{n + 1}", "") for n in range(_pieces(whole)))]
    return [hashlib.sha256(one.rpartition(".")[0].encode()).hexdigest() for one in pieces] if whole else []


def _pieces(whole: str) -> int:
    """Return in how many further cookies the claims are, as Streamlit says it in the first."""
    content = whole.partition(".")[0].encode()
    try:
        said = base64.urlsafe_b64decode(content + b"=" * (-len(content) % 4))
    except ValueError:
        return 0
    return min(MOST_PIECES, int(found[1])) if (found := re.match(rb'"chunks-(\d+)', said)) else 0
