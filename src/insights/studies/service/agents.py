"""Who serves how well, fairly: each agent against what their mix of cases lets expect, and the work each did."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from insights.stats.comparing import funnel, shrunk
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.service.rated import MIX, rated
from insights.studies.service.work import work

Cells = Sequence[tuple[Any, Any, int, int]]
"""(agent, mix of the case, good answers, answers)."""


def agents(asker: Asker, options: Options) -> Answer:
    """Return each agent's share of good answers beside the one expected of such cases, flagged beyond chance.

    Agents with fewer than `least` answers are not shown. The flags allow for how many agents are looked at.
    """
    r = rated(asker)
    keys = (r.c.agent_id, *(r.c[name] for name in MIX))
    columns = (*keys, sa.func.count().label("n"), sa.func.count().filter(r.c.good).label("good"))
    found = asker.fetch(sa.select(*columns).where(r.c.agent_id.is_not(None)).group_by(*keys))
    cells = [(f["agent_id"], tuple(f[name] for name in MIX), f["good"], f["n"]) for f in found]
    rows = judged(cells, options["least"])
    n, good = sum(c[3] for c in cells), sum(c[2] for c in cells)
    flagged = sum(row["stands_out"] for row in rows)
    facts = {"n": n, "share": good / n if n else None, "agents": len(rows), "flagged": flagged}
    sentence = None if not rows else "some" if flagged else "nobody"
    good_of = {agent: of for agent, of in _sums(cells, 0).items() if of[1] >= options["least"]}
    did, busy = work(asker, good_of)
    return Answer({"agents": rows, "work": did, "hours": busy}, facts, sentence)


def judged(cells: Cells, least: int) -> list[Row]:
    """Return each agent observed against expected from the whole house's share at each mix, worst ratio first."""
    whole, mine = _sums(cells, 1), _sums(cells, 0)
    overall = sum(g for g, _ in mine.values()) / max(1, sum(n for _, n in mine.values()))
    expected: dict[Any, float] = defaultdict(float)
    variance: dict[Any, float] = defaultdict(float)
    for agent, mix, _, n in cells:
        p = whole[mix][0] / whole[mix][1]
        expected[agent] += n * p
        variance[agent] += n * p * (1 - p)
    shown = sorted((agent for agent, (_, n) in mine.items() if n >= least), key=str)
    told = funnel([mine[a][0] for a in shown], [expected[a] for a in shown], [variance[a] for a in shown])
    prior = shrunk([mine[a][0] for a in shown], [mine[a][1] for a in shown])
    rows = [
        _row(agent, mine[agent], expected[agent], overall, prior) | {"z": one.z, "stands_out": one.stands_out}
        for agent, one in zip(shown, told, strict=True)
    ]
    return sorted(rows, key=lambda row: row["standardised"])


def _sums(cells: Cells, place: int) -> dict[Any, tuple[int, int]]:
    found: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for cell in cells:
        good, n = found[cell[place]]
        found[cell[place]] = (good + cell[2], n + cell[3])
    return found


def _row(
    agent: Any, mine: tuple[int, int], expected: float, overall: float, prior: tuple[float, float] | None
) -> dict[str, Any]:
    good, n = mine
    low, high = wilson(good, n) or (None, None)
    a, b = prior or (None, None)
    pulled = overall if a is None or b is None else (good + a) / (n + a + b)
    return {
        "agent_id": agent,
        "n": n,
        "share": good / n,
        "low": low,
        "high": high,
        "expected_share": expected / n,
        "standardised": good / expected * overall if expected else overall,
        "shrunk": pulled,
    }


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    r = rated(asker)
    listed = sa.select(r).where(r.c.agent_id.is_not(None))
    return asker.fetch(listed.order_by(r.c.answered_day, r.c.source, r.c.survey_id))


STUDIES = (
    Study(
        "agents",
        ("surveys", "tickets"),
        answer=agents,
        behind=_rows,
        options=(Option("least", "whole", 5),),
        shapes=(
            Shape(
                "agents",
                (
                    Column("agent_id", "member", "agent"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("expected_share", "share"),
                    Column("standardised", "share"),
                    Column("shrunk", "share"),
                    Column("z", "number"),
                    Column("stands_out", "flag"),
                ),
            ),
            Shape(
                "work",
                (
                    Column("agent_id", "member", "agent"),
                    Column("replies", "count"),
                    Column("solves", "count"),
                    Column("tickets", "count"),
                    Column("held", "count"),
                    Column("first_response_s", "seconds"),
                    Column("rated", "count"),
                    Column("good_share", "share"),
                ),
            ),
            Shape("hours", (Column("hour", "count"), Column("replies", "count"), Column("agents", "count"))),
        ),
    ),
)
