"""Signing in at a real OpenID Connect provider, and out again for good."""

import json
import shutil
import sqlite3
import string
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import free_port, serving, settle
from browser.test_guard import get
from insights.access import Trail

CHIEF = {"sub": "chief@x.example", "email": "chief@x.example", "groups": ["heads"]}
CLERK = {"sub": "clerk@x.example", "email": "clerk@x.example"}
SETTINGS = """
[sign_in]
way = "oidc"
[roles.admin]
groups = ["heads"]
"""
SECRETS = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "a secret of the tests alone, thirty-two bytes and more"
client_id = "insights"
client_secret = "not asked for"
server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="session")
def provider() -> Iterator[int]:
    """Return the port of a provider that lets in whoever presses the button."""
    port = free_port()
    program = shutil.which("oidc-provider-mock", path=str(Path(sys.executable).parent)) or "oidc-provider-mock"
    people = [word for one in (CHIEF, CLERK) for word in ("--user-claims", json.dumps(one))]
    with subprocess.Popen([program, "--port", str(port), *people], stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None
        yield port
        server.terminate()


@pytest.fixture(scope="session")
def served(
    small_directory: Path, provider: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Return the address and directory of a server that sends people there to sign in."""
    place, port = tmp_path_factory.mktemp("service"), free_port()
    shutil.copytree(small_directory, place / "warehouse", ignore=shutil.ignore_patterns("*.sqlite*", "audit*"))
    (place / "insights.toml").write_text(SETTINGS, "utf-8")
    (place / ".streamlit").mkdir()
    (place / ".streamlit" / "secrets.toml").write_text(SECRETS.format(port=port, provider=provider), "utf-8")
    with serving(place / "warehouse", place / "log", place / "insights.toml", port=port, HOME=str(place)) as address:
        yield address, place / "warehouse"


def sign_in(page: Page, address: str, name: str, path: str = "/") -> Page:
    page.goto(f"{address}{path}")
    page.get_by_text("Kurum hesabınızla oturum açın").click()
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{address}/**")
    return settle(page)


def test_the_provider_says_who_somebody_is_and_settings_what_they_see(
    browser: Browser, served: tuple[str, Path]
) -> None:
    address, directory = served
    with browser.new_context(locale="tr-TR") as one, browser.new_context(locale="tr-TR") as other:
        chief = sign_in(one.new_page(), address, "chief@", "/response?period=30d")
        clerk = sign_in(other.new_page(), address, "clerk@")
        assert chief.url.startswith(f"{address}/response?period=30d"), "a link survives the signing in"
        assert [c["name"] for c in one.cookies() if c["name"] == "insights_next"] == []
        assert chief.get_by_role("link", name="Erişim").is_visible()
        assert clerk.get_by_text("henüz bir rol verilmedi").is_visible()
        assert clerk.get_by_test_id("stMetric").count() == 0
    seen = {(entry["who"], entry["what"]) for entry in Trail(directory).entries()}
    assert {("chief@x.example", "sign_in"), ("chief@x.example", "page"), ("clerk@x.example", "refused")} <= seen


def test_a_copy_of_the_providers_cookie_is_worth_nothing_after_the_sign_out(
    browser: Browser, served: tuple[str, Path]
) -> None:
    address, directory = served
    with browser.new_context(locale="tr-TR") as context, browser.new_context(locale="tr-TR") as thief:
        page = sign_in(context.new_page(), address, "chief@")
        thief.add_cookies([{"name": c["name"], "value": c["value"], "url": address} for c in context.cookies()])
        copy = thief.new_page()
        copy.goto(f"{address}/satisfaction")
        settle(copy)
        assert copy.get_by_test_id("stMetric").count() > 0
        page.get_by_text("Oturumu kapat").click()
        page.wait_for_url("**/end_session**")  # the provider ends its own session too
        for cookies in (thief.cookies(), [spelled_otherwise(c) for c in thief.cookies()]):
            thief.add_cookies([{"name": c["name"], "value": c["value"], "url": address} for c in cookies])
            copy.goto(f"{address}/satisfaction")
            settle(copy)
            assert copy.get_by_text("Kurum hesabınızla oturum açın").is_visible()
            assert copy.get_by_test_id("stMetric").count() == 0
    assert ("chief@x.example", "sign_out") in {(entry["who"], entry["what"]) for entry in Trail(directory).entries()}


def spelled_otherwise(cookie: Any) -> Any:
    """Return a cookie with another last letter that says the same: half of its bits are not read."""
    letters = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
    value = cookie["value"]
    return {**cookie, "value": f"{value[:-1]}{letters[letters.index(value[-1]) ^ 1]}"}


def test_nobody_can_put_a_file_or_take_one_before_signing_in(served: tuple[str, Path]) -> None:
    address, directory = served
    assert get(address, "/media/0123.csv").status == 401
    with sqlite3.connect(directory / "access.sqlite") as con:
        before = con.execute("SELECT count(*) FROM service_cookies").fetchone()
        forged = get(address, "/_stcore/upload_file/a/b", "PUT", Content_Length="1", Cookie="_streamlit_user=forged")
        assert forged.status == 401
        assert con.execute("SELECT count(*) FROM service_cookies").fetchone() == before, "nothing is kept for nobody"
