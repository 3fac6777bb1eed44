"""The dashboard in a real browser: filters and address, drill-down, languages, themes, phone, accessibility."""

import io
import re
from importlib.resources import files
from typing import Literal
from urllib.parse import parse_qs, urlparse

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from insights import texts
from insights.ui.frame import PAGES

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STREAMLITS_OWN = {"list", "listitem", "svg-img-alt", "presentation-role-conflict"}
ASKED = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {rule: {"enabled": False} for rule in STREAMLITS_OWN},
    "resultTypes": ["violations"],
    "selectors": False,
}
"""What axe looks for; where a fault stands is said by the element itself."""
NAMES = [place.name for place in PAGES]


def path(name: str) -> str:
    return "" if name == NAMES[0] else name


def codes(page: Page) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlparse(page.url).query).items()}


def tiles(page: Page) -> list[str]:
    """Return the digits of every tile: what no language may change."""
    return [re.sub(r"\D", "", text) for text in page.locator("[data-testid=stMetricValue]").all_inner_texts()]


def test_filter_bar_writes_codes_and_a_link_gives_the_same_numbers_in_the_other_language(
    visit: Visit, address: str
) -> None:
    page = visit(address)
    page.get_by_role("button", name="Son 90 gün").click()
    page.get_by_role("radio", name="Tümü").click()
    settle(page)
    page.get_by_role("button", name="Kanal").click()
    page.get_by_role("button", name="E-posta").click()
    expect(page).to_have_url(re.compile("channel=email"))
    settle(page)
    page.keyboard.press("Escape")
    assert codes(page) == {"period": "all", "channel": "email", "lang": "tr"}
    english = visit(page.url.replace("lang=tr", "lang=en"), locale="en-GB")
    assert english.get_by_role("heading", level=1).inner_text() == "Overview"
    assert tiles(english) == tiles(page) != []


@pytest.mark.parametrize("language", texts.languages())
def test_a_step_beside_the_period_outlives_the_next_click(visit: Visit, address: str, language: str) -> None:
    page = visit(f"{address}/?lang={language}")
    page.locator(".st-key-chip_period button").first.click()
    page.get_by_role("radio", name=texts.t("ui.period_30d", language)).click()
    settle(page)
    page.locator(".st-key-period_back button").click()
    settle(page)
    stepped = codes(page)
    assert stepped["period"] == "custom"
    page.locator("[class*='st-key-info_'] button").first.click()  # a shut popover sends what it last held
    settle(page)
    assert codes(page).items() >= stepped.items()


