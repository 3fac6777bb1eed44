"""The settings file written back in one atomic step; what an edit does not mean to change stays as it was written."""

import hashlib
import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from insights.errors import SettingsWrong
from insights.settings.reading import load_settings


@dataclass(frozen=True)
class Edit:
    """A change of the file, made to its document, comments and all, and to the plain one it is proven by."""

    change: Callable[[Any], None]
    refusal: SettingsWrong
    """Raised where the text then says anything else than it said before with this change."""
    added: Callable[[Mapping[str, Any]], str] = lambda _: ""
    """The text that comes to the end of the file as it stands."""


def fingerprint(path: Path) -> str:
    """Return what tells one state of the file from another; the same for every file that is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def write(path: Path, edit: Edit, seen: str) -> None:
    """Change the file; `seen` is its fingerprint when the reader began.

    Raises SettingsWrong, and leaves the file alone, when it has changed since, when the result would not be valid
    settings that differ by this edit alone, and when it cannot be written.
    """
    path = path.resolve()
    try:
        if fingerprint(path) != seen:
            raise SettingsWrong("settings_changed_meanwhile", file=path.name)
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        after = _edited(before, edit)
        if after is None:
            raise edit.refusal
        publish(path, after, seen)
    except OSError as error:
        raise SettingsWrong("settings_not_writable", file=path.name, problem=error.strerror or str(error)) from error


def _edited(before: str, edit: Edit) -> str | None:
    """Return the text after an edit, None where it then says anything else besides."""
    wanted = tomllib.loads(before)
    added = edit.added(wanted)
    apart = "" if not (before and added) else "\n" if before.endswith("\n") else "\n\n"
    try:
        document = tomlkit.parse(before + apart + added)
        edit.change(document)
        edit.change(wanted)
        after = _ended(tomlkit.dumps(document), before)
        return after if _telling(tomllib.loads(after)) == _telling(wanted) else None
    except (TOMLKitError, tomllib.TOMLDecodeError, ValueError):
        return None


def _ended(text: str, before: str) -> str:
    """Return a text whose lines end as those before do."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in before else text


def _telling(told: Any) -> Any:
    """Return settings without sections that say nothing."""
    if not isinstance(told, dict):
        return told
    return {name: kept for name, held in told.items() if (kept := _telling(held)) != {} or not isinstance(held, dict)}


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
