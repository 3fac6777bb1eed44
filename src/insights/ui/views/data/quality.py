"""The quality page: what is refused, how fresh the data is, what contradicts itself, what was left out."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import quality, texts
from insights.asking import Desk
from insights.metrics import METRICS
from insights.ui.cards.card import Body, Card, Column, File, Table, nothing
from insights.ui.cards.tables import reason, streamed
from insights.ui.cards.tiles import Count
from insights.ui.cards.trust import WHOLE, Whole, why
from insights.ui.run import Reader, data, local, names, t
from insights.ui.run.safe import literal
from insights.ui.views.data.completeness import table_name

Row = dict[str, Any]


def summary(desk: Desk) -> list[Count]:
    """Return four counts: contradictions, refused KPIs, gaps, rejected rows."""
    return [
        Count(t(desk, f"quality.tile_{name}"), names.count(desk, value), help=t(desk, f"quality.tile_{name}_help"))
        for name, value in _counts(desk).items()
    ]


def _counts(desk: Desk) -> dict[str, int]:
    whole = Whole(desk)
    return {
        "wrong": sum(f.count for f in whole.findings() if f.severity == "wrong"),
        "refused": len(quality.verdicts(whole)),
        "gaps": sum(len(d.gaps) for d in quality.days(whole, WHOLE)),
        "aside": sum(r["count"] for r in whole(quality.set_aside()) if r["row_rejected"]),
    }


def refused(desk: Desk) -> Card:
    """Return the card of which KPIs are not shown, for which source, and why."""

    def make(_: str) -> Body:
        reasons = _refused(desk)
        if not reasons:
            return fine(t(desk, "quality.refused_none"))
        said = [f"{literal(why(desk, v))} {_refused_names(desk, keys)}" for v, keys in reasons.items()]
        rows = [
            {"source": v.source, "reason": v.reason, "share": v.share, "n": v.n, "metrics": ", ".join(keys)}
            for v, keys in reasons.items()
        ]
        return Body(warnings=said, rows=rows)

    return Card("refused", desk, t(desk, "quality.refused_title"), make, t(desk, "quality.refused_reading"))


def _refused(desk: Desk) -> dict[quality.Verdict, list[str]]:
    reasons: dict[quality.Verdict, list[str]] = {}
    for metric, verdicts in quality.verdicts(Whole(desk)).items():
        for v in verdicts:
            reasons.setdefault(quality.Verdict(v.source, "", v.reason, v.share, v.n), []).append(metric)
    return reasons


def _refused_names(to: Reader, keys: Sequence[str]) -> str:
    return t(to, "quality.refused_metrics", metrics=literal(metric_names(to, keys)))


def metric_names(to: Reader, keys: Sequence[str]) -> str:
    """Return what metrics are called, one after the other."""
    return ", ".join(names.short(to, k) for k in keys if k in METRICS)


def fine(text: str) -> Body:
    """Return the body of a card that found nothing to complain about."""
    return Body(notes=[f":material/check_circle: {text}"])


def freshness(desk: Desk) -> Card:
    """Return the card of how far each source's data reaches."""
    as_of, limit = desk.warehouse.as_of, desk.settings.thresholds.stale_after_days
    said = texts.moment(local(desk, as_of), desk.language)
    title = t(desk, "quality.fresh_title")
    reading = t(desk, "quality.fresh_reading", as_of=said, days=limit) if data.dated(desk) else ""

    def make(_: str) -> Body:
        found = quality.freshness(Whole(desk), as_of=as_of, stale_after_days=limit)
        if not found:
            return nothing(desk, t(desk, "ui.undated"))
        shown = [_fresh(desk, f) for f in found]
        return Body(table=table(desk, shown, ("rows", "age")), alt=title, rows=[vars(f) for f in found])

    return Card("fresh", desk, title, make, reading)


def _fresh(desk: Desk, of: quality.Freshness) -> Row:
    state = "no_times" if of.latest is None else "stale" if of.stale else "fresh"
    return {
        "source": of.source,
        "table": table_name(desk, of.table),
        "rows": names.count(desk, of.rows),
        "latest": texts.moment(local(desk, of.latest) if of.latest else None, desk.language),
        "age": texts.decimal_text(of.age_days, desk.language, 1),
        "state": t(desk, f"quality.{state}"),
    }


def excluded(desk: Desk) -> Card:
    """Return the card of the rows that count nowhere, by reason."""
    title = t(desk, "quality.excluded_title")

    def make(_: str) -> Body:
        rows = quality.excluded(Whole(desk), WHOLE)
        if not rows:
            return fine(t(desk, "quality.excluded_none"))
        return Body(table=table(desk, [_left_out(desk, r) for r in rows], ("rows", "share")), alt=title, rows=rows)

    return Card("excluded", desk, title, make, t(desk, "quality.excluded_reading"))


def _left_out(to: Reader, row: Mapping[str, Any]) -> Row:
    vocabulary = "order_status" if row["table"] == "orders" else "excluded"
    return {
        "table": table_name(to, row["table"]),
        "source": row["source"],
        "reason": texts.word(vocabulary, row["reason"], to.language),
        "rows": names.count(to, row["rows"]),
        "share": names.percent(to, row["rows"] / row["n"]),
    }


def rejected(desk: Desk) -> Card:
    """Return the card of what could not be read, by file and reason, with the rows as they stood in the file."""
    title, reading = t(desk, "quality.aside_title"), t(desk, "quality.aside_reading")

    def make(_: str) -> Body:
        rows = Whole(desk)(quality.set_aside())
        if not rows:
            return fine(t(desk, "quality.aside_none"))
        shown = table(desk, [_aside(desk, r) for r in rows], ("count", "of"))
        total = sum(r["count"] for r in rows)
        given = [all_rows(desk, quality.set_aside_rows(), total, "rejects", (title, reading))]
        return Body(table=shown, alt=title, rows=rows, files=given)

    return Card("aside", desk, title, make, reading)


def _aside(to: Reader, row: Mapping[str, Any]) -> Row:
    return {
        "file": row["file"],
        "reason": reason(to, row["reason"]),
        "column": row["column"] or texts.DASH,
        "what": t(to, "quality.whole_row" if row["row_rejected"] else "quality.one_cell"),
        "count": names.count(to, row["count"]),
        "of": names.count(to, row["rows_read"]),
    }


def table(to: Reader, rows: Sequence[Row], right: Sequence[str]) -> Table:
    """Return rows of words as a table with the page's headings."""
    columns = {name: Column(t(to, f"quality.{name}"), right=name in right) for name in rows[0]} if rows else {}
    return Table(columns, rows, "auto")


def all_rows(desk: Desk, select: sa.Select[Any], n: int, stem: str, meaning: tuple[str, str]) -> File:
    """Return the files of all rows of a select, whatever the page is filtered to; `n` of them."""
    return File(stem, meaning[0], lambda: streamed(desk, select), n, meaning, whole=True)
