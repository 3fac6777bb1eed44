"""Texts of the data that would run, ask elsewhere, be clicked or drawn as more than a text: on no page one does."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect
from small_company import Tables, fill

from browser.conftest import serving, settle
from insights import schema, texts
from insights.ui.run.places import PAGES

HOSTILE = (
    "<script>window.owned=1</script><img src=http://evil.example/i onerror=window.owned=1><svg onload=window.owned=1>",
    "<a href='http://evil.example/a'>evillink</a><b class=evil>evilbold</b> &lt;b&gt;evilentity <i>evilbold</i>",
    "[evillink](javascript:window.owned=1) [evillink](http://evil.example/m) ![evillink](http://evil.example/p.png)",
    "**evilbold** _evilbold_ ~~evilbold~~ `evilcode` <http://evil.example/u> http://evil.example/bare",
    ":material/bug_report: :red[evilred] :blue-background[evilred] :red-badge[evilred] :skull: $evilmath^2$",
    '$$\\href{http://evil.example/l}{evilmath}$$ =HYPERLINK("http://evil.example/f") \u202egpj.live\u202c {{7*7}}',
    "x" * 300 + "\n# evilhead\n- evilhead\n> evilhead\n\n|evilcell|b|\n|--|--|\n|c|d|",
    "<style>body{display:none}</style>%{y}<br><span style='color:red' class=evil>evilbold</span><sub>evilbold</sub>",
)
ASIDE = frozenset({"facts", "loads", "rejects", "verdicts", "calendar_days", "calendar_segments", "ticket_as_loaded"})
FREE = (
    "subject",
    "comment",
    "name",
    "company",
    "segment",
    "region",
    "country",
    "city",
    "loyalty_tier",
    "category",
    "product",
    "team",
    "root_cause",
    "at_fault",
    "tags",
    "kind_raw",
    "channel_raw",
    "priority_raw",
    "status_raw",
    "acquisition_channel",
    "competitor",
    "outcome",
    "lost_reason",
    "stage",
    "variant",
    "response_team",
    "lifecycle_stage",
    "course",
    "goal",
)
"""Columns that hold whatever an export holds; copies of one have one text in every table."""
DRAWN = """() => {
  const marks = new Set(['evillink', 'evilbold', 'evilcode', 'evilred', 'evilhead', 'evilcell', 'bug_report']);
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    if (marks.has(text) || text.includes('💀') || text.includes('<b>evilentity') && !text.includes('&lt;'))
      found.push(text.slice(0, 80) + ' in ' + walk.currentNode.parentElement.outerHTML.slice(0, 200));
  }
  for (const e of document.querySelectorAll('.evil, .katex, a[href*="evil"], a[href^="javascript:"], iframe'))
    found.push(e.outerHTML.slice(0, 300));
  for (const e of document.querySelectorAll('svg a'))
    if (/evil|javascript:/.test(e.outerHTML)) found.push(e.outerHTML.slice(0, 300));
  if (window.owned) found.push('a script ran');
  if (getComputedStyle(document.body).display === 'none') found.push('the page was hidden');
  return found;
}"""
"""What was made of the data beyond text; a mark alone in its piece of text was taken out of the words around it."""


def poison(con: duckdb.DuckDBPyConnection) -> int:
    """Put hostile words behind every text an export is free in; return in how many columns."""
    columns = sorted((t.name, c.name) for t in schema.metadata.tables.values() if t.name not in ASIDE for c in t.c)
    free = [(table, column) for table, column in columns if column in FREE]
    for table, column in free:
        place = FREE.index("team" if column == "response_team" else column)
        words = " ".join(HOSTILE[(place + turn) % len(HOSTILE)] for turn in range(2 if column != "subject" else 8))
        con.execute(f"UPDATE {table} SET {column} = {column} || ' ' || ? WHERE {column} IS NOT NULL", [words])
    return len(free)


@pytest.fixture(scope="module")
def served(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a dashboard over hostile texts."""
    directory: Path = tmp_path_factory.mktemp("hostile")
    with duckdb.connect(str(directory / "warehouse-1.duckdb")) as con:
        fill(con, tables)
        assert poison(con) > 40
    (directory / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")
    with serving(directory, directory / "log") as address:
        yield address


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return one window for all pages: whoever goes on from page to page has all that ran before still there."""
    with browser.new_context(locale="en-GB", timezone_id="Europe/Istanbul", reduced_motion="reduce") as context:
        yield context.new_page()


GONE_ON = """url => new Promise(done => {
  const app = document.querySelector('[data-testid=stApp]');
  new MutationObserver(done).observe(app, {attributeFilter: ['data-test-script-state']});
  setTimeout(done, 10_000);
  history.pushState({}, '', url);
  dispatchEvent(new PopStateEvent('popstate'));
})"""
"""As the browser's own way back does; then wait until the server begins to answer, or has long answered."""


def go_on(page: Page, url: str) -> Page:
    """Open an address, or go on to it where the app is open: then it is drawn anew, and nothing is loaded anew."""
    if page.url == "about:blank":
        page.goto(url)
    else:
        page.evaluate(GONE_ON, url)
    return settle(page)


LOOKS = {
    "every page": [f"{place.name}?lang=en&period=all" for place in PAGES],
    "queue and drawer in the other language": [
        "complaints?lang=tr&ticket=desk/00341",
        "overview?lang=tr&period=all&open=info_overviewcsat&part=rows",
    ],
}


@pytest.mark.parametrize("looks", LOOKS.values(), ids=LOOKS)
def test_texts_of_the_data_are_texts(served: str, page: Page, looks: list[str]) -> None:
    asked, found, shown = list[str](), dict[str, list[str]](), 0
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for look in looks:
        go_on(page, f"{served}/{look}")
        place, _, language = look.partition("?lang=")
        expect(page.get_by_role("heading", level=1)).to_have_text(texts.t(f"pages.{place}.title", language[:2]))
        if drawn := page.evaluate(DRAWN):
            found[look] = drawn
        shown += "evil" in page.inner_text("body")
    assert found == {}
    assert shown > len(looks) / 6, "the texts are there"
    assert [url for url in asked if not url.startswith((served, served.replace("http", "ws"), "data:", "blob:"))] == []
