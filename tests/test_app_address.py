"""Addresses never kill a page: what the data does not hold is moved or left out, and said in one line."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening import Open, opener

from insights import texts
from insights.ui.frame import chrome
from insights.ui.frame.address import known, within
from insights.ui.run import state
from insights.ui.run.places import PAGES, Place
from insights.ui.run.state import View

ROOT = Path(__file__).parents[1]
FIRST, LAST = dt.date(2024, 3, 1), dt.date(2026, 11, 21)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(DAYS, DAYS, st.none() | DAYS)
def test_days_end_inside_the_data_or_the_period_is_empty(one: dt.date, other: dt.date, as_of: dt.date | None) -> None:
    since, until = sorted((one, other))
    view = within(View("tr", period="custom", since=since, until=until, as_of=as_of), FIRST, LAST)
    assert view.as_of is None or FIRST <= view.as_of <= LAST
    overlap = since <= LAST and until >= FIRST
    wanted = (max(since, FIRST), min(until, LAST)) if overlap else (since, until)
    assert (view.since, view.until) == wanted
    state.filters(view, LAST, dt.UTC, FIRST)


def test_values_no_row_has_are_left_out() -> None:
    view = View("tr").choose("channel", "email", "fax").choose("team", "gone")
    assert known(view, {"channel": ("email", "phone"), "team": ("first",)}) == View("tr").choose("channel", "email")


@pytest.fixture
def opened(small_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the overview by an address."""
    return opener(small_directory, monkeypatch)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"asof": "2030-01-01"}, "address_outside"),
        ({"asof": "0001-01-01"}, "address_outside"),
        ({"period": "custom", "since": "1989-01-01", "until": "2025-03-01"}, "address_outside"),
        ({"channel": "fax,email"}, "address_unknown"),
        ({"period": "5d"}, "address_unknown"),
        ({"clock": "moon"}, "address_unknown"),
        ({"asof": "tomorrow"}, "address_unknown"),
    ],
)
def test_an_address_the_data_does_not_hold_is_drawn_and_said(opened: Open, address: dict[str, str], said: str) -> None:
    app = opened(**address, lang="en")
    assert not app.exception
    assert [e.value for e in app.error] == []
    start = texts.t(f"ui.{said}", "en").split("{")[0]
    assert sum(start in caption.value for caption in app.caption) == 1


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_an_address_nothing_of_which_is_held_kills_no_page_and_is_said_in_one_line(opened: Open, place: Place) -> None:
    wrong = {
        "asof": "2030-01-01",
        "period": "custom",
        "since": "1989-01-01",
        "until": "2025-03-01",
        "channel": "fax",
        "shade": "green",
        "open": "info_gone",
        "part": "gone",
        "at": "gone:1",
        "ticket": "gone/1",
    }
    app = opened(place.path, **wrong, lang="en")
    assert not app.exception
    assert [e.value for e in app.error] == []
    assert app.title[0].value == texts.t(f"pages.{place.name}.title", "en")
    said = [caption.value for caption in app.caption if "link_off" in caption.value]
    assert len(said) == 1
    assert all(part in said[0] for part in ("fax", "green", "1 Jan 2030", "1 Jan 1989"))


def test_a_good_address_is_not_spoken_of(opened: Open) -> None:
    app = opened(channel="email", period="30d", clock="business", lang="en")
    assert not [c for c in app.caption if "link_off" in c.value]


