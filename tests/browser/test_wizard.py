"""The mapping wizard in a real browser: an unknown file dropped, mapped, loaded, and loaded again with no questions."""

import shutil
from collections.abc import Iterator
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


ORDERS = (
    "Sipariş Numarası;Sipariş Tarihi;Alıcı;Sipariş Statüsü;Ürün Adı;Adet;Satış Tutarı;İndirim Tutarı;Ödenecek Tutar\n"
    + "".join(
        f"{9000 + n};{n:02d}.03.2025 10:15;Kişi {'ABCD'[n % 4]};Teslim Edildi;Kupa;1;120,00;20,00;{n + 100},00\n"
        for n in range(1, 29)
    )
)
ANSWERS = "Yanıt zamanı,E-posta Adresi,Bizi bir arkadaşınıza tavsiye eder misiniz? (0-10),Neden?\n" + "".join(
    f"{n:02d}.03.2025 09:01:12,u{n}@example.com,{n % 11},Kargo\n" for n in range(1, 29)
)
RATED = "Talep No;Açılış Zamanı;Talep Sahibi;Durum;Çözülme Zamanı;Memnuniyet (1-5)\n" + "".join(
    f"T-{n};{n:02d}.03.2025 09:00;Kişi {'ABCD'[n % 4]};Çözüldü;{n:02d}.03.2025 15:30;{n % 5 + 1 if n % 2 else ''}\n"
    for n in range(1, 29)
)
KINDS = {
    "siparisler.csv": (ORDERS, {"orders": 28, "customers": 4}),
    "anket.csv": (ANSWERS, {"surveys": 28, "customers": 28}),
    "talepler.csv": (RATED, {"tickets": 28, "surveys": 14}),
}


Desk = tuple[str, Settings]


@pytest.fixture(scope="module")
def desk(small_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give the address of a dashboard, and where its warehouse and the profiles it remembers lie."""
    place = tmp_path_factory.mktemp("desk")
    settings = Settings(warehouse=place / "warehouse", profiles=place / "profiles")
    shutil.copytree(small_directory, settings.warehouse)
    with serving(settings.warehouse, place / "log", INSIGHTS_PROFILES=str(settings.profiles)) as address:
        yield address, settings


@pytest.mark.parametrize("name", KINDS)
def test_an_unknown_file_goes_from_drop_to_dashboard_without_a_correction_and_is_then_known(
    name: str, visit: Visit, desk: Desk, tmp_path: Path
) -> None:
    (content, rows), (address, settings), file = KINDS[name], desk, tmp_path / name
    file.write_bytes(content.encode("utf-8"))
    page = visit(f"{address}/load?lang=tr")
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_text(texts.t("wizard.title", "tr")).wait_for(timeout=90_000)
    settle(page)
    assert not page.get_by_text(texts.t("upload.refused", "tr")).count()
    page.screenshot(path=str(tmp_path / "page.png"), full_page=True)
    page.get_by_role("button", name=texts.t("wizard.remember", "tr")).click()
    page.get_by_text("Yüklendi:").wait_for(timeout=90_000)
    (known,) = load([file], settings).as_json()["files"]
    assert (known["source"], known["rows_unchanged"]) == (file.stem, 28)
    assert {table: sum(counts.values()) for table, counts in known["tables"].items() if table in rows} == rows


def test_an_unknown_file_is_mapped_and_then_known(visit: Visit, desk: Desk, tmp_path: Path) -> None:
    (address, settings), file = desk, tmp_path / "masa.csv"
    file.write_bytes(EXPORT.encode("windows-1254"))
    page = visit(f"{address}/load?lang=tr")
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_text(texts.t("wizard.title", "tr")).wait_for(timeout=90_000)
    settle(page)
    page.get_by_text(texts.t("wizard.preview_all_good", "tr", rows="28")).wait_for()
    page.get_by_role("button", name=texts.t("wizard.remember", "tr")).click()
    page.get_by_text("Yüklendi:").wait_for(timeout=90_000)
    (known,) = load([file], settings).as_json()["files"]
    assert (known["source"], known["rows_read"], known["rows_unchanged"]) == ("masa", 28, 28)
