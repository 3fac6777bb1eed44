"""The SELECTs of whole distributions: the order statistics that enclose a quantile, and how many reach each edge."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql
from insights.metrics.core import Metric, flag
from insights.metrics.selects import sides
from insights.metrics.selects.numbers import part
from insights.metrics.selects.question import Counted, Question, counted
from insights.sql import Column

Ranks = Mapping[tuple[str, int], tuple[int, int]]
"""(metric key, n) → ranks of the two order statistics that bound its quantile."""
SIDES = ("low", "high")


def bounds(asked: Question, ranks: Sequence[Ranks]) -> sa.Select[Any]:
    """Return the SELECT of the order statistics that enclose each quantile, by n of the group; `ranks` of each side."""
    rows = counted(asked)
    return _by_group(asked, rows, dict(ChainMap(*map(dict, ranks)))) if asked.keys else _of_all(asked, rows, ranks)


def _of_all(asked: Question, rows: Counted, ranks: Sequence[Ranks]) -> sa.Select[Any]:
    """Return the bounds of one group: its ranks are constants, which spares the sorting."""
    return sa.select(
        *(
            sql.order_statistic(of(rows.column[m.key]), pair[place], n).label(f"{part(asked, m, end)}{suffix}")
            for (suffix, of), own in zip(sides.views(rows.rows, asked.beside), ranks, strict=True)
            for m in asked.metrics
            for (key, n), pair in own.items()
            if key == m.key
            for place, end in enumerate(SIDES)
        )
    )


def _by_group(asked: Question, rows: Counted, ranks: Ranks) -> sa.Select[Any]:
    groups = _sorted(asked, rows)
    source: sa.FromClause = groups
    shown: list[Column] = [groups.c[key] for key in asked.grouped]
    for metric in asked.metrics:
        name, wanted = rows.column[metric.key], _wanted(metric, ranks)
        source = source.outerjoin(wanted, wanted.c.n == groups.c[f"{name}_n"])
        values = groups.c[f"{name}_sorted"]
        shown += [sql.element(values, wanted.c[side]).label(part(asked, metric, side)) for side in SIDES]
    return sa.select(*shown).select_from(source)


def _sorted(asked: Question, rows: Counted) -> sa.Subquery:
    """Return each group's values in order, and how many they are."""
    columns = {name: rows.rows.c[name] for name in dict.fromkeys(rows.column.values())}
    ordered = [sql.sorted_values(values).label(f"{name}_sorted") for name, values in columns.items()]
    sizes = [sa.func.count(values).label(f"{name}_n") for name, values in columns.items()]
    groups = [rows.rows.c[key] for key in asked.grouped]
    return sa.select(*groups, *ordered, *sizes).group_by(*groups).subquery("groups")


def _wanted(metric: Metric, ranks: Ranks) -> sa.Subquery:
    found = [(n, *pair) for (key, n), pair in ranks.items() if key == metric.key]
    columns = [sa.column(name, sa.BigInteger()) for name in ("n", *SIDES)]
    return sql.constants(f"ranks_{metric.key}", columns, found, once=True)


def within(asked: Question, edges: Sequence[float]) -> sa.Select[Any]:
    """Return the SELECT of n and how many rows of one metric have a value up to each edge."""
    rows = counted(asked)
    added = rows.of(asked.first)
    counts = [sa.func.sum(flag(added <= edge)).label(f"within_{i}") for i, edge in enumerate(edges)]
    groups = [rows.rows.c[key] for key in asked.keys]
    selected = sa.select(*groups, sa.func.count(added).label("n"), *counts)
    return selected.group_by(*groups).order_by(*(g.asc().nulls_last() for g in groups)) if groups else selected
