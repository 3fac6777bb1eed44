"""The one way a card comes onto the page: its head, its body or why there is none, its export, its details."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial

import streamlit as st

from insights.charts.look import Figure
from insights.ui.cards import details, downloads, drawn, give, sentences, studied
from insights.ui.cards.card import Body, Card
from insights.ui.run import Run, here, steps, t
from insights.ui.run.gather import gathered
from insights.ui.run.guard import guarded
from insights.ui.run.safe import literal
from insights.ui.run.steps import Group

SIDE_BY_SIDE = 5
"""Choices that fit beside a title; more are a list to open."""
FEW = range(3, 8)
"""Rows of a figure that spread over the neighbour's height; fewer or more keep their own."""


def show(*cards: Card) -> None:
    """Draw cards below each other."""
    for card in cards:
        draw(here(), card)


def beside(*cards: Card | tuple[Card, ...], widths: tuple[float, ...] = ()) -> None:
    """Draw cards, or cards below each other, beside each other, by relative widths; they stack on a phone."""
    for place, column in zip(st.columns(list(widths) or len(cards), gap="small"), cards, strict=True):
        with place:
            show(*([column] if isinstance(column, Card) else column))


def draw(run: Run, card: Card) -> None:
    """Draw a card; one that fails says so in its place."""
    with guarded(card.key, run.language), framed(run, card) as picked:
        body = card.body(picked)
        fill(run, card, body, picked)


@contextmanager
def framed(run: Run, card: Card) -> Iterator[str]:
    """Draw the frame and the head of a card around its body, and give what is picked in the head."""
    if report := gathered():
        picked = next(iter(card.choice), "")
        report.add(card, picked)
        with guarded(card.key, run.language):
            yield picked
        return
    with st.container(border=True, height="stretch", key=f"card_{card.key}", gap="xsmall"):
        picked = _head(card)
        if card.reading:
            st.caption(card.reading)
        if card.listed and card.choice:
            picked = _list(card)
        with guarded(card.key, run.language):
            yield picked


def fill(run: Run, card: Card, body: Body, picked: str = "") -> None:
    """Draw a body and keep its rows for the export."""
    if report := gathered():
        report.pieces[-1].body = body
        return
    _said(body)
    if body.figure:
        _figure(body, body.figure, card.key, _named(card, picked))
    with st.expander(body.folded, icon=":material/list:") if body.folded else nullcontext():
        _table(run, body, card.key, _named(card, picked))
    if card.desk:
        sentences.draw(card.desk, body.sentences)
    _under(run, body, card.key)
    if body.below:
        body.below()
    if body.rows:
        run.exports[card.heading(picked)] = body.rows


def _under(run: Run, body: Body, key: str) -> None:
    for note in body.notes:
        st.caption(note)
    for head, text in body.asides:
        with st.expander(head, icon=":material/menu_book:"):
            st.markdown(text)
    for place, file in enumerate(body.files):
        downloads.both(run.desk, file, f"{key}_{place}")
    for place, of in enumerate(body.downloads):
        give.button(of.label, of.content, of.file, icon=of.icon, key=f"download_{key}_{place}", help=of.help)


def _said(body: Body) -> None:
    if body.text:
        st.markdown(body.text)
    for warning in body.warnings:
        st.warning(warning, icon=":material/warning:")
    if body.reading:
        st.caption(body.reading)


