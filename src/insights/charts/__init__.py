"""Small results → Plotly figures as plain dicts, theme-free: the browser puts in the colours of its theme."""

from insights.charts.axes import Point
from insights.charts.bars import bullets, columns, stacked
from insights.charts.intervals import dots
from insights.charts.matrix import cohort_triangle, week_heatmap
from insights.charts.numbers import amount, difference
from insights.charts.trend import lines, trend

__all__ = [
    "Point",
    "amount",
    "bullets",
    "cohort_triangle",
    "columns",
    "difference",
    "dots",
    "lines",
    "stacked",
    "trend",
    "week_heatmap",
]
