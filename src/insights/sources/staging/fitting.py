"""Whether a file's columns hold what its profile takes them for: else it is refused, not loaded wrongly."""

from dataclasses import dataclass

import duckdb

from insights import schema
from insights.errors import FileRefused
from insights.sources.folding import form
from insights.sources.raw import Raw
from insights.sources.staging.plan import Plan, Task

_MEASURED = ("time", "money", "number", "count", "seconds")
_UNREADABLE = ("bad_date", "bad_number", "bad_type")
NEARLY_ALL, _FEWEST, FEWEST_ROWS = 0.9, 3, 10
"""Of a column's filled cells so many, and at least so many, are not what they are mapped to: the mapping is wrong."""


def _is_measured(use: str) -> bool:
    """Tell whether what a header is read for is a time or a number."""
    table, column = use.split(".")
    return schema.kind_of(schema.declared[table].columns[column]) in _MEASURED


@dataclass(frozen=True)
class Fitting:
    """What was set aside of one file, held against what its columns were taken for."""

    con: duckdb.DuckDBPyConnection
    raw: Raw
    task: Task
    plan: Plan
    rejects: str

    def judge(self) -> None:
        """Refuse a file whose columns do not fit."""
        if self.task.profile.own:
            self._mapping()
        else:
            self._contents()

    def _one(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0] or 0)

    def _mapping(self) -> None:
        """Refuse a mapping of the user's own that maps a column to what it does not hold."""
        for places in self._checked():
            bad, example = self._unreadable(places)
            scores = any("surveys.score" in self.plan.uses.get(p, ()) for p in places)
            if bad < (1 if scores else _FEWEST):
                continue
            if bad >= (1 if scores and bad < _FEWEST else NEARLY_ALL) * self._filled(places):
                raise FileRefused(
                    "wrong_mapping",
                    file=self.task.file,
                    profile=self.task.profile.name,
                    column=self.plan.header(places),
                    found=example,
                )

    def _contents(self) -> None:
        """Refuse a file with a vendor's headers most of whose times and numbers are none: its contents are not that export's."""
        if self._one(f"SELECT count(*) FROM {self.rejects}") < FEWEST_ROWS:
            return
        measured = [
            p for p in self._checked() if all(_is_measured(u) for place in p for u in self.plan.uses.get(place, ()))
        ]
        filled = {places: n for places in measured if (n := self._filled(places)) >= FEWEST_ROWS}
        bad = {places: self._unreadable(places) for places in filled}
        wrong = [places for places in filled if bad[places][0] >= NEARLY_ALL * filled[places]]
        if len(wrong) > 1 and len(wrong) > len(filled) / 2:
            raise FileRefused(
                "wrong_mapping",
                file=self.task.file,
                profile=self.task.profile.label,
                column=self.plan.header(wrong[0]),
                found=bad[wrong[0]][1],
            )

    def _checked(self) -> list[tuple[int, ...]]:
        return list(dict.fromkeys(c.cells for c in self.plan.checks if c.cells))

    def _unreadable(self, places: tuple[int, ...]) -> tuple[int, str]:
        """Return how many cells of a column are not what they are read as, with the form of one."""
        reasons = ", ".join(f"'{r}'" for r in _UNREADABLE)
        bad, example = self.con.execute(
            f'SELECT count(*), min(value) FROM {self.rejects} WHERE "column" = $1 AND reason IN ({reasons})',
            [self.plan.header(places)],
        ).fetchall()[0]
        return bad, form(str(example)[:60])

    def _filled(self, places: tuple[int, ...]) -> int:
        cells = ", ".join(f"c{p}" for p in places)
        return self._one(f"SELECT count(nullif(concat({cells}), '')) FROM {self.raw.sql}")
