"""Telling how far a load is: events for a bar on a terminal, or JSON lines for the page that started the process."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from insights.warehouse.failpoints import failpoint


@dataclass(frozen=True)
class Event:
    """One step: `share` of the whole load done, 0-1; `file` of `files` while they are read (1 is the first).

    `left_s` is about how long it will still take, None where it is too early to tell.
    """

    stage: str
    share: float
    file: int = 0
    files: int = 0
    name: str = ""
    left_s: int | None = None


Progress = Callable[[Event], None]
STAGES = {
    "wait": 0.0,
    "copy": 0.0,
    "read": 0.05,
    "merge": 0.05,
    "derive": 0.6,
    "check": 0.9,
    "publish": 0.95,
    "done": 1.0,
}
"""Where each stage starts, as a share of a load; reading and merging share their stretch among the files."""
_TELLING_S, _TELLING = 5, 0.1
"""From which time and share on the time left can be told from them."""
_FAILPOINTS = {"merge": "staged", "derive": "upserted", "check": "derived"}


class Steps:
    """The steps of one load, told to whoever listens."""

    def __init__(self, files: int, listener: Progress | None) -> None:
        self._files, self._listener, self._began = files, listener, time.monotonic()

    def wait(self, holder: str) -> None:
        """Tell that another process, `holder`, is loading and is waited for."""
        self.at("wait", name=holder)

    def at(self, stage: str, file: int = 0, name: str = "") -> None:
        """Tell that a stage starts."""
        if stage in _FAILPOINTS:
            failpoint(_FAILPOINTS[stage])
        share = STAGES[stage]
        if file:
            done = file - (0.5 if stage == "merge" else 1)
            share += (STAGES["derive"] - STAGES["read"]) * done / self._files
        self._tell(stage, share, file, name)

    def within(self, stage: str, done: float) -> None:
        """Tell that a share of a stage itself is done."""
        end = min(share for share in STAGES.values() if share > STAGES[stage])
        self._tell(stage, STAGES[stage] + (end - STAGES[stage]) * done)

    def _tell(self, stage: str, share: float, file: int = 0, name: str = "") -> None:
        if self._listener:
            took = time.monotonic() - self._began
            left = round(took * (1 - share) / share) if took >= _TELLING_S and share >= _TELLING else None
            self._listener(Event(stage, round(share, 3), file, self._files if file else 0, name, left))


def to_stderr(event: Event) -> None:
    """Write an event as one JSON line."""
    print(json.dumps(asdict(event), ensure_ascii=False), file=sys.stderr, flush=True)
