"""Questions about a past moment: what was known then is worked out once, and read by all that is asked of it."""

from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from insights.asking.cells import Fetch
from insights.asking.rewrites import rewritten
from insights.asking.rewrites.beside import each_part
from insights.filters import Scope
from insights.metrics import Context
from insights.metrics.bases.aside import PUT_ASIDE
from insights.metrics.selects import Question
from insights.warehouse import Warehouse


def way(warehouse: Warehouse, scope: Scope, question: Question, fetch: Fetch) -> tuple[Question, Fetch]:
    """Return a question as it is asked and how: of the tables put aside for its moment, where there are any."""
    context = question.context
    moment = warehouse.moment((context.as_of, scope)) if context.past else None
    if moment is None:
        return question, fetch

    def then(statement: sa.Select[Any]) -> list[dict[str, Any]]:
        for name in sorted({e.name for e in each_part(statement) if isinstance(e, sa.TableClause)} & PUT_ASIDE.keys()):
            moment.keep(name, partial(_known, name, context, scope))
        return moment.fetch(rewritten(statement, scope))

    return replace(question, context=replace(context, put_aside=True)), then


def _known(name: str, context: Context, scope: Scope) -> sa.ClauseElement:
    return rewritten(sa.select(PUT_ASIDE[name](context)), scope)
