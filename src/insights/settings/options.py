"""One option or calendar of the settings: what it is, what it says, how it is written among all the others."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Comment, Item, Table, Whitespace

from insights.errors import SettingsWrong
from insights.settings.model import Settings
from insights.settings.written import Edit, write


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
    """Write one option, None to leave it at its default; everything else stays as it was written."""
    refusal = SettingsWrong("option_not_editable", file=path.name, option=name)
    write(path, Edit(lambda document: _set(document, name.split("."), value), refusal), seen)


def put_calendar(path: Path, name: str, block: str, seen: str) -> None:
    """Make calendar `name` what its tables in `block` say; everything else stays as it was written."""
    refusal = SettingsWrong("settings_not_editable", file=path.name, calendar=name)
    wanted = tomllib.loads(block)["calendars"][name]

    def change(document: Any) -> None:
        _become(document.setdefault("calendars", {}).setdefault(name, {}), wanted)

    def added(before: Mapping[str, Any]) -> str:
        return "" if name in before.get("calendars", {}) else block

    write(path, Edit(change, refusal, added), seen)


def _become(node: Any, wanted: Mapping[str, Any]) -> None:
    """Make a table say what is wanted, line by line: what says it already stays as it is written."""
    for name in [name for name in node if name not in wanted]:
        del node[name]
    for name, value in wanted.items():
        if isinstance(value, Mapping) and isinstance(node.get(name), Mapping):
            _become(node[name], value)
        elif node.get(name) != value:
            _put(node, name, value)


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


def _set(node: Any, names: list[str], value: Any) -> None:
    name, *rest = names
    if not rest and value is not None:
        _put(node, name, value)
    elif not rest:
        node.pop(name, None)
    elif name in node or value is not None:
        if name not in node:
            node[name] = {}
        _set(node[name], rest, value)
        if isinstance(node[name], Table) and not node[name].as_string().strip():
            del node[name]  # nothing is left of the section, not even a comment


def _put(node: Any, name: str, value: Any) -> None:
    """Say a value; what is new stands before the comment that leads to the next section."""
    if not isinstance(node, Table | TOMLDocument):
        node[name] = item(value) if isinstance(node, Item) else value
    elif name in node and not isinstance(node[name], Table | AoT):
        node[name] = item(value)
    else:
        node.pop(name, None)
        body = (node.value if isinstance(node, Table) else node).body
        after = []
        while body and isinstance(body[-1][1], Whitespace | Comment):
            after.append(body.pop())
        node[name] = item(value)
        body.extend(reversed(after))
