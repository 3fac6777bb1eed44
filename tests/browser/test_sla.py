"""The promise pages in a browser: a link to a ticket's story, and what the pictures must not do."""

from playwright.sync_api import Page, expect

from browser.conftest import Visit, settle
from insights import texts


def chosen_story(page: Page) -> str | None:
    """Return the ticket the address speaks of."""
    return str(page.evaluate("new URLSearchParams(location.search).get('ticket')") or "") or None


def test_a_row_of_the_queue_opens_its_story_and_the_link_keeps_it(visit: Visit, address: str) -> None:
    page = visit(f"{address}/complaints?period=all&lang=en&show=late&long_late=yes")
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 120, box["y"] + 55)
    settle(page)
    ticket = chosen_story(page)
    assert ticket
    story = page.locator(".st-key-card_story").bounding_box()
    assert story is not None
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()  # it makes room for the story
    assert box is not None
    assert story["x"] >= box["x"] + box["width"]
    assert story["y"] < box["y"] + box["height"], "the story stands beside the table, not below it"
    title = texts.t("sla_page.story", "en", ticket=ticket.split("/")[1])
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    linked = page.url
    page.locator("[data-testid=stDataFrame] canvas").first.focus()
    page.keyboard.press("Escape")
    settle(page)
    assert chosen_story(page) is None
    again = visit(linked.replace("lang=en", "lang=tr"))
    title = texts.t("sla_page.story", "tr", ticket=ticket.split("/")[1])
    expect(again.get_by_role("heading", name=title)).to_be_visible()
    again.get_by_role("button", name=texts.t("sla_page.close", "tr"), exact=True).click()
    settle(again)
    assert chosen_story(again) is None
