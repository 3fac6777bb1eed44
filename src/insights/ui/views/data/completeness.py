"""Two cards of the quality page: which cells are filled in which month, and which days have no rows."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from insights import quality, texts
from insights.asking import Desk
from insights.charts import coverage as figures
from insights.quality import Coverage, Days
from insights.ui.cards.card import Body, Card, nothing
from insights.ui.cards.tables import heading
from insights.ui.cards.trust import WHOLE, Whole
from insights.ui.run import Reader, names, t

MONTHS = 24
WEEKS = 104
NAMED_GAPS = 12
Part = tuple[str, str]
"""A table and one of its sources."""


def coverage(desk: Desk) -> Card:
    """Return the card of the share of filled cells by column and month, for one table of one source."""
    cells = quality.coverage(Whole(desk), WHOLE)
    sizes: Counter[Part] = Counter()
    for cell in cells:
        sizes[cell.table, cell.source] += cell.n
    order = list(quality.KEY_COLUMNS)
    parts = sorted(sizes, key=lambda part: (order.index(part[0]), -sizes[part]))

    def make(picked: str) -> Body:
        return _covered(desk, cells, _part(picked)) if parts else nothing(desk)

    title, reading = t(desk, "quality.cover_title"), t(desk, "quality.cover_reading")
    return Card("coverage", desk, title, make, reading, choice=_choice(desk, parts), listed=True)


def _choice(to: Reader, parts: Iterable[Part]) -> dict[str, str]:
    return {"/".join(part): f"{table_name(to, part[0])} · {part[1]}" for part in parts}


def _part(picked: str) -> Part:
    table, _, source = picked.partition("/")
    return table, source


def table_name(to: Reader, name: str) -> str:
    """Return what a table is called."""
    return t(to, f"columns.table_{name}")


def _covered(desk: Desk, cells: Sequence[Coverage], part: Part) -> Body:
    mine = [c for c in cells if (c.table, c.source) == part]
    months = sorted({c.month for c in mine if c.month})[-MONTHS:]
    shown = [*([None] if any(c.month is None for c in mine) else []), *months]
    columns = [(c, heading(desk, c)) for c in quality.KEY_COLUMNS[part[0]]]
    said = "; ".join(f"{head} {names.percent(desk, _filled(mine, column), 0)}" for column, head in columns)
    alt = t(desk, "quality.cover_alt", table=table_name(desk, part[0]), source=part[1], columns=said)
    at = {(c.column, c.month): (c.filled, c.n) for c in mine}
    return Body(figures.coverage(columns, shown, at, desk.language), alt=alt, rows=[vars(c) for c in cells])


def _filled(cells: Sequence[Coverage], column: str) -> float:
    mine = [c for c in cells if c.column == column]
    return sum(c.filled for c in mine) / (sum(c.n for c in mine) or 1)


def gaps(desk: Desk) -> Card:
    """Return the card of the days of one table of one source, with those that should not be empty marked."""
    found = {(d.table, d.source): d for d in quality.days(Whole(desk), WHOLE)}
    # What has most gaps is what the reader came for.
    parts = sorted(found, key=lambda part: -len(found[part].gaps))
    rows = [{"table": d.table, "source": d.source, "day": day} for d in found.values() for day in d.gaps]

    def make(picked: str) -> Body:
        return _days(desk, found[_part(picked)], rows) if parts else nothing(desk)

    title, reading = t(desk, "quality.gaps_title"), t(desk, "quality.gaps_reading")
    return Card("gaps", desk, title, make, reading, choice=_choice(desk, parts), listed=True)


def _days(desk: Desk, days: Days, rows: Sequence[dict[str, object]]) -> Body:
    since = max(days.rows) - dt.timedelta(weeks=WEEKS)
    recent = {day: n for day, n in days.rows.items() if day > since}
    said = _said(desk, days)
    figure = figures.calendar(recent, [g for g in days.gaps if g > since], desk.language)
    icon = "event_busy" if days.gaps else "check_circle"
    alt = f"{table_name(desk, days.table)} · {days.source}. {said}"
    return Body(figure, alt=alt, rows=rows, notes=[f":material/{icon}: {said}"])


def _said(to: Reader, days: Days) -> str:
    first, last = (texts.day(d, to.language) for d in (min(days.rows), max(days.rows)))
    if not days.gaps:
        return t(to, "quality.gaps_none", first=first, last=last)
    listed = ", ".join(texts.day(d, to.language) for d in days.gaps[-NAMED_GAPS:])
    if (more := len(days.gaps) - NAMED_GAPS) > 0:
        listed += " " + t(to, "quality.gaps_more", count=more)
    return t(to, "quality.gaps_some", count=len(days.gaps), first=first, last=last, days=listed)
