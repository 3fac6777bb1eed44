"""The load page in a real browser: a real export dropped, read, counted, and taken back."""

import shutil
from pathlib import Path

import pytest
from browser.conftest import ROOT, Visit, serving, settle

from insights import texts

EXPORT = ROOT / "data" / "sample" / "trainings.csv.gz"


def test_a_dropped_export_is_loaded_counted_and_taken_back(
    visit: Visit, small_directory: Path, tmp_path: Path
) -> None:
    if not EXPORT.exists():
        pytest.skip("the sample company's exports are not written yet")
    warehouse = tmp_path / "warehouse"
    shutil.copytree(small_directory, warehouse)
    with serving(warehouse, tmp_path / "log") as address:
        page = visit(f"{address}/load?lang=tr")
        page.locator("input[type=file]").set_input_files([EXPORT])
        settle(page)
        page.get_by_role("button", name="Yükle", exact=True).click()
        page.get_by_text("Yüklendi:").wait_for(timeout=90_000)
        settle(page)
        assert (warehouse / "warehouse-2.duckdb").exists()
        page.get_by_role("button", name=texts.t("upload.undo", "tr")).click()
        page.get_by_role("button", name=texts.t("upload.undo_yes", "tr"), exact=True).click()
        page.get_by_text(texts.t("upload.undone", "tr")).wait_for()
        assert (warehouse / "CURRENT").read_text("ascii").strip() == "warehouse-1.duckdb"


def test_a_file_of_no_known_layout_is_refused_in_one_sentence_and_nothing_changes(
    visit: Visit, small_directory: Path, tmp_path: Path
) -> None:
    warehouse, strange = tmp_path / "warehouse", tmp_path / "strange.csv"
    shutil.copytree(small_directory, warehouse)
    strange.write_text("apples,pears\n1,2\n", "utf-8")
    with serving(warehouse, tmp_path / "log") as address:
        page = visit(f"{address}/load?lang=en")
        page.locator("input[type=file]").set_input_files([strange])
        settle(page)
        page.get_by_role("button", name="Load", exact=True).click()
        page.get_by_text(texts.t("upload.refused", "en")).wait_for(timeout=60_000)
        assert "strange.csv" in page.locator("[data-testid=stAlert]").inner_text()
    assert sorted(p.name for p in warehouse.glob("*.duckdb")) == ["warehouse-1.duckdb"]
