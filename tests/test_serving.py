"""What stands before the pages: uploads lie on disk and go with their session; another address needs a word."""

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from typer.testing import CliRunner

from insights import cli, texts
from insights.access import COOKIE, Accounts, Sessions
from insights.errors import NotWritable
from insights.serving import door as serving_door
from insights.serving import prepare, uploads
from insights.serving.door import Door
from insights.serving.given import ToTheirOwn, asking
from insights.serving.guard import Guard, Limits, Pace
from insights.serving.uploads import OnDisk
from insights.settings import ROLES, Settings, SignIn


def waited_for(one: Coroutine[Any, Any, None]) -> None:
    """Run to the end what waits, on a loop of its own: a browser's tests leave theirs running on this thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, one).result()


def record(file_id: str, content: bytes) -> UploadedFileRec:
    return UploadedFileRec(file_id, "../../a<b>.csv", "text/csv", content)


def test_an_upload_lies_in_a_private_folder_under_a_name_of_ours_and_is_read_when_asked_for() -> None:
    held = OnDisk("/upload")
    held.add_file("s1", record("f1", b"a;b\n1;2\n"))
    (one,) = held.get_files("s1", ["f1", "no such"])
    assert (one.name, one.type, one.size, one.data) == ("../../a<b>.csv", "text/csv", 8, b"a;b\n1;2\n")
    assert one.path.parent == held.folder
    assert held.folder.stat().st_mode & 0o077 == 0
    assert held.get_files("s2", ["f1"]) == []


def test_what_is_removed_replaced_or_left_behind_is_gone_from_the_disk() -> None:
    held = OnDisk("/upload")
    for session, file_id, content in (
        ("s1", "f1", b"old"),
        ("s1", "f1", b"new"),
        ("s1", "f2", b"x"),
        ("s2", "f1", b"y"),
    ):
        held.add_file(session, record(file_id, content))
    assert [one.data for one in held.get_files("s1", ["f1"])] == [b"new"]
    held.remove_file("s1", "f2")
    held.remove_file("s1", "never there")
    assert len(list(held.folder.iterdir())) == 2
    held.remove_session_files("s1")
    assert [path.read_bytes() for path in held.folder.iterdir()] == [b"y"]


def test_a_session_and_all_of_them_may_keep_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_A_SESSION", 10)
    monkeypatch.setattr(uploads, "MOST_OF_ALL", 15)
    held = OnDisk("/upload")
    for n in range(3):
        held.add_file("s1", record(f"f{n}", b"12345"))
    assert [one.file_id for one in held.get_files("s1", ["f0", "f1", "f2"])] == ["f1", "f2"]
    held.add_file("s2", record("f9", b"123456"))
    assert held.get_files("s2", ["f9"]) == [], "others' files are not given up for one more"
    assert sum(path.stat().st_size for path in held.folder.iterdir()) == 10


def test_the_server_that_starts_keeps_uploads_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_uploaded_file_manager, "MemoryUploadedFileManager", object)
    uploads.keep_on_disk()
    assert memory_uploaded_file_manager.MemoryUploadedFileManager is OnDisk


def test_another_address_is_refused_while_nobody_signs_in(tmp_path: Path) -> None:
    cli.gather()
    done = CliRunner().invoke(cli.app, ["--warehouse", str(tmp_path), "serve", "--address", "0.0.0.0"])
    assert isinstance(done.exception, NotWritable)
    assert done.exception.key == "open_server"
    for language in texts.languages():
        said = texts.error(done.exception, language)
        assert all(word in said for word in ("[sign_in]", "accounts", "oidc", "proxy", "--open", "0.0.0.0")), said


def test_another_address_is_refused_however_the_server_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by `streamlit run app.py --server.address 0.0.0.0`, to which anybody could say Host: localhost."""
    said: dict[str, str | None] = {"server.address": "0.0.0.0"}
    monkeypatch.setattr(prepare.config, "get_option", said.get)
    monkeypatch.delenv("INSIGHTS_OPEN", raising=False)
    open_to_all, signed_in = Settings(), Settings(sign_in=SignIn(way="accounts"))
    for address in ("0.0.0.0", "10.0.0.7", "::", None):
        said["server.address"] = address
        with pytest.raises(SystemExit, match=r"\[sign_in\]"):
            prepare._keep_in(open_to_all)
        prepare._keep_in(signed_in)
    said["server.address"] = "127.0.0.1"
    prepare._keep_in(open_to_all)
    said["server.address"] = "0.0.0.0"
    monkeypatch.setenv("INSIGHTS_OPEN", "1")
    prepare._keep_in(open_to_all)


