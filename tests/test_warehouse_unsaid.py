"""What events leave unsaid is told by other tables and by the change before, whatever order the files come in."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import schema, warehouse

TICKETS = staged({"tickets": "ticket_id customer_id agent_id created_at\n1 c1 - 2026-01-05\n2 a1 a2 2026-01-05\n"})
AGENTS = staged({"agents": "agent_id name\na1 Ada\n"})
CUSTOMERS = staged({"customers": "customer_id name\nc1 Can\nc2 Cem\n"})
COMMENTS = staged(
    {
        "ticket_events": """
ticket_id seq at         field   actor_id public
1         1   2026-01-05 comment c1       true
1         2   2026-01-06 comment a1       true
1         3   2026-01-07 comment c2       true
1         4   2026-01-08 comment -1       true
1         5   2026-01-09 comment x9       true
2         1   2026-01-05 comment a1       true
2         2   2026-01-06 comment a2       true
"""
    }
)
EVENTS = sa.select(schema.ticket_events).order_by("ticket_id", "seq")


@pytest.mark.parametrize("order", [(TICKETS, AGENTS, CUSTOMERS, COMMENTS), (COMMENTS, CUSTOMERS, AGENTS, TICKETS)])
def test_who_wrote_a_comment_is_known_from_the_ticket_and_the_people(tmp_path: Path, order: tuple[object, ...]) -> None:
    settings = small_settings(tmp_path)
    for file in (order[:2], order[2:]):
        warehouse.load_staged(file, settings)  # type: ignore[arg-type]
    held = warehouse.open_current(settings.warehouse)
    actors = [r["actor"] for r in held.fetch(EVENTS)]
    assert actors == ["customer", "agent", "customer", "system", None, "customer", "agent"]
    (first,) = held.fetch(sa.select(schema.tickets.c.first_response_at).where(schema.tickets.c.ticket_id == "1"))
    assert str(first["first_response_at"]) == "2026-01-06 00:00:00"


def test_what_was_there_before_is_known_from_the_change_before(tmp_path: Path) -> None:
    changes = """
    ticket_id seq at         field  old  new
    1         1   2026-01-05 status -    new
    1         2   2026-01-06 team   -    A
    1         3   2026-01-07 status -    open
    1         4   2026-01-08 status hold solved
    1         5   2026-01-09 team   -    B
    """
    settings = small_settings(tmp_path)
    warehouse.load_staged([TICKETS, staged({"ticket_events": changes})], settings)
    rows = warehouse.open_current(settings.warehouse).fetch(EVENTS)
    assert [(r["new"], r["old"]) for r in rows] == [
        ("new", None),
        ("A", None),
        ("open", "new"),
        ("solved", "hold"),
        ("B", "A"),
    ]
