"""Accounts, sessions and the trail: what is refused, what ends, and what a changed line gives away."""

import datetime as dt
import json
import random
import string
import threading
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from insights.access import SERVICE_COOKIE, Accounts, Broken, Sessions, SignInRefused, Trail, holds, sign_out
from insights.settings import Settings

PASSWORD = "çok gizli bir söz"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    found = Accounts(tmp_path / "access")
    found.add("Ayşe@Şirket.com", PASSWORD, "lead", agent="A-7")
    return found


def refusal(accounts: Accounts, name: str, password: str, now: float) -> str:
    with pytest.raises(SignInRefused) as caught:
        accounts.check(name, password, "10.0.0.9", now)
    return caught.value.key


def test_a_name_signs_in_however_it_is_written(accounts: Accounts) -> None:
    account = accounts.check(" AYŞE@şirket.COM", PASSWORD, now=0)
    assert (account.role, account.agent) == ("lead", "A-7")
    assert refusal(accounts, "ayşe@şirket.com", "wrong", 0) == "sign_in_wrong"
    assert refusal(accounts, "nobody", PASSWORD, 0) == "sign_in_wrong", "which was wrong is not said"


def test_failures_slow_a_name_and_an_address_down(accounts: Accounts) -> None:
    for _ in range(3):
        assert refusal(accounts, "ayşe@şirket.com", "wrong", 100) == "sign_in_wrong"
    assert refusal(accounts, "ayşe@şirket.com", PASSWORD, 100.5) == "sign_in_wait"
    assert refusal(accounts, "another", PASSWORD, 100.5) == "sign_in_wait", "the address waits too"
    assert accounts.check("ayşe@şirket.com", PASSWORD, "10.0.0.8", now=101.1).name
    assert accounts.check("ayşe@şirket.com", PASSWORD, "10.0.0.8", now=101.2).name, "success forgets"


def test_signing_in_forgives_ones_own_failures_and_not_those_under_other_names(accounts: Accounts) -> None:
    """Who has an account would else try other names from one address for ever, signing in between."""
    tries = []
    for place in range(4):
        tries.append(refusal(accounts, f"name {place}", "wrong", 100))
        if place < 2:
            assert accounts.check("ayşe@şirket.com", PASSWORD, "10.0.0.9", now=100)
    assert tries == ["sign_in_wrong"] * 3 + ["sign_in_wait"]
    assert accounts.check("ayşe@şirket.com", PASSWORD, "10.0.0.9", now=102).name, "the last failure was two seconds ago"
    for _ in range(2):
        assert refusal(accounts, "ayşe@şirket.com", "wrong", 5000) == "sign_in_wrong"
        assert accounts.check("ayşe@şirket.com", PASSWORD, "10.0.0.9", now=5000).name, "slips are forgiven"


