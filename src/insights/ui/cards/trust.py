"""Why a KPI is not shown for a source, as sentences; and the pages' cached way to what the checks found."""

from typing import Any

import sqlalchemy as sa

from insights import quality, texts
from insights.asking import Desk
from insights.filters import Filters
from insights.quality import Finding
from insights.ui.run import Reader, names, t
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
