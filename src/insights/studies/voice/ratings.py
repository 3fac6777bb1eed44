"""The ratings a satisfaction number counts, with the time of the answer and what happened on their ticket."""

from typing import Any

import sqlalchemy as sa

from insights.metrics import selects
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.studies.core import Asker
from insights.studies.options import Option

HELD = ("channel", "kind", "category", "product", "priority", "team", "segment", "region", "loyalty_tier")
"""Dimensions ratings are split by."""
LIVED = ("answered_fast", "solved_fast", "reopened", "moved", "promise_broken")
"""What a customer went through, yes or no."""
FAST_HOURS = Option("fast_hours", "number", 4.0)
SOLVED_HOURS = Option("solved_hours", "number", 48.0)


def counted(asker: Asker, metric: str) -> sa.Subquery:
    """Return the rows behind a number, each with its `value`: so that what is said of them is said of the number."""
    return selects.rows(asker.question([metric]), excluded=False).order_by(None).subquery("counted")


def with_answer(asker: Asker, of: sa.Subquery) -> sa.Subquery:
    """Return ratings with the moment they were given, what was asked and whether the answer was good."""
    s = known.surveys(asker.context())
    joined = of.join(s, sa.and_(s.c.source == of.c.source, s.c.survey_id == of.c.survey_id))
    columns = (*of.c, s.c.answered_at, s.c.kind.label("asked"), s.c.good)
    return sa.select(*columns).select_from(joined).subquery("answers")


def with_ticket(asker: Asker, ratings: sa.Subquery, fast_hours: float, solved_hours: float) -> sa.Subquery:
    """Return ratings with what their customers went through; unknown where the ticket does not tell."""
    of = sa.select(ratings).cte("ratings")
    t, broken = known.tickets(asker.context()), _broken(asker, of)
    joined: Any = of.outerjoin(t, same(of, t)).outerjoin(broken, same(of, broken))
    lived = {
        "answered_fast": t.c.first_response_s <= fast_hours * 3600,
        "solved_fast": t.c.full_resolution_s <= solved_hours * 3600,
        "reopened": t.c.reopens > 0,
        "moved": t.c.transfers > 0,
        "promise_broken": broken.c.broken,
    }
    columns = (*of.c, *(condition.label(name) for name, condition in lived.items()))
    return sa.select(*columns).select_from(joined).subquery("lived")


def _broken(asker: Asker, of: sa.CTE) -> sa.Subquery:
    """Return the tickets of ratings whose promises are decided, and whether one was broken."""
    c, rated = known.clocks(asker.context()), sa.select(of.c.source, of.c.ticket_id)
    decided = (c.c.state.in_(("met", "breached", "breached_open")), sa.tuple_(c.c.source, c.c.ticket_id).in_(rated))
    broken = sa.func.bool_or(c.c.state != "met").label("broken")
    return (
        sa.select(c.c.source, c.c.ticket_id, broken).where(*decided).group_by(c.c.source, c.c.ticket_id).subquery("b")
    )


def held(of: sa.FromClause, dimension: str) -> sa.ColumnElement[Any]:
    """Return what splits ratings by a dimension or by what was gone through."""
    return of.c[dimension] if dimension in of.c else sa.null()
