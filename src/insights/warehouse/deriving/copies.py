"""What is computed at load so that a metric reads one table: customer copies, survey flags, local days, purchases."""

import duckdb

from insights import dimensions, schema
from insights.settings import Settings
from insights.warehouse.deriving import money, scales
from insights.warehouse.deriving.refresh import refresh

_ASKED_ITSELF = schema.LENT["surveys"]
_COPIES = {name: f"coalesce(c.{name}, e.{name})" for name in schema.CUSTOMER_COPIES}


def _customer(customer_id: str = "t.customer_id") -> str:
    """Return the join with a row's customer: as its own source knows it (c), else as any source does (e)."""
    return f"""LEFT JOIN customers c ON c.source = t.source AND c.customer_id = {customer_id}
               LEFT JOIN everywhere e ON e.customer_id = {customer_id}"""


_LOCAL_DAYS = {
    "orders": {"ordered_day": "ordered_at"},
    "interactions": {"day": "at"},
    "opportunities": {"created_day": "created_at", "closed_day": "closed_at"},
}
_PAID = "coalesce(o.status, 'paid') = 'paid' AND coalesce(o.amount, 0) >= 0"
# A credit note is a negative row, whatever its state: it lowers revenue and is no purchase.
_REVENUE = f"CASE WHEN o.amount < 0 OR {_PAID} THEN o.company_amount END"


def copy_to_tickets(con: duckdb.DuckDBPyConnection) -> None:
    """Copy customers' attributes onto their tickets; policies may depend on them, so this comes before the clocks."""
    _know_everywhere(con)
    refresh(con, "tickets", _COPIES, _customer())


def _know_everywhere(con: duckdb.DuckDBPyConnection) -> None:
    """Gather what any source says of a customer: the help desk has the customer number, the shop the segment."""
    said = ", ".join(
        f"arg_min({name}, (alias.merged_into IS NOT NULL, source)) FILTER ({name} IS NOT NULL) AS {name}"
        for name in schema.CUSTOMER_COPIES
    )
    told = " OR ".join(f"{name} IS NOT NULL" for name in schema.CUSTOMER_COPIES)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE everywhere AS
                    SELECT coalesce(alias.merged_into, customers.customer_id) AS customer_id, {said}
                    FROM customers LEFT JOIN customer_aliases AS alias USING (source, customer_id)
                    WHERE ({told}) AND alias.evidence IS DISTINCT FROM 'placeholder' GROUP BY ALL""")


def derive(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill every derived column and table that is not about time in a ticket; reads the tickets' derived columns."""
    zone = settings.company.time_zone
    _know_everywhere(con)
    for table, days in _LOCAL_DAYS.items():
        local = {name: local_day(f't."{at}"', zone) for name, at in days.items()}
        refresh(con, table, _COPIES | local, _customer())
    _convert(con, settings)
    _surveys(con, settings)
    _purchases(con)