def test_behind_a_listed_proxy_failures_slow_down_whom_the_proxy_saw_and_nobody_else() -> None:
    door = Door(Settings(sign_in=SignIn(way="accounts", proxies=("10.0.0.1",))))
    saw = {"x-forwarded-for": "1.1.1.1, 9.9.9.9"}
    assert door.sender({"client": ("10.0.0.1", 1)}, saw) == "9.9.9.9", "the last is the proxy's own word"
    assert door.sender({"client": ("10.0.0.1", 1)}, {}) == "10.0.0.1"
    assert door.sender({"client": ("10.0.0.2", 1)}, saw) == "10.0.0.2", "others may say what they like"


def uploaded(limits: Limits, count: int, takes_s: float) -> tuple[Counter[int], dict[str, int]]:
    """Return the statuses of uploads at once, and how many were inside and whole at most."""
    now, most, statuses = Counter[str](), dict[str, int](), Counter[int]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for state in ("inside", "whole"):
            now[state] += 1
            most[state] = max(most.get(state, 0), now[state])
            while state == "inside" and (await receive())["more_body"]:
                pass
        await asyncio.sleep(takes_s)
        now.subtract(("inside", "whole"))
        await send({"type": "http.response.start", "status": 204, "headers": []})

    guard = Guard(app, pages=(), limits=limits, door=Door(Settings()))
    headers = [(b"host", b"localhost"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/a/b", "headers": headers}

    async def one() -> None:
        parts = [{"type": "http.request", "more_body": more} for more in (False, True, True)]

        async def receive() -> Any:
            await asyncio.sleep(0)
            return parts.pop()

        async def send(message: Any) -> None:
            statuses[message.get("status", 0)] += 1

        await guard(scope, receive, send)

    async def every() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    waited_for(every())
    del statuses[0]
    return statuses, most


def test_uploads_wait_their_turn_and_one_alone_is_in_memory() -> None:
    assert uploaded(Limits(uploads_at_once=3), 12, 0.001) == ({204: 12}, {"inside": 3, "whole": 1})
    statuses, _ = uploaded(Limits(uploads_at_once=1, longest_turn_s=0.01), 3, 0.5)
    assert statuses == {204: 1, 429: 2}


def test_a_page_behind_a_proxy_comes_by_it_again_when_it_has_been_open_as_long_as_one_stays_signed_in() -> None:
    ways = [Door(Settings(sign_in=SignIn(way=way, hours=1))) for way in ("proxy", "accounts")]  # type: ignore[arg-type]
    assert [door.lasts_s(at) for door in ways for at in (3599, 3601)] == [1, 0, None, None]


def test_a_proxys_word_that_stands_twice_is_nobodys(tmp_path: Path) -> None:
    """A proxy that adds its header to a visitor's own: Streamlit reads the first of the two."""
    door = Door(Settings(warehouse=tmp_path, sign_in=SignIn(way="proxy", proxies=("10.0.0.1",))))
    mine, forged = (b"x-forwarded-email", b"me@x.example"), (b"X-Forwarded-Email", b"chief@x.example")
    for headers, seen in (([mine], "me@x.example"), ([forged, mine], None), ([mine, mine], None), ([], None)):
        scope = door.cleaned({"client": ("10.0.0.1", 1), "headers": [(b"host", b"localhost"), *headers]})
        assert getattr(door.visitor(scope), "name", None) == seen
        assert door.lets(scope, "overview") is (seen is not None)
        assert len(scope["headers"]) == (2 if seen else 1)


def asked(door: Door, path: str, method: str = "GET", **headers: str) -> int:
    """Return the status a guard answers with; 200 where it hands the request on."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    statuses: list[int] = []

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    said = {"host": "localhost", "content-length": "1"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {"type": "http", "method": method, "path": path, "client": ("10.0.0.1", 1), "query_string": b""}
    scope["headers"] = [(k.encode(), v.encode()) for k, v in said.items()]
    waited_for(Guard(app, pages=("load",), limits=Limits(), door=door)(scope, receive, send))
    return statuses[0]


UPLOAD = "/_stcore/upload_file/session/file"


def test_who_may_not_load_uploads_nothing_and_a_right_given_later_counts_at_once(tmp_path: Path) -> None:
    roles = {name: role.model_copy(update={"people": (f"{name}@x.example",)}) for name, role in ROLES.items()}
    sign_in = SignIn(way="proxy", proxies=("10.0.0.1",))
    door = Door(Settings(warehouse=tmp_path, sign_in=sign_in, roles=roles))
    for name in (*ROLES, "stranger"):
        who = {"x_forwarded_email": f"{name}@x.example"}
        for method in ("PUT", "DELETE"):
            assert asked(door, UPLOAD, method, **who) == (200 if name == "admin" else 403), (name, method)
        assert asked(door, "/load", **who) == 200, "a page says itself what is not there for whom"
    assert asked(door, UPLOAD, "PUT") == 401
    now = dict(roles)
    live = Door(Settings(warehouse=tmp_path, sign_in=sign_in, roles=roles), lambda: now)
    now["lead"] = roles["lead"].model_copy(update={"may": frozenset({"load"})})
    now["admin"] = roles["admin"].model_copy(update={"may": frozenset()})
    told = [asked(live, UPLOAD, "PUT", x_forwarded_email=f"{name}@x.example") for name in ("lead", "admin")]
    assert told == [200, 403]
    assert asked(Door(Settings(warehouse=tmp_path)), UPLOAD, "PUT") == 200, "where nobody signs in, anybody loads"


def test_accounts_and_a_sign_in_service_say_who_may_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Accounts(tmp_path).add("boss", "a long password", "admin")
    Accounts(tmp_path).add("clerk", "a long password", "agent")
    door = Door(Settings(warehouse=tmp_path, sign_in=SignIn(way="accounts")))
    for name, status in (("boss", 200), ("clerk", 403)):
        token = Sessions(tmp_path).begin(Accounts(tmp_path).check(name, "a long password"))
        assert asked(door, UPLOAD, "PUT", cookie=f"{COOKIE}={token}") == status
    admin = ROLES["admin"].model_copy(update={"people": ("boss@x.example",)})
    settings = Settings(warehouse=tmp_path, sign_in=SignIn(way="oidc"), roles=ROLES | {"admin": admin})
    for name, status in (("boss", 200), ("clerk", 403)):
        claims = json.dumps({"is_logged_in": True, "email": f"{name}@x.example"}).encode()
        monkeypatch.setattr(serving_door, "_signed", lambda scope, claims=claims: claims)
        assert asked(Door(settings), UPLOAD, "PUT", cookie=f"_streamlit_user={name}.x") == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site", "referer": "http://localhost/overview"}, 403),
        ({"referer": "http://localhost/overview"}, 200),
        ({"referer": "http://evil.example/localhost"}, 403),
        ({"referer": "http://localhost.evil.example/"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("address", ["/sign-out", "/auth/logout"])
def test_no_page_elsewhere_signs_anybody_out(
    tmp_path: Path, address: str, headers: dict[str, str], status: int
) -> None:
    """A link or a redirect there sends the cookie along: SameSite=Lax keeps it only from what is no navigation."""
    assert asked(Door(Settings(warehouse=tmp_path)), address, **headers) == status


def test_one_address_may_ask_only_so_often_in_a_minute() -> None:
    pace = Pace(3)
    assert [pace.allows("a", at) for at in (0, 10, 20, 30)] == [True, True, True, False]
    assert pace.allows("b", 40)
    assert pace.allows("a", 61), "a new minute"


def test_a_file_to_take_away_is_there_for_the_sessions_it_was_made_for_alone() -> None:
    held = ToTheirOwn("/media")
    asking.set("one")
    mine = held.load_and_get_id(b"a;b", "text/csv", MediaFileKind.DOWNLOADABLE)
    mark = held.load_and_get_id(b"<svg/>", "image/svg+xml", MediaFileKind.MEDIA)
    assert held.get_file(f"{mine}.csv").content == b"a;b"
    asking.set("other")
    with pytest.raises(MediaFileStorageError):
        held.get_file(f"{mine}.csv")
    assert held.get_file(f"{mark}.svg"), "what a page is drawn with is no secret among those who may see it"
    assert held.load_and_get_id(b"a;b", "text/csv", MediaFileKind.DOWNLOADABLE) == mine
    assert held.get_file(f"{mine}.csv"), "made for the other as well"
    held.delete_file(mine)
    assert held.given == {mark: {"one"}}
