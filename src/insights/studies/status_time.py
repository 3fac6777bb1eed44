"""Where tickets spend their time: seconds in each unsolved state, by a dimension of the ticket."""

from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.filters import conditions
from insights.filters import known as dimension_of
from insights.metrics.bases import known
from insights.metrics.bases.joined import same
from insights.metrics.core import Context, excluded
from insights.sql import Rows
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option


def status_time(asker: Asker, options: Options) -> Answer:
    """Return the seconds tickets created in the period spent in each unsolved state, by a dimension of the ticket."""
    context = asker.context()
    spans, cases = known.spans(context), known.cases(context)
    group = cases.c[dimension_of(options["by"]).column]
    counts = [sa.not_(condition) for _, condition in excluded(cases)]
    where = [spans.c.status.in_(schema.UNSOLVED), *counts, *conditions(cases, cases.c.created_day, asker.filters)]
    chosen = _spent(spans, cases, context).add_columns(group.label(options["by"])).where(*where)
    return Answer({"status_time": asker.fetch(chosen.group_by(group, spans.c.status).order_by(group, spans.c.status))})


def _spent(spans: Rows, cases: Rows, context: Context) -> sa.Select[Any]:
    until = sa.func.coalesce(spans.c.ended_at, sa.literal(context.as_of, sa.DateTime()))
    return sa.select(
        spans.c.status,
        sa.func.sum(sql.seconds_between(spans.c.started_at, until)).label("seconds"),
        sa.func.count(sa.distinct(sa.tuple_(spans.c.source, spans.c.ticket_id))).label("n"),
    ).select_from(spans.join(cases, same(spans, cases)))


def _rows(asker: Asker, options: Options) -> list[Row]:
    return list(asker.rows("created"))


STUDIES = (
    Study(
        "status_time", ("tickets", "status_spans"), answer=status_time, behind=_rows,
        options=(Option("by", "dimension", "team"),),
        shapes=(Shape("status_time", (Column("status", "word", "status"), Column("seconds", "seconds"),
                                      Column("n", "count")), open=True),),
    ),
)  # fmt: skip
