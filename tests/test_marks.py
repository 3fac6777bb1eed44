"""Every mark of every chart is known to stand for something: a click filters the page to it or opens its rows."""

import ast
import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from test_cards import every

from insights import charts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.schema import UNSOLVED
from insights.studies.promises.clocks import BROKEN, RUNNING
from insights.ui.cards import listing
from insights.ui.cards.card import Body, Card
from insights.ui.kinds.spread import ages, scores, week
from insights.ui.run import names, state, steps
from insights.ui.run.state import View
from insights.ui.views.service import promises
from insights.warehouse.reader import Warehouse

UI = Path(__file__).parents[1] / "src" / "insights" / "ui"
YEAR = Filters(since=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
STAND_FOR = {"groups", "lines", "spans", "taken"}
NOT_CLICKED = {
    "views/service/ticket.py": "it is one ticket's story: there is nothing further to open",
    "views/data/own_sql.py": "rows of a reader's own SELECT stand for nothing a page could be filtered by",
    "views/data/calendars.py": "a day of a calendar has no rows",
    "views/data/completeness.py": "a cell counts what is filled, a day what is missing: there are no rows to open",
    "views/data/reconciliation.py": "the rows of the table below it open the same tickets",
}
MADE = {name: getattr(getattr(charts, name), "__annotations__", {}).get("return") for name in charts.__all__}
KINDS = {name for name, kind in MADE.items() if kind == charts.Figure}
OF_ONE_TICKET = {"timeline"}
IN_THE_DRAWER = {"waterfall"}


@pytest.fixture
def desk(small: Warehouse) -> Desk:
    return Desk(small, YEAR, EVERYTHING, "en")


def drawn() -> Iterator[tuple[str, ast.Call]]:
    """Yield every body with a figure that a card makes, and the file it is made in."""
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Body"
                and (node.args or any(word.arg == "figure" for word in node.keywords))
            ):
                yield str(path.relative_to(UI)), node


def test_a_card_that_draws_a_figure_says_what_its_marks_stand_for() -> None:
    silent = {name for name, call in drawn() if not STAND_FOR & {word.arg for word in call.keywords}}
    assert silent == set(NOT_CLICKED)


def test_every_kind_of_chart_is_drawn_where_marks_stand_for_something() -> None:
    assert len(KINDS) > 15
    speaking = {name for name, call in drawn() if STAND_FOR & {word.arg for word in call.keywords}}
    texts = "".join((UI / name).read_text("utf-8") for name in speaking)
    assert {kind for kind in KINDS if f"charts.{kind}(" not in texts} == {"year"} | OF_ONE_TICKET | IN_THE_DRAWER


def marks(body: Body) -> int:
    """Return how many marks the figure has that can be clicked: a band cannot, it lets the pointer through."""
    assert body.figure
    drawn = [trace for trace in body.figure["data"] if trace["type"] != "heatmap" and trace.get("hoverinfo") != "skip"]
    each = [len(trace.get("x") or trace.get("y") or ()) for trace in drawn]
    return len(each) if body.lines else sum(each) if body.layered else max(each)


def test_there_is_one_group_for_each_mark(desk: Desk) -> None:
    for card in every(desk):
        body = card.body()
        if body.figure and not (body.spans or body.taken):
            assert len(body.lines or body.groups) == marks(body), card.key


def test_a_cell_opens_exactly_the_rows_it_counts(desk: Desk) -> None:
    body = week(desk, "created").body()
    counted = {(row["weekday"], row["hour"]): row["value"] for row in body.rows}
    for group in body.groups:
        inside = tuple((name, steps.code(member)) for name, member in group)
        rows = desk.fetch(listing.asked(desk, "created", inside=inside))
        assert len(rows) == counted.get((dict(group)["weekday"], dict(group)["hour"]), 0)
        assert listing.part(desk, "created", inside).n == len(rows)


@pytest.mark.parametrize("kind", ["scores", "ages"])
def test_a_part_of_a_bar_opens_exactly_the_rows_it_counts(desk: Desk, kind: str) -> None:
    card = ages(desk, "ageing", title="T") if kind == "ages" else scores(desk, "csat", "channel", title="T")
    body = card.body()
    assert body.groups
    for group in body.groups:
        key = str(dict(group).get("metric", card.about))
        inside = listing.splits(desk, key, tuple((name, steps.code(member)) for name, member in group))
        counted = sum(row["value"] for row in body.rows if all(row[name] == member for name, member in group))
        assert len(desk.fetch(listing.asked(desk, key, inside=inside))) == counted, group


