"""What metrics need to know of a version: its facts, read into a context."""

import datetime as dt
import json
from collections.abc import Callable

from insights.filters import Filters
from insights.metrics.core import Context, Refusal
from insights.sql import Grain, Starts

Facts = Callable[[str], str | None]
_WINDOWS = ("response_window_days", "reopen_window_days", "repeat_window_days")


def context(fact: Facts, filters: Filters, grain: Grain | None = None, refusals: tuple[Refusal, ...] = ()) -> Context:
    """Return the context of a question to a version that says of itself what `fact` returns."""
    newest = dt.datetime.fromisoformat(fact("as_of") or "")
    as_of = filters.as_of or newest
    chosen = filters.chosen("currency")
    windows = json.loads(fact("thresholds") or "{}")
    return Context(
        as_of,
        past=as_of < newest,
        zone=fact("time_zone") or "UTC",
        clock=filters.clock,
        since=filters.since,
        until=filters.until,
        grain=grain,
        starts=starts(fact),
        currency=chosen[0] if len(chosen) == 1 else fact("currency"),
        one_currency=len(chosen) == 1,
        tiers=tuple(json.loads(fact("tiers") or "{}").items()),
        refusals=refusals,
        warned=tuple((*promise,) for promise in json.loads(fact("warned") or "[]")),
        **{name: windows[name] for name in _WINDOWS if name in windows},
    )


def starts(fact: Facts) -> Starts:
    """Return when the company's weeks and years begin."""
    return Starts(**json.loads(fact("starts") or "{}"))
