"""Notes on dates and targets edited on a page: kept in the settings, drawn on every trend."""

import datetime as dt
from pathlib import Path

import pytest

from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Mark, Settings, load_settings
from insights.settings.options import put_option
from insights.settings.written import fingerprint
from insights.ui.kinds.noting import with_note
from insights.ui.kinds.trend import series, trend
from insights.ui.run.marks import marks
from insights.warehouse.reader import Warehouse

DAY = dt.date(2025, 3, 4)
FILES = {
    "empty": "", "other tables": "[targets]\ncsat = 0.8\n",
    "as tables": "# first\n[[marks]]\ndate = 2025-02-01\ntr = 'Bir'\n\n[targets]\ncsat = 0.8\n",
}  # fmt: skip


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
