"""Labelled samples of files no profile knows (`tests/headers/*.txt`): what each column is, and how a proposal fares.

A sample begins with `== name -> table`; each line is `header | labels | cells`, where `-` is a column that must stay
empty, `?label` one that may be proposed but need not, `table.column` one of a further table, and `= column | word` a
constant. Cells are gone through in turn (` / ` between them, `_` an empty one); `<n%7+100>` counts, `<d+26:%Y-%m-%d>`
is a time so many hours after the row's own, `<p>`, `<p9>` and `<co>` are people and companies. `{State=Closed,Solved}`
before the cells fills those rows alone in which that column, wherever it stands, holds one of the words.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from insights.sources.proposing.glance import Sample, facts_of
from insights.sources.proposing.propose import Proposal, best

FOLDER = Path(__file__).parent / "headers"
ROWS = 28
_FIRST = [
    "Ali",
    "Ece",
    "Can",
    "Su",
    "Deniz",
    "Ayşe",
    "Mehmet",
    "Ann",
    "Bob",
    "Eva",
    "Jan",
    "Kim",
    "Lale",
    "Onur",
    "Pia",
    "Rob",
    "Selin",
    "Tom",
    "Umut",
    "Zoe",
]
_LAST = ["Ak", "Er", "Öz", "Kaya", "Demir", "Lee", "Roe", "Stone", "West", "Hill", "Yılmaz", "Şen", "Uçar"]
_KINDS = ["Ltd.", "A.Ş.", "GmbH", "Inc."]


@dataclass
class Labelled:
    """One file with what its columns are."""

    name: str
    table: str
    labels: dict[str, frozenset[str]] = field(default_factory=dict)
    cells: dict[str, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    only: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def sample(self) -> Sample:
        """Return the file as the wizard sees it."""
        return Sample(f"{self.name}.csv", Path(), Path(), {h: facts_of(cells) for h, cells in self.cells.items()})

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Return what is proposed for the file, the best first: worked out once for all tests."""
        return best(self.sample)

    def csv(self) -> str:
        """Return the file's text."""
        lines = [tuple(self.cells), *zip(*self.cells.values(), strict=True)]
        return "".join(";".join('"' + c.replace('"', '""') + '"' for c in line) + "\n" for line in lines)


@cache
def read() -> list[Labelled]:
    """Return every sample, in the order of files and lines."""
    found: list[Labelled] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in filter(None, map(str.strip, path.read_text("utf-8").splitlines())):
            _line(found, line)
    for one in found:
        for header, (other, words) in one.only.items():
            one.cells[header] = tuple(
                c if o in words else "" for c, o in zip(one.cells[header], one.cells[other], strict=True)
            )
    return found


def _line(found: list[Labelled], line: str) -> None:
    if line.startswith("== "):
        name, _, table = line[3:].partition(" -> ")
        found.append(Labelled(name, table))
    elif line.startswith("= "):
        column, word = (part.strip() for part in line[2:].split(" | "))
        found[-1].constants[column] = word
    else:
        header, labels, cells = (part.strip() for part in line.split(" | "))
        found[-1].labels[header] = frozenset(labels.split()) - {"-"}
        _filled(found[-1], header, cells)


def _filled(one: Labelled, header: str, cells: str) -> None:
    only = re.fullmatch(r"\{(.+?)=(.+?)\} (.+)", cells)
    one.cells[header] = tuple(_cells(only[3] if only else cells))
    if only:
        one.only[header] = (only[1], frozenset(only[2].split(",")))


