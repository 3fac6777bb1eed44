"""The real server on a free port over a small warehouse, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
Visit = Callable[..., Page]
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const busy = !app || app.dataset.testScriptState !== 'notRunning'
    || document.querySelector('[data-testid=stSkeleton], [data-stale=true]');
  const now = performance.now();
  if (busy) window.calmSince = undefined; else window.calmSince ??= now;
  return !busy && now - window.calmSince > 700;
}"""
"""The page has been calm for 0.7 s: right after loading it looks calm before the first run begins."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    warehouse: Path, log: Path, config: Path | None = None, port: int | None = None, **environment: str
) -> Iterator[str]:
    """Serve the dashboard over a warehouse directory until the end of the block; gives its address."""
    port = port or free_port()
    settings = ["--config", str(config)] if config else []
    command = [sys.executable, "-m", "insights", "--warehouse", str(warehouse), *settings, "serve", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
    try:
        address = f"http://localhost:{port}"
        _wait(f"{address}/livez", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text("utf-8", "replace")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}: {log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="session")
def address(small_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard over the shared small warehouse."""
    with serving(small_directory, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium: the system's when there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Return a function that opens an address in a fresh window and waits until it is drawn."""
    contexts = []

    def open_page(
        url: str, *, width: int = 1440, locale: str = "tr-TR", asked: list[str] | None = None,
        said: list[str] | None = None,
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, timezone_id="Europe/Istanbul",
            accept_downloads=True,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        if asked is not None:
            page.on("request", lambda request: asked.append(request.url))
        if said is not None:
            page.on("console", lambda message: said.append(message.text))
        page.goto(url)
        return settle(page)

    yield open_page
    for context in contexts:
        context.close()


def settle(page: Page) -> Page:
    """Wait until the page has been drawn and stays so."""
    page.evaluate("window.calmSince = undefined")
    page.wait_for_function(SETTLED, timeout=60_000)
    return page
