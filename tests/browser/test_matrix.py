"""Roles by pages, addresses and files to take away: what each is told, byte by byte, by a real server."""

import io
import zipfile
from pathlib import Path

import pytest
from canaries import AGENT_MARK, MARK, subject_of
from small_company import TEAMS
from websockets.exceptions import InvalidStatus
from wire import ask, signed_in, tab

from browser.conftest import PASSWORD
from insights.access import Accounts, Trail
from insights.settings import ROLES
from insights.ui.run.places import PAGES, there_for

GONE = "This page is not there for your role."
OTHERS = {
    "manager": (MARK,),
    "analyst": (MARK, AGENT_MARK),
    "lead": tuple(map(subject_of, TEAMS[1:])),
    "agent": tuple(map(subject_of, (*TEAMS[:1], *TEAMS[2:]))),
}
"""What nothing that a role is told may hold: people it may not know, tickets of teams that are not its own."""
ROWS = {"complaints", "satisfaction", "response", "customer"}
"""Pages that list rows of people."""
FILES = (("Excel workbook",), ("Excel workbook", "Report (HTML)"))
"""What is taken away of a page; of one, the report as well."""


def unpacked(content: bytes) -> str:
    """Return the text of a file, of a workbook all parts."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


@pytest.mark.parametrize("role", OTHERS)
def test_a_role_meets_its_own_pages_rows_and_people_by_every_address_and_in_every_file(
    proxied: str, canaries: Path, role: str
) -> None:
    """Every page that is not there for a role, and of those that are, all for whoever may know the least."""
    who, told, given = {"X-Forwarded-Email": f"{role}@x.example"}, "", 0
    looked = [place for place in PAGES if role == "analyst" or place.name in ROWS or not there_for(ROLES[role], place)]
    for place in looked:
        with tab(proxied, **who) as page:
            page.look(place.name, "period=all&lang=en")
            said = page.told.decode("utf-8", "replace")
            assert (GONE in said) is (not there_for(ROLES[role], place)), place.name
            assert bool(page.files) <= ("export" in ROLES[role].may), place.name
            files = [f for f in page.files if f in FILES[place.name == "complaints"]]
            for button in files if there_for(ROLES[role], place) else ():
                told += unpacked(ask(proxied, page.made(button), **who).body)
                given += 1
            assert "cause is in the server's log" not in said, place.name
            told += said
    assert [mark for mark in OTHERS[role] if mark in told] == []
    assert (given > 2) is ("export" in ROLES[role].may)
    seen = [(e["what"], e.get("page")) for e in Trail(canaries).entries() if e["who"] == who["X-Forwarded-Email"]]
    for place in looked:
        assert ("page" if there_for(ROLES[role], place) else "refused", place.name) in seen
    assert [what for what, _ in seen].count("export") == given


def test_a_file_is_there_for_its_own_session_alone_and_a_click_of_who_was_let_go_does_nothing(
    accounts: tuple[str, Path],
) -> None:
    address, directory = accounts
    leaving, boss = (signed_in(address, name, PASSWORD) for name in ("leaving", "boss"))
    with tab(address, **leaving) as page:
        page.look("complaints", "period=all&lang=en")
        made = page.made("Excel workbook")
        assert [ask(address, made, **who).status for who in (leaving, boss, {})] == [200, 404, 401]
        given = [e for e in Trail(directory).entries() if e["what"] == "export"]
        Accounts(directory).change("leaving", disabled=True)
        sent = len(page.told)
        assert page.made("Excel workbook") == ""
        assert b"Your session has ended." in page.told[sent:]
        assert ask(address, made, **leaving).status == 401
    assert [e for e in Trail(directory).entries() if e["what"] == "export"] == given


def test_without_a_cookie_a_forged_one_or_headers_of_a_proxy_not_one_byte_of_data(accounts: tuple[str, Path]) -> None:
    address, _ = accounts
    forged = (
        {},
        {"Cookie": "insights_session=guess"},
        {"X-Forwarded-Email": "chief"},
        {"Cookie": "_streamlit_user=x"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-User": "chief", "X-Forwarded-Groups": "admin"},
    )
    paths = [place.name for place in PAGES] + [
        "",
        "media/" + "a" * 32 + ".csv",
        "_stcore/upload_file/a/b",
        "_stcore/host-config",
        "_stcore/health",
        "_stcore/script-health-check",
        "component/x/y",
        "static/index.html",
        "app/static/logo.svg",
        "favicon.png",
    ]
    for headers in forged:
        with pytest.raises(InvalidStatus), tab(address, **headers):
            pass
        for path in paths:
            said = ask(address, f"/{path}", **headers)
            assert said.status in (303, 401, 404), path
            assert len(said.body) < 100, path
