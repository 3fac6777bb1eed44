"""Whether channels serve alike: equal complaints by channel, problems that change channel, robots beside people."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import excluded, is_in, quoted
from insights.stats.comparing import overlap, standardised
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.service.rated import answers, rated

STRATA = ("kind", "priority", "segment")
HANDLED = ("robot_alone", "robot_first", "people")


def channels(asker: Asker, options: Options) -> Answer:
    """Return by channel the share of promises kept (or good answers), and its gap to other channels at equal cases."""
    counted = asker.fetch(_promised(asker) if options["figure"] == "promise" else _satisfied(asker))
    found = sorted({r["channel"] for r in counted if r["channel"]}, key=schema.WORDS["channel"].index)
    rows = [_row(channel, counted) for channel in found]
    worse = [r for r in rows if r["real"] and r["gap"] < 0]
    tables = {"channels": rows, "switches": _switches(asker, options), "robots": _robots(asker)}
    facts = {"n": sum(r["n"] for r in rows), "worse": len(worse)}
    return Answer(tables, facts, None if not rows else "worse" if worse else "alike")


def _row(channel: str, counted: Sequence[Row]) -> Row:
    strata: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for r in counted:
        place = 0 if r["channel"] == channel else 2
        cell = strata[tuple(r[name] for name in STRATA)]
        cell[place] += r["hits"]
        cell[place + 1] += r["n"]
    cells = [(a, b, c, d) for a, b, c, d in strata.values()]
    hits, n = sum(c[0] for c in cells), sum(c[1] for c in cells)
    low, high = wilson(hits, n) or (None, None)
    gap = standardised(cells)
    names = {"gap": "value", "gap_low": "low", "gap_high": "high", "real": "real"}
    compared = {name: getattr(gap, of) if gap else None for name, of in names.items()}
    own = [c for c in cells if c[1]]
    return {
        "channel": channel,
        "n": n,
        "share": hits / n if n else None,
        "low": low,
        "high": high,
        **compared,
        "overlap": overlap(own),
    }


def _promised(asker: Asker) -> sa.Select[Any]:
    """Return first-response promises on complaints, kept and made, by channel and stratum."""
    context = asker.context()
    t, c = known.tickets(context), known.clocks(context)
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    decided = (c.c.metric == "first_response", is_in(c.c.state, ("met", "breached", "breached_open")))
    keys = (t.c.channel, *(t.c[name] for name in STRATA))
    columns = (*keys, sa.func.count().label("n"), sa.func.count().filter(c.c.state == "met").label("hits"))
    inside = (t.c.kind == "complaint", *conditions(t, t.c.created_day, asker.filters))
    return sa.select(*columns).select_from(t.join(c, same(t, c))).where(*counted, *decided, *inside).group_by(*keys)


def _satisfied(asker: Asker) -> sa.Select[Any]:
    r = rated(asker)
    keys = (r.c.channel, r.c.ticket_kind.label("kind"), r.c.priority, r.c.segment)
    columns = (*keys, sa.func.count().label("n"), sa.func.count().filter(r.c.good).label("hits"))
    return sa.select(*columns).group_by(r.c.channel, r.c.ticket_kind, r.c.priority, r.c.segment)


def _switches(asker: Asker, options: Options) -> list[Row]:
    """Return how often a customer with one problem came again within days, and through which channel."""
    t = _opened(asker, "customer_id", "category")
    order = (t.c.created_at, t.c.source, t.c.ticket_id)
    problem = (t.c.customer_id, t.c.category)
    following = sa.func.lead(t.c.channel).over(partition_by=problem, order_by=order).label("next_channel")
    after = sa.func.lead(t.c.created_at).over(partition_by=problem, order_by=order)
    soon = sql.seconds_between(t.c.created_at, after) <= options["within_days"] * 86_400
    each = sa.select(t.c.channel, following, sa.func.coalesce(soon, sa.false()).label("again")).subquery("each")
    n = sa.func.count()
    columns = (
        each.c.channel,
        n.label("n"),
        n.filter(each.c.again).label("again"),
        n.filter(sa.and_(each.c.again, each.c.next_channel != each.c.channel)).label("switched"),
    )
    found = asker.fetch(sa.select(*columns).where(each.c.channel.is_not(None)).group_by(each.c.channel))
    return [_switched(r) for r in sorted(found, key=lambda r: schema.WORDS["channel"].index(r["channel"]))]


def _switched(record: Row) -> Row:
    low, high = wilson(record["switched"], record["again"]) or (None, None)
    share = record["switched"] / record["again"] if record["again"] else None
    return {**record, "share": share, "low": low, "high": high}


def _opened(asker: Asker, *named: str) -> sa.Subquery:
    """Return the tickets opened in the period, those alone of which these columns are known."""
    t = known.tickets(asker.context())
    counted = [sa.not_(condition) for _, condition in excluded(t)]
    inside = conditions(t, t.c.created_day, asker.filters)
    columns = (
        t.c.source,
        t.c.ticket_id,
        t.c.customer_id,
        t.c.category,
        t.c.channel,
        t.c.created_at,
        t.c.response_basis,
        t.c.status,
        t.c.reopens,
        t.c.first_response_s,
    )
    known_ = (t.c[name].is_not(None) for name in named)
    return sa.select(*columns).where(*counted, *inside, *known_).subquery("opened")


def _robots(asker: Asker) -> list[Row]:
    """Return what became of tickets a robot solved alone, took first, or never touched."""
    t, r = _opened(asker), answers(asker)
    handled = sa.case(
        (t.c.response_basis == "robot", quoted("robot_alone")),
        (t.c.response_basis == "handover", quoted("robot_first")),
        else_=quoted("people"),
    )
    joined = t.outerjoin(r, same(t, r))
    n, solved = sa.func.count(), is_in(t.c.status, schema.SOLVED)
    columns = (
        handled.label("handled"),
        n.label("n"),
        n.filter(solved).label("solved"),
        n.filter(sa.and_(solved, t.c.reopens > 0)).label("reopened"),
        n.filter(r.c.good.is_not(None)).label("rated"),
        n.filter(r.c.good).label("good"),
        sql.quantile(t.c.first_response_s, 0.5).label("first_response_s"),
    )
    found = {f["handled"]: f for f in asker.fetch(sa.select(*columns).select_from(joined).group_by(handled))}
    total = sum(f["n"] for f in found.values())
    return [_handled(found[word], total) for word in HANDLED if word in found]


def _handled(record: Row, total: int) -> Row:
    low, high = wilson(record["good"], record["rated"]) or (None, None)
    rated_, solved = record["rated"], record["solved"]
    return {
        "handled": record["handled"],
        "n": record["n"],
        "part": record["n"] / total,
        "solved": solved / record["n"],
        "reopened": record["reopened"] / solved if solved else None,
        "rated": rated_,
        "share": record["good"] / rated_ if rated_ else None,
        "low": low,
        "high": high,
        "first_response_s": record["first_response_s"],
    }


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    t = _opened(asker)
    return asker.fetch(sa.select(t).order_by(t.c.created_at, t.c.source, t.c.ticket_id))


_SHARE = (Column("share", "share"), Column("low", "share"), Column("high", "share"))
STUDIES = (
    Study(
        "channels",
        ("tickets",),
        answer=channels,
        behind=_rows,
        options=(Option("figure", "word", "promise", ("promise", "csat")), Option("within_days", "whole", 7)),
        shapes=(
            Shape(
                "channels",
                (
                    Column("channel", "member"),
                    Column("n", "count"),
                    *_SHARE,
                    Column("gap", "difference"),
                    Column("gap_low", "difference"),
                    Column("gap_high", "difference"),
                    Column("real", "flag"),
                    Column("overlap", "share"),
                ),
            ),
            Shape(
                "switches",
                (
                    Column("channel", "member"),
                    Column("n", "count"),
                    Column("again", "count"),
                    Column("switched", "count"),
                    *_SHARE,
                ),
            ),
            Shape(
                "robots",
                (
                    Column("handled", "word", "handled"),
                    Column("n", "count"),
                    Column("part", "share"),
                    Column("solved", "share"),
                    Column("reopened", "share"),
                    Column("rated", "count"),
                    *_SHARE,
                    Column("first_response_s", "seconds"),
                ),
            ),
        ),
    ),
)
