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


def members(asker: Asker, options: Options) -> sa.Subquery:
    """Return each member with the arm, what came of it within the window, and why it is left out."""
    m, c = schema.campaign_members, schema.campaigns
    began = sa.func.coalesce(m.c.sent_at, c.c.started_at)
    soon = sql.plus_seconds(began, options["within_days"] * 86_400)
    hit = m.c.responded if options["outcome"] == "responded" else _converted(asker, m, began, soon)
    arm, day = sa.func.coalesce(m.c.arm, "treated"), sql.local_day(began, asker.context().zone, asker.context().as_of)
    columns = (
        m.c.source,
        m.c.campaign_id,
        m.c.customer_id,
        arm.label("arm"),
        sa.case((arm == "treated", m.c.variant)).label("variant"),
        began.label("began_at"),
        day.label("day"),
        _happened(asker, m, m.c.opened_at).label("opened"),
        _happened(asker, m, m.c.clicked_at).label("clicked"),
        hit.label("converted"),
        sa.case((hit, m.c.revenue)).label("revenue"),
        _standing(asker, m, began).label("standing"),
        _complained(asker, m, began, soon).label("complained"),
    )
    joined = m.outerjoin(c, sa.and_(c.c.source == m.c.source, c.c.campaign_id == m.c.campaign_id))
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


def _standing(asker: Asker, m: sa.Table, began: Column) -> Column:
    """Return whether a complaint of a member stood unsolved when the campaign began: waiting, or opened again."""
    s, (t, mine) = known.spans(asker.context()), _complaints(asker, m)
    then = (s.c.started_at <= began, sa.or_(s.c.ended_at.is_(None), s.c.ended_at > began))
    unsolved = is_in(s.c.status, schema.UNSOLVED)
    return sa.select(sa.literal(1)).select_from(t.join(s, same(t, s))).where(*mine, *then, unsolved).exists()


def _complained(asker: Asker, m: sa.Table, began: Column, soon: Column) -> Column:
    """Return whether a member complained within the window; unknown where no day or no tickets are known."""
    t, mine = _complaints(asker, m)
    if not asker.warehouse.holds(schema.tickets):
        return sa.cast(sa.null(), sa.Boolean())
    wrote = sa.select(sa.literal(1)).select_from(t).where(*mine, t.c.created_at.between(began, soon)).exists()
    return sa.case((began.is_not(None), wrote))


def _complaints(asker: Asker, m: sa.Table) -> tuple[Any, list[Any]]:
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    return t, [t.c.customer_id == m.c.customer_id, t.c.kind == "complaint", *counted]


def _of_chosen(asker: Asker, m: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the condition of members who are the chosen customers; nothing chosen, everybody."""
    c = schema.customers
    chosen = conditions(c, None, asker.filters)
    return [m.c.customer_id.in_(sa.select(c.c.customer_id).where(*chosen))] if chosen else []
