"""One loader at a time: who comes second waits and says so, or is refused."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import filelock

from insights.errors import LoaderBusy
from insights.warehouse.publishing.versions import translated

FILE = "LOCK"
_POLL_S = 0.2


@contextmanager
def locked(directory: Path, *, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the one loader's lock with our process id inside; raises LoaderBusy or NotWritable.

    With `waiting` it is told who holds the lock, once, and then waited for; without, who comes second is refused.
    """
    path = directory / FILE
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(PermissionError):  # another user's directory stays as it is
            directory.chmod(directory.stat().st_mode & 0o700)
        held = _taken(path, waiting)
    except OSError as error:
        raise translated(error, directory) from error
    with held:
        with suppress(OSError):  # the id is for the reader of the message; a full disk is told of later
            path.write_text(f"{os.getpid()}\n", "ascii")
        yield


def _taken(path: Path, waiting: Callable[[str], None] | None) -> filelock.AcquireReturnProxy[Any]:
    lock = filelock.FileLock(path, thread_local=False, mode=0o600)
    try:
        return lock.acquire(timeout=0)
    except filelock.Timeout as error:
        holder = _holder(path)
        if waiting is None:
            raise LoaderBusy("loader_busy", pid=holder, directory=str(path.parent)) from error
        waiting(holder)
        return lock.acquire(timeout=-1, poll_interval=_POLL_S)


def _holder(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text("ascii").strip() or "?"
    return "?"
