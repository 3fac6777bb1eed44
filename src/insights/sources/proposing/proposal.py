"""What a proposal is: a table, where its columns come from and how surely, and the further tables the same rows fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from insights import schema
from insights.sources.profile import Spec, TableSpec

LINE = 0.7
"""A column less sure than this is left empty."""
FLOOR, UNTOLD = 1.9, 4.3
"""A table that scores less is not what a file holds; the second is that of rows without what hardly other rows have."""
_TELLING = {
    "customers": {"customer_id"},
    "tickets": {"subject"},
    "orders": {"customer_id", "amount"},
    "order_lines": {"quantity", "unit_price"},
    "interactions": {"direction"},
    "opportunities": {"outcome"},
    "campaigns": {"name", "cost"},
}
"""What hardly other rows have, of tables whose files may say little else."""


@dataclass(frozen=True)
class Fit:
    """A header that may fill a column, and how surely; `guessed` where its cells say so, not its name."""

    column: str
    header: str
    sure: float
    guessed: bool = False


@dataclass(frozen=True)
class Proposal:
    """A table and where its columns seem to come from; `score` ranks tables."""

    table: str
    columns: Mapping[str, Spec]
    score: float
    sure: Mapping[str, float] = field(default_factory=dict)
    further: Mapping[str, TableSpec] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    whole: bool = False
    """Whether every header is read: no other matter stands beside."""

    @property
    def known(self) -> bool:
        """Tell whether the rows seem to be what this table holds."""
        undated = {schema.REQUIRED_TIMES.get(self.table)}
        told = not self.lacking and self.table in _TELLING and _TELLING[self.table] <= self.columns.keys()
        return self.score >= (FLOOR if told or self.whole else UNTOLD) and set(self.lacking) <= undated

    @property
    def used(self) -> frozenset[str]:
        """Return every header the proposal reads."""
        specs = [*self.columns.values(), *(s for t in self.further.values() for s in t.columns.values())]
        return frozenset(a[0] for s in specs for a in s.wanted)
