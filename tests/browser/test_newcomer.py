"""A newcomer's way in a real browser: why a number moved, the tickets behind it, a file of the bad ones; no typing."""

import csv

import pytest
from playwright.sync_api import Page

from browser.conftest import Visit, settle
from insights import texts


class Clicks:
    """A hand that counts its clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    def __call__(self, selector: str) -> None:
        self.page.locator(f"{selector}:visible").first.click()
        self.made += 1
        settle(self.page)


@pytest.mark.parametrize("language", texts.languages())
def test_why_a_number_moved_its_tickets_and_a_file_of_the_bad_ones_in_six_clicks(
    visit: Visit, address: str, language: str
) -> None:
    page = visit(f"{address}/?lang={language}")
    click = Clicks(page)
    click(".st-key-why_info_overviewcsat button")
    drawer = page.get_by_role("dialog")
    drawer.get_by_text(texts.t("why.reading", language)[:20]).wait_for()
    assert "open=info_overviewcsat" in page.url
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


def test_a_cell_of_a_heatmap_opens_its_rows_and_a_ticket_leads_on(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?period=all&lang=en")
    box = page.locator(".st-key-card_week_created .js-plotly-plot").first
    box.scroll_into_view_if_needed()
    settle(page)
    at = page.locator(".st-key-card_week_created .scatterlayer .point").first.bounding_box()
    assert at
    page.mouse.move(at["x"] + 8, at["y"] + 8)
    page.mouse.click(at["x"] + 8, at["y"] + 8)
    settle(page)
    assert "open=about_week_created" in page.url
    assert "at=weekday" in page.url
    assert page.get_by_role("dialog").get_by_role("button", name="Weekday").is_visible()


def test_the_address_of_an_open_drawer_opens_it_again_and_shutting_it_takes_it_out(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?lang=en&open=info_overviewcsat&part=why&by=team")
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("radio", name="Team", checked=True).wait_for()
    page.keyboard.press("Escape")
    settle(page)
    assert "open=" not in page.url
