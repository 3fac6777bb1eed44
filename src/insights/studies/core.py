"""What a study is: a registered answer that is more than a number, such as a table, a curve or a queue."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self, TypeVar

import sqlalchemy as sa

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters, ignored
from insights.metrics import Context, Number
from insights.metrics.selects import Question
from insights.settings import Settings
from insights.studies.options import Option, chosen_options
from insights.warehouse import Warehouse

Answered = TypeVar("Answered")
Breakdowns = dict[tuple[str, str], list[Number]]
"""Numbers by metric and dimension."""
Row = Mapping[str, Any]
Options = Mapping[str, Any]
Unit = Literal[
    "text",
    "word",
    "member",
    "day",
    "moment",
    "share",
    "difference",
    "seconds",
    "count",
    "number",
    "money",
    "points",
    "flag",
]
"""A `word` is of a vocabulary of the texts, a `member` the value of a dimension, a `difference` one of two shares."""
Heed = Literal["period", "values", "as_of"]
HEEDS: tuple[Heed, ...] = ("period", "values", "as_of")

MADE_OF = {"customer_months": "orders", "customer_purchases": "orders"}
"""Tables nobody loads, and the one they come from."""


@dataclass(frozen=True)
class Column:
    """One column of a study's table: what it is in, and the vocabulary or dimension of its words."""

    name: str
    unit: Unit
    words: str = ""


ENDS = (
    Column("value", "difference"),
    Column("low", "difference"),
    Column("high", "difference"),
    Column("n_with", "count"),
    Column("n_without", "count"),
    Column("real", "flag"),
)
"""A difference of shares between those with something and those without it, with its interval."""


@dataclass(frozen=True)
class Shape:
    """What one table of a study looks like; its first column names are the words `studies.columns.<name>`."""

    name: str
    columns: tuple[Column, ...]
    open: bool = False
    """More columns follow, named by what was asked for."""


@dataclass(frozen=True)
class Answer:
    """What a study found: rows by table, and facts that stand beside them."""

    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    sentence: str | None = None
    """Key of the text under `studies.<key>` that says the finding, filled with the facts."""


