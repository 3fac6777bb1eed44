"""Who may come in at all: a request of nobody known gets the sign-in page, or nothing."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection

from insights.access import COOKIE, SERVICE_COOKIE, Request, Trail, Visitor, holds, may, sign_out, who
from insights.settings import Role, Settings

Headers = list[tuple[bytes, bytes]]
SIGN_IN, SIGN_OUT = "sign-in", "sign-out"
SERVICE_OUT = "auth/logout"
SERVICES = ("auth/login", SERVICE_OUT, "oauth2callback")
"""What a sign-in service and Streamlit say to each other through."""
WITH_DATA = ("media/", "_stcore/upload_file")
"""What anonymous visitors get nothing of where a service signs people in: the script greets them itself."""


@dataclass(frozen=True)
class Door:
    """The rule of one server."""

    settings: Settings
    roles_now: Callable[[], Mapping[str, Role]] | None = None
    """What roles may, read anew: they are changed while the server runs."""

    def cleaned(self, scope: dict[str, Any]) -> dict[str, Any]:
        """Return a request without what nobody may claim: a proxy's words from elsewhere, a session that has ended."""
        asked, headers = self.settings.sign_in, list(scope["headers"])
        listed = (scope.get("client") or ("",))[0] in asked.proxies
        claims = {asked.user_header.lower().encode(), asked.groups_header.lower().encode()}
        said = [k.lower() for k, _ in headers if k.lower() in claims]
        # A proxy says each once: what stands there twice, a visitor has said as well.
        if not (asked.way == "proxy" and listed and len(said) == len(set(said))):
            headers = [(k, v) for k, v in headers if k.lower() not in claims]
        if asked.way == "oidc" and not (vouched(scope) and holds(cookies_of(headers), self.settings)):
            headers = _without_service(headers)
        scheme = {"http": "https", "ws": "wss"}.get(scope.get("scheme", ""), "")
        secure = listed and (b"x-forwarded-proto", b"https") in headers and scheme
        return scope | {"headers": headers} | ({"scheme": scheme} if secure else {})

    def sender(self, scope: dict[str, Any], headers: Mapping[str, str]) -> str:
        """Return the address a request comes from: behind a listed proxy, the one the proxy saw."""
        address = str((scope.get("client") or ("",))[0])
        if address not in self.settings.sign_in.proxies:
            return address
        return headers.get("x-forwarded-for", address).rsplit(",", 1)[-1].strip()

    def lets(self, scope: dict[str, Any], path: str) -> bool:
        """Tell whether a request may pass; `scope` is cleaned."""
        way = self.settings.sign_in.way
        if way == "none" or path in (SIGN_IN, SIGN_OUT, "livez", "readyz"):
            return True
        if way == "oidc":
            return not path.startswith(WITH_DATA) or vouched(scope)
        return self.visitor(scope) is not None

    def visitor(self, scope: dict[str, Any]) -> Visitor | None:
        """Return who sends a request; `scope` is cleaned."""
        return self._visitor(scope, self.settings)

    def _visitor(self, scope: dict[str, Any], settings: Settings) -> Visitor | None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        claims = _claims(scope) if settings.sign_in.way == "oidc" else None
        return who(Request(cookies_of(scope["headers"]), headers, claims), settings)

    def may_load(self, scope: dict[str, Any]) -> bool:
        """Tell whether who sends a request may load, and so upload; `scope` is cleaned."""
        settings = self.settings
        if self.roles_now:
            settings = settings.model_copy(update={"roles": self.roles_now()})
        visitor = self._visitor(scope, settings)
        return visitor is not None and may(visitor, "load", settings)

    def there(self, scope: dict[str, Any]) -> Visitor | bool | None:
        """Return what must stay as it is while a page is open: who looks, or that the service's cookie still counts."""
        if self.settings.sign_in.way == "oidc":
            return vouched(scope) and holds(cookies_of(scope["headers"]), self.settings)
        return self.visitor(scope)

    def lasts_s(self, open_s: float) -> float | None:
        """Return how long a page may stay open until it has to come by the proxy again, which alone knows who may."""
        sign_in = self.settings.sign_in
        return max(0.0, sign_in.hours * 3600 - open_s) if sign_in.way == "proxy" else None

    def session(self, scope: dict[str, Any]) -> str:
        """Return what tells this request's session from others: of their cookie, or of who a proxy says asks."""
        sign_in, cookies = self.settings.sign_in, cookies_of(scope["headers"])
        of_service = "".join(value for name, value in sorted(cookies.items()) if name.startswith(SERVICE_COOKIE))
        told = {"accounts": cookies.get(COOKIE, ""), "oidc": of_service}
        if sign_in.way == "proxy":
            told["proxy"] = getattr(self.visitor(scope), "name", "")
        return hashlib.sha256(told.get(sign_in.way, "").encode()).hexdigest()

    def leaves(self, scope: dict[str, Any], path: str) -> None:
        """End a session whose owner signs out at the service, and write it down."""
        if path == SERVICE_OUT:
            if name := _vouched_name(scope):
                Trail(self.settings.warehouse).add(name, "sign_out")
            sign_out(cookies_of(scope["headers"]), self.settings.warehouse)

    def way_in(self, scope: dict[str, Any], path: str) -> str | None:
        """Return where a person is sent to sign in; None where no page of ours could help."""
        if self.settings.sign_in.way != "accounts" or scope.get("method") != "GET":
            return None
        if "." in path or path.startswith(("_stcore", "media")):
            return None  # a part of a page, not a page
        asked = f"/{path}" + (f"?{scope['query_string'].decode('latin-1')}" if scope.get("query_string") else "")
        return f"/{SIGN_IN}?next={quote(asked, safe='')}"


def cookies_of(headers: Headers) -> dict[str, str]:
    """Return the cookies of a request, read as Streamlit reads them: what one of the two read otherwise would pass."""
    return HTTPConnection({"type": "http", "headers": [(k.lower(), v) for k, v in headers]}).cookies


def _without_service(headers: Headers) -> Headers:
    """Return headers without the sign-in service's cookies: they stay whole or go whole, in however many pieces."""
    found = []
    for key, value in headers:
        if key.lower() == b"cookie":
            parts = (p.strip() for p in value.decode("latin-1").split(";"))
            value = "; ".join(p for p in parts if not p.startswith(SERVICE_COOKIE)).encode("latin-1")
        found.append((key, value))
    return found


def vouched(scope: dict[str, Any]) -> bool:
    """Tell whether the sign-in service's cookie is one this server signed."""
    return _signed(scope) is not None


def _vouched_name(scope: dict[str, Any]) -> str:
    """Return whom the sign-in service's cookie names; nobody without one this server signed."""
    claims = _claims(scope)
    return str(claims.get("email") or claims.get("sub") or "")


def _claims(scope: dict[str, Any]) -> dict[str, Any]:
    """Return what the sign-in service's cookie says; nothing without one this server signed."""
    claims: dict[str, Any] = json.loads(_signed(scope) or "{}")
    return claims


def _signed(scope: dict[str, Any]) -> bytes | None:
    from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

    return _get_signed_cookie_with_chunks(cookies_of(scope["headers"]), SERVICE_COOKIE)
