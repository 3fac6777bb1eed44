"""Cards that list cases: what customers wrote, the longest waits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights.asking import Desk
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.run import data, names

HEIGHT, FEW = 460, 12
LISTED = 50
"""Cases a list shows."""


def comments(desk: Desk, key: str, *, title: str, reading: str) -> Card:
    """Return the card of what customers wrote with their answer, lowest scores first."""
    shown = ("day", "score", "comment", "ticket_id", "customer_id", "channel", "category", "team")

    def make(_: str) -> Body:
        return _listed(desk, data.extremes(desk, key, "score", LISTED, needs="comment"), title, shown)

    return Card("comments", desk, title, make, reading, about=key)


def longest(desk: Desk, key: str, *, title: str, reading: str) -> Card:
    """Return the card of the cases with the largest values of a metric."""
    shown = ("wait_s", "ticket_id", "customer_id", "created_at", "channel", "category", "priority", "team", "agent")

    def make(_: str) -> Body:
        found = data.extremes(desk, key, "value", LISTED, largest=True)
        durations = names.metric(key).unit == "seconds"
        return _listed(desk, [{**r, "wait_s": r["value"]} if durations else r for r in found], title, shown)

    return Card(f"longest_{key}", desk, title, make, reading, about=key)


def _listed(desk: Desk, found: Sequence[Mapping[str, Any]], title: str, columns: Sequence[str]) -> Body:
    if not found:
        return nothing(desk)
    shown = [{c: row[c] for c in columns if c in row} for row in found]
    table = replace(tables.records(desk, shown, HEIGHT if len(shown) > FEW else "content"), leads=found)
    return Body(table=table, alt=title, rows=found)
