"""From metrics asked together to the SELECT of their numbers, of the bounds of quantiles, and of the rows behind."""

from insights.metrics.selects.bounds import bounds, within
from insights.metrics.selects.numbers import breakdowns, numbers, part
from insights.metrics.selects.question import Question, together
from insights.metrics.selects.rows import extremes, left_out, rows
from insights.metrics.selects.sides import Days, apart

__all__ = [
    "Days",
    "Question",
    "apart",
    "bounds",
    "breakdowns",
    "extremes",
    "left_out",
    "numbers",
    "part",
    "rows",
    "together",
    "within",
]
