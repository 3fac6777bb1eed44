"""The parent's side: start the process with nothing in its hands, wait five seconds, read at most eight megabytes."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from insights.errors import InsightsError

LONGEST_S = 5.0
"""From the question to its end, whatever it is spent on: waiting for its turn, starting, thinking."""
TURN_S = 2.0
"""At most this much of it is waiting while others' questions run."""
MOST_ROWS = 10_000
MOST_BYTES = 8_500_000
AT_ONCE = threading.BoundedSemaphore(2)
CHILD = Path(__file__).with_name("child.py")


class Refused(InsightsError):
    """A SELECT that is not run, or did not end well; the kind has its sentence in both languages."""


@dataclass(frozen=True)
class Answer:
    """Columns as (name, type), rows as plain values, whether there were more rows than shown, and how long it took."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    seconds: float

    @property
    def names(self) -> list[str]:
        """Return a name for each column, told apart where two are called alike."""
        found: list[str] = []
        for name, _ in self.columns:
            others = (f"{name} ({n})" for n in range(2, len(self.columns) + 2))
            found.append(name if name not in found else next(o for o in others if o not in found))
        return found


def run(file: Path, text: str, *, rows: int = MOST_ROWS) -> Answer:
    """Return what a SELECT says over a role's file. Raises Refused with one of the kinds `select_*`."""
    began = time.monotonic()
    command = [*_without_network(), sys.executable, "-I", str(CHILD)]
    if not AT_ONCE.acquire(timeout=TURN_S):
        raise Refused("select_busy")
    asked = json.dumps({"file": str(file.resolve()), "sql": text, "rows": min(rows, MOST_ROWS)})
    said = _talk(command, asked.encode(), began + LONGEST_S)
    try:
        found = json.loads(said)
    except ValueError as error:  # it died: by its memory or processor limit
        raise Refused("select_memory") from error
    if "refused" in found:
        raise Refused(found["refused"], name=found.get("name", ""))
    columns = tuple((name, kind) for name, kind in found["columns"])
    return Answer(columns, tuple(map(tuple, found["rows"])), found["more"], time.monotonic() - began)


def _talk(command: list[str], asked: bytes, until: float) -> bytes:
    """Return what the process writes; it and its children are killed at the end, or when it says too much."""
    try:
        child = _started(command)
    except BaseException:
        AT_ONCE.release()
        raise
    try:
        threading.Thread(target=_tell, args=(child.stdin, asked), daemon=True).start()
        return _listen(child.stdout, until)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        threading.Thread(target=_bury, args=(child,)).start()


def _started(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
        close_fds=True,
    )


def _bury(child: "subprocess.Popen[bytes]") -> None:
    """Wait until a killed process is gone: late on a busy machine, where the next to ask waits for it, not this one."""
    try:
        child.wait()
        if child.stdout:
            child.stdout.close()
    finally:
        AT_ONCE.release()


def _tell(to: Any, asked: bytes) -> None:
    try:
        to.write(asked)
        to.close()
    except (BrokenPipeError, ValueError):
        pass  # it ended before it listened; what it said, or did not say, tells


def _listen(to: Any, until: float) -> bytes:
    said = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(to, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            if not ready.select(left):
                break
            if not (some := os.read(to.fileno(), 65_536)):
                return bytes(said)
            said += some
            if len(said) > MOST_BYTES:
                raise Refused("select_too_big")
    raise Refused("select_too_slow", seconds=round(LONGEST_S))


@cache
def _without_network() -> tuple[str, ...]:
    """Return the words that start a process without any network, where this machine allows that to whom we run as."""
    unshare = shutil.which("unshare")
    if not unshare:
        return ()
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False, timeout=5)
    return (unshare, "-rn", "--") if tried.returncode == 0 else ()
