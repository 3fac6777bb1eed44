"""Which rows are past the days they are kept: the condition of each table, of stored rows and of those of an export."""

import datetime as dt
from collections.abc import Collection, Mapping

from insights import schema
from insights.settings.personal import Kept
from insights.warehouse.deriving.people import FACTS

TIMES = {
    "tickets": ("created_at", "solved_at", "closed_at", "updated_at"),
    "surveys": ("sent_at", "answered_at"),
    "orders": ("ordered_at",),
    "interactions": ("at",),
    "opportunities": ("created_at", "closed_at"),
    "campaign_members": ("sent_at", "opened_at", "clicked_at", "converted_at"),
}
"""What a row's age is counted from: the last of these."""
_UNDONE = {"tickets": f"status IN {(*schema.SOLVED, 'deleted')}", "opportunities": "outcome <> 'open'"}
"""What is not done yet is kept, however old."""

Cutoffs = Mapping[str, dt.datetime]


def cutoffs(keep_days: Mapping[Kept, int], now: dt.datetime) -> dict[str, dt.datetime]:
    """Return by table the moment before which rows are past their days."""
    return {table: now - dt.timedelta(days=days) for table, days in keep_days.items()}


def past(table: str, columns: Collection[str]) -> str:
    """Return the condition that a row (alias r) is past its days, `$before` being the moment; "" where none can be."""
    times = [f"r.{c}" for c in TIMES.get(table, ()) if c in columns]
    done = _UNDONE.get(table, "")
    if not times or (done and done.split()[0] not in columns):
        return ""
    return f"coalesce(greatest({', '.join(times)}) < $before, false)" + (f" AND r.{done}" if done else "")


def past_stored(table: str, database: str) -> str:
    """Return the same condition for a stored row, also of tables whose rows have no time of their own."""
    if table == "customers":
        stay = " UNION ALL ".join(
            f"SELECT source, unnest([customer_id, customer_id_raw]) FROM {database}.{t} r "
            f"WHERE NOT coalesce({past(t, TIMES[t] + _DONE)}, false)"
            for t in FACTS
        )
        seen = "coalesce(r.acquired_at, r.row_at, TIMESTAMP '1900-01-01') < $before"
        return f"{seen} AND (r.source, r.customer_id) NOT IN (SELECT (source, id) FROM ({stay}) AS f(source, id))"
    if table == "rejects":
        return f"r.load_id IN (SELECT load_id FROM {database}.loads WHERE finished_at < $before)"
    return past(table, TIMES[table] + _DONE)


_DONE = ("status", "outcome")
PART_OF = {
    "ticket_events": ("tickets", "ticket_id"),
    "status_spans": ("tickets", "ticket_id"),
    "reply_cycles": ("tickets", "ticket_id"),
    "sla_clocks": ("tickets", "ticket_id"),
    "ticket_as_loaded": ("tickets", "ticket_id"),
    "order_lines": ("orders", "order_id"),
}
"""Tables whose rows go with the row they belong to."""
