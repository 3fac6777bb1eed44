"""Whether those who rate are like those who were asked and stayed silent, and what the number is of all asked."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

import sqlalchemy as sa

from insights.stats.intervals import Z
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.voice.ratings import FAST_HOURS, SOLVED_HOURS, counted, held, with_answer, with_ticket
from insights.studies.voice.sides import Sides, counts, every, standing

MIX = ("kind", "channel", "priority", "segment")
"""What the number of all asked is weighted by."""


def raters(asker: Asker, options: Options) -> Answer:
    """Return each trait's share among raters and among the silent, and good answers weighted to all who were asked."""
    of = _asked(asker, options)
    traits, cells, (sizes,) = asker.fetch_each(counts(of, of.c.value == 1), _cells(of), _sizes(of))
    rows = judged(every(traits, options["least"]), sizes["n"], sizes["rated"])
    weighted = reweighted([(r["n"], r["rated"], r["hits"]) for r in cells])
    facts: dict[str, Any] = {"differing": sum(r["stands"] for r in rows), "traits": len(rows), **weighted}
    return Answer({"raters": rows}, facts, None if not rows else "differ" if facts["differing"] else "alike")


def _asked(asker: Asker, options: Options) -> sa.CTE:
    answers = with_answer(asker, counted(asker, "resp_rate"))
    csat = sa.select(answers).where(answers.c.asked == "csat").subquery("asked")
    lived = with_ticket(asker, csat, options["fast_hours"], options["solved_hours"])
    return sa.select(lived).cte("asked_and_lived")


def _sizes(of: sa.CTE) -> sa.Select[Any]:
    n: list[sa.ColumnElement[Any]] = [
        sa.func.count().label("n"),
        sa.func.count().filter(of.c.value == 1).label("rated"),
    ]
    return sa.select(*n).select_from(of)


def judged(sides: Sequence[Sides], n: int, rated: int) -> list[Row]:
    """Return the traits, those that set raters apart first: their share among raters and among the silent.

    Who answers by trait and who has the trait by answer are one table read two ways, so one test serves both.
    """
    rows = [_row(of, stands) for of, stands in zip(sides, standing(sides), strict=True)]
    least = min(rated, n - rated)
    return (
        sorted(rows, key=lambda r: (not r["stands"], -abs(r["value"] or 0), r["about"], r["member"])) if least else []
    )


def _row(of: Sides, stands: bool) -> Row:
    silent, silent_n = of.n - of.hits, of.n + of.other_n - of.hits - of.other_hits
    turned = Sides(of.about, of.member, of.hits, of.hits + of.other_hits, silent, silent_n)
    known = turned.n and turned.other_n
    found = turned.difference() if known else {"value": None, "low": None, "high": None}
    return {
        "about": of.about,
        "member": of.member,
        "n": of.n,
        "answered_share": of.hits / of.n,
        "share_raters": turned.hits / turned.n if known else None,
        "share_silent": silent / silent_n if known else None,
        **found,
        "p": of.p,
        "stands": stands,
    }


def _cells(of: sa.CTE) -> sa.Select[Any]:
    keys = [held(of, name) for name in MIX]
    told = of.c.good.is_not(None)
    columns: list[sa.ColumnElement[Any]] = [
        sa.func.count().label("n"),
        sa.func.count().filter(told).label("rated"),
        sa.func.count().filter(of.c.good).label("hits"),
    ]
    return sa.select(*columns).select_from(of).group_by(*keys).order_by(*keys)


def reweighted(cells: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Return good answers as they are and weighted to the mix of all asked, from (asked, rated, good) per cell.

    Cells nobody rated stand for nothing: `covered` says which share of those asked the weighted number speaks of.
    """
    usable = [c for c in cells if c[1]]
    asked, rated = sum(c[0] for c in usable), sum(c[1] for c in usable)
    if not rated:
        return {"n": 0, "csat": None, "weighted": None, "low": None, "high": None, "covered": None}
    value = sum(n * hits / of for n, of, hits in usable) / asked
    spread = [(n / asked) ** 2 * _variance(hits, of) for n, of, hits in usable]
    half = Z * sqrt(sum(spread))
    return {
        "n": rated,
        "csat": sum(c[2] for c in usable) / rated,
        "weighted": value,
        "low": max(0.0, value - half),
        "high": min(1.0, value + half),
        "covered": asked / sum(c[0] for c in cells),
    }


def _variance(hits: int, n: int) -> float:
    # A cell of few answers, all alike, has no zero variance: half an answer is added to either side.
    p = (hits + 0.5) / (n + 1)
    return p * (1 - p) / n


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    of = _asked(asker, options)
    return asker.fetch(
        sa.select(*(c for c in of.c if c.name != "good")).order_by(of.c.day, of.c.source, of.c.survey_id)
    )


STUDIES = (
    Study(
        "raters",
        ("surveys",),
        answer=raters,
        behind=_rows,
        options=(Option("least", "whole", 20), FAST_HOURS, SOLVED_HOURS),
        shapes=(
            Shape(
                "raters",
                (
                    Column("about", "word", "trait"),
                    Column("member", "text"),
                    Column("n", "count"),
                    Column("answered_share", "share"),
                    Column("share_raters", "share"),
                    Column("share_silent", "share"),
                    Column("value", "difference"),
                    Column("low", "difference"),
                    Column("high", "difference"),
                    Column("p", "number"),
                    Column("stands", "flag"),
                ),
            ),
        ),
    ),
)
