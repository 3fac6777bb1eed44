"""Why a KPI is not shown for a source, as sentences; and the pages' cached way to what the checks found."""

from typing import Any

import sqlalchemy as sa

from insights import quality, schema, texts
from insights.asking import Desk
from insights.filters import Filters
from insights.metrics import metric
from insights.quality import Finding
from insights.ui.run import Reader, local, names, t
from insights.ui.run.memo import memo

Row = dict[str, Any]
WHOLE = Filters()
"""Quality is judged over all the data held: a gap does not go away because a period leaves it out."""


class Whole:
    """All the data a reader may see, asked by selects; each is remembered per warehouse version and scope."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk.with_filters(WHOLE)

    def __call__(self, select: sa.Select[Any]) -> list[Row]:
        """Return the rows of a select."""
        statement = self.desk.statement(select)
        return memo().answer(("select", self.desk.key, statement), lambda: self.desk.fetch(select))

    def findings(self) -> list[Finding]:
        """Return what every check found."""
        return quality.findings(self, WHOLE, as_of=self.desk.warehouse.as_of)


def why(to: Reader, verdict: quality.Verdict) -> str:
    """Return the sentence that says why a KPI is refused for a source."""
    share, n = texts.percent(verdict.share, to.language), names.count(to, verdict.n)
    return t(to, f"quality.refused.{verdict.reason}", source=verdict.source, share=share, n=n)


def refusals(desk: Desk, key: str) -> list[str]:
    """Return why a KPI leaves out sources among those chosen; empty for nearly all."""
    chosen = desk.filters.chosen("source")
    found = quality.verdicts(Whole(desk)).get(key, ())
    return [why(desk, v) for v in found if not chosen or v.source in chosen]


def as_today(desk: Desk, key: str) -> list[str]:
    """Return which sources do not say whose tickets were on a past day, so that today's owners stand for them."""
    last = desk.filters.until
    if not metric(key).base.stock or last is None or last >= local(desk, desk.warehouse.as_of).date():
        return []
    tickets, e = schema.tickets, schema.ticket_events
    told = sa.select(e.c.source).where(e.c.field.in_(("team", "agent", "priority")))
    silent = sa.select(tickets.c.source).distinct().where(tickets.c.source.not_in(told)).order_by(tickets.c.source)
    chosen = desk.filters.chosen("source")
    found = [row["source"] for row in Whole(desk)(silent)]
    found = [source for source in found if not chosen or source in chosen]
    return [t(desk, "ui.owners_of_today", sources=", ".join(found))] if found else []
