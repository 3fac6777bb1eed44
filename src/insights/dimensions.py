"""What rows can be split and filtered by: one object a dimension, everything else follows from it."""

from dataclasses import dataclass
from typing import Literal

Bearer = Literal["tickets", "customers", "orders", "row"]
"""Whose attribute a dimension is: a ticket's, a customer's, an order's, or each row's own."""


@dataclass(frozen=True)
class Dimension:
    """One dimension. Its label is the text `dimensions.<name>`, its code in addresses and commands is its name."""

    name: str
    of: Bearer
    bar: Literal["first", "more", "no"] = "more"
    """In the filter bar at once, under "more", or not at all."""
    held_in: str = ""
    """The column that holds it; its name where nothing is said."""
    held_elsewhere: tuple[tuple[str, str], ...] = ()
    """(table, column) where a table calls it otherwise."""
    words: str | None = None
    """Its closed vocabulary in `schema.WORDS`; None where a source's own words stay."""
    icon: str = ""

    @property
    def column(self) -> str:
        """Return the column that holds it in most tables."""
        return self.held_in or self.name

    def column_in(self, table: str) -> str:
        """Return the column that holds it in a table, if the table knows it at all."""
        return dict(self.held_elsewhere).get(table, self.column)


EVERY: tuple[Dimension, ...] = (
    Dimension("channel", "tickets", "first", words="channel", icon="forum"),
    Dimension("kind", "tickets", "first", held_elsewhere=(("surveys", "ticket_kind"),), words="kind", icon="label"),
    Dimension("category", "tickets", "first", icon="topic"),
    Dimension("product", "tickets"),
    Dimension("priority", "tickets", words="priority"),
    Dimension("team", "tickets"),
    Dimension("agent", "tickets", held_in="agent_id"),
    Dimension("segment", "customers"),
    Dimension("region", "customers"),
    Dimension("country", "customers"),
    Dimension("loyalty_tier", "customers"),
    Dimension("status", "tickets", words="status"),
    Dimension("source", "row"),
    Dimension("currency", "orders"),
)
OF_CLOCKS: tuple[Dimension, ...] = (Dimension("policy", "row", "no"), Dimension("promise", "row", "no"))
"""Further filters for rows that know them: which SLA policy a clock follows, and what it promises."""
DIMENSIONS = {d.name: d for d in EVERY}
KNOWN = DIMENSIONS | {d.name: d for d in OF_CLOCKS}


def columns_of(bearer: Bearer) -> tuple[str, ...]:
    """Return the columns that hold the dimensions of tickets or customers: what rows about them take over."""
    return tuple(d.column for d in EVERY if d.of == bearer)


def in_bar(place: Literal["first", "more"]) -> tuple[Dimension, ...]:
    """Return the dimensions of the filter bar: those seen at once, or those under "more"."""
    return tuple(d for d in EVERY if d.bar == place)
