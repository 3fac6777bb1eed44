"""Lists of cases: what customers wrote, the longest waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from insights.filters import Filters
from insights.ui.cards import tables
from insights.ui.cards.cards import card, nothing
from insights.ui.run import data, here, names

Row = Mapping[str, Any]
LISTED = 50


def comments(key: str, *, title: str, reading: str) -> None:
    """Draw what customers wrote with their answer, lowest scores first."""
    with card(title, reading, key="comments", metric=key):
        found = data.top(key, "score", limit=LISTED, needs="comment")
        _listed(found, title, ("day", "score", "comment", "ticket_id", "customer_id", "channel", "category", "team"))


def longest(key: str, *, title: str, reading: str, filters: Filters | None = None) -> None:
    """Draw the cases with the largest values of a metric."""
    with card(title, reading, key=f"longest_{key}", metric=key, filters=filters):
        durations = names.metric(key).unit == "seconds"
        found = data.top(key, "value", limit=LISTED, filters=filters, largest=True)
        found = [{**r, "wait_s": r["value"]} if durations else r for r in found]
        shown = ("wait_s", "ticket_id", "customer_id", "created_at", "channel", "category", "priority", "team", "agent")
        _listed(found, title, shown)


def _listed(found: Sequence[Row], title: str, columns: Sequence[str]) -> None:
    if not found:
        nothing()
        return
    here().exports[title] = found
    shown = [{c: row[c] for c in columns if c in row} for row in found[:LISTED]]
    tables.records(shown, alt=title, height=380)
