"""What a page is made of: a page names metrics and their layout, nothing else."""

from insights.ui.cards.draw import beside, show
from insights.ui.cards.layout import desk, ever, first, link, note, several, title
from insights.ui.cards.tiles import in_row, tiles
from insights.ui.kinds.breakdown import breakdown
from insights.ui.kinds.groups import by
from insights.ui.kinds.lists import comments, longest
from insights.ui.kinds.spread import ages, scores, shares, week
from insights.ui.kinds.trend import series, trend
from insights.ui.run import here
from insights.ui.run.data import any_of

__all__ = [
    "ages",
    "any_of",
    "beside",
    "breakdown",
    "by",
    "comments",
    "desk",
    "ever",
    "first",
    "here",
    "in_row",
    "link",
    "longest",
    "note",
    "scores",
    "series",
    "several",
    "shares",
    "show",
    "tiles",
    "title",
    "trend",
    "week",
]
