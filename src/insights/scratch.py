"""Where files lie for a while: a folder of this process, its owner's alone, that goes with it.

A process that is killed cannot tidy up, and what it left may tell of people: the next one does.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PREFIX = "insights-scratch-"
HELD = ".held"
"""The file whose lock tells that a folder's process lives, on whichever machine that shares the disk."""


@cache
def room() -> Path:
    """Return this process's folder; made at the first call, which removes those whose processes are gone."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{HELD}"):
        with suppress(OSError):
            _remove_left(left)
    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = os.open(made / ".new", os.O_CREAT | os.O_RDWR, 0o600)  # never closed: the lock ends with the process
    fcntl.flock(lock, fcntl.LOCK_EX)
    (made / ".new").rename(made / HELD)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def kept(purpose: str) -> Path:
    """Return a new folder that stays as long as the process, unless it is removed."""
    return Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=room()))


@contextmanager
def folder() -> Iterator[Path]:
    """Hand over a folder that is gone after the block."""
    with tempfile.TemporaryDirectory(dir=room()) as made:
        yield Path(made)


def _remove_left(held: Path) -> None:
    """Remove the folder of this lock where it is ours and its process is gone."""
    if held.parent.is_symlink() or held.parent.stat().st_uid != os.geteuid():
        return
    lock = os.open(held, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(held.parent, ignore_errors=True)
    finally:
        os.close(lock)
