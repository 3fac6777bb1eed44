"""How a column and a table are declared: with their comments, which are the data dictionary.

Who loads rows asks what is declared; `schema.tables` makes of it what statements are built from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from insights import dimensions

declared: "dict[str, Table]" = {}
"""Every table by its name, in the order in which they are loaded and documented."""


@dataclass(frozen=True)
class Column:
    """One column: its type as the engine writes it, and what else is known of it."""

    name: str
    type: str
    comment: str
    info: dict[str, Any] = field(default_factory=dict, hash=False)


class Columns(dict[str, Column]):
    """The columns of a table by name; to go through them gives the columns themselves."""

    def __iter__(self) -> Iterator[Column]:  # type: ignore[override]
        return iter(self.values())


@dataclass(frozen=True)
class Table:
    """One table; `info` holds its key and whether exports fill it."""

    name: str
    comment: str
    columns: Columns = field(hash=False)
    info: dict[str, Any] = field(hash=False)


def column(name: str, type_: str, comment: str, **info: Any) -> Column:
    """Return a documented column: `derived` is computed at load, `words` names its closed vocabulary.

    Of what sources fill: `named` is a person's own words, where None or NULL may be a name; a time may lie `ahead` of
    the export, or `long_ago`, before the company kept data.
    """
    usual = {"derived": False, "words": None, "named": False, "ahead": False, "long_ago": False}
    return Column(name, type_, comment, usual | info)


def is_id(name: str) -> bool:
    """Tell whether a column of this name holds ids, which a spreadsheet may have made numbers of."""
    return name.endswith("_id") or name == "referred_by"


def text(name: str, comment: str, **info: Any) -> Column:
    """Return a text column."""
    return column(name, "TEXT", comment, **info)


def time(name: str, comment: str, **info: Any) -> Column:
    """Return a naive UTC time column."""
    return column(name, "TIMESTAMP WITHOUT TIME ZONE", comment, **info)


def day(name: str, comment: str) -> Column:
    """Return a derived local-date column: what periods are cut by."""
    return column(name, "DATE", comment, derived=True)


def count(name: str, comment: str, **info: Any) -> Column:
    """Return a whole-number column."""
    return column(name, "BIGINT", comment, **info)


def seconds(name: str, comment: str, **info: Any) -> Column:
    """Return a duration column in whole seconds."""
    return column(name, "BIGINT", comment, **info)


def money(name: str, comment: str, **info: Any) -> Column:
    """Return an exact money column."""
    return column(name, "NUMERIC(18, 2)", comment, **info)


def number(name: str, comment: str, **info: Any) -> Column:
    """Return a floating column."""
    return column(name, "DOUBLE PRECISION", comment, **info)


def flag(name: str, comment: str, **info: Any) -> Column:
    """Return a true/false/unknown column."""
    return column(name, "BOOLEAN", comment, **info)


def plain(name: str, comment: str, key: tuple[str, ...], *columns: Column, canonical: bool = False) -> Table:
    """Declare a table of these columns alone."""
    info = {"key": key, "canonical": canonical}
    return declared.setdefault(name, Table(name, comment, Columns({c.name: c for c in columns}), info))


def table(name: str, comment: str, key: tuple[str, ...], *columns: Column, canonical: bool = True) -> Table:
    """Declare a table: `source` first, `load_id` last on canonical ones; `key` identifies a row with source."""
    body = (text("source", "Profile that brought the row"), *columns)
    if canonical:
        body += (
            count("load_id", "Load that last changed the row"),
            time("row_at", "Bookkeeping: the source's update time of the row kept", derived=True),
            text("row_columns", "Bookkeeping: the columns some export has filled", derived=True),
            count("row_hash", "Bookkeeping: fingerprint of the row as exported", derived=True),
        )
    return plain(name, comment, ("source", *key), *body, canonical=canonical)


CUSTOMER_COPIES = dimensions.columns_of("customers")


def customer_copies() -> tuple[Column, ...]:
    """Return the customer's attributes copied onto a fact at load, so that a metric reads one table."""
    return tuple(text(name, f"The customer's {name.replace('_', ' ')}", derived=True) for name in CUSTOMER_COPIES)


def customer_raw() -> Column:
    """Return where a fact keeps the customer its export names, when that person is another one now or unknown."""
    return text("customer_id_raw", "Customer as exported, where another is meant", derived=True)


def company_amount() -> Column:
    """Return where an amount stands in the company's currency: the only form in which amounts are added."""
    return money("company_amount", "Amount in the company's currency; unknown where no rate converts it", derived=True)
