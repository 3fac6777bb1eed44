"""Cases with a trait against all others: the difference of two shares, and which of many differences stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights.stats.comparing import benjamini_hochberg
from insights.stats.exact import fisher
from insights.stats.intervals import newcombe
from insights.studies.core import Row
from insights.studies.voice.ratings import HELD, LIVED, held

YES = "yes"
TRAITS = (*HELD, *LIVED)


@dataclass(frozen=True)
class Sides:
    """Hits among those with a trait and among the others; `about` is the dimension or what was gone through."""

    about: str
    member: str
    hits: int
    n: int
    other_hits: int
    other_n: int

    @property
    def p(self) -> float:
        """Return the chance of a difference like this where there is none (Fisher's exact test)."""
        return fisher(self.hits, self.n, self.other_hits, self.other_n)

    def difference(self) -> dict[str, Any]:
        """Return the difference of the two shares with its interval."""
        low, high = newcombe(self.hits, self.n, self.other_hits, self.other_n) or (None, None)
        return {"value": self.hits / self.n - self.other_hits / self.other_n, "low": low, "high": high}


def every(rows: Sequence[Row], least: int) -> list[Sides]:
    """Return each trait of at least so many cases on either side; of two values that mirror each other one."""
    told = {about: [r for r in rows if r[about] is not None] for about in TRAITS}
    return [side for about, members in told.items() for side in _sides(about, members, least)]


def counts(of: sa.FromClause, hit: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the SELECT of cases and hits by each trait, in one reading: every row knows at most one trait."""
    each = [held(of, about).label(about) for about in TRAITS]
    cut = sa.select(*each, hit.label("hit")).select_from(of).subquery("cut")
    traits = [cut.c[about] for about in TRAITS]
    n = (sa.func.count().label("n"), sa.func.count().filter(cut.c.hit).label("hits"))
    return sa.select(*traits, *n).group_by(sa.func.grouping_sets(*map(sa.tuple_, traits)))


def _sides(about: str, rows: Sequence[Row], least: int) -> Iterable[Sides]:
    hits, n = sum(r["hits"] for r in rows), sum(r["n"] for r in rows)
    for r in _unmirrored(about, sorted(rows, key=lambda r: str(r[about]))):
        if min(r["n"], n - r["n"]) >= least:
            member = YES if about in LIVED else str(r[about])
            yield Sides(about, member, r["hits"], r["n"], hits - r["hits"], n - r["n"])


def _unmirrored(about: str, rows: Sequence[Row]) -> Sequence[Row]:
    if about in LIVED:
        return [r for r in rows if r[about]]
    return [min(rows, key=lambda r: r["n"])] if len(rows) == 2 else rows


def standing(sides: Sequence[Sides]) -> list[bool]:
    """Tell which differences stand when all are asked at once (Benjamini and Hochberg, 5 %)."""
    return benjamini_hochberg([s.p for s in sides])
