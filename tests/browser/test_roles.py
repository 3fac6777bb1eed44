"""Two servers that ask who is there, and real browsers of people with different roles before them."""

from pathlib import Path

from canaries import MARK
from playwright.sync_api import Browser, BrowserContext, Page
from small_company import TEAMS

from browser.conftest import PASSWORD, settle
from browser.test_guard import get
from insights.access import Accounts, Trail


def received(page: Page) -> list[bytes]:
    """Return a list that fills with everything the server sends over websockets."""
    found: list[bytes] = []

    def frame(payload: str | bytes) -> None:
        found.append(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", frame))
    return found


def person(browser: Browser, role: str) -> BrowserContext:
    return browser.new_context(locale="tr-TR", extra_http_headers={"X-Forwarded-Email": f"{role}@x.example"})


def test_nobody_and_whoever_has_no_role_get_nothing(browser: Browser, proxied: str) -> None:
    assert get(proxied, "/").status == 401
    handshake = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    assert get(proxied, "/_stcore/stream", Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==", **handshake).status == 403
    with person(browser, "stranger") as context:
        page = context.new_page()
        sent = received(page)
        page.goto(f"{proxied}/complaints")
        settle(page)
        assert page.get_by_text("henüz bir rol verilmedi").is_visible()
        told = b"".join(sent).decode("utf-8", "replace")
    assert MARK not in told
    assert TEAMS[2] not in told


def sign_in(page: Page, address: str, name: str, path: str = "/") -> Page:
    page.goto(f"{address}{path}")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stApp]")
    return settle(page)


def test_a_link_survives_the_sign_in_and_a_copied_cookie_does_not_survive_the_sign_out(
    browser: Browser, accounts: tuple[str, Path]
) -> None:
    address, directory = accounts
    with browser.new_context(locale="tr-TR") as context, browser.new_context(locale="tr-TR") as thief:
        page = sign_in(context.new_page(), address, "boss", "/response?period=30d")
        assert "/response" in page.url
        assert "period=30d" in page.url
        cookies = context.cookies()
        assert [(c["httpOnly"], c["sameSite"]) for c in cookies if c["name"] == "insights_session"] == [(True, "Lax")]
        thief.add_cookies([{**c, "url": address} for c in map(_plain, cookies)])
        copy = thief.new_page()
        copy.goto(f"{address}/satisfaction")
        settle(copy)
        page.get_by_text("Oturumu kapat").click()
        page.wait_for_url("**/sign-in")
        copy.get_by_text("English", exact=True).click()
        copy.get_by_text("Your session has ended.").or_(copy.get_by_text("Oturumunuz sona erdi.")).wait_for()
        copy.goto(f"{address}/satisfaction")
        assert "/sign-in" in copy.url
    seen = [(entry["who"], entry["what"]) for entry in Trail(directory).entries()]
    assert ("boss", "sign_in") in seen
    assert ("boss", "page") in seen
    assert ("boss", "sign_out") in seen
    assert Trail(directory).verify()[1] is None


def _plain(cookie: dict[str, object]) -> dict[str, object]:
    return {"name": cookie["name"], "value": cookie["value"]}


def test_a_disabled_person_sees_nothing_more_at_the_next_look(browser: Browser, accounts: tuple[str, Path]) -> None:
    address, directory = accounts
    with browser.new_context(locale="tr-TR") as context:
        page = sign_in(context.new_page(), address, "gone")
        Accounts(directory).change("gone", disabled=True)
        page.get_by_role("link", name="Memnuniyet").first.click()
        page.get_by_text("Oturumunuz sona erdi.").wait_for()
        assert page.get_by_test_id("stMetric").count() == 0


def test_two_people_at_once_see_each_their_own(browser: Browser, accounts: tuple[str, Path]) -> None:
    address, _ = accounts
    with browser.new_context(locale="tr-TR") as one, browser.new_context(locale="tr-TR") as other:
        chief, boss = one.new_page(), other.new_page()
        sent, held, asked, fired = received(boss), received(chief), list[str](), list[str]()
        chief.on("request", lambda request: asked.append(request.url))
        chief.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
        sign_in(chief, address, "chief", "/satisfaction?period=all")
        sign_in(boss, address, "boss", "/complaints")
        assert b"evil.example" in b"".join(held)
        assert chief.get_by_role("heading", name="Memnuniyet").first.is_visible()
        chief.get_by_role("link", name="Erişim").click()
        settle(chief)
        assert chief.get_by_text("Kim neye baktı?").first.is_visible()
        assert boss.get_by_role("link", name="Erişim").count() == 0
        assert (fired, [url for url in asked if "evil.example" in url]) == ([], []), "a text of the data is a text"
    assert MARK not in b"".join(sent).decode("utf-8", "replace")


def test_a_wrong_password_says_so_and_is_written_down(browser: Browser, accounts: tuple[str, Path]) -> None:
    address, directory = accounts
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.fill("#name", "nobody")
        page.fill("#password", "certainly wrong")
        page.click("button[type=submit]")
        assert page.get_by_role("alert").inner_text() == "Name or password is wrong."
    assert [entry["who"] for entry in Trail(directory).entries() if entry["what"] == "sign_in_failed"] == ["nobody"]
