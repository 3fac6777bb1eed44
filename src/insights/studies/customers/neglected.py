"""What goes with being forgotten: whether customers nobody turned to for a year buy on as others like them do."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.stats.comparing import overlap, standardised
from insights.stats.landmark import naive
from insights.studies.core import ENDS, Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import days, literal, today
from insights.studies.customers.contacts import human
from insights.studies.customers.people import people
from insights.studies.options import Option

YEAR = 365


def neglected(asker: Asker, options: Options) -> Answer:
    """Return the difference in the share that bought on, as it stands and within equal segments.

    Seen from a day a while ago: customers who had bought in the year before it, forgotten when no person had turned to
    them in that year, kept when they bought in the days after it.
    """
    each = _each(asker, options)
    keys = (each.c.segment, each.c.forgotten)
    kept = sa.func.count().filter(each.c.kept).label("kept")
    counted = asker.fetch(sa.select(*keys, kept, sa.func.count().label("n")).group_by(*keys))
    strata: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for r in counted:
        place = 0 if r["forgotten"] else 2
        strata[r["segment"]][place] += r["kept"]
        strata[r["segment"]][place + 1] += r["n"]
    cells = [(a, b, c, d) for a, b, c, d in strata.values()]
    found = {"as_it_stands": naive(cells), "alike": standardised(cells)}
    names = ("value", "low", "high", "n_with", "n_without", "real")
    rows = [{"compared": word} | {n: getattr(of, n) for n in names} for word, of in found.items() if of]
    alike = found["alike"]
    facts = {
        "n": sum(r["n"] for r in counted),
        "forgotten": sum(r["n"] for r in counted if r["forgotten"]),
        "overlap": overlap(cells),
        "on": _on(asker, options),
        "kept_days": options["kept_days"],
        "value": alike.value if alike else None,
        "low": alike.low if alike else None,
        "high": alike.high if alike else None,
    }
    return Answer({"neglected": rows}, facts, ("together" if alike.real else "not_shown") if alike else None)


def _on(asker: Asker, options: Options) -> dt.date:
    return today(asker) - dt.timedelta(days=max(options["ago_days"], options["kept_days"]))


def _each(asker: Asker, options: Options) -> sa.Subquery:
    context = asker.context()
    on = _on(asker, options)
    before, after = on - dt.timedelta(days=YEAR), on + dt.timedelta(days=options["kept_days"])
    d, h, p = days(asker), human(asker, before, on), people(asker)
    bought = sa.func.count().filter(d.c.paid, d.c.day > literal(before), d.c.day <= literal(on)) > 0
    kept = sa.func.count().filter(d.c.paid, d.c.day > literal(on), d.c.day <= literal(after)) > 0
    buyers = sa.select(d.c.customer_id, kept.label("kept")).group_by(d.c.customer_id).having(bought).subquery("lately")
    day = sql.local_day(h.c.at, context.zone, context.as_of)
    turned = sa.select(h.c.customer_id).distinct().where(day > literal(before), day <= literal(on))
    t = turned.subquery("turned")
    joined = buyers.join(p, p.c.customer_id == buyers.c.customer_id).outerjoin(
        t, t.c.customer_id == buyers.c.customer_id
    )
    long_enough = sa.or_(p.c.acquired_day.is_(None), p.c.acquired_day <= literal(before))
    columns = (buyers.c.customer_id, p.c.segment, buyers.c.kept, t.c.customer_id.is_(None).label("forgotten"))
    return sa.select(*columns).select_from(joined).where(long_enough).subquery("each")


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    each = _each(asker, options)
    return asker.fetch(sa.select(each).order_by(each.c.customer_id))


STUDIES = (
    Study(
        "neglected",
        ("orders", "interactions"),
        answer=neglected,
        behind=_rows,
        heeds=("values", "as_of"),
        options=(Option("ago_days", "whole", YEAR), Option("kept_days", "whole", 180)),
        shapes=(
            Shape(
                "neglected",
                (
                    Column("compared", "word", "compared_customers"),
                    *ENDS,
                ),
            ),
        ),
    ),
)
