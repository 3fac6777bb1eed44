"""Cards without Streamlit: a pure function of a desk, equal to what the desk answers, in every language."""

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go
import pytest
import sqlalchemy as sa
from small_company import Tables, open_tables

from insights import texts, timing
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.sandbox import Answer
from insights.schema import tickets
from insights.settings import Settings
from insights.studies.core import Column as Declared
from insights.ui.cards import listing, tables, tiles, why
from insights.ui.cards.card import Card
from insights.ui.frame import search
from insights.ui.kinds import findings
from insights.ui.kinds.breakdown import breakdown
from insights.ui.kinds.groups import by
from insights.ui.kinds.lists import comments, longest
from insights.ui.kinds.spread import ages, scores, shares, week
from insights.ui.kinds.trend import series, trend
from insights.ui.run import names
from insights.ui.views.customers.retention import cohorts, retention_curve
from insights.ui.views.data import calendars, own_sql
from insights.ui.views.data.loading import outcome
from insights.ui.views.data.loading.history import listed
from insights.ui.views.home import overview
from insights.ui.views.home.stories import story
from insights.ui.views.service import promises, queue
from insights.ui.views.service.queue_choice import Asked
from insights.ui.views.service.ticket import card as story_of
from insights.ui.views.service.waits import waits
from insights.warehouse.reader import Warehouse

YEAR = Filters(since=dt.date(2025, 1, 1), until=dt.date(2025, 12, 31))
NOTHING = Filters(since=dt.date(2019, 1, 1), until=dt.date(2019, 1, 31))


def desk(small: Warehouse, filters: Filters = YEAR, language: str = "en") -> Desk:
    return Desk(small, filters, EVERYTHING, language)


def every(of: Desk) -> Sequence[Card]:
    said = {"title": "Title", "reading": "Reading"}
    return [
        trend(of, "csat", "created"),
        trend(of, "frt_p50", band=True),
        series(of, "created", "throughput", key="flow", **said),
        by(of, "csat", "channel"),
        by(of, "created", "team"),
        week(of, "created"),
        ages(of, "ageing", **said),
        shares(of, "frt_1h", "frt_4h", **said),
        scores(of, "csat", "channel", **said),
        breakdown(of, "category", "csat"),
        comments(of, "csat", **said),
        longest(of, "frt_p50", **said),
        story(of, "csat", "frt_4h"),
        cohorts(of, **said),
        retention_curve(of, **said),
        waits(of, "response", "priority"),
        promises.outcomes(of),
        promises.breach_hours(of),
        promises.why_late(of),
        promises.target_curve(of),
        promises.status_time(of, "team"),
    ]


@pytest.mark.parametrize("language", texts.languages())
def test_a_card_is_made_without_the_screen_and_says_what_its_picture_shows(small: Warehouse, language: str) -> None:
    for card in every(desk(small, language=language)):
        for picked in card.choice or [""]:
            body = card.body(picked)
            assert card.title
            assert body.text or body.notes or body.alt, card.key
            if body.figure:
                go.Figure(body.figure)
            if body.table:
                assert all(set(row) <= set(body.table.columns) for row in body.table.rows)


def test_a_card_without_rows_says_so_and_exports_nothing(small: Warehouse) -> None:
    for card in every(desk(small, NOTHING)):
        body = card.body()
        stays = card.key in ("ageing", "cohorts", "curve")  # stocks and whole histories know no period
        assert stays or (body.notes and not body.figure and not body.rows), card.key


def test_a_card_goes_by_the_first_dimension_the_data_tells(tables: Tables) -> None:
    nameless = {**tables, "surveys": [s | {"channel": None} for s in tables["surveys"]]}
    alone = Filters(since=dt.date(2025, 1, 2), until=dt.date(2025, 12, 30))  # no other test asks for these days
    of = desk(open_tables(nameless), alone)
    assert by(of, "csat", "channel", "team").key == "csat_team"
    assert by(of, "csat", "channel").body().figure is None


def test_groups_too_small_to_compare_are_not_called_no_rows(small: Warehouse) -> None:
    few = Settings.model_validate({"thresholds": {"hide_below": 10_000}})
    body = by(Desk(small, YEAR, EVERYTHING, "en", few), "csat", "channel").body()
    assert body.figure is None
    assert "10000" in body.notes[0].replace(",", "")
    assert texts.t("ui.no_rows_then", "en") not in body.notes[0]


