"""The desk that tells by which statements it answers."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from insights.asking.cells import Fetch
from insights.asking.desk import Desk
from insights.asking.rewrites import Statement
from insights.metrics.selects import Question
from insights.warehouse.remembered import Remembered

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Recorder(Desk):
    """The same desk, which keeps the statements it runs: the SQL of an answer that takes several."""

    ran: list[str] = field(default_factory=list)

    def fetch(self, statement: Statement) -> list[dict[str, Any]]:
        """Return what a statement finds, and remember the statement."""
        self.ran.append(self.statement(statement))
        return super().fetch(statement)

    def frame(self, statement: Statement) -> "pd.DataFrame":
        """Return the same as columns, and remember the statement."""
        self.ran.append(self.statement(statement))
        return super().frame(statement)

    def _remembered(self) -> Remembered:
        return Remembered(0)

    def _way(self, question: Question) -> tuple[Question, Fetch]:
        return question, self.fetch  # what an answer means: the version's own tables
