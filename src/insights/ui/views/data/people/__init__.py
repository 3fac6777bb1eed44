"""Who is who: what is joined, what to look at, what was decided."""

from insights.ui.views.data.people.cards import cards

__all__ = ["cards"]
