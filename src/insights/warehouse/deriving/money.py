"""Amounts in the company's currency: what no rate converts stays unknown, so that unlike money is never added."""

import datetime as dt
from collections.abc import Mapping

import duckdb

from insights.settings import Settings

_SIGNS = {"TL": "TRY", "₺": "TRY", "YTL": "TRY", "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP"}
_ALWAYS = dt.date(1, 1, 1)
TABLES = {"orders": "amount", "opportunities": "amount", "campaigns": "cost"}
"""Tables that hold money with its currency, and where."""


def currency_of(con: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """Return what amounts are added up in: the company's currency.

    Where every row is in one other currency that no rate converts, that one: nothing unlike is added then either. The
    first table that holds rows decides for all, so that every amount shown is in the currency named beside it.
    """
    company = settings.company.currency
    for table in TABLES:
        said = con.execute(f"SELECT DISTINCT {code('currency', company)} FROM {table} LIMIT 2").fetchall()
        if said:
            return said[0][0] if len(said) == 1 and said[0][0] not in settings.rates else company
    return company


def prepare_rates(con: duckdb.DuckDBPyConnection, settings: Settings, own: str) -> None:
    """Write the rates down by currency and the first day they hold; `own`, what is added up in, is one to one."""
    con.execute("CREATE OR REPLACE TEMP TABLE currency_rates (currency TEXT, first_day DATE, rate DOUBLE)")
    listed = [(own, _ALWAYS, 1.0), *_by_day(settings.rates)]
    con.executemany("INSERT INTO currency_rates VALUES (?, ?, ?)", listed)


def forget_rates(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the rates."""
    con.execute("DROP TABLE currency_rates")


def _by_day(rates: Mapping[str, float | Mapping[dt.date, float]]) -> list[tuple[str, dt.date, float]]:
    return [
        (currency, first_day, rate)
        for currency, told in rates.items()
        for first_day, rate in (told.items() if isinstance(told, Mapping) else [(_ALWAYS, told)])
    ]


def code(currency: str, company: str) -> str:
    """Return the SQL of a currency's ISO code; an amount without one is in the company's."""
    signs = " ".join(f"WHEN '{sign}' THEN '{iso}'" for sign, iso in _SIGNS.items())
    return f"coalesce(CASE upper(trim({currency})) {signs} ELSE nullif(upper(trim({currency})), '') END, '{company}')"


def converted(amount: str, day: str, settings: Settings) -> tuple[str, str]:
    """Return the SQL of a row's amount in the company's currency, and the join it needs; `day` tells the rate."""
    joined = f"LEFT JOIN currency_rates AS rates ON rates.currency = {code('t.currency', settings.company.currency)}"
    if any(isinstance(told, Mapping) for told in settings.rates.values()):
        joined = f"ASOF {joined} AND rates.first_day <= coalesce({day}, DATE '9999-12-31')"
    return f"CAST(round(t.{amount} * rates.rate, 2) AS DECIMAL(18, 2))", joined
