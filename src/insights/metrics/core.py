"""What a metric is: a value per row, which rows count, why others do not, and how rows become a number."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from insights.filters import Clock
from insights.sql import CALENDAR_YEAR, Column, Grain, Rows, Starts

Unit = Literal["share", "score", "points", "seconds", "count", "money"]
Better = Literal["up", "down", "context"]
Measure = Literal["share", "mean", "nps", "quantile", "count", "sum", "ratio", "max"]
Anchor = Literal["created", "first_reply", "solved", "answered", "sent", "decided", "ordered", "event", "as_of"]
Reason = tuple[str | Column, Column]
"""(word or column that holds it, condition): the first condition that holds names why a row is left out."""


class Refusal(NamedTuple):
    """A source left out of a metric because it contradicts itself: the check that failed, for which share of n rows."""

    metric: str
    source: str
    reason: str
    share: float
    n: int


@dataclass(frozen=True)
class Context:
    """What every metric needs to know besides its table: the moment of knowledge, the zone, the clock, the period."""

    as_of: dt.datetime
    past: bool
    zone: str
    clock: Clock = "calendar"
    since: dt.date | None = None
    until: dt.date | None = None
    beside: tuple[dt.date, dt.date] | None = None
    """Days of another period asked about in the same statement."""
    grain: Grain | None = None
    starts: Starts = CALENDAR_YEAR
    currency: str | None = None
    """What amounts are added up in."""
    one_currency: bool = False
    """Rows are split or chosen by currency, so that amounts are added up in their own."""
    warned: tuple[tuple[str, str, float], ...] = ()
    """(promise, policy, share of the way to the due time from which a clock is at risk)."""
    response_window_days: int = 7
    reopen_window_days: int = 14
    repeat_window_days: int = 90
    tiers: tuple[tuple[str, int], ...] = ()
    refusals: tuple[Refusal, ...] = ()
    put_aside: bool = False
    """What was known at a past moment is at hand in tables of its own, so that no statement works it out again."""

    def refused(self, key: str) -> tuple[str, ...]:
        """Return the sources left out of a metric because their data contradicts itself."""
        return tuple(dict.fromkeys(r.source for r in self.refusals if r.metric == key))

    @property
    def today(self) -> dt.date:
        """Return the local date of `as_of`."""
        return self.as_of.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> dt.date:
        """Return the local date on which as-of metrics are taken: the period's end, at most today."""
        return min(self.until or self.today, self.today)

    def duration(self, rows: Rows, name: str) -> Column:
        """Return the duration column of the chosen clock."""
        return rows.c[f"{name}_s" if self.clock == "calendar" else f"{name}_business_s"]


