"""The desk: a reader's warehouse, filters, scope and language, of which every question is asked."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from insights import studies
from insights.asking import hindsight
from insights.asking.about import About, about
from insights.asking.cells import Asked, Cells, Fetch, from_the_start, measured, sides, without_intervals
from insights.asking.changes import Comparison, as_old, compared
from insights.asking.listing import listed
from insights.asking.moment import context_of
from insights.asking.rewrites import Statement, rewritten
from insights.asking.settled import said
from insights.asking.small_groups import rounded, study_rounded
from insights.asking.together import alike, broken_down, fetched_at_once, of_both
from insights.filters import Filters, Scope
from insights.metrics import Context, Number, metric, selects
from insights.metrics.selects import Question
from insights.settings import Settings
from insights.studies import StudyResult
from insights.studies.core import Answered, Breakdowns, Row
from insights.warehouse import Warehouse
from insights.warehouse.engine import literal
from insights.warehouse.preparing import ready
from insights.warehouse.remembered import NONE, Remembered


@dataclass(frozen=True)
class Desk:
    """What a reader looks at; equal desks give equal answers, so a desk is a cache key. No scope, no rows."""

    warehouse: Warehouse
    filters: Filters
    scope: Scope
    language: str = field(default="en", compare=False)
    settings: Settings = field(default_factory=Settings, repr=False)

    @cached_property
    def key(self) -> Hashable:
        """Return what answers depend on: version, filters, scope and settings."""
        version = (str(self.warehouse.path), self.warehouse.version)
        return (*version, self.filters, self.scope, said(self.settings))

    def __hash__(self) -> int:
        return hash((self.warehouse.path, self.filters, self.scope))

    @property
    def at(self) -> dt.datetime:
        """Return the moment looked from, naive UTC."""
        return self.filters.as_of or self.warehouse.as_of

    @property
    def currency(self) -> str:
        """Return what amounts are in: the one currency chosen, else what the warehouse adds them up in."""
        return self.context().currency or self.settings.company.currency

    def with_filters(self, filters: Filters) -> "Desk":
        """Return the desk under other filters."""
        return replace(self, filters=filters)

    def any_time(self) -> "Desk":
        """Return the desk whatever the period."""
        return self.with_filters(replace(self.filters, since=None, until=None))

    def before(self, compare: str = "previous") -> "Desk":
        """Return the desk at the period to compare with; raises BadFilter while the period is open."""
        return self.with_filters(compared(self.filters, compare, self.context()))

    def narrow(self, dimension: str, *values: str) -> "Desk":
        """Return the desk with a dimension set to values (none: all)."""
        return self.with_filters(self.filters.choose(dimension, *values))

    def numbers(
        self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None, compare: str | None = None
    ) -> list[Number]:
        """Return value, n and 95 % interval of metrics: one number per metric, period and group."""
        question = self.question(keys, by, grain)
        if compare is None:
            return listed(question, self._measured(question))
        return self.against(self.with_filters(compared(self.filters, compare, question.context)), keys, by, grain)

    def against(
        self, other: "Desk", keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None
    ) -> list[Number]:
        """Return the numbers, each with what it is at another desk and how sure the difference is."""
        question, there = self.question(keys, by, grain), other.question(keys, by, grain)
        self.know(other, keys, by, grain)
        found, past = self._measured(question), other._measured(there) | self._when_as_old(other, question)
        return Comparison(question.context, there.context, found, past).applied(listed(question, found))

    def _when_as_old(self, other: "Desk", asked: Question) -> dict[str, Cells]:
        """Return what only grows of another period as it stood when its cases were as old as this one's."""
        young, keys = self.as_old(other), [of.key for of in asked.metrics if of.open_ended]
        if young is other or not keys:
            return {}
        return young._measured(young.question(keys, asked.by, asked.context.grain))

    def as_old(self, other: "Desk") -> "Desk":
        """Return another period's desk at the moment when its cases were as old as this one's; itself without days."""
        young = as_old(other.filters, self.filters, self.context().today, self.at)
        return other if young is other.filters else other.with_filters(young)

    def values(self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> list[Number]:
        """Return the numbers without their intervals, which is cheaper: for lines and lists."""
        question = self.question(keys, by, grain)
        return listed(question, self._measured(question, intervals=False))

    def breakdowns(self, by: Mapping[str, Sequence[str]], other: "Desk") -> tuple[Breakdowns, Breakdowns]:
        """Return the values of metrics by each of their dimensions alone, here and at another desk: in few scans."""
        found: tuple[Breakdowns, Breakdowns] = ({}, {})
        for names, keys in alike(by).items():
            question, there = self.question(keys, names), other.question(keys, names)
            for every, some in zip(found, broken_down(question, there, self._way, self.scope.least), strict=True):
                every |= some
        return found

    def one(self, key: str, compare: str | None = None) -> Number:
        """Return the one number of a metric without groups."""
        return self.numbers([key], compare=compare)[0]

    def rows(self, key: str, *, excluded: bool = False, limit: int | None = None) -> list[Row]:
        """Return the rows behind a number (their count is its n), or those left out, with `reason`."""
        return list(self.fetch(self.behind(key, excluded=excluded).limit(limit)))

    def behind(self, key: str, *, excluded: bool = False) -> sa.Select[Any]:
        """Return the SELECT of the rows behind a number, or of those left out."""
        return selects.rows(self.question([key]), excluded=excluded)

    def extremes(self, key: str, by: str, limit: int, *, largest: bool = False, needs: str | None = None) -> list[Row]:
        """Return the rows behind a number with the smallest (largest) values of a column, those with `needs` known."""
        return list(self.fetch(selects.extremes(self.question([key]), by, largest, needs).limit(limit)))

    def left_out(self, key: str) -> list[Row]:
        """Return how many rows of the period a number leaves out, by `reason`, most first."""
        return list(self.fetch(selects.left_out(self.question([key]))))

    def sql(self, key: str, by: Sequence[str] = (), grain: str | None = None) -> str:
        """Return the SQL that makes a number."""
        asked = replace(self.question([key], by, grain), prepared=frozenset())  # what a number means: its rows
        return self.statement(selects.numbers(from_the_start(asked, self.fetch)))

    def about(self, key: str) -> About:
        """Return what a card says beside a number."""
        return about(key, self.filters)

    def study(self, key: str, **options: Any) -> StudyResult:
        """Return the answer of a study; raises UnknownName, BadFilter."""
        return study_rounded(studies.study(key).asked(self, options), self.scope.least)

    def study_rows(self, key: str, **options: Any) -> list[Row]:
        """Return the rows behind a study."""
        return list(studies.study(key).rows(self, options))

    def study_left_out(self, key: str, **options: Any) -> list[Row]:
        """Return the rows a study sets aside, each with its `reason`."""
        return list(studies.study(key).left_out(self, options))

    def context(self, grain: str | None = None) -> Context:
        """Return what metrics need to know of a question at this desk."""
        return context_of(self.warehouse, self.filters, grain)

    def fetch(self, statement: Statement) -> list[dict[str, Any]]:
        """Return what a statement finds among the rows this reader may see."""
        return self.warehouse.fetch(rewritten(statement, self.scope))

    def fetch_each(self, *statements: sa.Select[Any]) -> list[list[dict[str, Any]]]:
        """Return what each of some statements finds: asked as one where the engine then reads once what they share."""
        return fetched_at_once(self.fetch, statements) if self.warehouse.here else [self.fetch(s) for s in statements]

    def stream(self, statement: Statement) -> Iterator[dict[str, Any]]:
        """Yield the same row by row: for files."""
        return self.warehouse.stream(rewritten(statement, self.scope))

    def columns(self, statement: Statement) -> Mapping[str, Any]:
        """Return the same as arrays by name: for what is reckoned over all customers."""
        found = self.warehouse.frame(rewritten(statement, self.scope))
        return {str(name): found[name].to_numpy() for name in found.columns}

    def remembered(self, name: Hashable, make: Callable[[], Answered]) -> Answered:
        """Return what was found before under the same view, else find it: what all rows are read for."""
        return self._remembered().answer((self.key, name), make)

    def statement(self, statement: Statement) -> str:
        """Return the SQL a person can paste, over the rows this reader may see."""
        return self.warehouse.sql(rewritten(statement, self.scope))

    def file_statement(self, statement: Statement) -> str:
        """Return the SQL of the version's file on this machine, over the rows this reader may see."""
        return literal(rewritten(statement, self.scope))

    def question(self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> Question:
        """Return metrics as asked at this desk."""
        metrics = tuple(metric(key) for key in dict.fromkeys(keys))
        context = self.context(grain)
        if "currency" in by:  # each group is of one currency: amounts are added up in their own
            context = replace(context, currency=None, one_currency=True)
        prepared = frozenset() if self.scope.nobody else ready(self.warehouse.fact)
        return Question(metrics, context, self.filters, tuple(by), prepared, self.scope.values if prepared else ())

    def know(self, other: "Desk", keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> None:
        """Measure and keep what is not known yet here and at another desk, in one statement where that can be."""
        held, asked, there = self._remembered(), self.question(keys, by, grain), other.question(keys, by, grain)
        new = [m.key for m in asked.metrics if held.find([self._name(asked, m.key)]) is NONE]
        news = tuple(metric(key) for key in new if held.find([self._name(there, key)]) is NONE)
        both, _ = of_both(replace(asked, metrics=news), replace(there, metrics=news))
        if both:
            whole, fetch = self._way(both)
            for question, found in zip((asked, there), sides(Asked(whole), fetch), strict=True):
                self._keep(question, found)

    def _keep(self, question: Question, found: Mapping[str, Cells], *, intervals: bool = True) -> dict[str, Cells]:
        kept = {key: rounded(cells, metric(key), self.scope.least) for key, cells in found.items()}
        for key, cells in kept.items():
            self._remembered().keep(self._name(question, key, intervals), cells)
        return kept

    def _name(self, question: Question, key: str, intervals: bool = True) -> Hashable:
        """Return what a metric's cells are remembered by."""
        return self.scope, replace(question, metrics=()), key, intervals

    def _measured(self, question: Question, *, intervals: bool = True) -> dict[str, Cells]:
        """Return the cells of each metric, only those not asked for before being measured."""
        held = self._remembered()
        names = {m.key: self._name(question, m.key, intervals) for m in question.metrics}
        found = {key: held.find([name]) for key, name in names.items()}
        if not intervals:  # known with them is known without
            known = {key: held.find([self._name(question, key)]) for key in names if found[key] is NONE}
            found |= {key: without_intervals(cells) for key, cells in known.items() if cells is not NONE}
        missing = tuple(m for m in question.metrics if found[m.key] is NONE)
        if missing:
            whole, fetch = self._way(from_the_start(replace(question, metrics=missing), self.fetch))
            found |= self._keep(question, measured(Asked(whole, intervals), fetch), intervals=intervals)
        return found

    def _remembered(self) -> Remembered:
        return self.warehouse.remembered

    def _way(self, question: Question) -> tuple[Question, Fetch]:
        return hindsight.way(self.warehouse, self.scope, question, self.fetch)