def test_an_entry_of_a_stacked_legend_lists_its_part_of_every_bar(desk: Desk) -> None:
    body = scores(desk, "csat", "channel", title="Title").body()
    assert body.figure
    assert len(body.entries) == len(body.figure["data"]) > 1
    for group in body.entries:
        key, score = dict(group)["metric"], dict(group)["score"]
        inside = listing.splits(desk, str(key), (("score", steps.code(score)),))
        counted = sum(row["value"] for row in body.rows if row["score"] == score)
        assert len(desk.fetch(listing.asked(desk, str(key), inside=inside))) == counted > 0


def marked(desk: Desk, card: Card, group: steps.Group) -> list[Mapping[str, Any]]:
    """Return the rows the drawer of a card's study lists for a mark."""
    assert card.study
    rows = desk.study_rows(card.study[0], **dict(card.study[1]))
    return [row for row in rows if all(row[name] == member for name, member in group)]


def test_a_part_of_a_promise_and_its_legend_open_the_clocks_that_ended_so(desk: Desk) -> None:
    card = promises.outcomes(desk)
    body = card.body()
    assert body.figure
    parts = {end: sum(row[end] for row in body.rows) for end in promises.ENDS}
    assert {dict(g)["outcome"]: len(marked(desk, card, g)) for g in body.entries if g} == parts
    for group in body.groups:
        told = dict(group)
        row = next(r for r in body.rows if (r["policy"], r["promise"]) == (told["policy"], told["promise"]))
        assert len(marked(desk, card, group)) == (row[told["outcome"]] if "outcome" in told else sum(parts.values()))


def test_a_state_of_the_time_tickets_took_opens_those_it_held_longest(desk: Desk) -> None:
    card = promises.status_time(desk, "team")
    body = card.body()
    held = [row for group in body.entries for row in marked(desk, card, group)]
    every = marked(desk, card, ())
    assert len(held) == sum(any(row[f"{s}_s"] for s in UNSOLVED) for row in every) > 100
    assert all(row[f"{row['longest']}_s"] == max(row[f"{s}_s"] for s in UNSOLVED) for row in held)
    spent = {s: sum(row[f"{s}_s"] or 0 for row in every) for s in UNSOLVED}
    assert spent == {s: sum(r["seconds"] for r in body.rows if r["status"] == s) for s in UNSOLVED}


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_choice_inside_the_drawer_is_said_in_words(small: Warehouse, language: str) -> None:
    desk = Desk(small, YEAR, EVERYTHING, language)
    for standing in ("met", *BROKEN, *RUNNING):
        assert names.split(desk, "state", standing) != standing
    for promise in ("first_response", "next_response", "resolution"):
        assert names.split(desk, "promise", promise) != promise


def test_several_marks_filter_to_all_of_them_and_once_more_takes_it_back() -> None:
    groups = ((("channel", "email"),), (("channel", None),), (("channel", "email"),))
    once = steps.narrowed(View("tr"), *groups)
    assert once.chosen("channel") == ("email", "(unknown)")
    assert steps.narrowed(once, *groups) == View("tr")


def test_what_an_address_says_of_a_mark_the_rows_do_not_know_is_left_out(desk: Desk) -> None:
    assert listing.splits(desk, "created", (("moon", "full"), ("hour", "9"), ("score", "1"))) == (("hour", "9"),)
    assert listing.part(desk, "created", (("hour", "99"),)).n == 0


def test_a_value_with_commas_comes_through_the_address() -> None:
    assert state.unquote(state.quote("a,b:c%2C")) == "a,b:c%2C"


def test_the_scores_of_a_drawer_add_up_to_all_its_rows(desk: Desk) -> None:
    scored = {n.member("score") for n in desk.numbers(["csat"], by=["score"])}
    parts = [listing.part(desk, "csat", (("score", steps.code(score)),)).n for score in scored]
    assert sum(parts) == desk.one("csat").n


def test_the_head_of_a_drawer_counts_the_rows_it_lists(desk: Desk) -> None:
    heads = {key: listing.part(desk, key, ()).n for key in METRICS}
    assert heads == {key: len(desk.rows(key)) for key in METRICS}
