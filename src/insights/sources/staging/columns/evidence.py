"""What reading the columns of one file rests on: its cells, the plan that is made, and what was settled so far."""

from dataclasses import dataclass

import duckdb

from insights.errors import FileRefused
from insights.schema import Column
from insights.sources.folding import sql_in, sql_text
from insights.sources.profile import Spec
from insights.sources.raw import Raw
from insights.sources.staging import amounts, dates
from insights.sources.staging.cells import Cells
from insights.sources.staging.plan import Plan, Task
from insights.sources.staging.vocabulary import Vocabulary

Places = tuple[int, ...]
ERRORS = (
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#YOK",
    "#BAŞV!",
    "#DEĞER!",
    "#SAYI/0!",
    "#SAYI!",
    "#AD?",
    "#BOŞ!",
)
"""What spreadsheet programs write where a formula failed."""


@dataclass(frozen=True)
class Asked:
    """One canonical column and the text it is read from: value `v` of the cells at `places`.

    Rows without a `needed` one are set aside; `name` is kept for columns of the main table.
    """

    declared: Column
    spec: Spec
    v: str
    places: Places
    name: str | None
    needed: bool


class Evidence:
    """The file, and what its cells settle.

    `sample` holds its first rows: what they settle is taken for settled, because the build flags every cell that does
    not agree; the cells in `ask` (places) have disagreed and are settled on the whole file.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, raw: Raw, task: Task, sample: str, ask: frozenset[int] = frozenset()
    ) -> None:
        self.con, self.raw, self.profile, self.options, self.file = con, raw, task.profile, task.options, task.file
        self.latest, self.sample, self.ask = task.latest, sample, ask
        self.plan = Plan(raw)
        self.cells = Cells(con, self.plan, task.profile, task.file)
        self.plan.uses = self.cells.uses
        self.words = Vocabulary(task.profile, self.plan)
        self.dates: dict[str, tuple[str, dates.DatePlan]] = {}
        self.copies: list[str] = []
        self.numbers: dict[str, tuple[str, amounts.NumberPlan]] = {}

    def sampled(self, places: Places) -> bool:
        """Tell whether the first rows suffice for these cells."""
        return not self.ask & set(places)

    def relation(self, v: str, places: Places, *, whole: bool = False) -> str:
        """Return the cells of a column as the one column `v`: of the first rows while they suffice, else of all."""
        source = self.raw.sql
        if self.sampled(places) and not whole:
            self.plan.tentative = True
            source = self.sample
        elif self.raw.streamed:
            source = self._copy(v)
        return f"(SELECT {v} AS v FROM ({self.plan.layers(source, v)}))"

    def _copy(self, v: str) -> str:
        """Return a table of the raw cells behind `v`, so that asking several things reads the file once."""
        cells = self.plan.raw_cells(v)
        name = f"{self.sample}_{'_'.join(cells)}"
        if name not in self.copies:
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(cells)} FROM {self.raw.sql}")
            self.copies.append(name)
        return name

    def settle(self) -> None:
        """Refuse what stayed open, and report what was decided."""
        problems = [(h, d.problem) for h, d in self.dates.values()] + [(h, n.problem) for h, n in self.numbers.values()]
        for header, problem in problems:
            if problem:
                raise FileRefused(problem, file=self.file, column=header)
        plans = [p for _, p in self.dates.values()]
        orders = {p.order for p in plans if p.order} or (
            {"ymd"} if any(p.kind in ("iso", "offset") for p in plans) else set()
        )
        self.plan.date_order = ",".join(sorted(orders)) or None
        decimals = {n.decimal for _, n in self.numbers.values() if n.decimal}
        self.plan.decimal = decimals.pop() if len(decimals) == 1 else None


def reason(v: str, word: str, **others: str) -> str:
    """Return the SQL of why a cell is set aside; `others` are reasons with their conditions, asked before `word`."""
    asked = "".join(f" WHEN {when} THEN {sql_text(other)}" for other, when in others.items())
    return f"CASE WHEN {sql_in(v, ERRORS)} THEN 'cell_error'{asked} ELSE {sql_text(word)} END"
