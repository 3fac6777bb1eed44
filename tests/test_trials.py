"""A CRM a stranger adds: one TOML file and a row of its export, and that forgetting the row is said by name."""

from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from insights import sources
from insights.sources import ReadOptions
from insights.sources.profile import Profile, read_profile

ROWS = Path(__file__).parent / "rows"
"""A row of every export there is a profile of, in a file called as the profile."""
SHIPPED = {
    f.name.removesuffix(".toml"): f.read_text("utf-8")
    for f in files("insights.sources").joinpath("profiles").iterdir()
    if f.name.endswith(".toml")
}
_CON = duckdb.connect()
CRM = """
name = "desk"
label = "A desk nobody knew"
main = "tickets"
date_order = "dmy"
[match]
needs = ["Bilet Kimliği", "Talep Durumu"]
[tickets]
ticket_id = "Bilet Kimliği"
customer_id = "Üye Kimliği"
status = "Talep Durumu"
created_at = "Talep Açılışı"
[words.status]
"beklemede kaldı" = "pending"
"""
ROW = "Bilet Kimliği;Üye Kimliği;Talep Durumu;Talep Açılışı\n7;M-1;Beklemede kaldı;05.03.2026 10:00\n"


def read(path: Path, known: list[Profile]) -> tuple[str, int, list[str]]:
    """Return the profile a file was read by, its rows, and the reasons for which any were set aside."""
    con = _CON
    (one,) = sources.stage(con, path, known, ReadOptions(default_timezone="Europe/Istanbul"))
    aside = con.execute(f"SELECT reason FROM {one.rejects}").fetchall()
    return one.profile_hash, one.rows_read, [reason for (reason,) in aside]


def test_every_profile_has_a_sample_row_and_every_row_a_profile() -> None:
    assert {f.stem for f in ROWS.iterdir()} ^ SHIPPED.keys() == set(), "put a row of the export into tests/rows"


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_sample_row_of_a_profile_is_known_by_it_and_kept(name: str) -> None:
    known = sources.profiles()
    wanted = read_profile(SHIPPED[name], name).hash
    path = next(f for f in ROWS.iterdir() if f.stem == name)
    assert read(path, known) == (wanted, 1, [])


def test_a_crm_is_one_toml_file_and_a_row(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "desk.toml").write_text(CRM, "utf-8")
    export = tmp_path / "export.csv"
    export.write_text(ROW, "utf-8")
    known = sources.profiles(tmp_path / "profiles")
    assert read(export, known) == (next(p.hash for p in known if p.name == "desk"), 1, [])
