"""A card before it is drawn: what it is called, what it is about and how its body is made; no Streamlit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from insights.asking import Desk
from insights.charts.look import Figure
from insights.metrics import METRICS, Number
from insights.ui.run import Rows, t
from insights.ui.run.safe import spoken
from insights.ui.run.steps import Group, Span

Study = tuple[str, tuple[tuple[str, Any], ...]]
"""A study by key with the options it is asked with."""


@dataclass(frozen=True)
class Column:
    """How a column of a table is headed and shown."""

    label: str
    kind: Literal["text", "any", "number", "percent", "moment", "day", "area", "link"] = "text"
    width: int | Literal["small", "medium", "large"] | None = None
    right: bool = False
    help: str = ""
    digits: int | None = None
    """Decimals every number of it is written with; None: as many as each has."""


@dataclass(frozen=True)
class Table:
    """A table as it is shown: cells as readers read them, by column."""

    columns: Mapping[str, Column]
    rows: Sequence[Mapping[str, Any]]
    height: int | Literal["auto", "content"] = "content"
    row_height: int | None = None
    leads: Rows = ()
    """The case each row is about: a picked row opens its ticket's story."""
    wraps: bool = False
    """Its words go on below in their cells, each row as high as it needs; nothing in it is picked or sorted."""
    alone: bool = False
    """Its one row is drawn as labels and values that wrap: a narrow screen cuts none of them."""


@dataclass(frozen=True)
class Download:
    """A file a card gives away; its content is made only when it is asked for."""

    label: str
    file: str
    content: Callable[[], bytes]
    icon: str = "download"
    help: str | None = None


@dataclass(frozen=True)
class File:
    """Rows to give away, as CSV and as a workbook that explains them; made when asked for."""

    stem: str
    title: str
    rows: Callable[[], Iterable[Mapping[str, Any]]]
    n: int
    """How many they are."""
    meaning: tuple[str, str]
    """What they are: a head and a sentence."""
    label: str = ""
    """What the button of the CSV says; else that it gives all rows."""
    whole: bool = False
    """They are rows of everything there is, whatever the page is filtered to."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of markdown with what it is about: a metric, and the group it speaks of."""

    text: str
    metric: str
    group: Group = ()


