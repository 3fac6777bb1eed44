"""What a page is made of: a page names metrics and their layout, nothing else."""

from insights.ui.cards.breakdown import breakdown
from insights.ui.cards.cards import ages, by, scores, series, shares, trend, week
from insights.ui.cards.layout import any_of, beside, first, link, narrowed, note, several, title
from insights.ui.cards.lists import comments, longest
from insights.ui.cards.tiles import tiles
from insights.ui.views.customers.retention import cohorts, retention_curve
from insights.ui.views.data.calendars import working_year
from insights.ui.views.data.catalogue import catalogue
from insights.ui.views.data.loads import drop, history, tables_held
from insights.ui.views.home.overview import how_it_stands, most_urgent
from insights.ui.views.home.stories import highlights
from insights.ui.views.service.curves import waits
from insights.ui.views.service.promises import breach_hours, outcomes, status_time, target_curve, why_late
from insights.ui.views.service.queue import promise_queue, promise_tiles
from insights.ui.views.service.whatif import what_if

__all__ = [
    "ages", "any_of", "beside", "breach_hours", "breakdown", "by", "catalogue", "cohorts", "comments",
    "drop", "first", "highlights", "history", "how_it_stands", "link", "longest", "most_urgent", "narrowed", "note",
    "outcomes", "promise_queue", "promise_tiles", "retention_curve", "scores", "series", "several", "shares",
    "status_time", "tables_held", "target_curve", "tiles", "title", "trend", "waits", "week", "what_if", "why_late",
    "working_year",
]  # fmt: skip
