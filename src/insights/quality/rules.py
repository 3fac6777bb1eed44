"""When a source contradicts itself so much that a KPI is refused: judged once at load, read by every query."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from insights.quality.columns import DURATIONS, RESOLUTION, START, Columns, touched
from insights.quality.forms import tickets
from insights.quality.model import Check
from insights.quality.results import Fetch, check
from insights.quality.tickets import COUNTS, OUT_OF_ORDER, START_UNKNOWN
from insights.schema import verdicts as table
from insights.sql import constants

ENOUGH = 30
"""Fewer rows judge nobody: a handful of odd tickets is not an incoherent export."""
IMPOSSIBLE = 0.10
"""Nothing is solved or answered before it exists; real exports show up to 3 %, mixed-up clocks or zones far more."""
AT_ONCE = 0.90
"""Telephone desks close much on the spot; where nearly all do, the solve time is a copy of the creation time."""
ABSENT = 0.50
"""When most rows have no date, whatever is counted by date describes the minority."""


@dataclass(frozen=True, eq=False)
class Rule:
    """From which failing share of a source its columns are not believed; `n` and `failing` are aggregates."""

    reason: str
    n: sa.ColumnElement[int]
    failing: sa.ColumnElement[int]
    at_least: float
    discredits: Columns

    @property
    def refuses(self) -> tuple[str, ...]:
        """Return the KPIs refused: those that read a discredited column."""
        return touched(self.discredits)


def _by(of: Check, at_least: float, discredits: Columns) -> Rule:
    n, failing = (sa.func.count(sa.case((rows, 1))) for rows in (of.looked, sa.and_(of.looked, of.condition)))
    return Rule(of.key, n, failing, at_least, discredits)


def _one_moment() -> Rule:
    """Return the rule against a creation time that is the same for every ticket: the export's, not the ticket's."""
    created = sa.case((COUNTS, tickets.c.created_at))
    n = sa.func.count(created)
    return Rule("one_moment", n, sa.case((sa.func.min(created) == sa.func.max(created), n), else_=0), 1.0, DURATIONS)


RULES: tuple[Rule, ...] = (
    _by(check("tickets.reply_after_solve"), OUT_OF_ORDER, DURATIONS),
    _by(check("tickets.solved_before_created"), IMPOSSIBLE, DURATIONS),
    _by(check("tickets.replied_before_created"), IMPOSSIBLE, DURATIONS),
    _by(check("tickets.negative_reported"), IMPOSSIBLE, DURATIONS),
    _by(check("tickets.solved_at_once"), AT_ONCE, RESOLUTION),
    _by(check("tickets.no_created_at"), ABSENT, START),
    _by(START_UNKNOWN, ABSENT, DURATIONS),
    _one_moment(),
)
"""All rules read tickets, so that one scan judges them all."""


@dataclass(frozen=True)
class Verdict:
    """Why a KPI is refused for a source: the check that fails, and for which share of n rows."""

    source: str
    metric: str
    reason: str
    share: float
    n: int


def _failed() -> sa.Subquery:
    """Return the rules that fail, by source: source, reason, n, failing."""
    names = [(f"n{i}", f"failing{i}") for i in range(len(RULES))]
    counts = [c for (n, f), rule in zip(names, RULES, strict=True) for c in (rule.n.label(n), rule.failing.label(f))]
    judged = sa.select(tickets.c.source, *counts).group_by(tickets.c.source).cte("judged")
    return sa.union_all(
        *(
            sa.select(
                judged.c.source,
                sa.literal_column(f"'{rule.reason}'", sa.Text()).label("reason"),
                judged.c[n].label("n"),
                judged.c[f].label("failing"),
            ).where(judged.c[n] >= ENOUGH, judged.c[f] >= rule.at_least * judged.c[n])
            for (n, f), rule in zip(names, RULES, strict=True)
        )
    ).subquery("failed")


def _judgement(reasons: Collection[str]) -> sa.Select[Any]:
    """Return the select of the verdicts of these reasons: source, metric, reason, share, n."""
    failed = _failed()
    pairs = [(rule.reason, metric) for rule in RULES if rule.reason in reasons for metric in rule.refuses]
    refused = constants("refused", [sa.column("reason", sa.Text()), sa.column("metric", sa.Text())], pairs)
    share = (sa.cast(failed.c.failing, sa.Double()) / failed.c.n).label("share")
    joined = failed.join(refused, refused.c.reason == failed.c.reason)
    return sa.select(failed.c.source, refused.c.metric, failed.c.reason, share, failed.c.n).select_from(joined)


def suspicion() -> sa.Select[Any]:
    """Return the select of the rules that fail in any source; of most files it finds none."""
    return sa.select(_failed().c.reason).distinct()


def judge(run: Callable[[sa.Executable], Iterable[Sequence[Any]]]) -> None:
    """Fill the verdicts table anew; called once by the load, after the derived columns are there.

    Which KPIs a rule refuses is worked out only for rules that fail: most files are honest.
    """
    run(sa.delete(table))
    if reasons := {reason for (reason,) in run(suspicion())}:
        run(sa.insert(table).from_select(["source", "metric", "reason", "share", "n"], _judgement(reasons)))


def verdicts(fetch: Fetch) -> dict[str, tuple[Verdict, ...]]:
    """Return by metric key the sources it is refused for, the gravest reason first; most metrics are not in it."""
    query = sa.select(table.c.source, table.c.metric, table.c.reason, table.c.share, table.c.n)
    found: dict[str, tuple[Verdict, ...]] = {}
    for row in sorted(fetch(query), key=lambda r: (r["source"], -r["share"], r["reason"], r["metric"])):
        verdict = Verdict(**row)
        found[verdict.metric] = (*found.get(verdict.metric, ()), verdict)
    return found
