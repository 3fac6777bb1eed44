"""Why a setting is refused: the option, what stands there and what must, in the language of who reads it."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from insights.errors import SettingsWrong

CURRENCY, HOURS, MEMORY = "^[A-Z]{3}$", r"^\d{2}:\d{2}-\d{2}:\d{2}$", r"^[1-9]\d*(\.\d+)? ?[KMGT]i?B$"
_PATTERNS = {CURRENCY: "currency", HOURS: "hours", MEMORY: "memory"}
_KINDS = {
    "bool": "flag",
    "date": "day",
    "dict": "section",
    "float": "number",
    "frozen": "list",
    "int": "whole",
    "list": "list",
    "missing": "missing",
    "model": "section",
    "path": "text",
    "string": "text",
    "too": "missing",
    "tuple": "list",
}
"""What a value must be, by the first word of how the models refuse it; each has a sentence `settings_wrong_<kind>`."""
_BOUNDS = {"greater_than": "more", "greater_than_equal": "least", "less_than": "less", "less_than_equal": "most"}


def refused(kind: str, **said: str) -> PydanticCustomError:
    """Return the refusal of a value by a rule of our own; `errors.settings_wrong_<kind>` says what must stand there."""
    return PydanticCustomError(kind, "wrong", {"ours": True, **said})


def said(error: ValidationError, file: str) -> SettingsWrong:
    """Return the sentence of the first thing that is wrong."""
    first = error.errors(include_url=False)[0]
    option = ".".join(str(part) for part in first["loc"] if part != "[key]")
    if first["type"] == "extra_forbidden":
        return SettingsWrong("settings_unknown", file=file, option=option)
    kind, told = _told(first["type"], first.get("ctx", {}))
    found = _without_password(repr(first["input"]))[:80]
    return SettingsWrong(f"settings_wrong_{kind}", file=file, option=option, found=found, **told)


def none_of(file: str, option: str, found: str, known: list[str]) -> SettingsWrong:
    """Return the refusal of a name that is written down nowhere."""
    return SettingsWrong("settings_wrong_one_of", file=file, option=option, found=found, allowed=", ".join(known))


def _told(of: str, context: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return what must stand there, and what its sentence says of it."""
    if "ours" in context:
        return of, {name: said for name, said in context.items() if name != "ours"}
    if of in _BOUNDS:
        return _BOUNDS[of], {"bound": f"{next(iter(context.values())):g}"}
    if "expected" in context:
        return "one_of", {"allowed": context["expected"].replace(" or ", ", ").replace("'", "")}
    return _PATTERNS.get(context.get("pattern", "")) or _KINDS.get(of.partition("_")[0], "other"), {}


def _without_password(found: str) -> str:
    """Return what a setting holds without who signs in by it: refusals are read in logs."""
    return re.sub("://.*@", "://***@", found)