def test_filters_stay_in_the_address_across_pages_and_the_reset_takes_them_back(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?period=all&channel=email,phone&lang=en")
    page.get_by_role("link", name="Resolution").click()
    expect(page).to_have_url(re.compile("/resolution[?]"))
    settle(page)
    assert urlparse(page.url).path == "/resolution"
    assert codes(page)["channel"] == "email,phone"
    page.get_by_role("button", name="Reset").click()
    expect(page).not_to_have_url(re.compile("channel="))
    settle(page)
    assert codes(page) == {"period": "90d", "lang": "en"}


def test_language_switch_keeps_page_and_filters(visit: Visit, address: str) -> None:
    page = visit(f"{address}/satisfaction?period=all&channel=email&lang=tr")
    before = tiles(page)
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Satisfaction")
    settle(page)
    assert codes(page) == {"period": "all", "channel": "email", "lang": "en"}
    assert tiles(page) == before


def test_a_number_opens_to_its_definition_rows_and_sql(visit: Visit, address: str) -> None:
    page = visit(f"{address}/satisfaction?period=all&lang=en")
    button = page.locator(".st-key-info_csat button:visible").first
    n = re.sub(r"\D", "", button.inner_text())
    button.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_text(texts.t("metrics.csat.definition", "en")[:40]).wait_for()
    drawer.get_by_role("radio", name="Rows").click()
    drawer.get_by_text(f"{n} rows").wait_for()
    with page.expect_download() as download:
        drawer.get_by_role("button", name="Download all rows").click()
    assert len(download.value.path().read_text("utf-8-sig").strip().splitlines()) - 1 == int(n)
    drawer.get_by_role("radio", name="SQL").click()
    drawer.get_by_text("SELECT").first.wait_for()


def test_the_workbook_is_built_when_asked_for(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?period=all&lang=en")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel workbook").click()
    assert download.value.path().read_bytes()[:2] == b"PK"


def widths(page: Page) -> list[int]:
    """Return how wide the page and its scrolling part are drawn."""
    main = "document.querySelector('[data-testid=stMain]').scrollWidth"
    return list(page.evaluate(f"[document.documentElement.scrollWidth, {main}]"))


def hidden_choices(page: Page) -> list[str]:
    """Return the choices of the page of which some lie outside what is seen."""
    rows = "[...document.querySelectorAll('[data-testid=stMain] [role=radiogroup]')]"
    return list(page.evaluate(f"{rows}.filter(e => e.scrollWidth > e.clientWidth + 2).map(e => e.ariaLabel)"))


def test_overview_opens_on_a_phone(visit: Visit, address: str) -> None:
    assert max(widths(visit(f"{address}/?period=all&lang=tr", width=390))) <= 390


def violations(page: Page) -> dict[str, list[object]]:
    """Return what axe finds wrong on the page as it stands, by rule."""
    found = page.evaluate("asked => axe.run(document, asked)", ASKED)
    return {v["id"]: [n["html"][:200] for n in v["nodes"]][:3] for v in found["violations"]}


def assert_drawn(page: Page, name: str, language: str) -> None:
    """Fail where a page has another title, or any box that says something went wrong."""
    assert page.get_by_role("heading", level=1).all_inner_texts() == [texts.t(f"pages.{name}.title", language)]
    assert page.locator("[data-testid=stAlertContentError], [data-testid=stException]").all_inner_texts() == []


@pytest.mark.parametrize("name", NAMES)
def test_page_is_drawn_and_accessible_in_both_languages_asks_no_one_else_and_fits_a_phone(
    visit: Visit, address: str, name: str
) -> None:
    """A page is opened once: light in Turkish, then dark in English."""
    asked: list[str] = []
    said: list[str] = []
    page = visit(f"{address}/{path(name)}?period=all&lang=tr", locale="en-GB", asked=asked, said=said)
    assert widgets_words(page, "en") == []
    page.evaluate(AXE)
    light = background(page)
    assert_drawn(page, name, "tr")
    assert violations(page) == {}
    page.emulate_media(color_scheme="dark")
    page.get_by_role("radio", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(texts.t(f"pages.{name}.title", "en"))
    settle(page)
    assert background(page) != light
    assert_drawn(page, name, "en")
    assert widgets_words(page, "tr") == []
    assert violations(page) == {}
    assert [
        url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    ] == []
    assert [text for text in said if "Content Security Policy" in text] == []
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert max(widths(page)) <= 390
    assert hidden_choices(page) == []
    assert run_together(page) == []


STATES = {
    "a drawer of rows": "?period=all&lang=tr&open=info_overviewcsat&part=rows",
    "why": "?lang=en&open=info_overviewcsat&part=why",
    "nothing under the filters": "?period=custom&since=2019-01-01&until=2019-01-31&lang=tr",
    "an address of elsewhere": "?channel=moon&asof=2030-01-01&lang=en",
    "the history of a ticket": "complaints?lang=tr&ticket=desk/00341",
    "a ticket that is not there": "complaints?lang=en&ticket=desk/none",
}


@pytest.mark.parametrize("state", STATES)
def test_what_a_page_can_be_in_is_accessible_by_day_and_by_night(visit: Visit, address: str, state: str) -> None:
    page = visit(f"{address}/{STATES[state]}")
    page.evaluate(AXE)
    assert violations(page) == {}
    page.emulate_media(color_scheme="dark")
    settle(page)
    assert violations(page) == {}


def run_together(page: Page) -> list[str]:
    """Return the labels of axes that stand over one another."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => ['x', 'y'].flatMap(axis => {
          const texts = [...plot.querySelectorAll(`.${axis}tick text`)].filter(t => t.textContent.trim())
            .map(t => [t.getBoundingClientRect(), t.textContent])
            .sort(([a], [b]) => axis === 'x' ? a.left - b.left : a.top - b.top);
          return texts.slice(1).flatMap(([here, said], i) => {
            const [before, other] = texts[i];
            const over = Math.min(before.right - here.left, before.bottom - here.top, here.right - before.left);
            return over > 1 ? [`${other} | ${said}`] : [];
          });
        }))"""
    )
    return found


def widgets_words(page: Page, language: str) -> list[str]:
    """Return what the widgets say of their own in a language, where it is not said so in the other one, too."""
    said = {code: texts.catalogue(code) for code in texts.languages()}
    keys = [k for k in said[language] if k.startswith("chrome.") and len({words[k] for words in said.values()}) > 1]
    theirs = re.compile("|".join(re.escape(said[language][k]).replace(r"\{what\}", ".+") for k in keys))
    heard = page.evaluate(
        """() => [...document.querySelectorAll('[aria-label], [placeholder], [data-testid=stFileUploader] *')].flatMap(
          e => [e.getAttribute('aria-label'), e.getAttribute('placeholder'), e.children.length ? '' : e.textContent])"""
    )
    return [text for text in heard if text and theirs.fullmatch(text)]


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))


THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
WORDS = """() => [...document.querySelectorAll('.js-plotly-plot text, button p, [data-testid=stMetric] *')]
  .filter(e => e.tagName === 'text' || !e.children.length).filter(e => !e.closest('.modebar, :disabled'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect()]).map(([t, r]) => [t, r.left, r.top, r.right, r.bottom])
  .filter(([t, left, top, right, bottom]) => t && right - left > 3 && bottom - top > 5)"""


def test_words_of_tiles_buttons_and_charts_are_legible_as_drawn_by_day_and_by_night(visit: Visit, address: str) -> None:
    page = visit(f"{address}/complaints?period=all&lang=tr")
    page.set_viewport_size({"width": 1440, "height": 3600})
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.reload()
        settle(page)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        boxes = page.evaluate(WORDS)
        drawn = [box for box in boxes if box[1] >= 0 and box[3] <= shot.width and box[4] <= shot.height]
        assert len(drawn) > 50
        seen = [(box[0], legible(shot.crop([int(x) for x in box[1:]]))) for box in drawn]
        assert [(theme, word, contrast) for word, contrast in seen if contrast < 4.5] == []


def legible(drawn: Image.Image) -> float:
    """Return the contrast of what stands out most in a picture of a word with what is behind it."""
    colours = drawn.getcolors(drawn.width * drawn.height) or []
    behind = luminance(max(colours)[1])
    return max((max(own, behind) + 0.05) / (min(own, behind) + 0.05) for own in (luminance(c) for _, c in colours))


def luminance(colour: tuple[int, int, int]) -> float:
    """Return how bright a colour is, as WCAG counts it."""
    red, green, blue = (p / 12.92 if (p := c / 255) <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
