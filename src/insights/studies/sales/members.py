"""Who was in a campaign, in which arm, what came of it, and who had an open complaint when it began."""

from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import excluded, is_in
from insights.sql import Column
from insights.studies.core import Asker, Options

KEY = ("source", "campaign_id", "customer_id")
"""What tells members apart."""


def members(asker: Asker, options: Options) -> sa.Subquery:
    """Return each member with the arm, what came of it within the window, and why it is left out."""
    m, c = schema.campaign_members, schema.campaigns
    began = sa.func.coalesce(m.c.sent_at, c.c.started_at)
    soon = sql.plus_seconds(began, options["within_days"] * 86_400)
    hit = m.c.responded if options["outcome"] == "responded" else _converted(asker, m, began, soon)
    arm, day = sa.func.coalesce(m.c.arm, "treated"), sql.local_day(began, asker.context().zone, asker.context().as_of)
    joined = m.outerjoin(c, sa.and_(c.c.source == m.c.source, c.c.campaign_id == m.c.campaign_id))
    times = (began.label("began"), soon.label("soon"))
    begun = sa.select(*(m.c[name] for name in KEY), *times).select_from(joined).subquery("begun")
    columns = (
        *(m.c[name] for name in KEY),
        arm.label("arm"),
        sa.case((arm == "treated", m.c.variant)).label("variant"),
        began.label("began_at"),
        day.label("day"),
        _happened(asker, m, m.c.opened_at).label("opened"),
        _happened(asker, m, m.c.clicked_at).label("clicked"),
        hit.label("converted"),
        sa.case((hit, m.c.revenue)).label("revenue"),
        among(m, _standing(asker, begun)).label("standing"),
        _complained(asker, m, began, begun).label("complained"),
    )
    known_then = sa.or_(began.is_(None), began <= sa.literal(asker.at, sa.DateTime()))
    each = sa.select(*columns).select_from(joined).where(known_then, *_of_chosen(asker, m)).subquery("each")
    inside = conditions(each, each.c.day, asker.filters)
    return sa.select(each).where(*inside).subquery("members")


def _happened(asker: Asker, m: sa.Table, at: Column) -> Column:
    """Return whether something had happened to a member; unknown where its source never says when it does."""
    told = m.c.source.in_(sa.select(m.c.source).where(at.is_not(None)).distinct())
    return sa.case((at <= sa.literal(asker.at, sa.DateTime()), sa.true()), (told, sa.false()))


def _converted(asker: Asker, m: sa.Table, began: Column, soon: Column) -> Column:
    """Return whether a member converted in time; the word of a source that tells no time is taken as it is."""
    happened, late = _happened(asker, m, m.c.converted_at), m.c.converted_at > soon
    return sa.case(
        (late, sa.false()), (m.c.converted_at.is_(None), sa.func.coalesce(m.c.converted, happened)), else_=happened
    )


def among(members: sa.FromClause, some: sa.Select[Any]) -> Column:
    """Return whether a member is among some, found once for all: not every engine looks for each one's rows."""
    return sa.tuple_(*(members.c[name] for name in KEY)).in_(some)


def _standing(asker: Asker, begun: sa.Subquery) -> sa.Select[Any]:
    """Return the members of whom a complaint stood unsolved when the campaign began: waiting, or opened again."""
    s, (t, joined, counted) = known.spans(asker.context()), _complaints(asker, begun)
    b = begun.c.began
    then = (s.c.started_at <= b, sa.or_(s.c.ended_at.is_(None), s.c.ended_at > b), is_in(s.c.status, schema.UNSOLVED))
    return sa.select(*(begun.c[name] for name in KEY)).select_from(joined.join(s, same(t, s))).where(*counted, *then)


def _complained(asker: Asker, m: sa.Table, began: Column, begun: sa.Subquery) -> Column:
    """Return whether a member complained within the window; unknown where no day or no tickets are known."""
    t, joined, counted = _complaints(asker, begun)
    if not asker.warehouse.holds(schema.tickets):
        return sa.cast(sa.null(), sa.Boolean())
    soon = t.c.created_at.between(begun.c.began, begun.c.soon)
    wrote = sa.select(*(begun.c[name] for name in KEY)).select_from(joined).where(*counted, soon)
    return sa.case((began.is_not(None), among(m, wrote)))


def _complaints(asker: Asker, begun: sa.Subquery) -> tuple[Any, sa.Join, list[Any]]:
    t = known.tickets(asker.context())
    joined = begun.join(t, t.c.customer_id == begun.c.customer_id)
    return t, joined, [t.c.kind == "complaint", *(sa.not_(condition) for _, condition in excluded(t))]


def _of_chosen(asker: Asker, m: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the condition of members who are the chosen customers; nothing chosen, everybody."""
    c = schema.customers
    chosen = conditions(c, None, asker.filters)
    return [m.c.customer_id.in_(sa.select(c.c.customer_id).where(*chosen))] if chosen else []
