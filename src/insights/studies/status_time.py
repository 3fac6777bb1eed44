"""Where tickets spend their time: seconds in each unsolved state, by a dimension of the ticket."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.filters import known as dimension_of
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import Context, excluded
from insights.sql import Column, Rows
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option


def status_time(asker: Asker, options: Options) -> Answer:
    """Return the seconds tickets created in the period spent in each unsolved state, by a dimension of the ticket.

    Tickets of which no change of state was exported are left out: nobody knows where their time went.
    """
    context = asker.context()
    spans, cases = known.spans(context), known.cases(context)
    group = cases.c[dimension_of(options["by"]).column]
    where = [spans.c.status.in_(schema.UNSOLVED), told(cases), *_counted(asker, cases)]
    chosen = _spent(spans, cases, context).add_columns(group.label(options["by"])).where(*where)
    records = asker.fetch(chosen.group_by(group, spans.c.status).order_by(group, spans.c.status))
    untold = asker.fetch(sa.select(sa.func.count().label("n")).where(sa.not_(told(cases)), *_counted(asker, cases)))
    return Answer({"status_time": records}, {"untold": untold[0]["n"]})


def told(cases: Rows) -> Column:
    """Return whether the changes of a ticket's state are known: else its history is what its two ends imply."""
    logged = sa.and_(cases.c.clock_basis == "events", cases.c.agent_work_s.is_not(None))
    return sa.func.coalesce(logged, sa.false())


def _counted(asker: Asker, cases: Rows) -> list[Column]:
    counts = [sa.not_(condition) for _, condition in excluded(cases)]
    return [*counts, *conditions(cases, cases.c.created_day, asker.filters)]


def _spent(spans: Rows, cases: Rows, context: Context) -> sa.Select[Any]:
    until = sa.func.coalesce(spans.c.ended_at, sa.literal(context.as_of, sa.DateTime()))
    return sa.select(
        spans.c.status,
        sa.func.sum(sql.seconds_between(spans.c.started_at, until)).label("seconds"),
        sa.func.count(sa.distinct(sa.tuple_(spans.c.source, spans.c.ticket_id))).label("n"),
    ).select_from(spans.join(cases, same(spans, cases)))


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    return _listed(asker, options["by"], told)


def _aside(asker: Asker, options: Options) -> Sequence[Row]:
    rows = _listed(asker, options["by"], lambda cases: sa.not_(told(cases)))
    return [{**row, "reason": "no_events"} for row in rows]


def _listed(asker: Asker, by: str, which: Callable[[Rows], Column]) -> Sequence[Row]:
    context = asker.context()
    cases = known.cases(context)
    spent = _by_ticket(context)
    names = dict.fromkeys((*KEY, dimension_of(by).column, "created_at", "status", "solved_at"))
    chosen = (
        sa.select(*(cases.c[name] for name in names), _longest(spent), *(spent.c[f"{s}_s"] for s in schema.UNSOLVED))
        .select_from(cases.outerjoin(spent, same(spent, cases)))
        .where(which(cases), *_counted(asker, cases))
    )
    return asker.fetch(chosen.order_by(cases.c.created_at, *(cases.c[name] for name in KEY)))


def _by_ticket(context: Context) -> sa.Subquery:
    """Return the seconds each ticket spent in each unsolved state."""
    spans = known.spans(context)
    until = sa.func.coalesce(spans.c.ended_at, sa.literal(context.as_of, sa.DateTime()))
    length = sql.seconds_between(spans.c.started_at, until)
    each = (sa.func.sum(sa.case((spans.c.status == state, length), else_=0)) for state in schema.UNSOLVED)
    columns = (seconds.label(f"{state}_s") for state, seconds in zip(schema.UNSOLVED, each, strict=True))
    ids = [spans.c[name] for name in KEY]
    return sa.select(*ids, *columns).group_by(*ids).subquery("spent")


def _longest(spent: sa.Subquery) -> Column:
    """Return the state a ticket spent most of its unsolved time in; unknown where it spent none."""
    lengths = {state: spent.c[f"{state}_s"] for state in schema.UNSOLVED}
    most = sa.func.greatest(*lengths.values())
    each = ((sa.and_(length > 0, length == most), state) for state, length in lengths.items())
    return sa.case(*each).label("longest")


KEY = ("source", "ticket_id")
STUDIES = (
    Study(
        "status_time",
        ("tickets", "status_spans"),
        answer=status_time,
        behind=_rows,
        aside=_aside,
        options=(Option("by", "dimension", "team"),),
        shapes=(
            Shape(
                "status_time",
                (Shown("status", "word", "status"), Shown("seconds", "seconds"), Shown("n", "count")),
                open=True,
            ),
        ),
    ),
)
