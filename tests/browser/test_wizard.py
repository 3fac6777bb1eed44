"""The mapping wizard in a real browser: an unknown file dropped, mapped, loaded, and loaded again with no questions."""

import shutil
from pathlib import Path

import pytest

from browser.conftest import Visit, serving, settle
from insights import texts
from insights.settings import Settings
from insights.warehouse import load

EXPORT = "Alan1;Alan2;Alan3;Alan4\n" + "".join(
    f"{70000 + n};{('Açık', 'Çözüldü', 'Kapalı')[n % 3]};{n:02d}.06.2025 08:15;{('Telefon', 'E-posta')[n % 2]}\n"
    for n in range(1, 29)
)


def test_an_unknown_file_is_mapped_and_then_known(
    visit: Visit, small_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, profiles, file = tmp_path / "warehouse", tmp_path / "profiles", tmp_path / "masa.csv"
    shutil.copytree(small_directory, warehouse)
    file.write_bytes(EXPORT.encode("windows-1254"))
    monkeypatch.setenv("INSIGHTS_PROFILES", str(profiles))
    with serving(warehouse, tmp_path / "log") as address:
        page = visit(f"{address}/load?lang=tr")
        page.locator("input[type=file]").set_input_files([file])
        settle(page)
        page.get_by_role("button", name="Yükle", exact=True).click()
        page.get_by_text(texts.t("wizard.title", "tr")).wait_for(timeout=90_000)
        settle(page)
        page.get_by_text(texts.t("wizard.preview_all_good", "tr", rows="28")).wait_for()
        page.get_by_role("button", name=texts.t("wizard.remember", "tr")).click()
        page.get_by_text("Yüklendi:").wait_for(timeout=90_000)
    (known,) = load([file], Settings(warehouse=warehouse, profiles=profiles)).as_json()["files"]
    assert (known["source"], known["rows_read"], known["rows_unchanged"]) == ("masa", 28, 28)
