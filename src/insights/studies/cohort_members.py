"""Who stands behind a cell of the retention cohorts."""

from dataclasses import replace

import sqlalchemy as sa

from insights.filters import among
from insights.metrics.periods import period_start
from insights.studies.cohorts import ASKED, last_known, triangle
from insights.studies.core import Answer, Asker, Column, Options, Shape, Study
from insights.studies.customers import starts
from insights.studies.customers.people import people
from insights.studies.customers.staying import keeping
from insights.studies.options import Option


def _members(asker: Asker, options: Options) -> Answer:
    """Return the customers of a cohort, those kept in period k first."""
    asked = replace(triangle(asker, options), last=last_known(asker, keeping.known_until(asker)))
    m = starts.members(asker, asked, options["start"], options["by"], options["k"] or 0).subquery("members")
    p = people(asker)
    chosen = []
    if options["cohort"]:
        chosen.append(m.c.cohort == sa.literal(period_start(options["cohort"], asked.grain, asked.starts), sa.Date()))
    if options["group"] is not None:
        chosen.append(among(m.c.group, (options["group"],)))
    columns = [m.c.customer_id, p.c["name"], m.c.group, m.c.cohort, m.c.day, m.c.kept, m.c.revenue]
    joined = m.outerjoin(p, p.c.customer_id == m.c.customer_id)
    order = (m.c.kept.desc(), m.c.revenue.desc().nulls_last(), m.c.customer_id)
    rows = asker.fetch(sa.select(*columns).select_from(joined).where(*chosen).order_by(*order))
    facts = {"n": len(rows), "kept": sum(r["kept"] for r in rows), "k": options["k"] or 0}
    return Answer({"cohort_members": rows}, facts)


STUDIES = (
    Study(
        "cohort_members",
        ("orders",),
        needs=keeping.rests_on,
        answer=_members,
        options=(*ASKED, Option("cohort", "day"), Option("group", "text"), Option("k", "whole", 0)),
        shapes=(
            Shape(
                "cohort_members",
                (
                    Column("customer_id", "text"),
                    Column("name", "text"),
                    Column("group", "text"),
                    Column("cohort", "day"),
                    Column("day", "day"),
                    Column("kept", "flag"),
                    Column("revenue", "money"),
                ),
            ),
        ),
    ),
)