def test_neighbours_of_one_long_address_are_one_and_tries_at_once_are_counted(accounts: Accounts) -> None:
    found: list[str] = []

    def attempt(place: int) -> None:
        with pytest.raises(SignInRefused) as caught:
            accounts.check(f"name {place}", "wrong", f"2001:db8::{place}", now=100)
        found.append(caught.value.key)

    tries = [threading.Thread(target=attempt, args=(place,)) for place in range(8)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert sorted(found) == ["sign_in_wait"] * 5 + ["sign_in_wrong"] * 3
    with pytest.raises(SignInRefused, match="wrong"):
        accounts.check("name", "wrong", "2001:db8:1::1", now=100)


def test_a_short_password_and_a_taken_name_are_refused(accounts: Accounts) -> None:
    for arguments, key in (
        (("a", "short", "lead"), "password_short"),
        (("ayşe@şirket.com", PASSWORD, "lead"), "account_taken"),
        ((" ", PASSWORD, "lead"), "account_no_name"),
    ):
        with pytest.raises(SignInRefused) as caught:
            accounts.add(*arguments)
        assert caught.value.key == key


def test_a_session_ends_on_sign_out_disabling_new_password_and_age(accounts: Accounts) -> None:
    sessions = Sessions(accounts.directory, lasts_s=100)
    account = accounts.check("ayşe@şirket.com", PASSWORD, now=0)
    for ending in ("end", "disable", "password", "age"):
        token = sessions.begin(account, now=1000)
        assert sessions.who(token, now=1050) == account
        match ending:
            case "end":
                sessions.end(token)
            case "disable":
                accounts.change("ayşe@şirket.com", disabled=True)
                assert refusal(accounts, "ayşe@şirket.com", PASSWORD, 5000) == "sign_in_wrong"
                accounts.change("ayşe@şirket.com", disabled=False)
            case "password":
                accounts.change("ayşe@şirket.com", password="another long word")
        assert sessions.who(token, now=1050 if ending != "age" else 1101) is None
    assert sessions.who("guess") is None
    assert sessions.who(None) is None


def service_cookies(*pieces: str) -> dict[str, str]:
    """Return what Streamlit signs of somebody's claims: one cookie, or several and how many."""
    whole = pieces if len(pieces) == 1 else (f"chunks-{len(pieces)}", *pieces)
    named = {f"{SERVICE_COOKIE}_{place}" if place else SERVICE_COOKIE: text for place, text in enumerate(whole)}
    return {name: str(URLSafeTimedSerializer("secret", salt=name).dumps(text)) for name, text in named.items()}


def test_a_services_cookie_spelled_otherwise_is_the_same_cookie(tmp_path: Path) -> None:
    """The last letter of a signature holds bits nobody reads: four letters spell the same."""
    settings, cookies = Settings(warehouse=tmp_path), service_cookies('{"email": "a@x.example"}')
    assert holds(cookies, settings)
    sign_out(cookies, tmp_path)
    value, signer = cookies[SERVICE_COOKIE], URLSafeTimedSerializer("secret", salt=SERVICE_COOKIE)
    spelled = [f"{value[:-1]}{letter}" for letter in f"{string.ascii_letters}{string.digits}-_"]
    valid = [one for one in spelled if signer.loads_unsafe(one)[0]]
    assert len(valid) == 4
    assert [holds({SERVICE_COOKIE: one}, settings) for one in (*valid, f"{value}=")] == [False] * 5


def test_no_piece_of_an_ended_session_counts_beside_another_sessions(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path)
    his, mine, theirs = (service_cookies(f'{{"email": "{name}", ', '"groups": []}') for name in "abc")
    assert holds(his, settings, now=0)
    assert holds(mine, settings, now=8 * 3600 - 1)
    mixed = his | {SERVICE_COOKIE: f"{theirs[SERVICE_COOKIE]}", f"{SERVICE_COOKIE}_2": mine[f"{SERVICE_COOKIE}_2"]}
    assert holds(mixed, settings, now=8 * 3600 - 1)
    assert not holds(mixed, settings, now=8 * 3600 + 1), "as old as its oldest piece"
    sign_out(mine, tmp_path)
    assert not holds(mixed, settings, now=1), "one of its pieces was signed out"
    assert holds(theirs | {f"{SERVICE_COOKIE}_3": his[f"{SERVICE_COOKIE}_1"]}, settings, now=9 * 3600) is False
    fresh = service_cookies('{"email": "d"}')
    assert holds(fresh | {f"{SERVICE_COOKIE}_1": his[f"{SERVICE_COOKIE}_1"]}, settings, now=9 * 3600), "left behind"


def test_the_store_is_its_owners_alone_and_holds_no_secret(accounts: Accounts) -> None:
    token = Sessions(accounts.directory).begin(accounts.check("ayşe@şirket.com", PASSWORD))
    file = accounts.directory / "access.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
    assert accounts.directory.stat().st_mode & 0o777 == 0o700
    held = file.read_bytes()
    assert PASSWORD.encode() not in held
    assert token.encode() not in held


@pytest.fixture
def trail(tmp_path: Path) -> Trail:
    found = Trail(tmp_path / "access")
    for i in range(12):
        at = dt.datetime(2026, 11, 1, i, tzinfo=dt.UTC)
        found.add(f"user{i % 3}", "rows", at=at, page="complaints", people=[f"C-{i}", f"C-{i + 1}"], rows=2)
    return found


def test_the_chain_holds_and_tells_where_it_was_touched(trail: Trail) -> None:
    assert trail.verify() == (12, None)
    whole = trail.file.read_bytes()
    lines = whole.splitlines(keepends=True)
    draw = random.Random(2)
    for _ in range(60):
        place = draw.randrange(12)
        touched = bytearray(lines[place])
        spot = draw.randrange(len(touched) - 1)
        touched[spot] ^= 1 << draw.randrange(7)
        trail.file.write_bytes(b"".join([*lines[:place], bytes(touched), *lines[place + 1 :]]))
        held, broken = trail.verify()
        assert broken
        assert broken.line - 1 == held <= place + 1
    trail.file.write_bytes(b"".join(lines[:5] + lines[6:]))
    assert trail.verify() == (5, Broken(6, "changed"))
    trail.file.write_bytes(b"".join(lines[:-1]))
    assert trail.verify() == (11, Broken(12, "cut"))
    forged = json.loads(lines[3]) | {"who": "somebody else"}
    trail.file.write_bytes(b"".join([*lines[:3], json.dumps(forged).encode() + b"\n", *lines[4:]]))
    assert trail.verify()[1] == Broken(4, "changed")


def test_a_trail_whose_end_is_not_held_beside_it_is_not_called_whole_later_entries_or_not(trail: Trail) -> None:
    lines = trail.file.read_bytes().splitlines(keepends=True)
    trail.file.write_bytes(b"".join(lines[:-2]))
    trail.head.unlink()
    assert trail.verify() == (10, Broken(11, "headless"))
    trail.add("somebody", "page")
    trail.add("somebody", "page")
    assert trail.verify() == (10, Broken(11, "headless"))


def test_a_trail_removed_whole_is_missed_and_what_is_written_after_is_not_called_whole(trail: Trail) -> None:
    assert trail.verify()[1] is None
    trail.add("a@x.example", "page")
    for file in (trail.file, trail.head):
        file.unlink()
    assert trail.verify() == (0, Broken(1, "gone"))
    trail.add("b@x.example", "page")
    assert trail.verify() == (0, Broken(1, "headless"))


def test_a_line_torn_by_a_power_failure_takes_none_after_it_along(trail: Trail) -> None:
    held = len(list(trail.entries()))
    with trail.file.open("ab") as file:
        file.write(b'{"at": "2026-11-0')
    assert trail.verify() == (held, Broken(held + 1, "unreadable"))
    trail.add("b@x.example", "export")
    assert [entry["what"] for entry in trail.entries()][held:] == ["export"]
    assert trail.newest(1)[0]["who"] == "b@x.example"
    assert trail.verify() == (held, Broken(held + 1, "unreadable")), "that something is missing is still told"
    assert trail.rewrite(lambda text: text), "whom it named is not known"
    assert trail.verify() == (held + 1, Broken(held + 1, "unreadable")), "nor does rewriting it make it whole"


def test_rewriting_for_an_erasure_hides_no_change_made_before(trail: Trail) -> None:
    lines = trail.file.read_bytes().splitlines(keepends=True)
    trail.file.write_bytes(b"".join(lines[:4] + lines[5:]))
    assert trail.verify() == (4, Broken(5, "changed"))
    assert trail.rewrite(lambda text: text.replace("user1", "erased-1"))
    assert trail.verify()[1] == Broken(5, "changed")
    trail.add("a@x.example", "page")
    assert trail.verify()[1] == Broken(5, "changed")


def test_writers_at_once_keep_one_chain(trail: Trail) -> None:
    def write(name: str) -> None:
        for _ in range(10):
            trail.add(name, "page")

    writers = [threading.Thread(target=write, args=(f"w{i}",)) for i in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert trail.verify() == (52, None)


def test_who_was_shown_a_person_between_two_moments(trail: Trail) -> None:
    trail.add("auditor", "export", at=dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC), people=[f"X{i}" for i in range(3000)])
    since, until = (dt.datetime(2026, 11, 1, hour, tzinfo=dt.UTC) for hour in (3, 6))
    found = trail.shown(["C-5"], since, until)
    assert [(e["who"], e["certain"]) for e in found] == [("user1", True), ("user2", True), ("auditor", False)]
    assert all("people" not in e for e in found), "the answer names nobody else"
