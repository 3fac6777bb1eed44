"""The explore page: its address, its numbers beside the desk's, its differences beside a second computation."""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from opening import Open, opener

from insights import texts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.stats import intervals
from insights.studies.within import HOURS
from insights.ui.views.home import answered, answers, asked
from insights.ui.views.home.asked import Asked
from insights.warehouse.reader import Warehouse

ROOT = Path(__file__).parents[1]
YEAR = Filters(since=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))


@pytest.fixture
def desk(small: Warehouse) -> Desk:
    return Desk(small, YEAR, EVERYTHING, "en")


def test_a_question_is_read_back_from_its_address_and_unknown_words_are_told(desk: Desk) -> None:
    question = Asked(("csat", "created"), ("channel", "team"), "month", "pivot", "email")
    assert asked.read(desk, asked.written(question)) == (question, [])
    assert asked.written(Asked()) == {}
    found, lost = asked.read(desk, {"metrics": "csat,nonsense", "cut": "moon", "grain": "eon", "shape": "cake"})
    assert (found, lost) == (Asked(("csat",)), ["nonsense", "moon", "eon", "cake"])


def test_every_metric_can_be_asked_in_every_shape(desk: Desk) -> None:
    for key in asked.offered():
        cut = tuple(asked.splits(desk, [key])[:2])
        for shape in asked.SHAPES:
            body = answered.card(desk, Asked((key,), cut, None, shape)).body()
            assert body.notes or body.clickable, (key, shape)


def test_what_is_shown_is_what_the_desk_answers(desk: Desk) -> None:
    body = answered.card(desk, Asked(("created", "csat"), ("channel",))).body()
    told = {n.member("channel"): n.value for n in desk.numbers(["created"], by=["channel"])}
    assert body.table
    shown = [row["created"] for row in body.table.rows]
    assert dict(zip([group[0][1] for group in body.groups], shown, strict=True)) == {k: v for k, v in told.items() if v}
    pivot = answered.card(desk, Asked(("created",), ("channel", "team"), shape="pivot")).body()
    assert pivot.table
    cells = [v for row in pivot.table.rows for name, v in row.items() if name != "row" and v]
    assert sum(cells) == desk.one("created").value


def test_a_member_is_seen_against_another_with_the_interval_of_the_difference(desk: Desk) -> None:
    other, *rest = (str(n.member("channel")) for n in desk.numbers(["csat"], by=["channel"]) if n.n)
    found = {n.member("channel"): n for n in answers.answer(desk, Asked(("csat",), ("channel",), versus=other))}
    for member in rest:
        mine, theirs = (desk.narrow("channel", m).one("csat") for m in (member, other))
        assert mine.value is not None
        assert theirs.value is not None
        number = found[member]
        assert number.change == pytest.approx(mine.value - theirs.value)
        bounds = intervals.difference(mine.value, (mine.low, mine.high), theirs.value, (theirs.low, theirs.high))  # type: ignore[arg-type]
        assert (number.change_low, number.change_high) == pytest.approx(bounds)


def test_groups_of_few_cases_are_counted_in_words(desk: Desk) -> None:
    body = answered.card(desk, Asked(("csat",), ("agent",), "day")).body()
    assert any("few" in note for note in body.notes)


def test_one_number_without_a_split_is_asked_by_its_name_and_who_asks_nothing_is_given_a_start(desk: Desk) -> None:
    assert asked.read(desk, {"metrics": "created"}) == (Asked(), [])
    begun, lost = asked.read(desk, {})
    assert lost == []
    assert begun.cut
    assert len(answers.answer(desk, begun)) > 1


@pytest.mark.parametrize(("key", "of"), [("frt_p50", "value"), ("csat", "score")])
def test_a_distribution_by_group_holds_the_share_of_each_groups_rows(desk: Desk, key: str, of: str) -> None:
    held = Counter[tuple[object, str]]()
    for row in desk.rows(key):
        place = bisect_left([h * 3600 for h in HOURS], row["value"]) if of == "value" else f"{float(row[of]):g}"
        held[row["channel"], str(place)] += 1
    body = answered.card(desk, Asked((key,), ("channel",), shape="distribution")).body()
    assert body.figure
    cells, label = body.figure["data"]
    assert [dict(group)["metric"] for group in body.groups] == [key] * len(label["x"])
    n = {channel: sum(found for (c, _), found in held.items() if c == channel) for channel, _ in held}
    shown = [channel for channel in n if n[channel] >= desk.settings.thresholds.hide_below]
    assert len(cells["y"]) == len(shown)
    for name, line in zip(cells["y"], cells["z"], strict=True):
        channel = next(c for c in shown if name.startswith(texts.word("channel", c, "en")))
        places = [str(i) for i in range(len(HOURS) + 1)] if of == "value" else cells["x"]
        assert line == pytest.approx([held[channel, place] / n[channel] for place in places])


@pytest.fixture
def opened(small_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the explore page by an address."""
    return partial(opener(small_directory, monkeypatch), "home/explore")


def test_choices_stand_in_the_address_and_unknown_ones_are_said_in_one_line(opened: Open) -> None:
    app = opened(metrics="csat,nonsense", cut="channel", lang="en", period="all")
    assert not app.exception
    assert [e.value for e in app.error] == []
    start = texts.t("ui.address_unknown", "en").split("{")[0]
    assert sum(start in caption.value for caption in app.caption) == 1
    app.pills(key="explore_shape").set_value("heatmap").run()
    assert {k: app.query_params[k] for k in ("metrics", "cut", "shape")} in (
        {"metrics": ["csat"], "cut": ["channel"], "shape": ["heatmap"]},
        {"metrics": "csat", "cut": "channel", "shape": "heatmap"},
    )
    assert not app.exception
