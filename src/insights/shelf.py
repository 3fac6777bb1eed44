"""A small JSON file that several people change: one writer at a time, in one step, readable by its owner alone."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def read(path: Path, of: Callable[..., T]) -> T:
    """Return what a file holds as a list or a dict; an empty one where there is no such file, or none of that kind."""
    with suppress(OSError, ValueError):
        return of(json.loads(path.read_text("utf-8")))
    return of()


@contextmanager
def changing(path: Path, of: Callable[..., T]) -> Iterator[T]:
    """Hand over what a file holds to be changed, one writer at a time, and write it in one step."""
    with os.fdopen(os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = read(path, of)
        yield held
        beside = path.with_name(f".{path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(held, file, ensure_ascii=False)
        beside.replace(path)
