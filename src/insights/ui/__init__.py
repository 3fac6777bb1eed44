"""What a page is made of: a page names metrics and their layout, nothing else."""

from insights.ui.breakdown import breakdown
from insights.ui.cards import ages, by, scores, series, shares, trend, week
from insights.ui.catalogue import catalogue
from insights.ui.layout import any_of, beside, first, narrowed, note, several, title
from insights.ui.lists import comments, longest, queue
from insights.ui.loads import drop, history, tables_held
from insights.ui.retention import cohorts, retention_curve
from insights.ui.stories import highlights
from insights.ui.tiles import tiles

__all__ = [
    "ages", "any_of", "beside", "breakdown", "by", "catalogue", "cohorts", "comments", "drop", "first", "highlights",
    "history", "longest", "narrowed", "note", "queue", "retention_curve", "scores", "series", "several", "shares",
    "tables_held", "tiles", "title", "trend", "week",
]  # fmt: skip
