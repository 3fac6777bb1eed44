"""The quality page over a warehouse full of contradictions, in both languages."""

import datetime as dt
import html
import io
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_quality import AS_OF, fetch_from, filled, random_data

from insights import quality, texts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.ui.cards import downloads
from insights.ui.views.data import completeness
from insights.ui.views.data import quality as cards
from insights.ui.views.data.contradictions import contradictions
from insights.warehouse import open_current
from insights.warehouse.engine.compiling import compiled

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("quality")
    with filled(random_data(1), str(place / "warehouse-1.duckdb")) as con:
        con.execute("INSERT INTO facts VALUES ('as_of', ?), ('time_zone', 'Europe/Istanbul')", [AS_OF.isoformat()])
        con.execute(
            "INSERT INTO rejects VALUES (1, '<b>a.csv', 7, NULL, '=1+1', 'bad_date', '{}', true)",
        )
        quality.judge(lambda statement: con.execute(*compiled(statement)).fetchall())
    (place / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    return place


def page(directory: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("INSIGHTS_WAREHOUSE", str(directory))
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = language
    return app.switch_page("pages/data/quality.py").run()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_page_shows_what_the_engine_finds(directory: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(directory, language, monkeypatch)
    assert not app.exception
    assert not app.error
    headings = {h.value for h in app.header}
    for name in ("refused", "found", "fresh", "cover", "gaps", "excluded", "aside"):
        assert texts.t(f"quality.{name}_title", language) in headings
    found = quality.findings(fetch_from(filled(random_data(1))), Filters(), as_of=AS_OF)
    wrong = sum(f.count for f in found if f.severity == "wrong")
    assert app.metric[0].value == texts.decimal_text(wrong, language)
    contradictions = app.dataframe[0].value
    assert len(contradictions) == sum(f.count > 0 for f in found)
    assert texts.t("quality.checks.solved_before_created.name", language) in set(contradictions["check"])


def test_a_refused_kpi_is_named_with_its_reason(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(directory, "en", monkeypatch)
    assert any("opened" in w.value and "Refused" in w.value for w in app.warning)


def test_days_without_data_are_named(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(directory, "tr", monkeypatch)
    first = texts.day(min(r["created_day"] for r in random_data(1)["tickets"] if r["created_day"]), "tr")
    assert any(first in c.value for c in app.caption)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_cards_of_the_page_are_made_without_the_screen(directory: Path, language: str) -> None:
    desk = Desk(open_current(directory), Filters(), EVERYTHING, language)
    made = [
        cards.refused(desk),
        contradictions(desk),
        cards.freshness(desk),
        cards.excluded(desk),
        cards.rejected(desk),
        completeness.coverage(desk),
        completeness.gaps(desk),
    ]
    for card in made:
        body = card.body()
        assert card.title
        assert body.warnings or body.notes or body.alt, card.key
    rejected = made[4].body()
    [given] = rejected.files
    assert len(list(given.rows())) == given.n == 1
    book = zipfile.ZipFile(io.BytesIO(downloads.book(desk.with_filters(Filters(dt.date(2020, 1, 1))), given)))
    said = book.read("xl/worksheets/sheet2.xml").decode()
    for told in (texts.t("ui.filters_none", language), texts.t("ui.load_id", language), given.meaning[1]):
        assert told in html.unescape(said)
    assert "2020-01-01" not in said
    assert [int(c.value) for c in cards.summary(desk)][-1] == 1


def test_a_picked_check_opens_the_rows_it_counts(directory: Path) -> None:
    card = contradictions(Desk(open_current(directory), Filters(), EVERYTHING, "en"))
    body, shorter = card.body("every"), card.body("cells")
    failing = sorted((r["check"], r["source"], r["count"]) for r in body.rows if r["count"])
    opened = []
    assert body.table
    assert body.opens
    for place, line in enumerate(body.table.rows):
        title, under = body.opens(place)
        assert under.table
        assert title == f"{line['check']} · {line['source']}"
        opened.append(len(under.table.rows))
    assert sorted(opened) == sorted(count for _, _, count in failing)
    assert shorter.table
    missing = [r for r in body.rows if r["count"] and r["severity"] == "missing"]
    assert len(shorter.table.rows) == len(body.table.rows) - len(missing)
