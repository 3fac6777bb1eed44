"""Where somebody was when they went to a sign-in service: kept in a cookie until it has answered, then gone to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from insights.serving.sign_in import inside

Message = dict[str, Any]
LEAVES, COMES_BACK = "auth/login", "oauth2callback"
COOKIE = "insights_next"
LASTS_S = 600


def coming_back(send: Any, path: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Any:
    """Return a `send` that remembers the page somebody leaves to sign in, and brings them back to it."""
    if path not in (LEAVES, COMES_BACK):
        return send

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": _headers(message["headers"], path, headers, cookies)}
        await send(message)

    return sent


def _headers(
    found: list[tuple[bytes, bytes]], path: str, headers: Mapping[str, str], cookies: Mapping[str, str]
) -> list[tuple[bytes, bytes]]:
    if path == LEAVES:
        left = _left(headers)
        return [*found, (b"set-cookie", _cookie(quote(left, safe=""), LASTS_S))] if left else found
    where = inside(unquote(cookies.get(COOKIE, ""))).encode()
    brought = [(k, where if (k, v) == (b"location", b"/") else v) for k, v in found]
    return [*brought, (b"set-cookie", _cookie("", 0))]


def _left(headers: Mapping[str, str]) -> str:
    """Return the page of ours a visitor comes from, with its view."""
    where = urlsplit(headers.get("referer", ""))
    if where.netloc != headers.get("host"):
        return ""
    return where.path + (f"?{where.query}" if where.query else "")


def _cookie(value: str, lasts_s: int) -> bytes:
    return f"{COOKIE}={value}; Max-Age={lasts_s}; Path=/; HttpOnly; SameSite=Lax".encode("latin-1")
