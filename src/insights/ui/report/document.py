"""A report: pages one after the other in one file that needs nothing else, with what was asked of which data."""

import html
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Thread

from insights.asking import Desk
from insights.errors import UnknownName
from insights.ui.cards import downloads
from insights.ui.cards.card import Card
from insights.ui.report import pieces
from insights.ui.report.text import paragraph, tag
from insights.ui.run import Run, data, names, seen, state, t
from insights.ui.run.gather import Piece, page
from insights.ui.run.places import PAGES, Place

HERE = Path(__file__).parent
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
"""Nothing is fetched from anywhere, whatever stands in the file."""
NOT_PRINTED = ("whatif", "customer")
"""Pages made of inputs, not of numbers under filters."""
Made = Mapping[Place, Sequence[Piece]]


def printable() -> tuple[Place, ...]:
    """Return the pages a report may hold."""
    return tuple(place for place in PAGES if place.filters and place.name not in NOT_PRINTED)


def of(desk: Desk, names_: Sequence[str]) -> bytes:
    """Return the report of pages by name for who asks outside the dashboard; without days, those pages open with.

    Raises UnknownName.
    """
    known = {place.name: place for place in printable()}
    if unknown := [name for name in names_ if name not in known]:
        raise UnknownName("unknown_page", name=unknown[0], known=", ".join(known))
    view = state.View(desk.language)
    if desk.filters.since is None and desk.filters.until is None:
        days = state.span(view, data.last_day(desk))
        desk = desk.with_filters(replace(desk.filters, since=days[0], until=days[1]))
    return report(Run(desk.settings, view), desk, [known[name] for name in names_])


def report(run: Run, desk: Desk, places: Sequence[Place]) -> bytes:
    """Return the report of pages as a desk sees them, as one HTML file."""
    made = _apart(lambda: {place: _page(run, desk, place) for place in places})
    return written(replace(run, opened=desk), made).encode("utf-8")


def _page(run: Run, desk: Desk, place: Place) -> Sequence[Piece]:
    asked = desk if place.period else desk.any_time()
    if not data.speaks(asked, place):
        return [Piece(t(run, "ui.empty"))]
    return page(replace(run, page=place.name, opened=asked), place)


_NO_SCREEN = "streamlit.runtime.scriptrunner_utils.script_run_context"
"""Would warn of every element that there is no screen to draw it on."""


def _apart(make: Callable[[], Made]) -> Made:
    """Return what is made in a thread of its own, in which nothing reaches the screen."""
    made: list[Made] = []
    failed: list[Exception] = []

    def work() -> None:
        logging.getLogger(_NO_SCREEN).setLevel(logging.ERROR)
        try:
            made.append(make())
        except Exception as error:
            failed.append(error)

    worker = Thread(target=copy_context().run, args=(work,))
    worker.start()
    worker.join()
    if failed:
        raise failed[0]
    return made[0]


def written(run: Run, made: Made) -> str:
    """Return the file: contents, pages, definitions, what was asked."""
    title = f"{run.settings.company.name} · {t(run, 'report.title')}"
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        tag("title", html.escape(title)),
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        tag("style", (HERE / "report.css").read_text("utf-8")),
    ]
    body = [tag("h1", html.escape(title)), _facts(run), *(_section(run, place, of) for place, of in made.items())]
    body.append(_definitions(run, made))
    body += [tag("script", _plotly()), tag("script", (HERE / "report.js").read_text("utf-8"))]
    page = tag("head", "".join(head)) + tag("body", "".join(body))
    return f"<!doctype html>{tag('html', page, lang=run.language)}"


def _facts(run: Run) -> str:
    rows = (tag("dt", html.escape(label)) + tag("dd", html.escape(value)) for label, value in downloads.asked(run.desk))
    return tag("dl", "".join(rows))


def _section(run: Run, place: Place, of: Sequence[Piece]) -> str:
    for piece in of:
        if piece.body:
            seen.note(piece.body.rows or (piece.body.table.leads if piece.body.table else ()))
    title = tag("h1", html.escape(t(run, f"pages.{place.name}.title")))
    question = tag("p", html.escape(t(run, f"pages.{place.name}.question")), class_="reading")
    return tag("article", "".join([title, question, *pieces.every(run, of)]))


def _definitions(run: Run, made: Made) -> str:
    told = [tag("h1", html.escape(t(run, "report.definitions")))]
    told += [tag("p", f"<strong>{html.escape(name)}</strong> {paragraph(text)}") for name, text in _defined(run, made)]
    return tag("article", "".join(told))


def _defined(run: Run, made: Made) -> Iterator[tuple[str, str]]:
    every = [piece for of in made.values() for piece in of]
    for key in dict.fromkeys(pieces.metrics(every)):
        yield names.name(run, key), t(run, f"metrics.{key}.definition")
    asked = (piece.of.study[0] for piece in every if isinstance(piece.of, Card) and piece.of.study)
    for study in dict.fromkeys(asked):
        yield t(run, f"studies.{study}.name"), t(run, f"studies.{study}.definition")


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("</script", "<\\/script")
