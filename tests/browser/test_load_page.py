"""The load page in a real browser: a real export dropped, read, counted, and taken back; a strange one refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.conftest import ROOT, Visit, serving, settle
from insights import texts
from insights.settings import Settings
from insights.warehouse import load

SAMPLE = ROOT / "data" / "sample"
Opened = tuple[Page, Path]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Give the address of a dashboard over a warehouse that one load of a real export made, and its directory."""
    place = tmp_path_factory.mktemp("desk")
    load([SAMPLE / "agents.csv.gz"], Settings(warehouse=place / "warehouse"))
    with serving(place / "warehouse", place / "log") as address:
        yield address, place / "warehouse"


@pytest.fixture
def opened(visit: Visit, desk: tuple[str, Path]) -> Opened:
    """Give the load page in Turkish and the directory of its warehouse, which every test leaves as it was."""
    address, warehouse = desk
    return visit(f"{address}/load?lang=tr"), warehouse


def drop(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files([file])
    settle(page)
    page.get_by_role("button", name=texts.t("upload.start", "tr"), exact=True).click()


def served(warehouse: Path) -> str:
    return (warehouse / "CURRENT").read_text("ascii").strip()


def test_a_dropped_export_is_loaded_counted_and_taken_back(opened: Opened) -> None:
    page, warehouse = opened
    drop(page, SAMPLE / "trainings.csv.gz")
    page.get_by_text("Yüklendi:").wait_for(timeout=90_000)
    assert served(warehouse) == "warehouse-2.duckdb"
    settle(page)
    page.get_by_role("button", name=texts.t("upload.undo", "tr")).click()
    page.get_by_role("button", name=texts.t("upload.undo_yes", "tr"), exact=True).click()
    page.get_by_text(texts.t("upload.undone", "tr")).wait_for()
    assert served(warehouse) == "warehouse-1.duckdb"


def test_a_file_that_is_no_table_is_refused_in_one_sentence_and_nothing_changes(opened: Opened, tmp_path: Path) -> None:
    page, warehouse = opened
    before = sorted(p.name for p in warehouse.glob("*.duckdb")), served(warehouse)
    strange = tmp_path / "strange.csv"
    strange.write_bytes(b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 20)
    drop(page, strange)
    page.get_by_text(texts.t("upload.refused", "tr")).wait_for(timeout=60_000)
    assert "strange.csv" in " ".join(page.locator("[data-testid=stAlert]").all_inner_texts())
    assert (sorted(p.name for p in warehouse.glob("*.duckdb")), served(warehouse)) == before
