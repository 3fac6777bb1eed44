"""Which columns tell of a person; `personal.masking` is how each kind is shown to a reader who may not see it."""

import hashlib
from typing import Literal

Kind = Literal["name", "email", "phone", "text", "agent"]
"""Who a customer is, words somebody wrote, who an agent is. An id that is an e-mail or a name counts as a name."""

_OF_TABLE: dict[tuple[str, str], Kind] = {
    ("customers", "name"): "name",
    ("customers", "company"): "name",
    ("customers", "email"): "email",
    ("customers", "phone"): "phone",
    ("tickets", "subject"): "text",
    ("surveys", "comment"): "text",
    ("interactions", "outcome"): "text",
    ("rejects", "value"): "text",
    ("rejects", "row"): "text",
    ("agents", "name"): "agent",
    ("loads", "loaded_by"): "agent",
    ("ticket_events", "old"): "agent",
    ("ticket_events", "new"): "agent",
    ("customers", "merged_into"): "name",
    ("customer_aliases", "merged_into"): "name",
}
_ANYWHERE: dict[str, Kind] = {
    "customer_id": "name",
    "customer_id_raw": "name",
    "merged_ids": "name",
    "referred_by": "name",
    "agent_id": "agent",
    "owner_agent_id": "agent",
    "response_agent_id": "agent",
    "actor_id": "agent",
}
IDS = frozenset(_ANYWHERE) | {"merged_into"}


ONLY = {("ticket_events", "old"): ("field", "agent"), ("ticket_events", "new"): ("field", "agent")}
"""Columns that tell of a person only where another column says so."""


def kind_of(table: str, column: str) -> Kind | None:
    """Return what a column tells of a person; None where it tells of none."""
    return _OF_TABLE.get((table, column), _ANYWHERE.get(column))


def word_for(customer_id: str, salt: str) -> str:
    """Return the word a reader who may not know people is shown for an id that is an e-mail or a name."""
    return f"c-{hashlib.sha256(f'{salt}{customer_id}'.encode()).hexdigest()[:10]}"