def _head(card: Card) -> str:
    several = len(card.choice) > 1 and not card.listed
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="small",
        wrap=several,
        key=f"head_{card.key}",
    ):
        st.header(card.title, anchor=False, width="content" if several else "stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            picked = _pick(card) if several else next(iter(card.choice), "")
            metric, desk = card.metric(picked), card.desk
            if metric and desk:
                details.button(desk, metric, f"about_{card.key}")
            elif card.study and desk:
                studied.button(desk, card.study, f"about_{card.key}")
    return picked


def _pick(card: Card) -> str:
    options = list(card.choice)
    if len(options) > SIDE_BY_SIDE:
        return _list(card)
    picked = st.segmented_control(
        card.title,
        options,
        default=options[0],
        format_func=card.choice.__getitem__,
        key=f"pick_{card.key}",
        label_visibility="collapsed",
        required=True,
        wrap=True,
    )
    return picked or options[0]


def _list(card: Card) -> str:
    options = list(card.choice)
    picked: str | None = st.selectbox(
        card.title, options, key=f"pick_{card.key}", label_visibility="collapsed", format_func=card.choice.__getitem__
    )
    return picked or options[0]


def _named(card: Card, picked: str) -> str:
    """Return the figure's name: under other filters it is another one, in which nothing is clicked."""
    seen = zlib.crc32(repr(card.desk.filters).encode()) if card.desk else 0
    return f"{card.key}_{picked}_{seen}"


def table_key(card: Card, picked: str) -> str:
    """Return under which name the session keeps what is picked in a card's table."""
    return f"table_{_named(card, picked)}"


def _figure(body: Body, figure: Figure, card: str, key: str) -> None:
    clicked = partial(_clicked, body, f"about_{card}") if body.clickable else None
    if body.lines or body.entries:
        pressed = partial(_named_mark, f"about_{card}")
        figure = drawn.legend(figure, body.lines or body.entries, key, pressed, squares=bool(body.entries))
    if body.least_width:
        # On a phone the figure scrolls sideways in its card instead of shrinking.
        with st.grid(1, min_column_width=body.least_width, wrap=False), st.container():
            drawn.plot(figure, key=key, alt=body.alt, clicked=clicked)
    else:
        tall = body.tall and len(body.groups) not in FEW
        drawn.plot(figure, key=key, alt=body.alt, tall=tall, clicked=clicked)


def _named_mark(place: str, group: Group) -> None:
    steps.to_marks([group], place)


def _clicked(body: Body, place: str, points: Sequence[drawn.Point]) -> None:
    """Filter the page to what the clicked or framed marks stand for, or open their rows."""
    at = [(p.get("x"), int(p.get("point_index", -1)), int(p.get("curve_number", 0))) for p in points]
    if body.taken:
        body.taken(points[0])
    elif body.spans:
        if spans := [span for x, i, _ in at if (span := body.span_of(x, i)) is not None]:
            steps.to_spans(spans)
    elif groups := [group for _, i, trace in at if (group := body.mark_of(i, trace)) is not None]:
        steps.to_marks(groups, place)


def _table(run: Run, body: Body, key: str, named: str) -> None:
    if body.table is None:
        return
    alt = body.folded or body.alt
    if body.table.alone:
        drawn.alone(run, body.table, key)
    elif body.table.wraps:
        drawn.words(body.table, alt)
    elif body.picked:
        body.picked(drawn.table(body.table, alt=alt, key=named, picks=True))
    elif body.opens:
        _opening(run, body, body.opens, key)
    elif body.by_row and not body.table.leads:
        drawn.pressed(body.table, alt, named, partial(_pressed, body, f"about_{key}"))
    else:
        drawn.led(body.table, alt, key)


def _opening(run: Run, body: Body, opens: Callable[[int], tuple[str, Body]], key: str) -> None:
    if body.table and (picked := drawn.table(body.table, alt=body.alt, key=key, picks=True)) is not None:
        title, opened = opens(picked)
        st.subheader(literal(title), anchor=False)
        if group := steps.known(body.group_of(picked) or ()):
            st.button(
                t(run, "ui.filter_page"),
                icon=":material/filter_alt:",
                key=f"filter_{key}",
                on_click=steps.to_group,
                args=(group,),
            )
        _opened(run, title, opened, f"{key}_opened")


def _pressed(body: Body, place: str, row: int) -> None:
    if (group := body.group_of(row)) is not None:
        steps.to_marks([group], place)


def _opened(run: Run, title: str, body: Body, key: str) -> None:
    """Draw what a picked row opens: its words above, its table, its download."""
    _said(body)
    if body.table:
        drawn.led(body.table, body.alt or title, key)
    _under(run, body, key)
    if body.rows:
        run.exports[title] = body.rows
