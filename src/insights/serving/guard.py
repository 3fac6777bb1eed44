"""Every request passes here first: whose host, which origin, which address, how much; every answer gets its headers.

A browser can be made to send requests here by any page it visits. Host and Origin tell: only this machine's names and
the configured ones are answered, everything else gets 403 before a byte of data is read, websockets included.
"""

import base64
import hashlib
import re
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool

from insights.serving.door import SERVICES, SIGN_IN, SIGN_OUT, Door

Message = dict[str, Any]
LOCAL = ("localhost", "127.0.0.1", "::1")
STREAMLITS = ("_stcore/", "static/", "component/", "media/", "app/static/")
"""What a page needs besides itself; `app/static/` holds our font and mark."""
HEALTH = ("livez", "readyz")
ENTRANCES = (SIGN_IN, SIGN_OUT, *SERVICES)
HIDDEN = ("_stcore/metrics", "_stcore/agent")
UPLOAD = "_stcore/upload_file/"


@dataclass(frozen=True)
class Limits:
    """Which hosts are answered besides this machine's names, how much may be uploaded, and how often one may ask."""

    hosts: tuple[str, ...] = ()
    upload_bytes: int = 50 * 1024 * 1024
    uploads_at_once: int = 4
    requests_a_minute: int = 3_000
    """Of one address: some fifty people who click as fast as they read."""


