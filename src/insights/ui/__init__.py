"""What a page is made of: a page names metrics and their layout, nothing else."""

from insights.ui.cards.breakdown import breakdown
from insights.ui.cards.draw import beside, show
from insights.ui.cards.groups import by
from insights.ui.cards.layout import desk, first, link, note, several, title
from insights.ui.cards.lists import comments, longest
from insights.ui.cards.spread import ages, scores, shares, week
from insights.ui.cards.tiles import tiles
from insights.ui.cards.trend import series, trend
from insights.ui.run import here
from insights.ui.run.data import any_of

__all__ = [
    "ages", "any_of", "beside", "breakdown", "by", "comments", "desk", "first", "here", "link", "longest", "note",
    "scores", "series", "several", "shares", "show", "tiles", "title", "trend", "week",
]  # fmt: skip
