"""A real server, the browser's side of its protocol, and what a look costs it in CPU time of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]
PATIENCE_S = 300


@dataclass(frozen=True)
class Cost:
    """What one look cost: CPU of the server over all its threads, wall time until the page was whole, bytes sent."""

    cpu_s: float
    wall_s: float
    sent: int
    failed: bool = False


@dataclass(frozen=True)
class Server:
    """A dashboard server in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    up_s: float
    """Wall seconds from the command to the first answer."""

    @property
    def cpu_s(self) -> float:
        """Return the CPU time of the process so far, of threads that ended as well."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def resident_mb(self, what: str = "VmRSS") -> int:
        """Return the memory resident now, or its peak (VmHWM)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) // 1024

    @contextmanager
    def session(self, **headers: str) -> Iterator["Session"]:
        """Open a reader's tab."""
        where = f"localhost:{self.port}"
        with connect(
            f"ws://{where}/_stcore/stream",
            origin=Origin(f"http://{where}"),
            max_size=None,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=headers,
        ) as wire:
            yield Session(self, wire)


@dataclass(frozen=True)
class Session:
    """A reader's tab."""

    server: Server
    wire: ClientConnection

    def look(self, page: str, query: str) -> Cost:
        """Open a page by its address and wait until it is whole."""
        asked = BackMsg(rerun_script={"page_name": page, "query_string": query})
        cpu_s, start = self.server.cpu_s, time.perf_counter()
        self.wire.send(asked.SerializeToString())
        sent, failed = 0, False
        while True:
            said = self.wire.recv(timeout=PATIENCE_S)
            assert isinstance(said, bytes)
            sent += len(said)
            message = ForwardMsg.FromString(said)
            failed |= message.delta.new_element.WhichOneof("type") == "exception"
            if message.WhichOneof("type") == "script_finished":
                return Cost(self.server.cpu_s - cpu_s, time.perf_counter() - start, sent, failed)


@contextmanager
def serving(*command: str, **environment: str) -> Iterator[Server]:
    """Start a server by its command and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    process = subprocess.Popen(
        (*command, f"--{'server.' if 'streamlit' in command else ''}port={port}"),
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield Server(process, port, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/livez", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def dashboard(warehouse: Path) -> tuple[str, ...]:
    """Return the command that serves a warehouse."""
    return (sys.executable, "-m", "insights", "--warehouse", str(warehouse), "serve")
