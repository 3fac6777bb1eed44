"""Which columns tell of a person, and how each kind is shown to a reader who may not see it."""

import hashlib
from typing import Literal

import sqlalchemy as sa

from insights import sql

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
    "agent_id": "agent",
    "owner_agent_id": "agent",
    "response_agent_id": "agent",
    "actor_id": "agent",
}
_IDS = frozenset(_ANYWHERE) | {"merged_into"}


_ONLY = {("ticket_events", "old"): ("field", "agent"), ("ticket_events", "new"): ("field", "agent")}
"""Columns that tell of a person only where another column says so."""


def kind_of(table: str, column: str) -> Kind | None:
    """Return what a column tells of a person; None where it tells of none."""
    return _OF_TABLE.get((table, column), _ANYWHERE.get(column))


def word_for(customer_id: str, salt: str) -> str:
    """Return the word a reader who may not know people is shown for an id that is an e-mail or a name."""
    return f"c-{hashlib.sha256(f'{salt}{customer_id}'.encode()).hexdigest()[:10]}"


def masked(column: sa.ColumnClause[str], kind: Kind, salt: str) -> sa.ColumnElement[str]:
    """Return what is shown instead: first letters, the last digits, three stars for words, one word for one id."""
    if isinstance(of := column.table, sa.TableClause) and (only := _ONLY.get((of.name, column.name))):
        where, word = only
        return sa.case((of.c[where] == word, _masked(column, kind, salt)), else_=column)
    return _masked(column, kind, salt)


def _masked(column: sa.ColumnClause[str], kind: Kind, salt: str) -> sa.ColumnElement[str]:
    if kind == "agent":
        return sql.pseudonym(column, salt, "agent-")
    if column.key in _IDS:
        return sa.case((sql.tells_a_person(column), sql.pseudonym(column, salt, "c-")), else_=column)
    if kind == "text":
        return sa.case((column.is_not(None), sa.literal("***")))
    return {"name": sql.initials, "email": sql.masked_address, "phone": sql.masked_telephone}[kind](column)