def test_what_a_card_exports_is_what_the_desk_answers(small: Warehouse) -> None:
    of = desk(small)
    exported = by(of, "csat", "channel").body().rows
    asked = {n.member("channel"): (n.value, n.n) for n in of.numbers(["csat"], by=["channel"])}
    assert {row["channel"]: (row["value"], row["n"]) for row in exported}.items() <= asked.items()
    assert exported


def test_each_mark_of_a_card_knows_what_to_filter_by(small: Warehouse) -> None:
    of = desk(small)
    body = by(of, "created", "channel").body()
    assert body.figure
    for group, bar in zip(body.groups, reversed(body.figure["data"][1]["x"]), strict=True):
        (dimension, member), *_ = group
        assert of.narrow(dimension, str(member)).one("created").value == bar


def test_a_picked_row_opens_the_rows_it_counts(small: Warehouse) -> None:
    of = desk(small)
    body = breakdown(of, "channel").body()
    assert body.opens
    for place, row in enumerate(r for r in body.rows if r["metric"] == "created"):
        _, opened = body.opens(place)
        assert opened.table
        assert len(opened.table.rows) == row["value"]


def test_a_card_about_a_choice_of_metrics_is_about_the_picked_one(small: Warehouse) -> None:
    card = trend(desk(small), "csat", "created")
    assert [card.metric(picked) for picked in card.choice] == ["csat", "created"]
    assert set(card.choice) <= set(METRICS)


def test_the_parts_in_the_picture_lead_from_what_it_was_to_what_it_is(small: Warehouse) -> None:
    half = desk(small, Filters(since=dt.date(2025, 4, 1), until=dt.date(2025, 6, 30)))
    answer = half.study("change_parts", metric="created", by="channel")
    figure = why.picture(half, answer)
    assert figure
    bars, ends = figure["data"]
    assert sum(bars["x"]) == pytest.approx(ends["x"][1] - ends["x"][0])
    assert bars["base"] == pytest.approx([ends["x"][0] + sum(bars["x"][:i]) for i in range(len(bars["x"]))])
    assert len(why.table(half, answer).rows) == len(answer.rows)


def test_a_change_that_chance_may_make_is_called_so(small: Warehouse) -> None:
    half = desk(small, Filters(since=dt.date(2025, 4, 1), until=dt.date(2025, 6, 30)))
    answer = half.study("change_parts", metric="csat", by="channel")
    said = why.verdict(half, answer)
    real = half.one("csat", compare="previous").change_real
    assert ("not told apart" in said) == (not real)


def test_rows_in_the_drawer_are_all_rows_and_the_bad_ones_are_those_a_share_misses(small: Warehouse) -> None:
    of = desk(small)
    number = of.one("csat")
    rows = of.fetch(listing.asked(of, "csat"))
    bad = of.fetch(listing.asked(of, "csat", "against"))
    assert len(rows) == number.n
    assert len(bad) == number.n - (number.hits or 0) == sum(row["value"] == 0 for row in rows)
    assert [row["score"] for row in rows] == sorted(row["score"] for row in rows)


def test_a_clicked_mark_is_the_group_it_is_drawn_for(small: Warehouse) -> None:
    of = desk(small)
    body = by(of, "created", "channel").body()
    assert body.figure
    for place, value in enumerate(body.figure["data"][1]["x"]):
        group = body.group_of(place)
        assert group
        assert of.narrow(group[0][0], str(group[0][1])).one("created").value == value
    assert body.group_of(len(body.groups)) is None


def test_a_clicked_point_of_a_trend_is_the_days_it_counts(small: Warehouse) -> None:
    of = desk(small)
    body = trend(of, "created").body()
    assert body.figure
    for name, row in zip(body.figure["layout"]["xaxis"]["categoryarray"], body.rows, strict=True):
        span = body.span_of(name)
        assert span
        inside = of.with_filters(Filters(since=span[0], until=span[1]))
        assert inside.one("created").value == row["value"]


