"""The tickets under open promises, one row each with its nearest: what can still be saved, then freshly late."""

from typing import Any

import sqlalchemy as sa

from insights.metrics.core import flag
from insights.schema import customer_purchases, ticket_events
from insights.sql import Column
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option
from insights.studies.promises.clocks import clocks_at, unsolved
from insights.studies.promises.queue import DUE, SHOWS, open_clocks, shows

FOLDED = 3
"""The rank of what is late for more days than the settings say."""


def tickets(asker: Asker, options: Options) -> Answer:
    """Return the tickets with an open clock among what is asked for, each with the nearest of these.

    `shows` counts the tickets of each choice, and those of them that are late for so long that they are folded away.
    """
    narrowed = asker.filters
    for dimension, value in options["mine"]:
        narrowed = narrowed.choose(dimension, value)
    with clocks_at(asker, unsolved(asker.at)) as (fetch, clocks):
        ranked = _ranked(open_clocks(clocks, asker.with_filters(narrowed)))
        counted = fetch(_counts(ranked))[0]
        rows = fetch(_known(_nearest(ranked, options), asker))
    return Answer({"tickets": rows, "shows": [_count(counted, show) for show in SHOWS]})


def _ranked(found: sa.Select[Any]) -> sa.Subquery:
    """Return the clocks with what they are ordered by, and how many of their ticket's are open."""
    o = found.subquery("open_clocks").c
    rank = sa.case((o.standing == "long_late", FOLDED), (o.standing == "paused", 2), (o.standing == "late", 1), else_=0)
    near = sa.case((rank == 2, o.left_s), (rank == 0, o.due_in_s), else_=-o.due_in_s)
    promises = sa.func.count().over(partition_by=(o.source, o.ticket_id))
    return sa.select(*o, rank.label("rank"), near.label("near"), promises.label("promises")).subquery("ranked")


def _nearest(ranked: sa.Subquery, options: Options) -> sa.Select[Any]:
    r = ranked.c
    nearest = sa.func.row_number().over(
        partition_by=(r.source, r.ticket_id), order_by=(r.rank, r.near, r.promise, r.cycle)
    )
    f = sa.select(*r, nearest.label("nearest")).where(shows(r, options["show"])).subquery("found").c
    unfolded = [] if options["unfold"] else [f.rank < FOLDED]
    return sa.select(*f).where(f.nearest == 1, *unfolded).order_by(*_order(f)).limit(options["limit"])


def _order(f: Any) -> tuple[Column, ...]:
    return f.rank, f.near.nulls_last(), f.source, f.ticket_id


def _known(nearest: sa.Select[Any], asker: Asker) -> sa.Select[Any]:
    """Return the tickets with what their customer has brought, and when one side last spoke to the other."""
    listed, p = nearest.cte("listed"), customer_purchases.c
    f = listed.c
    theirs = p.customer_id.in_(sa.select(f.customer_id))
    spent = sa.select(p.customer_id, sa.func.sum(p.revenue).label("spent")).where(theirs).group_by(p.customer_id)
    bought, spoken = spent.subquery("bought"), _spoken(listed, asker)
    joined = listed.outerjoin(bought, bought.c.customer_id == f.customer_id).outerjoin(
        spoken, sa.and_(spoken.c.source == f.source, spoken.c.ticket_id == f.ticket_id)
    )
    added = {"spent": bought.c.spent, "last_contact_at": spoken.c.last_contact_at}
    shown = [added[c.name] if c.name in added else f[c.name] for c in _COLUMNS]
    return sa.select(*shown).select_from(joined).order_by(*_order(f))


def _spoken(listed: sa.CTE, asker: Asker) -> sa.Subquery:
    """Return when one side last spoke to the other, of the tickets listed."""
    e = ticket_events.c
    of_these = sa.tuple_(e.source, e.ticket_id).in_(sa.select(listed.c.source, listed.c.ticket_id))
    said = [e.field == "comment", e.public, e.actor != "system", e.at <= sa.literal(asker.at, sa.DateTime())]
    found = sa.select(e.source, e.ticket_id, sa.func.max(e.at).label("last_contact_at")).where(of_these, *said)
    return found.group_by(e.source, e.ticket_id).subquery("spoken")


def _counts(ranked: sa.Subquery) -> sa.Select[Any]:
    r = ranked.c
    best = [sa.func.min(sa.case((shows(r, show), r.rank))).label(show) for show in SHOWS]
    t = sa.select(*best).group_by(r.source, r.ticket_id).subquery("per_ticket").c
    counted: list[Column] = []
    for show in SHOWS:
        folded = sa.func.sum(flag(sa.func.coalesce(t[show] == FOLDED, sa.false())))
        counted += [sa.func.count(t[show]).label(f"{show}_n"), sa.func.coalesce(folded, 0).label(f"{show}_folded")]
    return sa.select(*counted)


def _count(counted: Row, show: str) -> Row:
    return {"show": show, "n": counted[f"{show}_n"], "folded": counted[f"{show}_folded"]}


_COLUMNS = (
    *(Shown(name, "text") for name in ("source", "ticket_id", "customer_id", "customer")),
    Shown("segment", "member", "segment"),
    Shown("loyalty_tier", "member", "loyalty_tier"),
    Shown("spent", "money"),
    Shown("last_contact_at", "moment"),
    Shown("promises", "count"),
    Shown("policy", "text"),
    Shown("promise", "word", "sla_metric"),
    Shown("standing", "word", "standing"),
    Shown("state", "word", "sla_state"),
    Shown("paused", "flag"),
    *DUE,
)
STUDIES = (
    Study(
        "sla_tickets",
        ("tickets", "sla_clocks"),
        answer=tickets,
        heeds=("values", "as_of"),
        options=(
            Option("mine", "pairs", ()),
            Option("show", "word", "all", SHOWS),
            Option("unfold", "word", "", ("", "yes")),
            Option("limit", "whole", None),
        ),
        shapes=(
            Shape("tickets", _COLUMNS),
            Shape("shows", (Shown("show", "word", "show"), Shown("n", "count"), Shown("folded", "count"))),
        ),
    ),
)