@dataclass(frozen=True)
class Body:
    """What stands in a card: a figure or a table with its alternative in words, notes, and the rows of the export."""

    figure: Figure | None = None
    table: Table | None = None
    alt: str = ""
    """What it shows, for who does not see it: no markdown."""
    rows: Rows = ()
    text: str = ""
    """Markdown above everything else."""
    reading: str = ""
    """How to read it, where that depends on the answer."""
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()
    asides: Sequence[tuple[str, str]] = ()
    """Head and text of what unfolds."""
    sentences: Sequence[Sentence] = ()
    """Each with the ways to its view, its cause and its rows."""
    folded: str = ""
    """The head under which the table unfolds."""
    tall: bool = False
    """The height follows from the rows drawn, not from the neighbour's, where they are more than a few."""
    least_width: int | None = None
    """Pixels below which a figure scrolls sideways instead of shrinking."""
    groups: Sequence[Group] = ()
    """What each mark of the figure or row of the table stands for: a click filters the page to it or opens its rows."""
    taken: Callable[[Mapping[str, Any]], None] | None = None
    """What a click on a mark does, where it is no filter: given where the mark stands."""
    upwards: bool = False
    """The figure draws the groups from the bottom up."""
    layered: bool = False
    """Each trace of the figure has marks of its own; the groups of one trace follow those of the one before."""
    lines: Sequence[Group] = ()
    """What each line of the figure, with its entry in the legend, stands for."""
    entries: Sequence[Group] = ()
    """What each entry of the legend stands for, where its trace has marks of its own."""
    spans: Sequence[Span] = ()
    """The days each point of the figure stands for."""
    opens: Callable[[int], tuple[str, "Body"]] | None = None
    """Gives the head and the body that a picked row of the table opens below it."""
    picked: Callable[[int | None], None] | None = None
    """Told which row of the table is picked, where rows lead elsewhere than to their case."""
    files: Sequence[File] = ()
    downloads: Sequence[Download] = ()
    below: Callable[[], None] | None = None
    """Draws what stands under everything else and can be pressed."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "alt", spoken(self.alt))

    @property
    def by_row(self) -> bool:
        """Tell whether the groups are those of the table's rows, not of marks of a figure beside it."""
        alike = self.table is not None and len(self.groups) == len(self.table.rows)
        return alike and any(self.groups) and not self.upwards

    @property
    def clickable(self) -> bool:
        """Tell whether it is known what the marks of the figure stand for."""
        return bool(self.groups or self.lines or self.spans or self.taken)

    def mark_of(self, place: int, trace: int) -> Group | None:
        """Return what the mark at a place of a trace of the figure stands for; nothing for other marks."""
        traces = self.figure["data"] if self.figure else []
        if self.lines:
            return self.lines[trace] if 0 <= trace < len(self.lines) else None
        if self.layered:
            return self.group_of(place + trace * (len(self.groups) // len(traces)))
        alike = 0 <= trace < len(traces) and len(traces[trace].get("x", ())) == len(self.groups)
        return self.group_of(place) if alike else None

    def group_of(self, place: int) -> Group | None:
        """Return what the row or mark at a place stands for; nothing for one that stands for none."""
        if not 0 <= place < len(self.groups):
            return None
        return (self.groups[-1 - place] if self.upwards else self.groups[place]) or None

    def span_of(self, name: object, place: int = -1) -> Span | None:
        """Return the days of the point the axis calls so, or of the mark at a place where each has days of its own."""
        names = self.figure["layout"]["xaxis"].get("categoryarray", []) if self.figure else []
        if len(names) == len(self.spans):
            return self.spans[names.index(name)] if name in names else None
        return self.spans[place] if 0 <= place < len(self.spans) else None


@dataclass(frozen=True)
class Card:
    """One card: a pure function of a desk and its arguments. `make` gives its body for what is picked in its head."""

    key: str
    desk: Desk | None
    """Whom definition, rows and SQL are asked; None on pages that stand without data."""
    title: str
    make: Callable[[str], Body]
    reading: str = ""
    about: str = ""
    """The metric whose definition, rows and SQL the head leads to; else the picked one."""
    choice: Mapping[str, str] = field(default_factory=dict)
    """What can be picked in the head, with the words for it."""
    listed: bool = False
    """The choice is a list below the head: it is long, or its words are."""
    study: Study | None = None
    """The study the card shows: where no metric is meant, the head leads to its definition, rows and SQL."""
    filed: str = ""
    """What the export calls its rows, where that is not the title."""

    def body(self, picked: str = "") -> Body:
        """Return the body for what is picked, the first choice where nothing is."""
        return self.make(picked if picked in self.choice else next(iter(self.choice), ""))

    def metric(self, picked: str) -> str:
        """Return the metric the card is about, empty where it is about none."""
        return self.about or (picked if picked in METRICS else "")

    def heading(self, picked: str) -> str:
        """Return what the export calls the card's rows."""
        title = self.filed or self.title
        return f"{title} · {self.choice[picked]}" if len(self.choice) > 1 and not self.listed else title


def nothing(desk: Desk, text: str = "", icon: str = "search_off") -> Body:
    """Return the body of a card that has nothing to show, with the reason."""
    why = "no_rows" if desk.filters.values else "no_rows_then"
    return Body(notes=[f":material/{icon}: {text or t(desk, f'ui.{why}')}"])


def too_few(desk: Desk, least: int) -> Body:
    """Return the body of a card whose groups all have fewer cases than can be compared."""
    return nothing(desk, t(desk, "ui.few_groups", least=least), "help")


def record(number: Number) -> dict[str, Any]:
    """Return a number as it is exported: raw, with what a reader of the file must know."""
    period = {"period": number.period} if number.period else {}
    shown = {"value": number.value, "n": number.n, "low": number.low, "high": number.high}
    before = {"previous": number.previous, "change": number.change} if number.compared else {}
    whole = {} if number.complete is None else {"complete": number.complete}
    return {"metric": number.metric, **period, **dict(number.group), **shown, **before, **whole}
