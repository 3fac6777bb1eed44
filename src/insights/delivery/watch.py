"""Early warning: clocks that crossed their warning line since the last pass, each once."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from insights.errors import NotWritable

Clock = dict[str, Any]


def key(clock: Clock) -> str:
    """Return what names a clock across passes."""
    return json.dumps([clock["source"], clock["ticket_id"], clock["metric"], clock["cycle"]], ensure_ascii=False)


def crossed(clocks: Sequence[Clock], warned: Iterable[str]) -> list[Clock]:
    """Return the open clocks past their warning line that no earlier pass has listed."""
    known = set(warned)
    return [c for c in clocks if c["state"] in ("at_risk", "breached_open") and key(c) not in known]


def remembered(clocks: Sequence[Clock], warned: Iterable[str], listed: Sequence[Clock]) -> list[str]:
    """Return what the next pass must know: every warning given for a clock that still runs, paused ones included."""
    running = {key(c) for c in clocks}
    return sorted(({*warned} & running) | {key(c) for c in listed})


def read_state(path: Path) -> list[str]:
    """Return the warnings given so far; none when there was no pass yet."""
    return list(json.loads(path.read_text("utf-8"))["warned"]) if path.exists() else []


def write_state(path: Path, warned: Sequence[str]) -> None:
    """Remember the warnings given, in one atomic step; raises NotWritable."""
    beside = path.with_suffix(".new")
    try:
        beside.write_text(json.dumps({"warned": list(warned)}, ensure_ascii=False), "utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise NotWritable("watch_state_not_writable", file=str(path), problem=str(error)) from error
