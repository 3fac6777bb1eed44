"""A newcomer's ways in a real browser, by mouse and by keys: what to save, why a number moved, a file of the bad."""

import csv
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Visit, settle
from insights import texts

RINGED = """() => [document.activeElement, document.activeElement.closest('[data-testid=stDataFrame]')]
  .some(e => e && getComputedStyle(e).outlineStyle !== 'none')"""
"""The focus is seen on what has it, or around the table it stands in."""


class Clicks:
    """A hand that counts its clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    def __call__(self, selector: str) -> None:
        self.page.locator(f"{selector}:visible").first.click()
        self.made += 1
        settle(self.page)


@pytest.mark.parametrize("language", texts.languages())
def test_why_a_number_moved_in_a_month_its_tickets_and_a_file_of_the_bad_ones_in_six_clicks(
    visit: Visit, address: str, language: str
) -> None:
    page = visit(f"{address}/?lang={language}")
    click = Clicks(page)
    click(".st-key-chip_period button")
    click(".st-key-f_month [role=radio]")
    expect(page).to_have_url(re.compile("since="))
    click(".st-key-why_info_overviewcsat button")
    drawer = page.get_by_role("dialog")
    drawer.get_by_text(texts.t("why.reading", language)[:20]).wait_for()
    expect(page).to_have_url(re.compile("open=info_overviewcsat"))
    drawer.get_by_role("radio", name=texts.t("ui.part_rows", language)).click()
    settle(page)
    bad = drawer.get_by_role("radio", name=texts.t("ui.only_against", language))
    n = int(bad.inner_text().rsplit("· ", 1)[1])
    bad.click()
    settle(page)
    with page.expect_download() as download:
        drawer.get_by_role("button", name=texts.t("ui.download_all", language)).click()
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert {row[texts.t("columns.value", language)] for row in rows} == {"0"}
    assert len(rows) == n
    assert click.made + 3 <= 6


@pytest.mark.parametrize("language", texts.languages())
def test_what_can_still_be_saved_is_told_in_three_clicks(visit: Visit, address: str, language: str) -> None:
    page = visit(f"{address}/?lang={language}")
    page.get_by_role("link", name=texts.t("pages.overview.to_queue", language)).click()
    settle(page)
    late = page.get_by_role("radio", name=texts.t("words.show.late", language))
    assert page.get_by_role("radio", name=texts.t("words.show.at_risk", language)).is_visible()
    late.click()
    settle(page)
    expect(page).to_have_url(re.compile("show=late"))
    settle(page)
    table = page.locator(".st-key-card_queue [data-testid=stDataFrame]")
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 120, box["y"] + 55)
    expect(page).to_have_url(re.compile("ticket="))
    expect(page.locator(".st-key-card_story")).to_be_visible()


@pytest.mark.parametrize("language", texts.languages())
def test_the_keyboard_alone_goes_from_a_number_to_a_file_of_the_bad_ones(
    visit: Visit, address: str, language: str
) -> None:
    page = visit(f"{address}/?lang={language}")
    press(page, page.locator(".st-key-why_info_overviewcsat button"))
    drawer = page.get_by_role("dialog")
    walk(page, drawer.get_by_role("radio", name=texts.t("ui.part_definition", language)))
    press(page, "ArrowRight", "ArrowRight", "Enter")
    expect(page).to_have_url(re.compile("part=rows"))
    settle(page)
    walk(page, drawer.get_by_role("radio", name=texts.t("ui.only_all", language)))
    press(page, "ArrowRight", "Enter")
    walk(page, drawer.get_by_role("button", name=texts.t("ui.download_all", language)))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert {row[texts.t("columns.value", language)] for row in rows} == {"0"}
    settle(page)
    walk(page, drawer.locator("[data-testid=stDataFrame]"))
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page).not_to_have_url(re.compile("open="))
    settle(page)
    assert "open=" not in page.url


@pytest.mark.parametrize("language", texts.languages())
def test_the_keyboard_alone_finds_what_can_be_saved_and_no_table_holds_it(
    visit: Visit, address: str, language: str
) -> None:
    page = visit(f"{address}/?lang={language}")
    press(page, page.get_by_role("link", name=texts.t("pages.overview.to_queue", language)))
    walk(page, page.locator(".st-key-card_queue [data-testid=stDataFrame] canvas").first)
    assert "ticket=" not in page.url, "a row is picked by who presses a key on it, not by who passes through"
    press(page, "ArrowDown")
    expect(page).to_have_url(re.compile("ticket="))
    settle(page)
    press(page, "Escape")
    expect(page).not_to_have_url(re.compile("ticket="))


def press(page: Page, *keys: Locator | str) -> None:
    """Press keys, or Enter on what Tab leads to."""
    for key in keys:
        if not isinstance(key, str):
            walk(page, key)
        page.keyboard.press(key if isinstance(key, str) else "Enter")
        settle(page)


def walk(page: Page, to: Locator) -> None:
    """Press Tab until the focus stands on an element, where it can be seen."""
    to.first.wait_for()
    for _ in range(90):
        page.keyboard.press("Tab")
        if to.first.evaluate("e => e.contains(document.activeElement)"):
            assert page.evaluate(RINGED)
            return
    raise AssertionError("the keyboard does not get there")


def test_a_cell_of_a_heatmap_opens_its_rows_and_a_ticket_leads_on(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?period=all&lang=en")
    box = page.locator(".st-key-card_week_created .js-plotly-plot").first
    box.scroll_into_view_if_needed()
    settle(page)
    at = page.locator(".st-key-card_week_created .scatterlayer .point").first.bounding_box()
    assert at
    page.mouse.move(at["x"] + 8, at["y"] + 8)
    page.mouse.click(at["x"] + 8, at["y"] + 8)
    expect(page).to_have_url(re.compile("open=about_week_created"))
    expect(page).to_have_url(re.compile("at=weekday"))
    expect(page.get_by_role("dialog").get_by_role("button", name="Weekday")).to_be_visible()


def test_the_address_of_an_open_drawer_opens_it_again_and_shutting_it_takes_it_out(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?lang=en&open=info_overviewcsat&part=why&by=team")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("radio", name="Team", checked=True).wait_for()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("open="))
    settle(page)
    assert "open=" not in page.url
