"""One option of the settings: what it is, what it says, and how it is written into the file among all the others."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from insights.errors import SettingsWrong
from insights.settings.model import Settings
from insights.settings.written import fingerprint, publish


@dataclass(frozen=True)
class Option:
    """One option: its way through the sections, what it may be, and its default."""

    path: str
    allowed: Any
    default: Any
    description: str


def option(path: str) -> Option:
    """Return an option by its path, such as robots.count_from."""
    of: type[BaseModel] = Settings
    *sections, name = path.split(".")
    for section in sections:
        of = of.model_fields[section].annotation  # type: ignore[assignment]
    field = of.model_fields[name]
    default = plain(field.get_default(call_default_factory=True, validated_data={}))
    return Option(path, field.annotation, default, field.description or "")


def said(settings: Settings, path: str) -> Any:
    """Return what the settings say of an option, as TOML could write it."""
    found: Any = settings
    for name in path.split("."):
        found = getattr(found, name)
    return plain(found)


def plain(value: Any) -> Any:
    """Return a value as TOML could write it, defaults inside it left out; None is nothing said."""
    if isinstance(value, BaseModel):
        return plain(value.model_dump(exclude_defaults=True, by_alias=True))
    if isinstance(value, Mapping):
        return {str(name): plain(held) for name, held in value.items()}
    if isinstance(value, tuple | list):
        return [plain(held) for held in value]
    return str(value) if isinstance(value, Path) else value


def put_option(path: Path, name: str, value: Any, seen: str) -> None:
    """Write one option, None to leave it at its default, in one atomic step; everything else stays as it was written.

    `seen` is the file's fingerprint when the reader began. Raises SettingsWrong, and leaves the file alone, when the
    file has changed since, when the result would not be valid settings, and when it cannot be written.
    """
    path = path.resolve()
    try:
        if fingerprint(path) != seen:
            raise SettingsWrong("settings_changed_meanwhile", file=path.name)
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
        publish(path, _with_option(path, before, name, value), seen)
    except OSError as error:
        raise SettingsWrong("settings_not_writable", file=path.name, problem=error.strerror or str(error)) from error


def _with_option(path: Path, before: str, name: str, value: Any) -> str:
    """Return the text with the option set; raises SettingsWrong where it then says anything else besides."""
    wanted = tomllib.loads(before)
    try:
        document = tomlkit.parse(before)
        _set(document, name.split("."), None if value is None else item(value), tomlkit.table)
        after = tomlkit.dumps(document)
        _set(wanted, name.split("."), value, dict)
        same = _telling(tomllib.loads(after)) == _telling(wanted)
    except (TOMLKitError, tomllib.TOMLDecodeError, ValueError):
        same = False
    if not same:
        raise SettingsWrong("option_not_editable", file=path.name, option=name)
    return after


def item(value: Any) -> Item:
    """Return a value as one TOML value: tables inline, the entries of a list of tables one a line."""
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, held in value.items():
            table.append(name, item(held))
        return table
    if isinstance(value, list) and any(isinstance(held, Mapping) for held in value):
        array = tomlkit.array()
        for held in value:
            array.append(item(held))
        array.multiline(multiline=True)
        return array
    made: Item = tomlkit.item(value)
    return made


def _set(node: Any, names: list[str], value: Any, table: Any) -> None:
    name, *rest = names
    if not rest and value is not None:
        node[name] = value
    elif not rest:
        node.pop(name, None)
    elif name in node or value is not None:
        if name not in node:
            node[name] = table()
        _set(node[name], rest, value, table)
        if isinstance(node[name], Table) and not node[name].as_string().strip():
            del node[name]  # nothing is left of the section, not even a comment


def _telling(told: Any) -> Any:
    """Return settings without sections that say nothing."""
    if not isinstance(told, dict):
        return told
    return {name: kept for name, held in told.items() if (kept := _telling(held)) != {} or not isinstance(held, dict)}
