"""The real server on a free port over a small warehouse, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import duckdb
import pytest
from canaries import marked
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from small_company import Tables, fill

from insights.access import Accounts
from insights.settings import ROLES

ROOT = Path(__file__).parents[2]
PATIENCE = 30_000
"""Milliseconds a page may take to come to what is waited for: other tests use the same cores."""
expect.set_options(timeout=PATIENCE)
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


PASSWORD = "ölçülü bir parola"
BY_PROXY = """
[sign_in]
way = "proxy"
proxies = ["127.0.0.1", "::1"]
""" + "".join(f'[roles.{role}]\npeople = ["{role}@x.example"]\n' for role in ROLES)


@pytest.fixture(scope="session")
def canaries(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse directory in which every person can be recognised; two agents are the roles' own."""
    directory, found = tmp_path_factory.mktemp("canaries"), marked(tables)
    with duckdb.connect(str(directory / "warehouse-1.duckdb")) as con:
        fill(con, found)
        for role, agent in zip(("lead", "agent"), found["agents"], strict=False):
            con.execute("UPDATE agents SET name = ? WHERE agent_id = ?", [f"{role}@x.example", agent["agent_id"]])
    (directory / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    return directory


@pytest.fixture(scope="session")
def proxied(canaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that believes a proxy on this machine."""
    place = tmp_path_factory.mktemp("proxied")
    (place / "insights.toml").write_text(BY_PROXY, "utf-8")
    with serving(canaries, place / "log", place / "insights.toml") as address:
        yield address


@pytest.fixture(scope="session")
def accounts(canaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Return the address and the directory of a server with accounts of its own."""
    place = tmp_path_factory.mktemp("accounts")
    shutil.copytree(canaries, place / "warehouse", ignore=shutil.ignore_patterns("*.sqlite*", "audit*"))
    for name, role in (("boss", "manager"), ("chief", "admin"), ("gone", "admin"), ("leaving", "admin")):
        Accounts(place / "warehouse").add(name, PASSWORD, role)
    (place / "insights.toml").write_text('[sign_in]\nway = "accounts"\n', "utf-8")
    with serving(place / "warehouse", place / "log", place / "insights.toml") as address:
        yield address, place / "warehouse"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium: the system's when there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        # Drawn without a graphics card there is none to pretend, which costs as much as the page itself.
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """Return a function that gives the one reader of a locale: whoever comes back has the app's own files already."""
    known: dict[str, BrowserContext] = {}

    def reader(locale: str) -> BrowserContext:
        if locale not in known:
            known[locale] = browser.new_context(
                locale=locale, timezone_id="Europe/Istanbul", accept_downloads=True, reduced_motion="reduce"
            )
        return known[locale]

    yield reader
    for context in known.values():
        context.close()


@pytest.fixture(scope="session")
def idle() -> dict[str, list[Page]]:
    """Return the windows no test uses, by locale: what they compiled of the app need not be compiled anew."""
    return defaultdict(list)


@pytest.fixture
def visit(readers: Callable[[str], BrowserContext], idle: dict[str, list[Page]]) -> Iterator[Visit]:
    """Return a function that opens an address in a window that remembers nothing, and waits until it is drawn."""
    opened: list[tuple[str, Page]] = []
    heard: list[tuple[Page, str, Callable[..., None]]] = []

    def hear(page: Page, event: str, what: Callable[..., None]) -> None:
        heard.append((page, event, what))
        page.on(event, what)  # type: ignore[call-overload]

    def open_page(
        url: str,
        *,
        width: int = 1440,
        locale: str = "tr-TR",
        asked: list[str] | None = None,
        said: list[str] | None = None,
    ) -> Page:
        page = idle[locale].pop() if idle[locale] else readers(locale).new_page()
        opened.append((locale, page))
        page.set_viewport_size({"width": width, "height": 900})
        page.set_default_timeout(PATIENCE)
        if asked is not None:
            hear(page, "request", lambda request: asked.append(request.url))
        if said is not None:
            hear(page, "console", lambda message: said.append(message.text))
        page.goto(url)
        return settle(page)

    yield open_page
    for page, event, what in heard:
        page.remove_listener(event, what)
    for locale, page in opened:
        idle[locale] += forgetful(page)


def forgetful(page: Page) -> list[Page]:
    """Return a window as new, at an empty page of the server it was at; none where that server is gone."""
    try:
        page.goto(urljoin(page.url, "/livez"))
    except Error:
        page.close()
        return []
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.context.clear_cookies()
    page.emulate_media(color_scheme="null")
    page.mouse.move(0, 0)
    return [page]


def settle(page: Page) -> Page:
    """Wait until the page has been drawn and stays so."""
    page.evaluate("window.calmSince = undefined")
    page.wait_for_function(SETTLED, timeout=60_000)
    return page
