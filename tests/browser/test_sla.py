"""The promise pages in a browser: a link to a ticket's story, and a picked ticket over newer data."""

import re
import shutil
from pathlib import Path

import duckdb
from playwright.sync_api import Page, expect
from small_company import publish, random_tables

from browser.conftest import Visit, serving, settle
from insights import texts
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.warehouse import open_current


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
    expect(page).not_to_have_url(re.compile("ticket="))
    settle(page)
    assert chosen_story(page) is None
    again = visit(linked.replace("lang=en", "lang=tr"))
    title = texts.t("sla_page.story", "tr", ticket=ticket.split("/")[1])
    expect(again.get_by_role("heading", name=title)).to_be_visible()
    again.get_by_role("button", name=texts.t("sla_page.close", "tr"), exact=True).click()
    expect(again).not_to_have_url(re.compile("ticket="))
    settle(again)
    assert chosen_story(again) is None


def test_a_picked_ticket_stays_picked_over_newer_data_wherever_its_row_is_now(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    publish(tmp_path / "held", random_tables(3))
    (tmp_path / "insights.toml").write_text("[queue]\nrefresh_s = 1\n", "utf-8")
    with serving(tmp_path / "held", tmp_path / "log", tmp_path / "insights.toml") as address:
        page = visit(f"{address}/complaints?period=all&lang=en&show=all&long_late=yes")
        box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 120, box["y"] + 55 + 38)
        settle(page)
        ticket = str(chosen_story(page))
        without_the_first(tmp_path / "held")
        story = page.get_by_role("heading", name=texts.t("sla_page.story", "en", ticket=ticket.split("/")[1]))
        counted = page.get_by_role("button", name=texts.t("words.show.all", "en"))
        before = counted.first.inner_text()
        expect(counted.first).not_to_have_text(before, timeout=30_000)
        settle(page)
        assert chosen_story(page) == ticket
        expect(story).to_be_visible()
        held = page.locator("[data-testid=stDataFrame]").first.locator("[role=gridcell][aria-selected=true]")
        expect(held).to_have_text(ticket.split("/")[1])


def without_the_first(held: Path) -> None:
    """Serve a newer version of a warehouse: the ticket on top of the queue has no promise any more."""
    desk = Desk(open_current(held), Filters(), EVERYTHING).narrow("kind", "complaint")
    first = desk.study("sla_tickets", show="all", unfold="yes").rows[0]
    shutil.copy(held / "warehouse-1.duckdb", held / "warehouse-2.duckdb")
    with duckdb.connect(str(held / "warehouse-2.duckdb")) as con:
        key = [first["source"], first["ticket_id"]]
        con.execute("DELETE FROM sla_clocks WHERE source = ? AND ticket_id = ?", key)
    (held / "CURRENT").write_text("warehouse-2.duckdb\n", "ascii")
