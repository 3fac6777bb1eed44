"""Answers on satisfaction with whom they credit: who solved the ticket last before the answer, else whom it names."""

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import acted, is_in
from insights.sql import Rows
from insights.studies.core import Asker

MIX = ("ticket_kind", "priority", "channel")
"""What cases must be alike in for those who serve them to be compared."""


def rated(asker: Asker, *, whole: bool = False) -> sa.Subquery:
    """Return each rating that counts with its agent, its mix and whether it was good; `whole` heeds no period."""
    s, by = known.surveys(asker.context()), _solvers(asker, whole=whole)
    credited = sa.func.coalesce(by.c.solver, s.c.agent_id)
    columns = (
        s.c.source,
        s.c.survey_id,
        s.c.ticket_id,
        s.c.customer_id,
        credited.label("agent_id"),
        s.c.good,
        s.c.score,
        s.c.answered_day,
        s.c.segment,
        s.c.team,
        *(s.c[name] for name in MIX),
    )
    joined = s.outerjoin(by, sa.and_(by.c.source == s.c.source, by.c.survey_id == s.c.survey_id))
    return sa.select(*columns).select_from(joined).where(*_counted(asker, s, whole=whole)).subquery("rated")


def answers(asker: Asker) -> sa.Subquery:
    """Return each rating that counts of any time, whosever it is: its ticket and whether it was good."""
    s = known.surveys(asker.context())
    return sa.select(s.c.source, s.c.ticket_id, s.c.good).where(*_counted(asker, s, whole=True)).subquery("rated")


def _counted(asker: Asker, s: Rows, *, whole: bool) -> list[sa.ColumnElement[bool]]:
    return [
        s.c.kind == "csat",
        s.c.good.is_not(None),
        sa.not_(sa.func.coalesce(s.c.replaced, sa.false())),
        s.c.ticket_excluded.is_(None),
        *conditions(s, None if whole else s.c.answered_day, asker.filters),
    ]


def _solvers(asker: Asker, *, whole: bool) -> sa.Subquery:
    """Return who had solved the ticket last when its rating was given: of what may be asked for alone."""
    s, e = schema.surveys, schema.ticket_events
    solved = (e.c.field == "status", is_in(e.c.new, schema.SOLVED), acted(e) == "agent", e.c.actor_id.is_not(None))
    joined = s.join(e, sa.and_(same(s, e), e.c.at <= sa.func.coalesce(s.c.answered_at, s.c.sent_at)))
    solver = sql.last_by(e.c.actor_id, e.c.at).label("solver")
    asked = (s.c.kind == "csat", *conditions(s, None if whole else s.c.answered_day, asker.filters))
    found = sa.select(s.c.source, s.c.survey_id, solver).select_from(joined).where(*asked, *solved)
    return found.group_by(s.c.source, s.c.survey_id).subquery("solvers")
