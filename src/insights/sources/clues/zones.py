"""The time zone a report names beside its table: `All times are in Europe/Istanbul`, `Generated in UTC`."""

import re
from collections.abc import Iterable

from insights.kept import time_zones

_NAMED = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+){1,2}\b")
_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?00)?\b")
_UTC = re.compile(r"\b(?:UTC|GMT)\b(?!\s*[+-]?\d)")
_ABOUT = re.compile(r"zone|time|saat|dilim|generated|utc|gmt|oluşturul", re.I)


def said(lines: Iterable[str]) -> str | None:
    """Return the one zone these lines name; None where they name none, or several."""
    found = {zone for line in lines if _ABOUT.search(line) or _NAMED.search(line) for zone in _in(line)}
    return found.pop() if len(found) == 1 else None


def _in(line: str) -> set[str]:
    if named := {z for z in _NAMED.findall(line) if z in time_zones()}:
        return named
    if offset := _OFFSET.search(line):
        hours = int(offset[2])
        sign = "-" if offset[1] == "+" else "+"  # the names of fixed offsets count westwards
        return {f"Etc/GMT{sign}{hours}" if hours else "UTC"} & (time_zones() | {"UTC"})
    return {"UTC"} if _UTC.search(line) else set()
