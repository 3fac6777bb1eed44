"""A report: the same numbers as the pages, in one file that asks nothing of anybody."""

import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from insights import texts
from insights.asking import Desk
from insights.errors import NotWritable, UnknownName
from insights.filters import EVERYTHING, Filters, Scope
from insights.ui.cards.card import Body, Card, Sentence
from insights.ui.report import document, pdf, pieces
from insights.ui.report.text import paragraph
from insights.ui.run import data, names, state
from insights.ui.run.gather import Piece
from insights.warehouse import open_current
from insights.warehouse.reader import Warehouse


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def written(desk: Desk, *pages: str) -> str:
    """Return a report without the script it carries along."""
    return re.sub(r"<script>.*?</script>", "", document.of(desk, pages).decode("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("language", texts.languages())
def test_a_report_holds_every_page_that_has_numbers(small: Warehouse, language: str) -> None:
    desk = Desk(small, Filters(), EVERYTHING, language)
    places = [place.name for place in document.printable()]
    page = written(desk, *places)
    assert len(re.findall("<article>", page)) == len(places) + 1
    assert texts.t("ui.page_failed_text", language) not in page
    for place in places:
        assert texts.t(f"pages.{place}.title", language) in page
    figures = re.findall(r'class="figure".*?<script type="application/json">(.*?)</script>', page, flags=re.DOTALL)
    for figure in map(json.loads, figures):
        assert go.Figure(figure).to_dict()["data"] == figure["data"]  # it raises what plotly does not know
    assert len(figures) > 20


def test_a_report_says_the_numbers_the_desk_answers_and_what_was_asked(desk: Desk) -> None:
    page = written(desk, "satisfaction")
    shown = re.search(r"<h3>CSAT</h3><p class=\"value\">(.*?)</p>.*?n = (\d+)", page)
    assert shown
    days = state.span(state.View("en"), data.last_day(desk))
    assert f"<dd>{names.span(desk, *days)}</dd>" in page
    under = desk.with_filters(Filters(*days))
    before = under.filters.compared()
    assert before
    assert f"<dd>{names.span(desk, before.since, before.until)}</dd>" in page
    number = under.one("csat")
    assert shown[1] == names.said(under, number.value, "csat")
    assert int(shown[2]) == number.n
    assert texts.t("metrics.csat.definition", "en")[:40] in page
    assert texts.t("ui.load_id", "en") in page


def test_a_report_holds_the_sentences_of_a_card_beside_its_text(desk: Desk) -> None:
    body = Body(text="First of all", alt="Unsaid", sentences=[Sentence("**CSAT** fell", "csat")])
    (made,) = pieces.every(desk, [Piece(Card("urgent", desk, "Now", lambda _: body), body=body)])
    assert "<p>First of all</p><p><strong>CSAT</strong> fell</p>" in made
    assert "Unsaid" not in made


def test_a_report_fetches_nothing_and_runs_no_text_of_the_data(desk: Desk) -> None:
    page = document.of(desk, ["satisfaction"]).decode("utf-8")
    assert "default-src 'none'" in page
    head = page.split("<script>")[0]
    assert not re.search(r"(src|href)=", head.replace("default-src=", ""))
    assert paragraph("**a** <b> \\<img src=x\\> \\*x\\*") == "<strong>a</strong> &lt;b&gt; &lt;img src=x&gt; *x*"


def test_a_report_shows_a_role_what_it_sees(small: Warehouse) -> None:
    page = written(Desk(small, Filters(), Scope((("team", ("no such team",)),))), "satisfaction")
    assert texts.t("ui.empty", "en") in page


def test_a_page_a_report_cannot_hold_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="no page load"):
        document.of(desk, ["load"])


def test_without_a_browser_no_pdf_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NotWritable, match="HTML report prints the same"):
        pdf.printed(b"")
