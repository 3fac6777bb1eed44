"""A desk that keeps the statements it runs: the SQL of an answer that takes several."""

from dataclasses import dataclass, field, fields
from typing import Any

from insights.asking.desk import Desk
from insights.asking.rewrites import Statement


@dataclass(frozen=True, eq=False)
class Recorder(Desk):
    """The same desk with a memory."""

    ran: list[str] = field(default_factory=list)

    def fetch(self, statement: Statement) -> list[dict[str, Any]]:
        """Return what a statement finds, and remember the statement."""
        self.ran.append(self.statement(statement))
        return super().fetch(statement)


def recorder(desk: Desk) -> Recorder:
    """Return a desk like this one that remembers."""
    return Recorder(**{f.name: getattr(desk, f.name) for f in fields(desk)})
