"""The rules of counting in a real browser: one the address names, saved, computed again, put back; a complete file."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page

from browser.conftest import Visit, serving, settle
from insights import texts
from insights.settings import Settings
from insights.warehouse import load

TICKETS = "ticket_id,customer_id,status,created_at\n"
RULE = "answers.staff_by_deeds"


def press(page: Page, key: str) -> None:
    page.get_by_test_id("stMain").locator("button:visible", has_text=texts.t(key, "en")).first.click()
    settle(page)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """Give the address of a dashboard over two open tickets, the directory of its warehouse, and its settings."""
    place = tmp_path_factory.mktemp("desk")
    config, file = place / "insights.toml", place / "a.csv"
    config.write_text("# ours\n")
    file.write_text(f"{TICKETS}T1,C1,open,2025-03-01 10:00\nT2,C2,open,2025-03-02 10:00\n")
    load([file], Settings(warehouse=place / "warehouse"))
    with serving(place / "warehouse", place / "log", config) as address:
        yield address, place / "warehouse", config


def test_a_rule_of_the_address_is_saved_computed_again_and_put_back(visit: Visit, desk: tuple[str, Path, Path]) -> None:
    address, warehouse, config = desk
    before = (warehouse / "CURRENT").read_text()
    page = visit(f"{address}/rules?rule={RULE}&lang=en")
    page.get_by_text(texts.t(f"rule.{RULE}.what", "en")).wait_for()
    page.locator("[data-testid=stForm] label", has_text=texts.t(f"rule.{RULE}.name", "en")).click()
    press(page, "rules_page.save")
    saved = texts.t("rules_page.saved", "en", rule=texts.t(f"rule.{RULE}.name", "en"), file=config.name)
    page.get_by_text(saved).wait_for()
    assert "staff_by_deeds = false" in config.read_text()
    press(page, "calendar_page.recompute")
    page.get_by_text(texts.t("calendar_page.recomputed", "en")).wait_for(timeout=90_000)
    assert (warehouse / "CURRENT").read_text() != before
    assert f"rule={RULE}" in page.url
    press(page, "rules_page.back")
    page.get_by_text(texts.t("calendar_page.recompute", "en")).first.wait_for()
    assert config.read_text().strip() == "# ours"


def test_open_tickets_that_a_file_said_to_be_everything_lacks_are_gone(
    visit: Visit, desk: tuple[str, Path, Path], tmp_path: Path
) -> None:
    (address, warehouse, _), second = desk, tmp_path / "b.csv"
    second.write_text(f"{TICKETS}T1,C1,open,2025-03-01 10:00\nT3,C1,open,2025-03-05 10:00\n")
    page = visit(f"{address}/load?lang=en")
    page.locator("input[type=file]").set_input_files([second])
    settle(page)
    page.locator("label", has_text=texts.t("upload.complete", "en")).click()
    settle(page)
    press(page, "upload.start")
    page.get_by_text(texts.t("upload.gone", "en", count="1")).wait_for(timeout=90_000)
    page.get_by_text(texts.t("studies.gone.name", "en")).first.click()
    page.locator("td[role=gridcell]", has_text="T2").first.wait_for(state="attached")
    with duckdb.connect(str(warehouse / (warehouse / "CURRENT").read_text().strip()), read_only=True) as con:
        held = con.execute("SELECT ticket_id, excluded FROM tickets ORDER BY ALL").fetchall()
    assert held == [("T1", None), ("T2", "gone"), ("T3", None)]