def _cells(text: str) -> Iterator[str]:
    parts = text.split(" / ")
    for n in range(ROWS):
        # Not in step with other columns: words of two columns must not go together.
        part = parts[(n * 7 + n // len(parts)) % len(parts)]
        yield "" if part == "_" else re.sub(r"<([^>]*)>", lambda m: _generated(m[1], n), part)  # noqa: B023


def _generated(rule: str, n: int) -> str:
    if rule == "co":
        return f"{_LAST[n % 13]} {_KINDS[n % 4]}"
    if rule.startswith("p"):
        who = n % int(rule[1:] or 1000)
        return f"{_FIRST[who % 20]} {_LAST[who % 13]}"
    if rule.startswith("d"):
        hours, _, form = rule[1:].partition(":")
        begun = dt.datetime(2025, 3, 1, 8) + dt.timedelta(hours=29 * n, minutes=17 * n % 60)
        return f"{begun + dt.timedelta(hours=int(hours or 0) + n % 5 / 10):{form}}"
    times, modulo, plus = (
        int(x) if x else 0 for x in re.fullmatch(r"n(?:\*(\d+))?(?:%(\d+))?(?:\+(\d+))?", rule).groups()
    )  # type: ignore[union-attr]
    value = n * (times or 1)
    return str((value % modulo if modulo else value) + plus)


# -- how a proposal fares --------------------------------------------------------------------------------------------


@dataclass
class Score:
    """Columns proposed right and wrong, labelled columns found and missed, tables chosen wrong."""

    right: int = 0
    found: int = 0
    labelled: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Return the share of proposed columns that are right."""
        proposed = self.right + len(self.wrong)
        return self.right / proposed if proposed else 1.0

    @property
    def recall(self) -> float:
        """Return the share of labelled columns that were proposed."""
        return self.found / self.labelled if self.labelled else 1.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.1%} ({len(self.wrong)} wrong), recall {self.recall:.1%} "
            f"({len(self.missed)} missed), wrong tables {len(self.tables)}"
        )


_LINKS = {"customer_id", "agent_id", "ticket_id", "order_id", "survey_id", "channel"}


def fares(samples: list[Labelled]) -> Score:
    """Return how what is proposed for the samples compares with their labels."""
    score = Score()
    for one in samples:
        first = one.proposals[0]
        table = first.table if first.known else "nothing"
        if table != one.table:
            score.tables.append(f"{one.name}: {table} ({first.table} {first.score:.1f}) instead of {one.table}")
        _compare(one, first, score)
    return score


def _compare(one: Labelled, first: Proposal, score: Score) -> None:
    wanted = {
        (h, label)
        for h, labels in one.labels.items()
        for label in labels
        if not label.startswith("?") and not ("." in label and labels & {"customer_id", "order_id"})
    }
    allowed = {(h, label.lstrip("?")) for h, labels in one.labels.items() for label in labels}
    proposed = set(said(first)) if first.known else set()
    score.labelled += len(wanted) + len(one.constants)
    constants = {c: s.constant for c, s in first.columns.items() if s.constant is not None}
    for pair in sorted(proposed):
        if pair in allowed:
            score.right += 1
        else:
            score.wrong.append(f"{one.name}: {pair[0]} -> {pair[1]}")
    for column, word in one.constants.items():
        if constants.get(column) == word and first.known:
            score.right, score.found = score.right + 1, score.found + 1
        else:
            score.missed.append(f"{one.name}: {column} = {word} ({constants.get(column)})")
    score.found += len(wanted & proposed)
    score.missed += [f"{one.name}: {h} -> {c}" for h, c in sorted(wanted - proposed)]


def said(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Give every header with what it is proposed for, but for ids that only tie a further table to the main one."""
    orders = proposal.further["orders"].columns if "orders" in proposal.further else {}
    main = {c: s.column for c, s in {**orders, **proposal.columns}.items()}
    for column, spec in proposal.columns.items():
        if spec.column:
            yield spec.column[0], column
    for table, held in proposal.further.items():
        for column, spec in held.columns.items():
            same = spec.column in main.values() and (
                column in _LINKS or spec.column in (main.get("agent_id"), main.get("customer_id"))
            )
            same = same and table != "orders"
            if (
                spec.column
                and not (table != "orders" and column in _LINKS and column in main and spec.column == main[column])
                and not same
            ):
                yield spec.column[0], f"{table}.{column}"
