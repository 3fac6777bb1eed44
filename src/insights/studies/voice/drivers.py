"""What goes with good and bad ratings: each trait's share of good answers against all others', beyond chance or not."""

from collections.abc import Sequence
from typing import Any

from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.voice.ratings import FAST_HOURS, SOLVED_HOURS, counted, with_ticket
from insights.studies.voice.sides import Sides, counts, every, standing


def drivers(asker: Asker, options: Options) -> Answer:
    """Return each trait with the difference in good answers, and how many points of the whole it explains."""
    of = with_ticket(asker, counted(asker, "csat"), options["fast_hours"], options["solved_hours"])
    rows = judged(every(asker.fetch(counts(of, of.c.value == 1)), options["least"]))
    stand = [r for r in rows if r["stands"]]
    facts: dict[str, Any] = {"traits": len(rows), "standing": len(stand)}
    if not stand:
        return Answer({"drivers": rows}, facts, "none" if rows else "few")
    return Answer({"drivers": rows}, facts, "some")


def judged(sides: Sequence[Sides]) -> list[Row]:
    """Return the traits, those that stand first, then by what they take from or add to the whole."""
    rows = [_row(of, stands) for of, stands in zip(sides, standing(sides), strict=True)]
    return sorted(rows, key=lambda r: (not r["stands"], r["explains"], r["about"], r["member"]))


def _row(of: Sides, stands: bool) -> Row:
    found = of.difference()
    share, other = of.hits / of.n, of.other_hits / of.other_n
    explains = found["value"] * of.n / (of.n + of.other_n)
    return {
        "about": of.about,
        "member": of.member,
        "n": of.n,
        "share": share,
        "n_others": of.other_n,
        "share_others": other,
        **found,
        "explains": explains,
        "p": of.p,
        "stands": stands,
    }


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    return asker.rows("csat")


STUDIES = (
    Study(
        "drivers",
        ("surveys",),
        answer=drivers,
        behind=_rows,
        options=(Option("least", "whole", 20), FAST_HOURS, SOLVED_HOURS),
        shapes=(
            Shape(
                "drivers",
                (
                    Column("about", "word", "trait"),
                    Column("member", "text"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("n_others", "count"),
                    Column("share_others", "share"),
                    Column("value", "difference"),
                    Column("low", "difference"),
                    Column("high", "difference"),
                    Column("explains", "difference"),
                    Column("p", "number"),
                    Column("stands", "flag"),
                ),
            ),
        ),
    ),
)
