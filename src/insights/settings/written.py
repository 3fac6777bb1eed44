"""One calendar written into the settings file; every other byte of it, comments included, stays as it was."""

import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from insights.errors import SettingsWrong
from insights.settings.reading import load_settings


def fingerprint(path: Path) -> str:
    """Return what tells one state of the file from another; the same for every file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def put_calendar(path: Path, name: str, block: str, seen: str) -> None:
    """Replace calendar `name` by `block`, its [calendars.<name>] tables, or append it; in one atomic step.

    `seen` is the file's fingerprint when the reader began. Raises SettingsWrong, and leaves the file alone, when the
    file has changed since, when the result would not be valid settings that differ in this calendar alone, and when
    it cannot be written.
    """
    path = path.resolve()
    try:
        if fingerprint(path) != seen:
            raise SettingsWrong("settings_changed_meanwhile", file=path.name)
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        after = _with_calendar(before, name, block)
        _prove(path, before, after, name, block)
        publish(path, after, seen)
    except OSError as error:
        raise SettingsWrong("settings_not_writable", file=path.name, problem=error.strerror or str(error)) from error


def _with_calendar(text: str, name: str, block: str) -> str:
    """Return the text with the calendar's tables replaced where the first of them stood, else appended."""
    end = "\r\n" if "\r\n" in text else "\n"
    block = block.strip().replace("\n", end) + end
    lines = text.splitlines(keepends=True)
    places = list(_places(lines, name))
    if not places:
        apart = "" if not text else end if text.endswith(("\n", "\r")) else end * 2
        return text + apart + block
    kept: list[str] = []
    at = 0
    for number, (start, stop) in enumerate(places):
        between = "".join(lines[at:start])
        kept += [between, block] if number == 0 else [between] if between.strip() else []
        at = stop
    return "".join([*kept, *lines[at:]])


def _places(lines: list[str], name: str) -> Iterator[tuple[int, int]]:
    """Yield where tables of the calendar stand; blank lines and comments after one belong to what follows."""
    start: int | None = None
    for i, line in enumerate([*lines, "[end]"]):
        if (header := _header(line)) is None:
            continue
        if start is not None:
            stop = i
            while not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#"):
                stop -= 1
            yield start, stop
        start = i if header[:2] == ["calendars", name] else None


def _header(line: str) -> list[str] | None:
    """Return the path of a table header, or None for any other line."""
    if not line.lstrip().startswith("["):
        return None
    try:
        node: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    path = []
    while isinstance(node, dict) and node:
        path.append(next(iter(node)))
        node = node[path[-1]]
    return path


def _prove(path: Path, before: str, after: str, name: str, block: str) -> None:
    """Refuse a text that says anything else than before with this one calendar changed."""
    wanted = tomllib.loads(before)
    wanted.setdefault("calendars", {})[name] = tomllib.loads(block)["calendars"][name]
    try:
        same = tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise SettingsWrong("settings_not_editable", file=path.name, calendar=name)


def publish(path: Path, text: str, seen: str) -> None:
    """Put a text in the place of the file, if the settings it makes are valid and nobody else changed it meanwhile."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        try:
            load_settings(beside)
        except SettingsWrong as error:
            raise SettingsWrong(error.key, **{**error.details, "file": path.name}) from error
        if path.exists():
            shutil.copymode(path, beside)
        if fingerprint(path) != seen:
            raise SettingsWrong("settings_changed_meanwhile", file=path.name)
        os.replace(beside, path)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
