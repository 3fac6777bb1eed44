"""The headers of every answer: pages load from here alone, no text becomes a script, cookies keep to TLS."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

Message = dict[str, Any]


def with_headers(send: Any, scope: Message) -> Any:
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
def root() -> Path:
    """Return the folder Streamlit serves its page and its parts from."""
    import streamlit

    return Path(streamlit.__file__).parent / "static"


@cache
def _inline_scripts() -> tuple[str, ...]:
    """Return the hashes of the lines of script inside Streamlit's one page, as a policy names them."""
    html = (root() / "index.html").read_text("utf-8")
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found)
    return tuple(f"'sha256-{digest}'" for digest in digests)
