"""What a check is: rows that cannot be true, the rows it looks at, and the columns it discredits."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from insights import schema
from insights.quality.columns import Columns, touched

Severity = Literal["wrong", "doubtful", "missing", "context"]
"""wrong: cannot be true; doubtful: rarely true; missing: a key cell is empty; context: allowed, worth knowing."""

SEVERITIES: tuple[Severity, ...] = ("wrong", "doubtful", "missing", "context")

AS_OF: sa.BindParameter[dt.datetime] = sa.bindparam("as_of", type_=sa.DateTime())
"""Stands in conditions for the moment the data speaks of, until `Check.fails` is told it."""

_t = schema.metadata.tables
ANCHORS: dict[str, sa.ColumnElement[dt.date]] = {
    "tickets": _t["tickets"].c.created_day,
    "ticket_events": sa.cast(_t["ticket_events"].c.at, sa.Date()),
    "surveys": _t["surveys"].c.answered_day,
    "orders": _t["orders"].c.ordered_day,
    "interactions": _t["interactions"].c.day,
    "campaign_members": sa.cast(_t["campaign_members"].c.sent_at, sa.Date()),
    "opportunities": _t["opportunities"].c.created_day,
    "customers": sa.cast(_t["customers"].c.acquired_at, sa.Date()),
}
"""The date by which a table's rows are put into months; tables not named here have no time of their own."""


@dataclass(frozen=True, eq=False)
class Check:
    """One way a row can contradict itself or the rest of the data.

    `looked` are the rows that could be judged (their count is n), `condition` those of them that fail.
    Below `from_share` of a source the failing rows are ordinary and the check is silent; from `wrong_from` on they
    are wrong, however mild the check is otherwise.
    """

    key: str
    table: sa.Table
    looked: sa.ColumnElement[bool]
    condition: sa.ColumnElement[bool]
    discredits: Columns = ()
    severity: Severity = "wrong"
    from_share: float = 0.0
    wrong_from: float = math.inf

    @property
    def id(self) -> str:
        """Return the name unique among all checks; `key` names the words and may serve several tables."""
        return f"{self.table.name}.{self.key}"

    @property
    def touches(self) -> tuple[str, ...]:
        """Return the KPIs whose numbers rest on what the check discredits."""
        return touched(self.discredits)

    @property
    def at(self) -> sa.ColumnElement[dt.date] | None:
        """Return the date by which rows are put into periods."""
        return ANCHORS.get(self.table.name)

    def fails(self, as_of: dt.datetime) -> sa.ColumnElement[bool]:
        """Return the condition as judged at `as_of`."""
        if not any(part is AS_OF for part in iterate(self.condition)):
            return self.condition
        moment = sa.literal(as_of, sa.DateTime())

        def told(element: Any, **_: Any) -> Any:
            return moment if element is AS_OF else None

        return replacement_traverse(self.condition, {}, told)

    def failing(self, as_of: dt.datetime) -> sa.ColumnElement[bool]:
        """Return the rows this check is about, as judged at `as_of`."""
        return sa.and_(self.looked, self.fails(as_of))

    @property
    def evidence(self) -> tuple[sa.Column[Any], ...]:
        """Return the table's own columns that show a reader why a row fails."""
        parts = [*iterate(self.looked), *iterate(self.condition)]
        used = {part.name for part in parts if isinstance(part, sa.Column) and part.table is self.table}
        return tuple(c for c in self.table.columns if c.name in used)
