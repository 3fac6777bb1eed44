"""How much sooner customers of one group leave than those of another, at equal strata: Cox's model by group."""

from collections.abc import Iterator
from math import exp

import sqlalchemy as sa

from insights.stats.hazards import Hazard, cox
from insights.stats.intervals import Z
from insights.studies.core import Asker, Options, Row
from insights.studies.customers.people import people
from insights.studies.customers.staying.lifetimes import lifetimes

MOST = 100_000
"""More customers are represented by every second, third, ... of them, in the order of their numbers."""
LEAST_GONE = 10
"""A group in which fewer have gone is told apart from nothing."""


def leaving(asker: Asker, options: Options, n: int) -> list[Row]:
    """Return each group's hazard against the largest one, compared only within equal values of the strata.

    `n` customers are watched.
    """
    each = asker.fetch(_each(asker, options, max(1, -(-n // MOST))))
    gone = {group: sum(r["gone"] for r in each if r["group"] == group) for group in {r["group"] for r in each}}
    told = [group for group, n in gone.items() if n >= LEAST_GONE]
    if len(told) < 2:
        return []
    sizes = {group: sum(r["group"] == group for r in each) for group in told}
    than, *others = sorted(told, key=lambda group: (-sizes[group], str(group)))
    rows = [r for r in each if r["group"] in sizes]
    found = cox(
        [float(r["days"]) for r in rows],
        [r["gone"] for r in rows],
        [[float(r["group"] == group) for group in others] for r in rows],
        [r["stratum"] for r in rows],
    )
    return list(_hazards(found, than, others, sizes)) if found else []


def _hazards(found: Hazard, than: str | None, others: list[str | None], sizes: dict[str | None, int]) -> Iterator[Row]:
    for place, group in enumerate(others):
        one = Hazard((found.log_ratio[place],), (found.error[place],), found.events)
        log, half = one.log_ratio[0], Z * one.error[0]
        yield {
            "group": group,
            "than": than,
            "n": sizes[group],
            "ratio": exp(log),
            "low": exp(log - half),
            "high": exp(log + half),
            "p": one.p,
        }


def _each(asker: Asker, options: Options, step: int) -> sa.Select[tuple[object, ...]]:
    """Return the SELECT of every so many-th customer, in the order of their numbers."""
    of, p, strata = lifetimes(asker, options["gone_days"], options["by"]), people(asker), options["strata"]
    stratum = (p.c[strata] if strata else sa.null()).label("stratum")
    joined = of.outerjoin(p, p.c.customer_id == of.c.customer_id) if strata else of
    place = sa.func.row_number().over(order_by=of.c.customer_id).label("place")
    columns = (of.c.group, of.c.days, of.c.gone, stratum, place)
    e = sa.select(*columns).select_from(joined).where(of.c.watched).subquery("watched")
    return sa.select(e.c.group, e.c.days, e.c.gone, e.c.stratum).where((e.c.place - 1) % step == 0).order_by(e.c.place)
