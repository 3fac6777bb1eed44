"""The guard before a real server: foreign hosts and origins, unknown addresses, uploads, pages under its policy."""

import http.client
from contextlib import closing
from urllib.parse import urlsplit

import pytest


def get(address: str, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in ({"Host": where.netloc} | {k.replace("_", "-"): v for k, v in headers.items()}).items():
        connection.putheader(name, value)
    connection.endheaders()
    with closing(connection), connection.getresponse() as answer:
        answer.read()
    return answer


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("evil.example", None, 403),
        ("evil.example", "http://evil.example", 403),
        ("localhost.evil.example", None, 403),
        ("localhost@evil.example", None, 403),
        ("LOCALHOST", None, 200),
        ("127.0.0.1", None, 200),
        ("[::1]", None, 200),
        ("localhost", "http://localhost:1", 403),
        ("localhost", "null", 403),
        ("localhost", "http://evil.example", 403),
    ],
)
def test_only_this_machines_names_are_answered(address: str, host: str, origin: str | None, status: int) -> None:
    port = urlsplit(address).port
    headers = {"Host": f"{host}:{port}"} | ({"Origin": origin} if origin else {})
    assert get(address, "/", **headers).status == status


@pytest.mark.parametrize(
    ("host", "origin"), [("evil.example", "http://evil.example"), ("localhost", "http://localhost:1")]
)
def test_a_rebound_name_gets_no_websocket(address: str, host: str, origin: str) -> None:
    port = urlsplit(address).port
    handshake = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13"}
    key = {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = get(address, "/_stcore/stream", Host=f"{host}:{port}", Origin=origin, **handshake, **key)
    assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/overview", 200),
        ("/complaints", 200),
        ("/livez", 200),
        ("/readyz", 200),
        ("/nope", 404),
        ("/healthz", 404),
        ("/overview/nope", 404),
        ("/_stcore/metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/..%2f..%2fetc/passwd", 404),
        ("/_stcore/health", 200),
    ],
)
def test_only_known_addresses_exist(address: str, path: str, status: int) -> None:
    answer = get(address, path)
    assert answer.status == status
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("X-Frame-Options") == "DENY"
    assert answer.getheader("Server") is None


def test_an_upload_says_its_length_and_keeps_to_the_limit(address: str) -> None:
    path = "/_stcore/upload_file/no-session/no-file"
    assert get(address, path, "PUT").status == 411
    assert get(address, path, "PUT", Content_Length="60000000").status == 413
