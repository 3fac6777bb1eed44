"""The former place of the SELECT of rows, for callers that have not moved to the desk yet."""

from typing import Any

import sqlalchemy as sa

from insights.filters import Filters, Scope
from insights.metrics import selects
from insights.metrics.core import Context, Metric
from insights.metrics.selects import Question


def rows(metric: Metric, context: Context, filters: Filters, scope: Scope, *, excluded: bool) -> sa.Select[Any]:
    """Return the SELECT of the rows behind a number."""
    return selects.rows(Question((metric,), context, filters), excluded=excluded)