@dataclass(frozen=True)
class StudyResult:
    """A study's answer with all that a reader must know beside it."""

    study: str
    at: dt.datetime
    shapes: tuple[Shape, ...]
    tables: Mapping[str, Sequence[Row]]
    facts: Mapping[str, Any]
    sentence: str | None
    ignored: tuple[str, ...]
    """Chosen dimensions, `period` or `as_of`, that the study does not heed."""
    lacks: tuple[str, ...]
    """Tables nothing was loaded into: what to load to get an answer."""

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows of the main table."""
        return self.tables[self.shapes[0].name]

    def table(self, name: str) -> Sequence[Row]:
        """Return the rows of a table; raises UnknownName."""
        if name not in self.tables:
            raise UnknownName("unknown_option", name=name, known=", ".join(self.tables))
        return self.tables[name]

    def record(self) -> Mapping[str, Any]:
        """Return the answer as the command line prints it in JSON."""
        return {
            "study": self.study,
            "at": self.at,
            **self.facts,
            **self.tables,
            "sentence": self.sentence,
            "ignored": self.ignored,
            "lacks": self.lacks,
        }


class Asker(Protocol):
    """What a study may ask: a desk, seen from below."""

    @property
    def warehouse(self) -> Warehouse:
        """Return the version read."""

    @property
    def filters(self) -> Filters:
        """Return what the reader chose."""

    @property
    def settings(self) -> Settings:
        """Return the company's settings."""

    @property
    def at(self) -> dt.datetime:
        """Return the moment looked from, naive UTC."""

    def with_filters(self, filters: Filters) -> "Asker":
        """Return the same under other filters."""

    def before(self, compare: str) -> "Asker":
        """Return the same at the period to compare with; raises BadFilter while the period is open."""

    def context(self, grain: str | None = None) -> Context:
        """Return what metrics need to know."""

    def question(self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> Question:
        """Return metrics as asked here."""

    def numbers(
        self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None, compare: str | None = None
    ) -> list[Number]:
        """Return value, n and interval of metrics."""

    def values(self, keys: Sequence[str], by: Sequence[str] = (), grain: str | None = None) -> list[Number]:
        """Return the numbers without their intervals."""

    def breakdowns(self, by: Mapping[str, Sequence[str]], other: Self) -> tuple[Breakdowns, Breakdowns]:
        """Return the values of metrics by each of their dimensions alone, here and at another desk."""

    def rows(self, key: str, *, excluded: bool = False, limit: int | None = None) -> list[Row]:
        """Return the rows behind a metric's number."""

    def fetch(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        """Return what a statement finds among the rows the reader may see."""

    def fetch_each(self, *statements: sa.Select[Any]) -> list[list[dict[str, Any]]]:
        """Return what each of some statements finds; a common table expression they share is worked out once."""

    def columns(self, statement: sa.Select[Any]) -> Mapping[str, Any]:
        """Return the same as arrays by name: for what is reckoned over all customers."""

    def remembered(self, name: Hashable, make: Callable[[], Answered]) -> Answered:
        """Return what was found before under the same view, else find it: what all rows are read for."""

    def file_statement(self, statement: sa.Select[Any]) -> str:
        """Return a statement as SQL text for the version's file on this machine."""


@dataclass(frozen=True)
class Study:
    """One study. Its words are `studies.<key>`: name, definition, and one for each option."""

    key: str
    base: tuple[str, ...]
    """The tables it rests on; while nothing is in one of them the study says so."""
    shapes: tuple[Shape, ...]
    answer: Callable[[Asker, Options], Answer]
    options: tuple[Option, ...] = ()
    heeds: tuple[Heed, ...] = HEEDS
    behind: Callable[[Asker, Options], Sequence[Row]] | None = None
    """The rows it counts; None where its own table is a list of them."""
    needs: Callable[[Asker, Options], tuple[str, ...]] | None = None
    """Tables one of which is enough for what is asked, where that is not all of `base`."""
    aside: Callable[[Asker, Options], Sequence[Row]] | None = None
    """The rows it sets aside, each with its `reason`; None where it sets none aside."""

    def asked(self, asker: Asker, options: Options) -> StudyResult:
        """Return the study's answer; raises UnknownName or BadFilter for options it does not know."""
        chosen = chosen_options(self.key, self.options, options)
        lacks = self.lacking(asker, chosen)
        found = Answer() if lacks else self.answer(asker, chosen)
        tables = {shape.name: found.tables.get(shape.name, ()) for shape in self.shapes}
        return StudyResult(
            self.key, asker.at, self.shapes, tables, found.facts, found.sentence, self.unheeded(asker.filters), lacks
        )

    def rows(self, asker: Asker, options: Options) -> Sequence[Row]:
        """Return the rows behind the answer."""
        chosen = chosen_options(self.key, self.options, options)
        if self.behind:
            return self.behind(asker, chosen)
        return self.answer(asker, chosen).tables[self.shapes[0].name]

    def left_out(self, asker: Asker, options: Options) -> Sequence[Row]:
        """Return the rows the answer sets aside, each with its reason."""
        return self.aside(asker, chosen_options(self.key, self.options, options)) if self.aside else []

    def lacking(self, asker: Asker, options: Options) -> tuple[str, ...]:
        """Return the tables to load into, where nothing is in those it rests on."""
        needed = self.needs(asker, options) if self.needs else self.base
        empty = [name for name in needed if not asker.warehouse.holds(schema.metadata.tables[name])]
        if self.needs and len(empty) < len(needed):
            return ()
        return tuple(dict.fromkeys(MADE_OF.get(name, name) for name in empty))

    def unheeded(self, filters: Filters) -> tuple[str, ...]:
        """Return what was chosen and is not heeded."""
        deaf = ignored(schema.metadata.tables[self.base[0]], filters)
        chosen = {
            "values": tuple(d for d, _ in filters.values),
            "period": ("period",) if filters.since else (),
            "as_of": ("as_of",) if filters.as_of else (),
        }
        rest = tuple(name for heed, names in chosen.items() if heed not in self.heeds for name in names)
        return tuple(dict.fromkeys((*(deaf if "values" in self.heeds else ()), *rest)))
