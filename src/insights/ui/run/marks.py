"""Events that explain a trend: the settings' own, and those of the sample company while it is shown."""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from insights.settings import Mark
from insights.ui.run import here

SAMPLE = Path("data/sample")


@cache
def _of_sample() -> tuple[Mark, ...]:
    truth = SAMPLE / "truth.json"
    if not truth.exists():
        return ()
    return tuple(Mark.model_validate(event) for event in json.loads(truth.read_text("utf-8"))["events"])


def marks(shown: Sequence[dt.date], until: dt.date | None) -> dict[int, str]:
    """Return the position and the words of every event inside the periods that start on `shown` and end by `until`."""
    run = here()
    known = (*run.settings.marks, *(_of_sample() if run.data.fact("sample") == "true" else ()))
    inside = sorted((m for m in known if shown and shown[0] <= m.date <= (until or m.date)), key=lambda m: m.date)
    return {bisect_right(shown, m.date) - 1: m.said(run.language) for m in inside}