def _convert(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Say amounts in the company's currency, at the rate of their day."""
    days = {
        "orders": "t.ordered_day",
        "opportunities": "coalesce(t.closed_day, t.created_day)",
        "campaigns": local_day("t.started_at", settings.company.time_zone),
    }
    money.prepare_rates(con, settings, money.currency_of(con, settings))
    for table, of in money.TABLES.items():
        amount, rates = money.converted(of, days[table], settings)
        refresh(con, table, {f"company_{of}": amount}, rates)
    money.forget_rates(con)


def local_day(utc: str, zone: str) -> str:
    """Return the SQL of the local date of a naive UTC time."""
    return f"CAST(make_timestamptz(epoch_us({utc})) AT TIME ZONE '{zone}' AS DATE)"


def _surveys(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    zone = settings.company.time_zone
    scales.write_cuts(con, settings.csat)
    con.execute(scales.REPLACED)
    sent, answered = local_day("t.sent_at", zone), local_day("t.answered_at", zone)
    cells = {
        **scales.CELLS,
        "replaced": "coalesce(later.replaced, false)",
        "replaced_at": "later.replaced_at",
        "sent_day": f"coalesce({sent}, {answered}, k.created_day)",
        "answered_day": f"coalesce({answered}, {sent}, k.created_day)",
        "ticket_excluded": "k.excluded",
        **{d.column_in("surveys"): f"k.{d.column}" for d in dimensions.EVERY if _taken_over(d)},
        **_COPIES,
    }
    own = {name: schema.as_exported("surveys", name) for name in _ASKED_ITSELF}
    cells |= {name: f"coalesce({sql}, k.{name})" for name, sql in own.items()}
    taken = (f"CASE WHEN {sql} IS NULL AND k.{name} IS NOT NULL THEN '{name}' END" for name, sql in own.items())
    cells["from_ticket"] = f"nullif(concat_ws(',', {', '.join(taken)}), '')"
    joins = f"""{scales.JOINS}
                LEFT JOIN replaced_ratings AS later ON later.source = t.source AND later.survey_id = t.survey_id
                LEFT JOIN tickets k ON k.source = t.source AND k.ticket_id = t.ticket_id
                {_customer("coalesce(t.customer_id, k.customer_id)")}"""
    refresh(con, "surveys", cells, joins)
    con.execute("DROP TABLE csat_cuts")
    con.execute("DROP TABLE replaced_ratings")


def _taken_over(dimension: dimensions.Dimension) -> bool:
    return dimension.of == "tickets" and dimension.column not in _ASKED_ITSELF


def _purchases(con: duckdb.DuckDBPyConnection) -> None:
    """Rebuild the customers' purchase days and months: paid orders count, cancelled ones never do."""
    copies = ", ".join(f"{copy} AS {name}" for name, copy in _COPIES.items())
    con.execute("DELETE FROM customer_purchases")
    con.execute(f"""
        INSERT INTO customer_purchases BY NAME
        WITH bought AS (
          SELECT o.source AS source, o.customer_id AS customer_id, o.ordered_day AS day,
                 sum({_REVENUE}) AS revenue, bool_or({_PAID}) AS paid
          FROM orders o WHERE o.customer_id IS NOT NULL AND o.ordered_day IS NOT NULL GROUP BY ALL),
        t AS (SELECT source, customer_id, min(day, 2) FILTER (paid) AS days_, max(day) FILTER (paid) AS last_day,
                     count(*) FILTER (paid) AS purchase_days, sum(revenue) AS revenue
              FROM bought GROUP BY ALL HAVING bool_or(paid))
        SELECT t.source AS source, t.customer_id AS customer_id, t.days_[1] AS first_day, t.days_[2] AS second_day,
               t.last_day AS last_day, t.purchase_days AS purchase_days, t.revenue AS revenue, {copies}
        FROM t {_customer()}""")
    con.execute("DELETE FROM customer_months")
    con.execute(f"""
        INSERT INTO customer_months BY NAME
        WITH t AS (SELECT o.source AS source, o.customer_id AS customer_id,
                          CAST(date_trunc('month', o.ordered_day) AS DATE) AS month_,
                          count(*) FILTER ({_PAID}) AS orders, sum({_REVENUE}) AS revenue
                   FROM orders o WHERE o.customer_id IS NOT NULL AND o.ordered_day IS NOT NULL
                   GROUP BY ALL HAVING count(*) FILTER ({_PAID}) > 0 OR sum({_REVENUE}) IS NOT NULL)
        SELECT t.source AS source, t.customer_id AS customer_id, t.month_ AS month, t.orders AS orders,
               CAST(date_trunc('month', p.first_day) AS DATE) AS cohort_month, t.revenue AS revenue, {copies}
        FROM t JOIN customer_purchases p ON p.source = t.source AND p.customer_id = t.customer_id {_customer()}""")