class Pace:
    """How often each address asked within the minute that runs."""

    def __init__(self, most: int) -> None:
        self.most, self.minute = most, 0
        self.asked: Counter[str] = Counter()

    def allows(self, address: str, at: float) -> bool:
        """Count a request and tell whether it is within what one address may ask in a minute."""
        if (minute := int(at // 60)) != self.minute:
            self.minute, self.asked = minute, Counter()
        self.asked[address] += 1
        return self.asked[address] <= self.most


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: Any, *, pages: Collection[str], limits: Limits, door: Door) -> None:
        self.app, self.pages, self.limits, self.door = app, pages, limits, door
        self.uploading = 0
        self.pace = Pace(limits.requests_a_minute)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Answer with a refusal, or pass on and add the headers."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        path = scope["path"].lstrip("/")
        if refused := self._refused(scope, headers, path):
            await _refuse(scope, receive, send, *refused)
            return
        scope = await run_in_threadpool(self.door.cleaned, scope)
        if not await run_in_threadpool(self.door.lets, scope, path):
            await self._turn_away(scope, receive, send, path)
            return
        await run_in_threadpool(self.door.leaves, scope, path)
        await self._pass(scope, receive, send, path)

    async def _turn_away(self, scope: Message, receive: Any, send: Any, path: str) -> None:
        """Show a person the way in; tell everything else that it has to sign in."""
        way_in = self.door.way_in(scope, path)
        if way_in is None:
            await _refuse(scope, receive, send, 401, "Sign in first. / Önce oturum açın.")
            return
        start = {"type": "http.response.start", "status": 303, "headers": [(b"location", way_in.encode("latin-1"))]}
        await _with_headers(send, scope)(start)
        await send({"type": "http.response.body", "body": b""})

    async def _pass(self, scope: Message, receive: Any, send: Any, path: str) -> None:
        """Hand a request on; an upload within its limits."""
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if path.startswith(UPLOAD) and scope.get("method") == "PUT":
            await self._upload(scope, receive, send, headers)
        else:
            await self.app(scope, receive, _with_headers(send, scope))

    def _refused(self, scope: Message, headers: dict[str, str], path: str) -> tuple[int, str] | None:
        """Return status and words for a request that is not answered."""
        hosts = (*LOCAL, *self.limits.hosts)
        if not any(_same(_name_of(headers.get("host")), host) for host in hosts):
            return 403, "This host is not served here."
        if (origin := headers.get("origin")) and not self._own(origin, headers["host"]):
            return 403, "This origin is not served here."
        if not self.pace.allows(self.door.sender(scope, headers), time.monotonic()):
            return 429, "Too many requests; wait a minute. / Çok fazla istek; bir dakika bekleyin."
        if scope["type"] == "http" and not self._known(path):
            return 404, "There is no such page. / Böyle bir sayfa yok."
        return None

    def _own(self, origin: str, host: str) -> bool:
        """Tell whether a page of this server, or of a configured host, asks."""
        where = urlsplit(origin)
        return where.netloc == host or any(_same(where.hostname, h) for h in self.limits.hosts)

    def _known(self, path: str) -> bool:
        """Tell whether an address is one of ours: a page, or what pages are made of."""
        page, _, rest = path.partition("/")
        rest = rest if page in self.pages else path  # a page's own parts may be asked for below its address
        if rest.startswith(HIDDEN):
            return False
        return not rest or path in (*self.pages, *HEALTH, *ENTRANCES) or rest.startswith(STREAMLITS) or rest in _files()

    async def _upload(self, scope: Message, receive: Any, send: Any, headers: dict[str, str]) -> None:
        size = headers.get("content-length", "")
        if not size.isdigit():
            await _refuse(scope, receive, send, 411, "An upload must say its length.")
        elif int(size) > self.limits.upload_bytes + 10_000:
            await _refuse(scope, receive, send, 413, "This file is larger than may be uploaded.")
        elif self.uploading >= self.limits.uploads_at_once:
            await _refuse(scope, receive, send, 429, "Too many uploads at once; try again.")
        else:
            self.uploading += 1
            try:
                await self.app(scope, receive, _with_headers(send, scope))
            finally:
                self.uploading -= 1


def _name_of(host: str | None) -> str | None:
    """Return the name in a Host header; None for one that is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        return None if host is None or parts.username or parts.path else parts.hostname
    except ValueError:
        return None


def _same(name: str | None, allowed: str) -> bool:
    return name is not None and name.rstrip(".").casefold() == allowed.casefold()


async def _refuse(scope: Message, receive: Any, send: Any, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    body = f"{words}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await _with_headers(send, scope)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Any, scope: Message) -> Any:
    """Return a `send` that adds the security headers to the beginning of an answer."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = security_headers(scope.get("scheme") == "https")
            kept = [(k, v) for k, v in message["headers"] if k.lower() not in own and k.lower() != b"server"]
            if scope.get("scheme") == "https":
                kept = [(k, _secure(v) if k.lower() == b"set-cookie" else v) for k, v in kept]
            message = message | {"headers": [*kept, *own.items()]}
        await send(message)

    return sent


def _secure(cookie: bytes) -> bytes:
    """Return a cookie that a browser sends back over TLS alone."""
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


@cache
def security_headers(secure: bool) -> dict[bytes, bytes]:
    """Return the headers of every answer; the policy lets pages load from here alone, and no text become a script."""
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' 'wasm-unsafe-eval' {' '.join(_inline_scripts())}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "frame-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'self'",
        "frame-ancestors": "'none'",
    }
    found = {
        b"content-security-policy": "; ".join(f"{k} {v}" for k, v in policy.items()).encode(),
        b"x-content-type-options": b"nosniff",
        b"x-frame-options": b"DENY",
        b"referrer-policy": b"same-origin",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
    return found | ({b"strict-transport-security": b"max-age=31536000"} if secure else {})


@cache
def _root() -> Path:
    import streamlit

    return Path(streamlit.__file__).parent / "static"


@cache
def _files() -> frozenset[str]:
    """Return the names of the files Streamlit serves from its root: its icon and manifest."""
    return frozenset(p.name for p in _root().iterdir() if p.is_file())


@cache
def _inline_scripts() -> tuple[str, ...]:
    """Return the hashes of the lines of script inside Streamlit's one page, as a policy names them."""
    html = (_root() / "index.html").read_text("utf-8")
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found)
    return tuple(f"'sha256-{digest}'" for digest in digests)
