"""The desk that tells by which statements it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa

from insights import studies
from insights.asking.cells import Fetch
from insights.asking.desk import Desk
from insights.asking.rewrites import Statement
from insights.metrics.selects import Question
from insights.warehouse.remembered import Remembered


def study_sql(desk: Desk, key: str, **options: Any) -> list[str]:
    """Return the statements a study runs at a desk, in their order."""
    kept = Recorder(**{f.name: getattr(desk, f.name) for f in fields(desk)})
    studies.study(key).asked(kept, options)
    return kept.ran


@dataclass(frozen=True, eq=False)
class Recorder(Desk):
    """The same desk, which keeps the statements it runs: the SQL of an answer that takes several."""

    ran: list[str] = field(default_factory=list)

    def fetch(self, statement: Statement) -> list[dict[str, Any]]:
        """Return what a statement finds, and remember the statement."""
        self.ran.append(self.statement(statement))
        return super().fetch(statement)

    def fetch_each(self, *statements: sa.Select[Any]) -> list[list[dict[str, Any]]]:
        """Ask each alone: a person reads them one after the other."""
        return [self.fetch(statement) for statement in statements]

    def columns(self, statement: Statement) -> Mapping[str, Any]:
        """Return the same as arrays by name, and remember the statement."""
        self.ran.append(self.statement(statement))
        return super().columns(statement)

    def _remembered(self) -> Remembered:
        return Remembered(0)

    def know(self, *_: Any, **__: Any) -> None:
        """Ask of each period alone: two statements are easier read than one of both."""

    def _way(self, question: Question) -> tuple[Question, Fetch]:
        return question, self.fetch  # what an answer means: the version's own tables
