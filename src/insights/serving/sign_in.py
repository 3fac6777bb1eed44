"""The sign-in page for accounts of our own: a form, outside the dashboard, of which nothing of it can be seen."""

import asyncio
import html
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from insights import texts
from insights.access import COOKIE, Accounts, Sessions, SignInRefused, Trail, sign_out
from insights.serving.door import SIGN_IN, SIGN_OUT, Door
from insights.settings import Settings

MOST_BYTES = 10_000
AT_ONCE, LONGEST_TURN_S = 2, 10
"""A password takes memory and time to check: others wait their turn, and who signs in already is not kept waiting."""
_PAGE = Template(Path(__file__).with_name("sign_in.html").read_text("utf-8"))


def routes(settings: Settings) -> list[Route]:
    """Return the addresses of signing in and out."""
    if settings.sign_in.way != "accounts":
        return []

    turns = asyncio.Semaphore(AT_ONCE)

    async def form(request: Request) -> Response:
        return HTMLResponse(page(settings, request.query_params, request.headers.get("accept-language", "")))

    async def enter(request: Request) -> Response:
        if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
            return Response(status_code=413)
        given = {k: v[0] for k, v in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
        try:
            await asyncio.wait_for(turns.acquire(), LONGEST_TURN_S)
        except TimeoutError:
            busy = SignInRefused("sign_in_wait", seconds=LONGEST_TURN_S)
            return HTMLResponse(page(settings, given, request.headers.get("accept-language", ""), busy), 429)
        try:
            return await run_in_threadpool(_entered, settings, request, given)
        finally:
            turns.release()

    async def leave(request: Request) -> Response:
        await run_in_threadpool(_left, settings, request)
        gone = RedirectResponse(f"/{SIGN_IN}", 303)
        gone.delete_cookie(COOKIE)
        return gone

    return [
        Route(f"/{SIGN_IN}", form, methods=["GET"]),
        Route(f"/{SIGN_IN}", enter, methods=["POST"]),
        Route(f"/{SIGN_OUT}", leave, methods=["GET"]),
    ]


def _entered(settings: Settings, request: Request, given: Mapping[str, str]) -> Response:
    name, address = given.get("name", ""), Door(settings).sender(dict(request.scope), request.headers)
    trail, wanted = Trail(settings.warehouse), request.headers.get("accept-language", "")
    try:
        account = Accounts(settings.warehouse).check(name, given.get("password", ""), address)
    except SignInRefused as refused:
        trail.add(name[:100], "sign_in_failed", address=address)
        return HTMLResponse(page(settings, given, wanted, refused), 403)
    trail.add(account.name, "sign_in", address=address, role=account.role)
    token = Sessions(settings.warehouse, settings.sign_in.hours * 3600).begin(account)
    entered = RedirectResponse(inside(given.get("next", "")), 303)
    entered.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return entered


def _left(settings: Settings, request: Request) -> None:
    if account := Sessions(settings.warehouse).who(request.cookies.get(COOKIE)):
        Trail(settings.warehouse).add(account.name, "sign_out")
    sign_out(request.cookies, settings.warehouse)


def inside(address: str) -> str:
    """Return an address of this dashboard as it was asked for; anything that leads elsewhere is the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return quote(address, safe="/?&=%+,:;@~-._!*'()") if plain else "/"


def page(settings: Settings, given: Mapping[str, str], wanted: str, refused: SignInRefused | None = None) -> str:
    """Return the form in the visitor's language, with where to go afterwards and why the last try was refused."""
    language = given.get("lang") or texts.nearest(wanted.split(",")[0], settings.company.language)
    language = language if language in texts.languages() else settings.company.language
    following = given.get("next", "")
    said: dict[str, Any] = {
        key: texts.t(f"sign_in.{key}", language) for key in ("title", "name", "password", "enter", "forgotten")
    }
    said |= {
        "language": language,
        "company": settings.company.name,
        "next": following,
        "name_given": given.get("name", ""),
    }
    safe = {key: html.escape(str(value)) for key, value in said.items()}
    why = html.escape(texts.error(refused, language)) if refused else ""
    return _PAGE.substitute(
        safe, refused=f'<p class="refused" role="alert">{why}</p>' if why else "", others=_others(language, following)
    )


def _others(language: str, following: str) -> str:
    """Return links to the page in the other languages."""
    links = (
        f'<a lang="{code}" href="/{SIGN_IN}?lang={code}&amp;next={quote(following, safe="")}">'
        f"{html.escape(texts.locales()[code].name)}</a>"
        for code in texts.languages()
        if code != language
    )
    return " · ".join(links)
