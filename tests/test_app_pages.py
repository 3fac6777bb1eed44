"""Pages through the app's own frame: numbers, states, and what may go wrong. Every page is drawn in tests/browser."""

import shutil
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from opening import Open, opener
from small_company import Tables, fill
from streamlit.testing.v1 import AppTest

from insights import texts
from insights.settings import Settings, load_settings
from insights.warehouse import load

ROOT = Path(__file__).parents[1]


@pytest.fixture
def opened(small_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page of the app on the small warehouse (or on another directory)."""

    def open_page(page: str = "home/overview", directory: Path = small_directory, **address: str) -> AppTest:
        return opener(directory, monkeypatch)(page, **address)

    return open_page


def shown(app: AppTest) -> list[str]:
    """Return the counts under the tiles: what any two languages must agree on."""
    return ["".join(c for c in b.label if c.isdigit()) for b in app.button if b.label.startswith("n =")]


def test_a_link_shows_the_same_numbers_in_the_other_language(opened: Open) -> None:
    address = {"period": "custom", "since": "2025-02-01", "until": "2025-05-31", "channel": "email,phone"}
    turkish, english = (opened("service/response", **address, lang=language) for language in texts.LANGUAGES)
    assert shown(turkish) == shown(english) != []
    assert dict(english.query_params) == {k: [v] for k, v in {**address, "lang": "en"}.items()} or dict(
        english.query_params
    ) == {**address, "lang": "en"}


def test_filters_stay_when_the_page_changes(opened: Open) -> None:
    app = opened(channel="email", lang="en")
    app.switch_page("pages/service/resolution.py").run()
    assert st_value(app, "channel") == "email"
    app.switch_page("pages/data/load.py").run()
    app.switch_page("pages/service/satisfaction.py").run()
    assert st_value(app, "channel") == "email"


def st_value(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def test_reset_takes_everything_back_but_the_language(opened: Open) -> None:
    app = opened(channel="email", period="7d", lang="en")
    app.button(key="reset").click().run()
    assert {k: st_value(app, k) for k in app.query_params} == {"period": "90d", "lang": "en"}


def test_choosing_a_channel_narrows_the_numbers_and_the_address(opened: Open) -> None:
    app = opened(period="all", lang="en")
    before = shown(app)
    app.pills(key="f_channel").set_value(["email"]).run()
    assert st_value(app, "channel") == "email"
    assert shown(app) != before


def test_nothing_under_the_filters_is_said_with_a_way_back(opened: Open) -> None:
    app = opened(period="custom", since="2019-01-01", until="2019-01-31", lang="tr")
    assert texts.t("ui.empty", "tr") in [h.value for h in app.header]
    app.button(key="empty_reset").click().run()
    assert texts.t("ui.empty", "tr") not in [h.value for h in app.header]


def test_few_cases_are_hidden_or_marked(opened: Open) -> None:
    app = opened(period="7d", lang="en")
    values = {m.label: m.value for m in app.metric}
    assert texts.DASH in values.values()
    assert texts.t("ui.too_few", "en") in " ".join(str(m.value) for m in app.markdown)


def test_searching_definitions_knows_no_case_and_no_dots(opened: Open) -> None:
    app = opened("data/definitions", lang="tr")
    app.text_input(key="search").set_value("İLK YANIT").run()
    found = [h.value for h in app.subheader]
    assert found
    assert all("yan" in name.lower() for name in found[:2])
    assert texts.t("metrics.csat.name", "tr") not in found


def test_a_corrupt_warehouse_is_one_sentence(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "warehouse-1.duckdb").write_bytes(b"not a database")
    (tmp_path / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    app = opened(directory=tmp_path, lang="tr")
    assert len(app.error) == 1
    assert "warehouse-1.duckdb" in app.error[0].value


def test_a_page_that_fails_says_so_and_the_frame_stays(opened: Open, small_directory: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(small_directory, broken)
    with duckdb.connect(str(broken / "warehouse-1.duckdb")) as con:
        con.execute("ALTER TABLE surveys ALTER good TYPE VARCHAR USING 'neither'")
    app = opened("service/satisfaction", broken, lang="en")
    assert {e.value for e in app.error} == {texts.t("ui.page_failed_text", "en")}
    assert app.title[0].value == texts.t("pages.satisfaction.title", "en")
    assert not app.exception


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Start each test without what another one cached."""
    st.cache_data.clear()


def test_a_damaged_version_is_told_on_every_page_and_the_one_before_is_shown(
    opened: Open, small_directory: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_directory, tmp_path / "w")
    (tmp_path / "w" / "warehouse-99.duckdb").write_bytes(b"cut")
    with (tmp_path / "w" / "SUMS").open("a", encoding="ascii") as sums:
        sums.write("00000000  warehouse-99.duckdb\n")
    (tmp_path / "w" / "CURRENT").write_text("warehouse-99.duckdb\n", "ascii")
    for page in ("home/overview", "data/quality"):
        app = opened(page, directory=tmp_path / "w", lang="en")
        assert [w.value for w in app.warning if "99 is damaged" in w.value], page
        assert [e.value for e in app.error] == []


@pytest.mark.parametrize("place", ["home/overview", "data/load"])
def test_a_dashboard_open_to_all_says_so_on_every_page(
    opened: Open, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    said = texts.t("warnings.open_to_all", "en")
    assert said not in [w.value for w in opened(place, lang="en").warning]
    monkeypatch.setenv("INSIGHTS_OPEN", "1")
    assert said in [w.value for w in opened(place, lang="en").warning]


def test_a_page_about_everything_there_is_shows_no_period_and_says_what_it_spans(opened: Open) -> None:
    speed, response = opened("customers/speed", period="30d"), opened("service/response", period="30d")
    lines = [app.caption[0].value for app in (speed, response)]
    assert [line.split(" · ")[0] for line in lines] == ["1 Oca 2025 – 18 Haz 2025", "20 May 2025 – 18 Haz 2025"]
    assert [any(button.key == "period_back" for button in app.button) for app in (speed, response)] == [False, True]


def test_a_page_whose_records_were_never_loaded_says_so_instead_of_blaming_filters(
    opened: Open, tables: Tables, tmp_path: Path
) -> None:
    with duckdb.connect(str(tmp_path / "warehouse-1.duckdb")) as con:
        fill(con, {**tables, "orders": [], "customer_purchases": [], "customer_months": []})
    (tmp_path / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    asked: tuple[dict[str, str], ...] = ({}, {"channel": "email"})
    heads = [[h.value for h in opened("customers/value", tmp_path, **more).header] for more in asked]
    assert heads == [["Bu sayfa için veri yüklenmemiş"]] * 2


def test_no_tile_is_drawn_that_nothing_loaded_can_ever_fill_and_what_is_not_there_is_named(
    opened: Open, tables: Tables, tmp_path: Path
) -> None:
    with duckdb.connect(str(tmp_path / "warehouse-1.duckdb")) as con:
        fill(con, {**tables, "orders": [], "customer_purchases": [], "customer_months": []})
    (tmp_path / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    app = opened("home/overview", tmp_path, lang="en")
    tiles = [m.label for m in app.metric]
    assert "Repeat purchase" not in tiles
    assert len(tiles) == 5
    assert texts.t("ui.never_said", "en", names="Repeat purchase") in " ".join(c.value for c in app.caption)


def test_a_shop_whose_customers_never_began_that_way_is_told_so(opened: Open, tables: Tables, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse-1.duckdb")) as con:
        fill(con, {**tables, "tickets": [], "ticket_events": [], "surveys": [], "sla_clocks": []})
    (tmp_path / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    app = opened("customers/retention", tmp_path, lang="en")
    app.selectbox(key="cohort_start").select("first_complaint").run()
    assert not app.error
    assert app.selectbox(key="cohort_start").value == "first_complaint"


def test_tickets_alone_show_who_turned_to_the_company_again_and_what_to_load(
    opened: Open, tables: Tables, tmp_path: Path
) -> None:
    none: tuple[str, ...] = ("orders", "customer_purchases", "customer_months", "interactions", "surveys")
    with duckdb.connect(str(tmp_path / "warehouse-1.duckdb")) as con:
        fill(con, {**tables, **{table: [] for table in none}})
    (tmp_path / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    app = opened("customers/retention", tmp_path, lang="en")
    assert not app.error
    assert app.selectbox(key="cohort_start").value == "first_contact"
    assert [i.value for i in app.info] == [texts.t("pages.retention.no_orders", "en")]
    assert any(texts.t("studies.cohorts.contacts", "en") in c.value for c in app.caption)
    care = opened("customers/care", tmp_path, lang="en")
    assert [i.value for i in care.info] == [texts.t("pages.care.nothing_known", "en")]


def test_data_that_went_away_under_the_server_is_said_and_never_made_up(
    opened: Open, small_directory: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_directory, tmp_path / "w")
    assert not opened(directory=tmp_path / "w", lang="en").error
    shutil.rmtree(tmp_path / "w")
    app = opened(directory=tmp_path / "w", lang="en")
    assert [e.value for e in app.error] == [texts.t("errors.warehouse_gone", "en", directory="w")]
    assert not (tmp_path / "w").exists()


def test_a_desk_that_never_says_when_it_answered_is_told_what_to_load(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_id,customer_id,created_at,status\nT1,C1,2026-01-05 10:00,open\nT2,C2,2026-01-06 10:00,solved\n", "utf-8"
    )
    load([file], Settings(warehouse=tmp_path / "warehouse"))
    app = opened("service/response", tmp_path / "warehouse", lang="en")
    assert texts.t("pages.response.no_replies", "en") in [one.value for one in app.info]
    assert not any(texts.t("ui.no_rows_then", "en") in one.value for one in app.caption)


@pytest.mark.parametrize("page", ["service/satisfaction", "sales/campaigns", "sales/pipeline"])
def test_what_a_page_cannot_be_without_is_asked_for_once(opened: Open, tmp_path: Path, page: str) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,customer_id,created_at,status\nT1,C1,2026-01-05 10:00,open\n", "utf-8")
    load([file], Settings(warehouse=tmp_path / "warehouse"))
    app = opened(page, tmp_path / "warehouse", lang="en")
    assert [one.value for one in app.header] == [texts.t("ui.never", "en")]


def test_data_that_names_no_time_is_not_called_old(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,name,segment\nC1,Ayşe Ak,VIP\nC2,Can Er,SMB\n", "utf-8")
    load([file], Settings(warehouse=tmp_path / "warehouse"))
    app = opened(directory=tmp_path / "warehouse", lang="en")
    assert any(texts.t("ui.undated", "en") in one.value for one in app.caption)
    assert not any("days old" in one.value for one in app.markdown)
    assert not any("2000" in one.value for one in app.caption)  # the earliest day there can be is not the data's


def test_a_note_and_a_target_written_below_a_trend_are_kept_in_the_settings(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "insights.toml"
    monkeypatch.setenv("INSIGHTS_CONFIG", str(config))
    app = opened("service/satisfaction", lang="en")
    app.text_input(key="note_en_csat").set_value("New menu")
    next(b for b in app.button if b.label == texts.t("noting.add", "en")).click().run()
    assert [mark.said("tr") for mark in load_settings(config).marks] == ["New menu"]
    app.number_input(key="target_value_csat").set_value(90)
    next(b for b in app.button if b.label == texts.t("noting.save", "en")).click().run()
    assert load_settings(config).targets == {"csat": 0.9}
    assert any("90%" in badge.value for badge in app.markdown)
    next(b for b in app.button if b.label.startswith(texts.t("noting.remove", "en"))).click().run()
    assert load_settings(config).marks == ()
    assert load_settings(config).targets == {"csat": 0.9}


@pytest.mark.parametrize(
    ("page", "table", "text"),
    [
        ("sales/pipeline", "deals", "opportunity_id,customer_id,stage,created_at\np1,c1,Offer,2026-01-05\n"),
        ("sales/campaigns", "members", "campaign_id,customer_id,arm,sent_at\nk1,c1,treated,2026-01-05\n"),
        ("service/satisfaction", "surveys", "survey_id,kind,customer_id,answered_at,score\ns1,nps,c,2026-01-05,9\n"),
    ],
)
def test_a_company_that_has_one_kind_of_rows_sees_their_page(
    opened: Open, tmp_path: Path, page: str, table: str, text: str
) -> None:
    (tmp_path / f"{table}.csv").write_text(text, "utf-8")
    load([tmp_path / f"{table}.csv"], Settings(warehouse=tmp_path / "held"))
    app = opened(page, tmp_path / "held", lang="en")
    assert not app.exception
    assert not [h for h in app.header if h.value == texts.t("ui.never", "en")]
    assert opened("customers/value", tmp_path / "held", lang="en").header[0].value == texts.t("ui.never", "en")
