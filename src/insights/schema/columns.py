"""How a column and a table are declared: with their comments, which are the data dictionary."""

from typing import Any

import sqlalchemy as sa

from insights import dimensions

metadata = sa.MetaData()


def column(name: str, type_: Any, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a documented column: `derived` is computed at load, `words` names its closed vocabulary.

    Of what sources fill: `named` is a person's own words, where None or NULL may be a name; a time may lie `ahead` of
    the export, or `long_ago`, before the company kept data.
    """
    usual = {"derived": False, "words": None, "named": False, "ahead": False, "long_ago": False}
    return sa.Column(name, type_, comment=comment, info=usual | info)


def text(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a text column."""
    return column(name, sa.Text(), comment, **info)


def time(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a naive UTC time column."""
    return column(name, sa.DateTime(), comment, **info)


def day(name: str, comment: str) -> sa.Column[Any]:
    """Return a derived local-date column: what periods are cut by."""
    return column(name, sa.Date(), comment, derived=True)


def count(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a whole-number column."""
    return column(name, sa.BigInteger(), comment, **info)


def seconds(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a duration column in whole seconds."""
    return column(name, sa.BigInteger(), comment, **info)


def money(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return an exact money column."""
    return column(name, sa.Numeric(18, 2), comment, **info)


def number(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a floating column."""
    return column(name, sa.Double(), comment, **info)


def flag(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a true/false/unknown column."""
    return column(name, sa.Boolean(), comment, **info)


def table(name: str, comment: str, key: tuple[str, ...], *columns: sa.Column[Any], canonical: bool = True) -> sa.Table:
    """Declare a table: `source` first, `load_id` last on canonical ones; `key` identifies a row with source."""
    body = (text("source", "Profile that brought the row"), *columns)
    if canonical:
        body += (
            count("load_id", "Load that last changed the row"),
            time("row_at", "Bookkeeping: the source's update time of the row kept", derived=True),
            text("row_columns", "Bookkeeping: the columns some export has filled", derived=True),
            count("row_hash", "Bookkeeping: fingerprint of the row as exported", derived=True),
        )
    return sa.Table(name, metadata, *body, comment=comment, info={"key": ("source", *key), "canonical": canonical})


CUSTOMER_COPIES = dimensions.columns_of("customers")


def customer_copies() -> tuple[sa.Column[Any], ...]:
    """Return the customer's attributes copied onto a fact at load, so that a metric reads one table."""
    return tuple(text(name, f"The customer's {name.replace('_', ' ')}", derived=True) for name in CUSTOMER_COPIES)


def customer_raw() -> sa.Column[Any]:
    """Return where a fact keeps the customer its export names, when that person is another one now or unknown."""
    return text("customer_id_raw", "Customer as exported, where another is meant", derived=True)


def company_amount() -> sa.Column[Any]:
    """Return where an amount stands in the company's currency: the only form in which amounts are added."""
    return money("company_amount", "Amount in the company's currency; unknown where no rate converts it", derived=True)