@dataclass(frozen=True)
class Base:
    """The rows a group of metrics reads, always one row per counted thing."""

    name: str
    rows: Callable[[Context], Rows]
    ids: tuple[str, ...]
    shown: tuple[str, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
    """Dimensions of this base alone: (name, column)."""
    stock: bool = False
    """A number is what stands at the end of a day."""
    stretches: Callable[[Context], Rows] | None = None
    """What stands, as stretches of time (started_day, ended_day): counted over many days by what begins and ends."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _made_once(self.rows))


def _made_once(rows: Callable[[Context], Rows]) -> Callable[[Context], Rows]:
    """Return the same rows with their columns for the same context: a page asks for them hundreds of times."""

    @lru_cache(maxsize=128)
    def made(context: Context) -> Rows:
        of = rows(context)
        assert of.c.keys()  # made here, before threads share them
        return of

    return made


Value = Callable[[Rows, Context], Column]
Reasons = Callable[[Rows, Context], Iterable[Reason]]
Moment = Callable[[Rows], Column]


@dataclass(frozen=True)
class Metric:
    """One KPI. `value` is what a counted row contributes, `reasons` leave rows out, `at` puts a row in a period."""

    key: str
    unit: Unit
    better: Better
    anchor: Anchor
    base: Base
    measure: Measure
    at: Moment
    value: Value
    reasons: Reasons = lambda rows, context: ()
    unknown: Reasons = lambda rows, context: ()
    """Why the value of a row is unknown: reasons only asked where it is."""
    concerns: Value | None = None
    """Which rows of the base a metric is about at all; None for every one."""
    q: float | None = None
    clocks: bool = False
    """The value has a calendar and a working-time form."""
    matures: dt.timedelta = dt.timedelta(0)
    """How long after its end a period still changes for lack of time."""
    open_ended: bool = False
    """A period changes as long as time goes on: a newer one has had less of it, so two are not compared."""
    always_by: tuple[str, ...] = ()
    """Dimensions that are part of the metric itself."""

    def _reasons(self, rows: Rows, context: Context) -> list[Reason]:
        """Return why rows are left out; those of a source that contradicts itself first of all."""
        refused = context.refused(self.key)
        incoherent: list[Reason] = [("incoherent", rows.c.source.in_(refused))] if refused else []
        return [*incoherent, *self.reasons(rows, context)]

    def reason(self, rows: Rows, context: Context) -> Column:
        """Return why a row is left out; NULL for the rows that count."""
        missing: list[Reason] = [*self.unknown(rows, context), ("value_unknown", sa.true())]
        no_value = self.value(rows, context).is_(None)
        found = [*self._reasons(rows, context), *((word, sa.and_(no_value, why)) for word, why in missing)]
        return sa.case(*((condition, quoted(word) if isinstance(word, str) else word) for word, condition in found))

    def counted(self, rows: Rows, context: Context) -> Column:
        """Return what a row contributes; NULL when it does not count."""
        refused = [condition for _, condition in self._reasons(rows, context)]
        value = self.value(rows, context)
        if self.concerns:
            value = sa.case((self.concerns(rows, context), value))
        return sa.case((sa.or_(*refused), sa.null()), else_=value) if refused else value


@cache
def column(name: str, *fallbacks: str) -> Callable[[Rows], Column]:
    """Return the date of a row: this column, else the first of the fallbacks that is known."""
    return lambda rows: sa.func.coalesce(rows.c[name], *(rows.c[f] for f in fallbacks)) if fallbacks else rows.c[name]


def flag(condition: Column) -> Column:
    """Return 1 where a condition holds, else 0."""
    return sa.case((condition, sa.literal_column("1", sa.Integer())), else_=sa.literal_column("0", sa.Integer()))


def one(rows: Rows, context: Context) -> Column:
    """Return 1: the row counts as itself."""
    return sa.literal_column("1", sa.Integer())


def why_excluded(t: Rows) -> Column:
    """Return why a ticket counts nowhere: spam, test, deleted, merged; NULL for the others."""
    found = sa.case(
        (t.c.merged_into.is_not(None), quoted("merged")), (t.c.status == quoted("deleted"), quoted("deleted"))
    )
    return sa.func.coalesce(t.c.excluded, found)


def why_never(t: Rows) -> Column:
    """Return why a ticket never counted: one that is gone did, until it went."""
    why = why_excluded(t)
    return sa.case((why != quoted("gone"), why))


def excluded(rows: Rows) -> list[Reason]:
    """Return the reason of cases that count nowhere."""
    why = why_excluded(rows) if "merged_into" in rows.c else rows.c.excluded
    return [(why, why.is_not(None))]


def quoted(word: str) -> Column:
    """Return a word of our own as a constant of the statement, so that a person reading the SQL sees it."""
    return sa.literal_column(f"'{word}'", sa.Text())


def acted(events: Rows) -> Column:
    """Return as whom somebody did something: by deeds and settings where they say so, else as the export does."""
    return sa.func.coalesce(events.c.acted_as, events.c.actor)


def is_in(of: Column, words: Iterable[str]) -> Column:
    """Return whether a column holds one of some canonical words; false when unknown."""
    return sa.func.coalesce(of.in_([quoted(w) for w in words]), sa.false())
