"""Small results → Plotly figures as plain dicts, theme-free: the browser puts in the colours of its theme."""

from insights.charts.axes import Point, period_name
from insights.charts.bars import Bar, bullets, causes, columns, stacked
from insights.charts.curves import Share, kept_lines, share_curves
from insights.charts.flows import concentration, flows
from insights.charts.funnel import funnel
from insights.charts.intervals import dots
from insights.charts.look import Figure
from insights.charts.matrix import cohort_triangle, grid, week_heatmap
from insights.charts.numbers import amount, difference
from insights.charts.outcomes import Ended, Moved, ended, moved, pairs
from insights.charts.timeline import Mark, Stretch, timeline
from insights.charts.trend import Around, Scale, lines, trend
from insights.charts.waterfall import Ends, Step, waterfall
from insights.charts.year import Date, year

__all__ = [
    "Around",
    "Bar",
    "Date",
    "Ended",
    "Ends",
    "Figure",
    "Mark",
    "Moved",
    "Point",
    "Scale",
    "Share",
    "Step",
    "Stretch",
    "amount",
    "bullets",
    "causes",
    "cohort_triangle",
    "columns",
    "concentration",
    "difference",
    "dots",
    "ended",
    "flows",
    "funnel",
    "grid",
    "kept_lines",
    "lines",
    "moved",
    "pairs",
    "period_name",
    "share_curves",
    "stacked",
    "timeline",
    "trend",
    "waterfall",
    "week_heatmap",
    "year",
]
