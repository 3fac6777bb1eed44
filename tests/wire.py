"""A reader's tab without a browser: signs in, looks at pages, presses what gives files away, and keeps every byte."""

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 120


@dataclass
class Answer:
    """What a server said to a request."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(address: str, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
    """Send a request as it is written, and return what comes back."""
    where = urlsplit(address)
    with closing(http.client.HTTPConnection("localhost", where.port, timeout=PATIENCE_S)) as connection:
        connection.request(method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()})
        said = connection.getresponse()
        return Answer(said.status, {k.lower(): v for k, v in said.getheaders()}, said.read())


def signed_in(address: str, name: str, password: str) -> dict[str, str]:
    """Return the headers of somebody who has signed in."""
    form = urlencode({"name": name, "password": password, "next": "/"})
    said = ask(address, "/sign-in", "POST", form, Content_Type="application/x-www-form-urlencoded")
    assert said.status == 303, said
    return {"Cookie": said.headers["set-cookie"].split(";")[0]}


@dataclass
class Tab:
    """One page open at a server."""

    address: str
    wire: ClientConnection
    told: bytearray = field(default_factory=bytearray)
    files: dict[str, str] = field(default_factory=dict)
    """The files the last page offers: name on the button, and what the server knows it by."""
    name: str = ""
    """What the server calls this tab."""

    def look(self, page: str, query: str = "") -> "Tab":
        """Open a page by its address and wait until it is whole."""
        self.files = {}
        asked = {"page_name": page, "query_string": query, "context_info": {"url": f"{self.address}/{page}?{query}"}}
        return self.send(BackMsg(rerun_script=asked))

    def send(self, asked: BackMsg) -> "Tab":
        """Send a message and wait until the run it asks for is at its end."""
        self.wire.send(asked.SerializeToString())
        while (message := self._heard()).WhichOneof("type") != "script_finished":
            self.name = message.new_session.initialize.session_id or self.name
            button = message.delta.new_element.download_button
            if button.deferred_file_id:
                self.files[button.label] = button.deferred_file_id
        return self

    def made(self, button: str) -> str:
        """Press a button that gives a file away, and return the file's address; empty when there is none."""
        asked = {
            "request_id": "1",
            "session_id": self.name,
            "deferred_file": {"file_id": self.files.get(button, button)},
        }
        self.wire.send(BackMsg(backend_operation_request=asked).SerializeToString())
        while (message := self._heard()).WhichOneof("type") != "backend_operation_response":
            if message.WhichOneof("type") == "script_finished":
                return ""  # the click counted for nothing: the page was drawn anew
        return message.backend_operation_response.deferred_file.url

    def _heard(self) -> ForwardMsg:
        said = self.wire.recv(timeout=PATIENCE_S)
        assert isinstance(said, bytes)
        self.told += said
        return ForwardMsg.FromString(said)


@contextmanager
def tab(address: str, **headers: str) -> Iterator[Tab]:
    """Open a tab; raises websockets' InvalidStatus where the server lets nobody in."""
    where = urlsplit(address).netloc
    with connect(
        f"ws://{where}/_stcore/stream",
        origin=Origin(f"http://{where}"),
        max_size=None,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers=headers,
    ) as wire:
        yield Tab(address, wire)
