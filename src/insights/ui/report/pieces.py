"""The pieces of a page as HTML: cards with figure, table and notes; tiles with change, n, interval and target."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from insights.charts.look import Figure
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.cards.tiles import Count, Tile
from insights.ui.report.palette import coloured
from insights.ui.report.text import paragraph, tag
from insights.ui.run import Reader, names, t
from insights.ui.run.gather import Piece

MOST_ROWS, MOST_COLUMNS = 25, 10
"""What a printed page shows of a table: files of the dashboard hold all."""


def every(to: Reader, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the pieces of a page, tiles that follow each other side by side."""
    tiles: list[str] = []
    for piece in pieces:
        if isinstance(piece.of, Tile | Count):
            tiles.append(_tile(piece.of) if isinstance(piece.of, Tile) else _count(piece.of))
            continue
        if tiles:
            yield tag("div", "".join(tiles), class_="tiles")
        tiles = []
        yield _card(to, piece) if isinstance(piece.of, Card) else tag("p", paragraph(str(piece.of)), class_="note")
    if tiles:
        yield tag("div", "".join(tiles), class_="tiles")


def _tile(of: Tile) -> str:
    desk, number = of.desk, of.number
    shown = [tag("h3", html.escape(of.label or names.short(desk, of.key)))]
    value = names.said_briefly(desk, None if of.hidden else number.value, of.key)
    shown.append(tag("p", html.escape(value), class_="value"))
    if of.delta is not None:
        before = f"{t(desk, 'ui.previous_period')} {names.said(desk, number.previous, of.key)}"
        shown.append(tag("p", html.escape(f"{names.said_change(desk, of.delta, of.key)} · {before}")))
    shown += [tag("p", html.escape(line)) for line in _about(of)]
    return tag("section", "".join(shown), class_="tile")


def _about(of: Tile) -> Iterator[str]:
    desk, number = of.desk, of.number
    if not of.counted:
        yield f"n = {names.count(desk, number.n)}"
    if number.low is not None and number.high is not None and not of.hidden:
        low, high = (names.said(desk, end, of.key) for end in (number.low, number.high))
        yield t(desk, "ui.interval", low=low, high=high)
    if (met := names.reached(desk, number.value, of.key)) is not None and not of.hidden:
        yield f"{'✓' if met else '⚑'} {t(desk, 'ui.target')} {names.said_target(desk, of.key)}"


def _count(of: Count) -> str:
    shown = tag("h3", html.escape(of.label)) + tag("p", html.escape(of.value), class_="value")
    return tag("section", shown + (tag("p", paragraph(of.note)) if of.note else ""), class_="tile")


def _card(to: Reader, piece: Piece) -> str:
    card: Card = piece.of
    shown = [tag("h2", html.escape(card.heading(piece.picked)))]
    shown += [tag("p", paragraph(card.reading), class_="reading")] if card.reading else []
    if piece.body is None:
        return tag("section", "".join([*shown, tag("p", html.escape(t(to, "ui.page_failed_text")))]), class_="card")
    body: Body = piece.body
    told = [body.text, *(sentence.text for sentence in body.sentences)]
    told = told if body.figure or body.table or any(told) else [body.alt]
    shown += [tag("p", paragraph(text)) for text in (*told, *body.warnings) if text]
    shown += [tag("p", paragraph(body.reading), class_="reading")] if body.reading else []
    shown += [_figure(body.figure, body.alt)] if body.figure else []
    shown += [_table(to, body.table)] if body.table else []
    shown += [tag("p", paragraph(note), class_="reading") for note in body.notes]
    return tag("section", "".join(shown), class_="card")


def _figure(figure: Figure, alt: str) -> str:
    height = int(figure["layout"].get("height") or 310)
    held = json.dumps(coloured(figure), ensure_ascii=False).replace("<", "\\u003c")
    script = tag("script", held, type="application/json")
    return tag("div", script, class_="figure", role="img", aria_label=alt, style=f"height:{height}px")


def _table(to: Reader, table: Table) -> str:
    written = {name: column for name, column in table.columns.items() if column.kind not in ("area", "link")}
    columns = dict(list(written.items())[:MOST_COLUMNS])
    head = "".join(tag("th", html.escape(column.label), scope="col") for column in columns.values())
    rows = [_row(to, columns, row) for row in table.rows[:MOST_ROWS]]
    made = tag("table", tag("thead", tag("tr", head)) + tag("tbody", "".join(rows)))
    if len(table.rows) <= MOST_ROWS:
        return made
    shown, total = names.count(to, MOST_ROWS), names.count(to, len(table.rows))
    return made + tag("p", html.escape(t(to, "report.first_rows", shown=shown, total=total)), class_="reading")


def _row(to: Reader, columns: Mapping[str, Column], row: Mapping[str, Any]) -> str:
    cells = (_cell(to, column, row.get(name)) for name, column in columns.items())
    return tag("tr", "".join(cells))


def _cell(to: Reader, column: Column, value: Any) -> str:
    right = column.right or column.kind in ("number", "percent") or isinstance(value, int | float)
    return tag("td", html.escape(tables.written(to, column, value)), **({"class_": "right"} if right else {}))


def metrics(pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the metrics a page's pieces are about."""
    for piece in pieces:
        if isinstance(piece.of, Tile):
            yield piece.of.key
        elif isinstance(piece.of, Card) and (key := piece.of.metric(piece.picked)):
            yield key