def test_what_only_grows_is_drawn_against_weeks_as_old(small: Warehouse) -> None:
    """The dotted line is the weeks before when they were as young; a tile draws no line of weeks of all ages."""
    of = desk(small, Filters(dt.date(2025, 5, 5), dt.date(2025, 6, 17)))
    body = trend(of, "resolution_rate").body()
    assert body.figure
    young = small.as_of - (dt.date(2025, 6, 17) - dt.date(2025, 5, 4))
    mondays = [dt.date(2025, 3, 17) + dt.timedelta(weeks=place) for place in range(7)]
    weeks = [Filters(day, day + dt.timedelta(days=6), as_of=young) for day in mondays]
    assert body.figure["data"][0]["y"] == [of.with_filters(week).one("resolution_rate").value for week in weeks]
    assert texts.t("ui.open_ended", "en") in body.notes
    assert body.figure["data"][0]["y"] != [
        of.with_filters(Filters(week.since, week.until)).one("resolution_rate").value for week in weeks
    ]
    assert set(tiles.weekly(of, ["resolution_rate", "one_touch"])) == {"one_touch"}


def test_files_are_given_away_in_one_place() -> None:
    """Whoever may not export finds no button, and every file is written down: give.button alone sees to that."""
    source = Path(__file__).parents[1] / "src" / "insights" / "ui"
    found = [p.name for p in source.rglob("*.py") if "st.download_button" in p.read_text("utf-8")]
    assert found == ["give.py"]


@pytest.mark.parametrize("language", texts.languages())
def test_a_calendar_s_cards_add_up_to_its_year(small: Warehouse, language: str) -> None:
    of, to = Settings(), desk(small, language=language)
    days = timing.calendar_year(of, "support", 2026, language)
    year = calendars.year_card(to, "Title", of.calendars["support"], days).body()
    assert sum(row["seconds"] for row in year.rows) == sum(map(calendars.seconds, days))
    assert len(year.rows) == 365
    special = calendars.special(to, days).body()
    assert special.table
    assert len(special.table.rows) == sum(d.why != "weekday" for d in days)
    months = calendars.months(to, days).body()
    assert months.table
    assert sum(int(row["working_days"]) for row in months.table.rows) == sum(bool(d.spans) for d in days)


@pytest.mark.parametrize("language", texts.languages())
def test_loads_are_listed_in_the_reader_s_words_and_times(small: Warehouse, language: str) -> None:
    load = {
        "load_id": 3,
        "file": "/somewhere/a.csv",
        "source": "desk",
        "finished_at": dt.datetime(2026, 1, 2, 3, 4),
        "as_of": None,
        "loaded_by": "me",
        "warnings": 1,
        **{f"rows_{name}": 7 for name in ("read", "inserted", "updated", "unchanged", "rejected")},
    }
    table = listed(desk(small, language=language), [load])
    assert table
    [line] = table.rows
    assert (line["file"], line["as_of"], line["when"]) == (
        "a.csv",
        texts.DASH,
        texts.moment(dt.datetime(2026, 1, 2, 6, 4), language),
    )
    assert set(line) == set(table.columns)
    assert listed(desk(small), []) is None


def test_values_of_the_data_are_called_as_the_settings_say_in_each_language(small: Warehouse) -> None:
    ours = Settings(
        names={"team": {"first": {"tr": "Birinci hat", "en": "First line"}}, "policy": {"P": {"en": "Fast"}}}
    )
    for language, said in (("tr", "Birinci hat"), ("en", "First line")):
        of = Desk(small, YEAR, EVERYTHING, language, ours)
        figure = by(of, "csat", "team").body().figure
        assert figure
        assert said in figure["layout"]["yaxis"].get("ticktext", figure["data"][0]["y"])
        assert said in {cell for row in tables.records(of, of.rows("csat")).rows for cell in row.values()}
        assert promises.named(of, "P", "resolution").startswith("Fast" if language == "en" else "P")
    assert Desk(small, YEAR, EVERYTHING, "en").narrow("team", "first").one("csat").n
    with pytest.raises(ValueError, match="one_of"):
        Settings(names={"colour": {}})


DRAWING = re.compile(r"st\.(dataframe|table|plotly_chart|altair_chart|metric|data_editor)\(")


