"""Notes on dates and targets edited on a page: kept in the settings, drawn on every trend."""

import datetime as dt
from pathlib import Path

import pytest
import streamlit as st

from insights.access import VIEWS, Saved, Visitor
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Mark, Settings, load_settings
from insights.settings.options import put_option
from insights.settings.written import fingerprint
from insights.ui.kinds import limits, noting
from insights.ui.kinds.noting import with_note
from insights.ui.kinds.trend import series, trend
from insights.ui.run import Run, enter
from insights.ui.run.marks import marks
from insights.ui.run.state import View
from insights.ui.views.data import calendar_try
from insights.warehouse.reader import Warehouse

DAY = dt.date(2025, 3, 4)
FILES = {
    "empty": "",
    "other tables": "[targets]\ncsat = 0.8\n",
    "as tables": "# first\n[[marks]]\ndate = 2025-02-01\ntr = 'Bir'\n\n[targets]\ncsat = 0.8\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_note_joins_those_there_are_whatever_the_file_looks_like(tmp_path: Path, text: str) -> None:
    path = tmp_path / "insights.toml"
    path.write_text(text, "utf-8")
    before = load_settings(path).marks
    wanted = with_note(before, DAY, {"tr": "İki", "en": "Two"})
    put_option(path, "marks", wanted, fingerprint(path))
    assert load_settings(path).marks == (*before, Mark(date=DAY, words={"tr": "İki", "en": "Two"}))
    put_option(path, "targets.nps", 40.0, fingerprint(path))
    assert load_settings(path).targets["nps"] == 40


def test_a_note_stands_on_every_trend_in_the_reader_s_language(small: Warehouse) -> None:
    noted = Settings(marks=(Mark(date=DAY, words={"tr": "İki", "en": "Two"}), Mark(date=DAY, words={"en": "More"})))
    for language, said in (("en", "Two · More"), ("tr", "İki · More")):
        desk = Desk(small, Filters(dt.date(2025, 2, 1), dt.date(2025, 5, 1)), EVERYTHING, language, noted)
        for card in (trend(desk, "created"), series(desk, "created", "throughput", title="x", key="flow")):
            figure = card.body().figure
            assert figure
            assert said in [note["text"] for note in figure["layout"]["annotations"]], card.key
        assert list(marks(desk, [dt.date(2025, 3, 1), dt.date(2025, 3, 8)]).values()) == [said]


@pytest.mark.parametrize("role", ["agent", "analyst", "nobody"])
def test_who_may_not_change_settings_keeps_no_note_target_or_calendar_by_calling_what_the_button_calls(
    small: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    path = tmp_path / "insights.toml"
    path.write_text("[targets]\ncsat = 0.8\n", "utf-8")
    monkeypatch.setenv("INSIGHTS_CONFIG", str(path))
    monkeypatch.chdir(tmp_path)
    desk, seen = Desk(small, Filters(), EVERYTHING, "en", Settings()), fingerprint(path)
    enter(Run(desk.settings, View("en"), visitor=Visitor("ada", role)))
    st.session_state.update({"note_day_csat": DAY, "note_tr_csat": "", "note_en_csat": "x", "target_value_csat": 90.0})
    for change in (noting._add, noting._aim):
        change(desk, "csat", seen)
        assert "settings" in st.session_state.pop("noting_refused")
    calendar_try._save(desk, "support", "[calendars.support]\n")
    assert fingerprint(path) == seen
    enter(Run(desk.settings, View("en"), visitor=Visitor("ada", "admin")))
    noting._aim(desk, "csat", seen)
    assert load_settings(path).targets["csat"] == pytest.approx(0.9)


def test_nobody_changes_or_removes_what_another_reader_keeps(tmp_path: Path) -> None:
    hers, his = (Saved(tmp_path / VIEWS, who) for who in ("ada", "bob"))
    hers.keep("mail", "hers")
    his.keep("mail", "his")
    his.remove("mail")
    his.remove("mail")
    assert (hers.listed(), his.listed()) == ({"mail": "hers"}, {})


def test_periods_beyond_the_usual_in_a_row_are_said_as_one_stretch(small: Warehouse) -> None:
    signals = {3: 1, 10: 1, 17: 1, 24: 2, 31: 1}
    rows = [{"period": DAY.replace(day=day), "signal": signal} for day, signal in signals.items()]
    said = list(limits.stretches(Desk(small, Filters(), EVERYTHING, "en"), rows, (1,)))
    assert said == ["3 Mar 2025 – 17 Mar 2025", "31 Mar 2025"]


def test_a_point_inside_the_limits_is_not_said_to_be_outside(small: Warehouse) -> None:
    rows = [{"period": DAY, "signal": 2}]
    desk = Desk(small, Filters(), EVERYTHING, "en")
    assert [list(limits.stretches(desk, rows, rules)) for rules in limits.SAID.values()] == [[], ["4 Mar 2025"]]
