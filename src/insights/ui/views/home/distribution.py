"""How the rows of a metric spread over durations or scores, on the explore page: all together or by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.metrics import METRICS
from insights.metrics.number import Member
from insights.studies.within import HOURS
from insights.ui.cards.card import Body, nothing
from insights.ui.run import Rows, data, names, t
from insights.ui.run.steps import Group
from insights.ui.views.home.answers import MOST_MEMBERS, said
from insights.ui.views.home.asked import Asked

Members = tuple[tuple[str, Member], ...]


@dataclass(frozen=True)
class Spread:
    """Where the rows of each group lie: the share at each head, how many rows, and the mark of each head."""

    heads: Sequence[str]
    shares: Mapping[Members, Sequence[float]]
    n: Mapping[Members, int]
    marks: Sequence[Group]
    rows: Rows


def distribution(desk: Desk, asked: Asked) -> Body:
    """Return the shares as bars, or with one line of cells for each of the largest groups."""
    extras = dict(METRICS[asked.first].base.extras)
    if METRICS[asked.first].unit == "seconds":
        found = _over_durations(desk, asked)
    elif "score" in extras:
        found = _over_scores(desk, asked)
    else:
        return nothing(desk, t(desk, "pages.explore.no_distribution", metric=names.name(desk, asked.first)), "info")
    least = desk.settings.thresholds.hide_below
    known = sorted((group for group, n in found.n.items() if n >= least), key=lambda group: -found.n[group])
    if not known:
        return nothing(desk)
    return _cells(desk, found, known) if known[0] else _bars(desk, found)


def _bars(desk: Desk, found: Spread) -> Body:
    shares = found.shares[()]
    told = "; ".join(f"{h}: {names.percent(desk, s)}" for h, s in zip(found.heads, shares, strict=True))
    figure = charts.columns(found.heads, shares, "share", desk.language)
    note = f"n = {names.count(desk, found.n[()])}"
    return Body(figure, alt=told, rows=found.rows, notes=[note], groups=found.marks, least_width=60 * len(shares))


def _cells(desk: Desk, found: Spread, known: Sequence[Members]) -> Body:
    shown, rest, hidden = known[:MOST_MEMBERS], len(known) - MOST_MEMBERS, len(found.n) - len(known)
    rows = {g: f"{' · '.join(said(desk, *m) for m in g)} · n = {names.count(desk, found.n[g])}" for g in shown}
    cells = {(rows[g], head): s for g in shown for head, s in zip(found.heads, found.shares[g], strict=True)}
    top = max(cells, key=lambda at: cells[at])
    least = desk.settings.thresholds.hide_below
    notes = [t(desk, "ui.more_groups", count=rest)] if rest > 0 else []
    notes += [t(desk, "pages.explore.hidden", hidden=names.count(desk, hidden), least=least)] if hidden else []
    return Body(
        charts.grid(list(rows.values()), found.heads, cells, "share", desk.language),
        alt=f"{' · '.join(top)}: {names.percent(desk, cells[top])}",
        rows=found.rows,
        notes=notes,
        tall=True,
        groups=[(*mark, *g) for g in shown for mark in found.marks],
        least_width=220 + 62 * len(found.heads),
    )


def _over_durations(desk: Desk, asked: Asked) -> Spread:
    edges = tuple(hours * 3600 for hours in HOURS)
    rows = data.study(desk, "within", metric=asked.first, by=asked.cut, edges=edges).rows
    upto: dict[Members, list[float]] = {}
    n: dict[Members, int] = {}
    for row in rows:
        group = _group(row, asked.cut)
        upto.setdefault(group, []).append(row["value"] or 0.0)
        n[group] = row["n"]
    shares = {group: [b - a for a, b in pairwise([0.0, *values, 1.0])] for group, values in upto.items()}
    heads = [f"≤ {texts.duration(e, desk.language)}" for e in edges] + [f"> {texts.duration(edges[-1], desk.language)}"]
    return Spread(heads, shares, n, [(("metric", asked.first),)] * len(heads), rows)


def _group(row: Mapping[str, Any], cut: Sequence[str]) -> Members:
    return tuple((name, row[name]) for name in cut)


def _over_scores(desk: Desk, asked: Asked) -> Spread:
    """Return the spread over the scores given; a split by score would be the same once more."""
    cut = tuple(name for name in asked.cut if name != "score")
    found = [n for n in data.values(desk, [asked.first], by=[*cut, "score"]) if n.n and n.member("score") is not None]
    scores = sorted({n.member("score") for n in found}, key=lambda score: float(score or 0))
    counts: dict[Members, dict[Member, int]] = {}
    for number in found:
        group = tuple((name, number.member(name)) for name in cut)
        counts.setdefault(group, {})[number.member("score")] = number.n
    n = {group: sum(of.values()) for group, of in counts.items()}
    shares = {group: [of.get(score, 0) / n[group] for score in scores] for group, of in counts.items()}
    marks: list[Group] = [(("metric", asked.first), ("score", score)) for score in scores]
    rows: Rows = [
        {**dict(group), "score": score, "n": of.get(score, 0), "value": of.get(score, 0) / n[group]}
        for group, of in counts.items()
        for score in scores
    ]
    return Spread([said(desk, "score", score) for score in scores], shares, n, marks, rows)
