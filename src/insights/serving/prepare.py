"""The server as we need it: our pages known from the first visit, uploads on disk, every answer through the guard."""

import os
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit import config

from insights import texts
from insights.errors import InsightsError, NotWritable
from insights.serving import sign_in
from insights.serving.door import Door
from insights.serving.given import keep_to_their_own
from insights.serving.guard import LOCAL, Guard, Limits
from insights.serving.uploads import keep_on_disk
from insights.settings import Settings, load_settings

LONGEST_GOODBYE_S = 3


def prepared(root: Path) -> dict[str, Any]:
    """Return what Streamlit's App takes besides the script: middleware and routes. Called before the first run."""
    from streamlit.runtime.pages_manager import PagesManager

    # Streamlit takes a folder named pages for its old layout until the first run has called st.navigation, and tells
    # the first visitor who comes by a link to a page that it does not exist.
    if hasattr(PagesManager, "uses_pages_directory"):
        PagesManager.uses_pages_directory = False
    keep_on_disk()
    keep_to_their_own()
    _tune()
    settings = _settings()
    _keep_in(settings)
    pages = {"home", *(page.stem for page in (root / "pages").rglob("*.py"))}
    limits = Limits(hosts=tuple(settings.server.hosts), upload_bytes=settings.server.upload_mb * 1024 * 1024)
    return {
        "middleware": [
            Middleware(Guard, pages=frozenset(pages), limits=limits, door=Door(settings, lambda: _settings().roles))
        ],
        "routes": [Route("/livez", _alive), Route("/readyz", _ready(settings)), *sign_in.routes(settings)],
    }


def _keep_in(settings: Settings) -> None:
    """Refuse to start where others can reach a server nobody signs in to, however it was started."""
    address = config.get_option("server.address") or "0.0.0.0"
    if settings.sign_in.way == "none" and address not in LOCAL and not os.environ.get("INSIGHTS_OPEN"):
        raise SystemExit(texts.error(NotWritable("open_server", address=address), settings.company.language))


def _tune() -> None:
    """Let a server that is told to stop wait seconds for open pages, and believe no header about who sends a request.

    Else it waits until the last reader closes a page, and a header names the sender before our own list is looked at.
    """
    import gc
    import sys

    if server := sys.modules.get("uvicorn.config"):
        for config in [one for one in gc.get_objects() if isinstance(one, server.Config)]:
            config.timeout_graceful_shutdown = LONGEST_GOODBYE_S
            config.proxy_headers = False
            config.encoded_headers = []  # of every answer: made already, with the server's name


def _settings() -> Settings:
    """Return the settings; wrong ones are told of on the page, and the server starts strict."""
    try:
        return load_settings()
    except InsightsError:
        return Settings()


async def _alive(request: Any) -> PlainTextResponse:
    return PlainTextResponse("ok")


def _ready(settings: Settings) -> Any:
    async def ready(request: Any) -> PlainTextResponse:
        """Tell whether there is a warehouse to serve."""
        there = any(settings.warehouse.glob("warehouse-*.duckdb"))
        return PlainTextResponse("ok" if there else "no data yet", 200 if there else 503)

    return ready
