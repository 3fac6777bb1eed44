"""What customers who bought a product bought next, against how often anything leads to it: support, lift, interval."""

from math import erfc, exp, log, sqrt
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.metrics.bases import known
from insights.stats.comparing import benjamini_hochberg
from insights.stats.intervals import Z
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.buying import literal, today
from insights.studies.options import Option


def affinities(asker: Asker, options: Options) -> Answer:
    """Return the pairs of products of which the second follows the first more often than it follows any other.

    Counted are customers who first bought the one at least `within_days` ago, so that everybody had the same time.
    """
    first = _first(asker)
    began = _began(asker, first, options["within_days"])
    sizes = {r["product"]: int(r["n"]) for r in asker.fetch(began)}
    pairs = asker.fetch(_pairs(asker, first, options["within_days"]))
    led: dict[str, int] = {}
    for r in pairs:
        led[r["next_product"]] = led.get(r["next_product"], 0) + int(r["n_both"])
    total = sum(sizes.values())
    rows = [_row(r, sizes, led, total) for r in pairs if r["n_both"] >= options["least"]]
    told = sorted((r for r in rows if r), key=lambda r: (-r["low"], r["product"], r["next_product"]))
    beyond = benjamini_hochberg([r["p"] for r in told])
    told = [r | {"real": real and r["next_lift"] > 1} for r, real in zip(told, beyond, strict=True)]
    return Answer(
        {"affinities": told},
        {"n": total, "pairs": len(told), "real": sum(r["real"] for r in told)},
        None if sizes else "no_lines",
    )


def _first(asker: Asker) -> sa.Subquery:
    """Return the first day each customer bought each product."""
    o, line = known.orders(asker.context()), schema.order_lines
    paid = sa.func.coalesce(o.c.status, "paid") == "paid"
    columns = (o.c.customer_id, line.c.product, sa.func.min(o.c.ordered_day).label("day"))
    named = (o.c.customer_id.is_not(None), line.c.product.is_not(None), paid, o.c.ordered_day <= literal(today(asker)))
    joined = o.join(line, sa.and_(line.c.source == o.c.source, line.c.order_id == o.c.order_id))
    return sa.select(*columns).select_from(joined).where(*named).group_by(o.c.customer_id, line.c.product).subquery("f")


def _began(asker: Asker, first: sa.Subquery, within: int) -> sa.Select[Any]:
    old = first.c.day <= literal(today(asker)) - within
    return sa.select(first.c.product, sa.func.count().label("n")).where(old).group_by(first.c.product)


def _pairs(asker: Asker, first: sa.Subquery, within: int) -> sa.Select[Any]:
    one, other = first.alias("one"), first.alias("other")
    after = sa.and_(
        other.c.customer_id == one.c.customer_id,
        other.c.product != one.c.product,
        other.c.day > one.c.day,
        other.c.day <= one.c.day + within,
    )
    columns = (one.c.product, other.c.product.label("next_product"), sa.func.count().label("n_both"))
    old = one.c.day <= literal(today(asker)) - within
    pair = (one.c.product, other.c.product)
    return sa.select(*columns).select_from(one.join(other, after)).where(old).group_by(*pair)


def _row(pair: Row, sizes: dict[str, int], led: dict[str, int], total: int) -> dict[str, Any]:
    """Return a pair with its lift over all other products that could have led there (Katz's interval)."""
    both, n = int(pair["n_both"]), sizes[pair["product"]]
    others, rest = led[pair["next_product"]] - both, total - n - sizes.get(pair["next_product"], 0)
    if not others or rest <= 0:
        return {}
    lift = (both / n) / (others / rest)
    error = sqrt(1 / both - 1 / n + 1 / others - 1 / rest)
    half = Z * error
    ends = {"low": exp(log(lift) - half), "high": exp(log(lift) + half), "p": erfc(abs(log(lift)) / error / sqrt(2))}
    return dict(pair) | {"n": n, "share": both / n, "usual": others / rest, "next_lift": lift} | ends


FOLLOWING = (
    Column("n", "count"),
    Column("n_both", "count"),
    Column("share", "share"),
    Column("usual", "share"),
    Column("next_lift", "number"),
    Column("low", "number"),
    Column("high", "number"),
)
"""How often one thing is bought after another, and how much more often than usual."""
STUDIES = (
    Study(
        "affinities",
        ("orders",),
        answer=affinities,
        heeds=("as_of",),
        options=(Option("within_days", "whole", 365), Option("least", "whole", 20)),
        shapes=(
            Shape(
                "affinities",
                (
                    Column("product", "text"),
                    Column("next_product", "text"),
                    *FOLLOWING,
                    Column("p", "number"),
                    Column("real", "flag"),
                ),
            ),
        ),
    ),
)
