"""Early warning: clocks that crossed their warning line since the last pass, each once."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from insights.errors import DeliveryFailed, NotWritable

Clock = dict[str, Any]
PAUSES_S = (1.0, 5.0, 25.0)
"""Seconds between the attempts of a delivery."""


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


def post(url: str, body: bytes, pause: Callable[[float], None] = time.sleep) -> None:
    """POST JSON, trying again after a growing pause; raises DeliveryFailed when the last attempt fails."""
    if not url.startswith(("http://", "https://")):
        raise DeliveryFailed("webhook_wrong", url=url)
    request = urllib.request.Request(url, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST")
    problem = ""
    for wait in (*PAUSES_S, None):
        try:
            with urllib.request.urlopen(request, timeout=10):
                return
        except (urllib.error.URLError, OSError) as error:
            problem = str(error)
        if wait is not None:
            pause(wait)
    raise DeliveryFailed("webhook_failed", url=url, attempts=len(PAUSES_S) + 1, problem=problem)
