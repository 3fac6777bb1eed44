"""What a reader of masked data is told of few people: nothing of a small group, and no count that a difference betrays.

Counts are rounded to multiples of the least group, shares and scores are made of rounded counts, amounts are rounded to
about what the least group amounts to. Whatever two answers are subtracted, what is left is a multiple again.
"""

import math
from dataclasses import replace
from typing import Any

from insights.asking.cells import Cell, Cells
from insights.metrics import Metric
from insights.stats import intervals as stats
from insights.studies import Row, Shape, StudyResult


def rounded(cells: Cells, metric: Metric, least: int) -> Cells:
    """Return the cells as a reader of masked data may know them."""
    return {group: _rounded(cell, metric, least) for group, cell in cells.items()} if least > 1 else cells


def _rounded(cell: Cell, metric: Metric, least: int) -> Cell:
    if cell.n < least:
        return replace(Cell(), n=0, withheld=cell.n > 0)
    kept = replace(cell, n=_to(cell.n, least), reported=None)
    if metric.measure == "share":
        return _share(kept, cell, least)
    if metric.measure == "nps":
        return _score(kept, cell, least)
    if metric.measure == "count":
        return replace(kept, value=_counted(cell, metric, least))
    return kept


def _share(kept: Cell, cell: Cell, least: int) -> Cell:
    hits = min(_to(cell.hits or 0, least), kept.n)
    low, high = stats.wilson(hits, kept.n) or (None, None)
    return replace(kept, hits=hits, value=hits / kept.n, low=low, high=high)


def _score(kept: Cell, cell: Cell, least: int) -> Cell:
    up, down = (_to(n or 0, least) for n in (cell.promoters, cell.detractors))
    low, high = stats.nps_interval(up, down, kept.n) or (None, None)
    value = 100 * (up - down) / kept.n
    return replace(kept, promoters=up, detractors=down, value=value, low=low, high=high)


def _counted(cell: Cell, metric: Metric, least: int) -> float | None:
    """Return a count or an amount, as coarse as the least group makes it."""
    if cell.value is None:
        return None
    if metric.unit == "count":
        return _to(cell.value, least)
    part = abs(float(cell.value)) * least / cell.n
    step = 10 ** math.ceil(math.log10(part)) if part else 1
    return float(round(float(cell.value) / step) * step)


def _to(count: float, least: int) -> int:
    return int(least * math.floor(count / least + 0.5))


_NAMES = frozenset({"text", "word", "member", "day", "moment"})
_STEPS = frozenset({"hour", "hours", "days", "months", "repeats", "k"})
"""Numbers that say which group a row is about, where they lead it."""
OF_NOBODY = frozenset(
    {
        "after_days",
        "gone_days",
        "kept_days",
        "days",
        "hours",
        "weeks",
        "months",
        "within_days",
        "seconds",
        "baseline",
        "least",
        "k",
        "agents",
        "campaigns",
        "measured",
        "real",
        "better",
        "worse",
        "differing",
        "flagged",
        "standing",
        "traits",
        "signals",
        "pairs",
        "size",
    }
)
"""Whole numbers beside an answer that count no people and none of their cases; every other one is rounded."""


def study_rounded(result: StudyResult, least: int) -> StudyResult:
    """Return a study's answer as a reader of masked data may know it: rows that count people, of enough of them."""
    if least <= 1:
        return result
    tables = {s.name: [_row(row, s, least) for row in result.tables[s.name]] for s in result.shapes}
    facts = {name: _fact(name, value, least) for name, value in result.facts.items()}
    return replace(result, tables={**result.tables, **tables}, facts=facts)


def _fact(name: str, value: Any, least: int) -> Any:
    counts = isinstance(value, int) and not isinstance(value, bool) and name not in OF_NOBODY
    return _to(value, least) if counts else value


def _row(row: Row, shape: Shape, least: int) -> Row:
    if row.get("customer_id") is not None:  # a row about one person is no group: its counts are that person's
        return row
    units = {column.name: column.unit for column in shape.columns}
    leads = {name for place, name in enumerate(units) if units[name] in _NAMES or (place < 3 and name in _STEPS)}
    counted = [n for name in ("n", "customers", "tickets") if isinstance(n := row.get(name), int)]
    if counted and 0 < min(counted) < least:
        return {name: value if name in leads else None for name, value in row.items()}
    counts = {name for name, unit in units.items() if unit == "count"} - leads
    return {
        name: _to(value, least) if name in counts and isinstance(value, int) else value for name, value in row.items()
    }