@pytest.mark.parametrize("broken", ["sidebar", "navigation"])
def test_whatever_fails_is_one_sentence_and_the_way_to_other_pages_stays(
    opened: Open, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    catalogue = texts.catalogue("en")
    missing = "ui.language" if broken == "sidebar" else "pages.overview.title"
    monkeypatch.delitem(catalogue, missing)  # type: ignore[arg-type]
    app = opened(lang="en")
    assert not app.exception
    assert len(app.error) <= 1
    assert app.session_state["pages"]
    assert [h.value for h in app.title] == (["overview"] if broken == "navigation" else ["Overview"])


PARTS = {
    "filter bar": "ui.compare",
    "search": "ui.find",
    "line of the address": "ui.address_unknown",
    "export": "ui.export_help",
    "words of the widgets": "chrome.skip",
    "views": "views.keep",
}
"""Parts of the frame, by a text that stands in each and nowhere on the page."""


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_frame_that_fails_costs_none_of_the_page(
    opened: Open, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    whole = opened(lang="tr", channel="fax")
    monkeypatch.delitem(texts.catalogue("tr"), PARTS[part])  # type: ignore[arg-type]
    chrome._words.cache_clear()
    app = opened(lang="tr", channel="fax")
    chrome._words.cache_clear()
    assert not app.exception
    assert len(app.metric) == len(whole.metric) > 0
    assert [h.value for h in app.title] == [h.value for h in whole.title]
    assert [e.value for e in app.error] == [texts.t("ui.page_failed_text", "tr")]


def test_refused_settings_are_one_sentence_with_the_navigation_alive(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "insights.toml").write_text("[company]\ntime_zone = 'Atlantis'\n", "utf-8")
    monkeypatch.setenv("INSIGHTS_CONFIG", str(tmp_path / "insights.toml"))
    app = opened(lang="en")
    assert not app.exception
    assert len(app.error) == 1
    assert "Atlantis" in app.error[0].value
    assert len(app.session_state["pages"]) > 5


def test_what_cohorts_are_picked_by_is_in_the_address_by_its_code(opened: Open) -> None:
    picked = {"cohort_start": "first_contact", "cohort_by": "channel", "cohort_grain": "quarter"}
    for lang in ("en", "tr"):
        app = opened("customers/retention", lang=lang, **picked)
        assert {name: app.selectbox(key=name).value for name in picked} == picked
        assert {name: app.query_params[name] for name in picked} == picked
        app.selectbox(key="cohort_start").select("first_order").run()
        assert not {"cohort_start", "cohort_by"} & app.query_params.keys()
        assert app.selectbox(key="cohort_by").value == "period"


def test_what_staying_is_held_against_is_in_the_address_and_named_as_what_it_is(opened: Open) -> None:
    """A kept promise and a given compensation are not called a fast answer."""
    said = {"promise": ("taahhüdü tutulan", "whose promise was kept"), "compensation": ("telafi", "compensation")}
    for exposure, words in said.items():
        for lang, word in zip(("tr", "en"), words, strict=True):
            app = opened("customers/speed", lang=lang, speed_exposure=exposure)
            shown = " ".join(str(one.value) for one in (*app.markdown, *app.caption))
            assert word in shown
            assert "zamanında yanıtlanan" not in shown
            assert "answered in time" not in shown
    app = opened("customers/speed", lang="tr", speed_exposure="resolution", speed_hours="24")
    assert (app.query_params["speed_exposure"], app.query_params["speed_hours"]) == ("resolution", "24")


@pytest.mark.parametrize(
    ("address", "picked"),
    [
        ({"moves_earlier": "2025-03-01", "moves_later": "2025-05-01"}, (dt.date(2025, 3, 1), dt.date(2025, 5, 1))),
        ({"moves_earlier": "2025-03-01"}, (dt.date(2025, 3, 1), dt.date(2025, 6, 18))),
        ({"moves_earlier": "2025-05-01", "moves_later": "2025-03-01"}, (dt.date(2025, 5, 1), dt.date(2025, 5, 1))),
        ({"moves_earlier": "long ago", "moves_later": "2099-01-01"}, (dt.date(2025, 3, 20), dt.date(2025, 6, 18))),
    ],
)
def test_moves_are_between_the_days_of_the_address(
    opened: Open, address: dict[str, str], picked: tuple[dt.date, dt.date]
) -> None:
    app = opened("customers/value", **address)
    assert not app.exception
    assert tuple(app.session_state[f"moves_{name}"] for name in ("earlier", "later")) == picked


def test_the_planned_split_comes_from_the_address(opened: Open) -> None:
    app = opened("sales/campaigns", campaign_split="80")
    assert not app.exception
    assert (app.session_state["campaign_split"], app.query_params["campaign_split"]) == ("80", "80")
