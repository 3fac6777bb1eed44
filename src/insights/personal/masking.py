"""What a reader who may not see who a customer is sees instead."""

import sqlalchemy as sa

from insights import sql
from insights.personal import IDS, ONLY, Kind


def masked(column: sa.ColumnClause[str], kind: Kind, salt: str) -> sa.ColumnElement[str]:
    """Return what is shown instead: first letters, the last digits, three stars for words, one word for one id."""
    if isinstance(of := column.table, sa.TableClause) and (only := ONLY.get((of.name, column.name))):
        where, word = only
        return sa.case((of.c[where] == word, _masked(column, kind, salt)), else_=column)
    return _masked(column, kind, salt)


def _masked(column: sa.ColumnClause[str], kind: Kind, salt: str) -> sa.ColumnElement[str]:
    if kind == "agent":
        return sql.pseudonym(column, salt, "agent-")
    if column.key in IDS:
        return sa.case((sql.tells_a_person(column), sql.pseudonym(column, salt, "c-")), else_=column)
    if kind == "text":
        return sa.case((column.is_not(None), sa.literal("***")))
    return {"name": sql.initials, "email": sql.masked_address, "phone": sql.masked_telephone}[kind](column)
