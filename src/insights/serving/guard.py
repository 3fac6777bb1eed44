"""Every request passes here first: whose host, which origin, which address, how much; every answer gets its headers.

A browser can be made to send requests here by any page it visits. Host and Origin tell: only this machine's names and
the configured ones are answered, everything else gets 403 before a byte of data is read, websockets included.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool

from insights.serving.coming_back import coming_back
from insights.serving.door import SERVICE_OUT, SERVICES, SIGN_IN, SIGN_OUT, Door, cookies_of
from insights.serving.given import asking
from insights.serving.headers import root, with_headers

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
    longest_turn_s: float = 60.0
    """How long another upload waits for its turn."""
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
        self.receiving, self.keeping = asyncio.Semaphore(limits.uploads_at_once), asyncio.Semaphore(1)
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
        if path.startswith(UPLOAD) and not await run_in_threadpool(self.door.may_load, scope):
            await _refuse(scope, receive, send, 403, "Your role may not load files. / Rolünüz dosya yükleyemez.")
            return
        await run_in_threadpool(self.door.leaves, scope, path)
        asking.set(self.door.session(scope))
        if scope["type"] == "websocket":
            receive = await self._while_there(scope, receive)
        await self._pass(scope, receive, send, path)

    async def _turn_away(self, scope: Message, receive: Any, send: Any, path: str) -> None:
        """Show a person the way in; tell everything else that it has to sign in."""
        way_in = self.door.way_in(scope, path)
        if way_in is None:
            await _refuse(scope, receive, send, 401, "Sign in first. / Önce oturum açın.")
            return
        start = {"type": "http.response.start", "status": 303, "headers": [(b"location", way_in.encode("latin-1"))]}
        await with_headers(send, scope)(start)
        await send({"type": "http.response.body", "body": b""})

    async def _pass(self, scope: Message, receive: Any, send: Any, path: str) -> None:
        """Hand a request on; an upload within its limits."""
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if path.startswith(UPLOAD) and scope.get("method") == "PUT":
            await self._upload(scope, receive, send, headers)
        else:
            sent = coming_back(with_headers(send, scope), path, headers, cookies_of(scope["headers"]))
            await self.app(scope, receive, sent)

    async def _while_there(self, scope: Message, receive: Any) -> Any:
        """Return a `receive` that hands on what an open page asks for as long as its reader is who they were.

        After that a click is a look at the page alone: it draws whatever is there for them now, and does nothing else.
        """
        was, began = await run_in_threadpool(self.door.there, scope), time.monotonic()

        async def received() -> Message:
            try:
                message: Message = await asyncio.wait_for(receive(), self.door.lasts_s(time.monotonic() - began))
            except TimeoutError:
                return {"type": "websocket.disconnect", "code": 1001}  # the page comes again by itself
            if message["type"] == "websocket.receive" and await run_in_threadpool(self.door.there, scope) != was:
                return {"type": "websocket.receive", "bytes": _look_again()}
            return message

        return received

    def _refused(self, scope: Message, headers: dict[str, str], path: str) -> tuple[int, str] | None:
        """Return status and words for a request that is not answered."""
        hosts = (*LOCAL, *self.limits.hosts)
        if not any(_same(_name_of(headers.get("host")), host) for host in hosts):
            return 403, "This host is not served here: [server] hosts names those that are. / Bu ad burada sunulmuyor."
        if (origin := headers.get("origin")) and not self._own(origin, headers["host"]):
            return 403, "This origin is not served here."
        if path in (SIGN_OUT, SERVICE_OUT) and not self._asked_here(headers):
            return 403, "Sign out from a page of this dashboard. / Oturumu bu panonun bir sayfasından kapatın."
        if not self.pace.allows(self.door.sender(scope, headers), time.monotonic()):
            return 429, "Too many requests; wait a minute. / Çok fazla istek; bir dakika bekleyin."
        if scope["type"] == "http" and not self._known(path):
            return 404, "There is no such page. / Böyle bir sayfa yok."
        return None

    def _own(self, origin: str, host: str) -> bool:
        """Tell whether a page of this server, or of a configured host, asks."""
        where = urlsplit(origin)
        return where.netloc == host or any(_same(where.hostname, h) for h in self.limits.hosts)

    def _asked_here(self, headers: dict[str, str]) -> bool:
        """Tell whether a person's click here, or their typing, sends a request: no page elsewhere can make it so.

        Without TLS a browser says it in the Referer alone, which a page elsewhere can leave out but not make ours.
        """
        if site := headers.get("sec-fetch-site"):
            return site in ("same-origin", "none")
        return self._own(headers.get("origin") or headers.get("referer") or "", headers["host"])

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
        else:
            await self._in_turn(scope, receive, send)

    async def _in_turn(self, scope: Message, receive: Any, send: Any) -> None:
        """Hand uploads on a few at once, and only one whole: what Streamlit has received is in memory until it lies."""
        try:
            await asyncio.wait_for(self.receiving.acquire(), self.limits.longest_turn_s)
        except TimeoutError:
            await _refuse(scope, receive, send, 429, "Too many uploads at once; try again.")
            return
        whole = False

        async def received() -> Message:
            nonlocal whole
            message: Message = await receive()
            if not (whole or message.get("more_body")):
                await self.keeping.acquire()
                whole = True
            return message

        try:
            await self.app(scope, received, with_headers(send, scope))
        finally:
            self.receiving.release()
            if whole:
                self.keeping.release()


@cache
def _look_again() -> bytes:
    """Return what a browser sends for a look at a page, with nothing clicked."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    asked = BackMsg()
    asked.rerun_script.SetInParent()
    return bytes(asked.SerializeToString())


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
    wants = dict(scope["headers"]).get(b"accept", b"")
    drawn = status == 404 and b"text/html" in wants
    body, kind = (_no_page(), b"text/html") if drawn else (f"{words}\n".encode(), b"text/plain")
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await with_headers(send, scope)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@cache
def _no_page() -> bytes:
    """Return what a person sees at an address that is none: that, and the way to the first page."""
    return Path(__file__).with_name("no_page.html").read_bytes()


@cache
def _files() -> frozenset[str]:
    """Return the names of the files Streamlit serves from its root: its icon and manifest."""
    return frozenset(p.name for p in root().iterdir() if p.is_file())
