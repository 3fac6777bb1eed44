"""Which rows can be put aside for a past moment: worked out once, then read like a table."""

from collections.abc import Callable
from functools import wraps

import sqlalchemy as sa

from insights.metrics.core import Context
from insights.sql import ASIDE, Rows

PUT_ASIDE: dict[str, Callable[[Context], Rows]] = {}
"""Rows whose past is long to work out, by the names of the tables they can be put aside in."""


def can_be_put_aside(of: sa.Table) -> Callable[[Callable[[Context], Rows]], Callable[[Context], Rows]]:
    """Let rows with the columns of a table be read from where they were put aside for a past moment."""

    def named(rows: Callable[[Context], Rows]) -> Callable[[Context], Rows]:
        name = f"known_{rows.__name__}"
        columns = [sa.column(c.name, c.type) for c in of.c]
        aside = sa.select(sa.table(name, *columns, schema=ASIDE))
        PUT_ASIDE[name] = rows

        @wraps(rows)
        def known(context: Context) -> Rows:
            return aside.subquery(of.name) if context.past and context.put_aside else rows(context)

        return known

    return named