def test_what_is_shown_of_data_goes_through_the_one_wrapper() -> None:
    """A page's figure, table or key figure drawn by hand has no export, no report, no guard and no test."""
    source = Path(__file__).parents[1] / "src" / "insights" / "ui"
    by_hand = {p.name for p in source.rglob("*.py") if DRAWING.search(p.read_text("utf-8"))}
    assert by_hand == {"drawn.py", "tiles.py"}
    knows = {p for p in source.rglob("*.py") if re.search(r"cards import .*\bdrawn\b", p.read_text("utf-8"))}
    assert {p.parent.name for p in knows} == {"cards"}


def loads() -> outcome.Loaded:
    counts = {f"rows_{name}": 7 for name in outcome.COUNTS if name != "warnings"}
    file = {"path": "/srv/a.csv", "source": "desk", "warnings": {"unknown_status": 1}, "rejects": {"bad_date": 2}}
    used = {"columns_used": {"Kanal": ["tickets.channel"]}, "columns_unused": ["Renk"]}
    refused = {"file": "b.csv", "message": "no"}
    return outcome.Loaded({"files": [{**file, **counts, **used}], "gone": 3, "left_out": [refused]}, dry_run=False)


def beside_forms(of: Desk) -> Sequence[Card]:
    """Return the cards of pages whose inputs stand beside them."""
    ticket = of.fetch(sa.select(tickets.c.source, tickets.c.ticket_id).limit(1))[0]
    aside = [{"file": "a.csv", "line": 3, "reason": "bad_date", "row_rejected": True, "row": "{}", "load_id": 1}]
    answer, rows = (
        Answer((("team", "VARCHAR"), ("n", "BIGINT")), (("first", 3),), False, 0.1),
        [{"team": "first", "n": 3}],
    )
    return [
        queue.card(of, Asked()),
        queue.card(of, Asked(show="late", unfold=True)),
        overview.most_urgent(of),
        story_of(of, ticket["source"], ticket["ticket_id"], close=lambda: None),
        search.card(of, ticket["ticket_id"]),
        outcome.files_read(of, loads()),
        outcome.set_aside(of, 1, aside),
        own_sql.result(of, "SELECT 1", answer, rows),
        own_sql.figure(of, rows, "team", "n"),
        own_sql.readable_tables(of),
    ]


@pytest.mark.parametrize("language", texts.languages())
def test_what_stands_beside_a_form_is_a_card_too(small: Warehouse, language: str) -> None:
    for card in beside_forms(desk(small, language=language)):
        body = card.body()
        assert body.table or body.figure or body.asides or body.notes, card.key
        if body.table:
            assert all(set(row) <= set(body.table.columns) for row in body.table.rows), card.key
        if body.figure:
            go.Figure(body.figure)


def test_a_load_says_what_became_of_each_file_what_is_gone_and_what_was_left_out(small: Warehouse) -> None:
    body = outcome.files_read(desk(small), loads()).body()
    assert body.table
    assert [row["rejected"] for row in body.table.rows] == ["7"]
    gone, left_out = (w.replace("\\", "") for w in body.warnings)
    assert gone.startswith("3 open tickets")
    assert "b.csv" in left_out
    assert len(body.notes) == 2
    [(head, told)] = body.asides
    assert "a.csv" in head.replace("\\", "")
    assert "/srv" not in head
    assert "Renk" in told


def test_the_queue_s_card_lists_what_its_study_lists(small: Warehouse) -> None:
    of = desk(small)
    body = queue.card(of, Asked()).body()
    listed = queue.now(of).study("sla_tickets", show="all", mine=(), unfold="", limit=queue.LISTED).rows
    assert [r["ticket_id"] for r in body.rows] == [r["ticket_id"] for r in listed]
    assert [queue.address(r) for r in overview.most_urgent(of).body().rows] == [
        queue.address(r) for r in listed[: overview.LISTED]
    ]


def test_a_source_s_own_words_are_called_as_the_settings_say_in_cards_of_studies(small: Warehouse) -> None:
    called = Settings(names={"stage": {"Teklif": {"en": "Offer"}}})
    desk, column = Desk(small, Filters(), EVERYTHING, "en", called), Declared("stage", "text")
    assert [findings.cell(desk, column, word) for word in ("Teklif", "Kapanış", None)] == ["Offer", "Kapanış", None]
    said = [names.word_of(desk, "stage", {"stage": word}) for word in ("Teklif", "Kapanış", None)]
    assert said == ["Offer", "Kapanış", "unknown"]
