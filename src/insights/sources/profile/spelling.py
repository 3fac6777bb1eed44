"""How the values of a profile are spelt: headers, patterns, days, zones; and what is said of one that is not."""

import codecs
import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator, StrictBool, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from insights.errors import Called, MappingWrong
from insights.kept import time_zones

_KINDS = {
    "string_type": "text",
    "missing": "text",
    "bool_type": "flag",
    "tuple_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
}
"""What a value must be, by how the models refuse it; each is a sentence `errors.profile_wrong_<kind>`."""


def refused(kind: str, below: str = "", found: object = None, allowed: Iterable[str] = ()) -> PydanticCustomError:
    """Return the refusal of a value, or of what stands `below` it; `kind` one_of is said with the `allowed` words."""
    return PydanticCustomError(kind, "wrong", {"below": below, "found": found, "allowed": ", ".join(allowed)})


def said(error: ValidationError, file: str) -> MappingWrong:
    """Return the sentence of the first thing that is wrong: the key, what stands there, what must."""
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    keys = [str(part) for part in first["loc"] if isinstance(part, str)]
    option = ".".join([*keys, *filter(None, [context.get("below")])])
    found = "-" if first["type"] == "missing" else str(_found(first, context))[:80]
    kind = _KINDS.get(first["type"], first["type"])
    if kind in ("one_of", "literal_error"):
        return MappingWrong("profile_wrong", file=file, option=option, found=found, allowed=_allowed(context))
    return MappingWrong(f"profile_wrong_{kind}", file=file, option=option, found=found)


def _found(first: ErrorDetails, context: dict[str, Any]) -> object:
    found = context.get("found")
    return first["input"] if found is None else found


def _allowed(context: dict[str, Any]) -> str:
    listed: str = context.get("allowed") or context["expected"].replace(" or ", ", ").replace("'", "")
    return listed


def _zone(name: str) -> str:
    if name not in time_zones():
        raise refused("zone")
    return name


_EVERY_BYTE = b"a,;" + bytes(range(256))


def codec(name: str) -> str:
    """Return the codec an encoding is called; raises LookupError or ValueError for none of text."""
    found = codecs.lookup(name).name
    if found.endswith("escape"):
        raise LookupError(name)  # a way to write Python, in which \n in a cell would be the end of its line
    _EVERY_BYTE.decode(found, "replace")  # Python knows codecs that are no encodings of text (hex, idna, punycode)
    return found


def _codec(name: str) -> str:
    try:
        return codec(name)
    except (LookupError, ValueError) as error:
        raise refused("encoding") from error


def _day(day: object) -> object:
    try:
        return None if day is None else dt.date.fromisoformat(str(day)).isoformat()
    except ValueError as error:
        raise refused("day") from error


def _pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise refused("pattern") from error
    return pattern


def _grouped(pattern: str) -> str:
    if not re.compile(_pattern(pattern)).groups:
        raise refused("group")
    return pattern


def aliases(node: object) -> object:
    """Return the names of one header: a text, or a list of texts."""
    if isinstance(node, str):
        return (node,)
    if isinstance(node, tuple) or (isinstance(node, list) and node and all(isinstance(n, str) for n in node)):
        return tuple(node)
    raise refused("headers")


def _constant(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value if value is None else json.dumps(value)
    if isinstance(value, str | int | float):
        return str(value)
    raise refused("constant")


def _label(given: object) -> str:
    named = isinstance(given, dict) and given and all(isinstance(said, str) for said in given.values())
    if not named and not isinstance(given, str):
        raise refused("string_type")
    return given if isinstance(given, str) else Called(given)  # type: ignore[arg-type]


Aliases = Annotated[tuple[str, ...], BeforeValidator(aliases)]
"""A header, or its names in other languages and versions: the first that is there counts."""
Headers = tuple[Aliases, ...]
Texts = tuple[str, ...]
Label = Annotated[str, PlainValidator(_label)]
Flag = StrictBool
Zone = Annotated[str, AfterValidator(_zone)]
Codec = Annotated[str, AfterValidator(_codec)]
Day = Annotated[str | None, BeforeValidator(_day)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Grouped = Annotated[str, AfterValidator(_grouped)]
Constant = Annotated[str | None, BeforeValidator(_constant)]
