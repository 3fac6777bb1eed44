"""Events that explain a trend: the settings' own, and those of the sample company while it is shown."""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from insights.asking import Desk
from insights.settings import Mark
from insights.ui.run.data import day_of

SAMPLE = Path("data/sample")


@cache
def _of_sample() -> tuple[Mark, ...]:
    truth = SAMPLE / "truth.json"
    if not truth.exists():
        return ()
    return tuple(Mark.model_validate(event) for event in json.loads(truth.read_text("utf-8"))["events"])


def marks(desk: Desk, shown: Sequence[dt.date]) -> dict[int, str]:
    """Return the position and the words of every event inside the periods that start on `shown`."""
    until = desk.filters.until or day_of(desk)
    known = (*desk.settings.marks, *(_of_sample() if desk.warehouse.fact("sample") == "true" else ()))
    inside = sorted((m for m in known if shown and shown[0] <= m.date <= until), key=lambda m: m.date)
    found: dict[int, str] = {}
    for mark in inside:
        place, said = bisect_right(shown, mark.date) - 1, mark.said(desk.language)
        found[place] = f"{found[place]} · {said}" if place in found else said
    return found
