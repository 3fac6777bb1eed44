"""What a page is made of: a page names metrics and their layout, nothing else."""

from insights.ui.breakdown import breakdown
from insights.ui.calendars import working_year
from insights.ui.cards import ages, by, scores, series, shares, trend, week
from insights.ui.catalogue import catalogue
from insights.ui.curves import waits
from insights.ui.layout import any_of, beside, first, link, narrowed, note, several, title
from insights.ui.lists import comments, longest
from insights.ui.loads import drop, history, tables_held
from insights.ui.overview import how_it_stands, most_urgent
from insights.ui.promises import breach_hours, outcomes, status_time, target_curve, why_late
from insights.ui.queue import promise_queue, promise_tiles
from insights.ui.retention import cohorts, retention_curve
from insights.ui.stories import highlights
from insights.ui.tiles import tiles
from insights.ui.whatif import what_if

__all__ = [
    "ages", "any_of", "beside", "breach_hours", "breakdown", "by", "catalogue", "cohorts", "comments",
    "drop", "first", "highlights", "history", "how_it_stands", "link", "longest", "most_urgent", "narrowed", "note",
    "outcomes", "promise_queue", "promise_tiles", "retention_curve", "scores", "series", "several", "shares",
    "status_time", "tables_held", "target_curve", "tiles", "title", "trend", "waits", "week", "what_if", "why_late",
    "working_year",
]  # fmt: skip
