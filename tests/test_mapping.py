"""A mapping of the user's own: what makes it wrong, what it may know of the file, and that own words hold in it."""

import json
from pathlib import Path

import pytest
from test_load import run, told

from insights import texts
from insights.errors import MappingWrong
from insights.sources.profile import read_profile

MAPPING = """
name = "desk"
main = "tickets"
[tickets]
ticket_id = "No"
status = "Durum"
created_at = "Tarih"
replies = "Yanıt"
subject = "Konu"
"""
EXPORT = """No;Durum;Tarih;Yanıt;Konu
1;Müşteride;2026-01-05;2;Fatura
2;Müşteride;2026-01-06;3;Kargo
3;Açık;2026-01-07;;İade
4;Açık;2026-01-08;4;Şifre
"""


@pytest.fixture
def mapped(tmp_path: Path) -> tuple[Path, Path]:
    export, mapping = tmp_path / "export.csv", tmp_path / "desk.toml"
    export.write_text(EXPORT, "utf-8")
    mapping.write_text(MAPPING, "utf-8")
    return export, mapping


def refused(directory: Path, *arguments: object) -> tuple[str, str]:
    """Return class and sentence of a refusal, which is one line in both languages."""
    for lang in texts.LANGUAGES:
        done = run(directory, *arguments, "--format", "json", lang=lang)
        assert done.returncode == 2
        said = json.loads(done.stdout)["refused"]
        assert len(said["message"].splitlines()) == 1
    return said["class"], said["message"]


def test_a_mapping_without_match_is_taken_as_named_and_knows_the_words_of_the_user(
    tmp_path: Path, mapped: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    export, mapping = mapped
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "words.toml").write_text('status."Müşteride" = "pending"\n', "utf-8")
    monkeypatch.setenv("INSIGHTS_PROFILES", str(profiles))
    (file,) = told(tmp_path, "load", export, "--profile", mapping)["files"]
    assert (file["source"], file["rows_inserted"], file["warnings"]) == ("desk", 4, {})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('status = "Durum"', 'status = "Durum'),
        ('status = "Durum"', 'mood = "Durum"'),
        ("[tickets]", "[cases]"),
        ("[tickets]", '[words.status]\n"Açık" = "ajar"\n[tickets]'),
        ('ticket_id = "No"', 'ticket_id = "Numara"'),
        ('created_at = "Tarih"', 'created_at = "Konu"'),
        ('replies = "Yanıt"', 'replies = "Konu"'),
        ('replies = "Yanıt"', 'source_sla_met = "Konu"'),
        ('created_at = "Tarih"', 'created_at = "Gün"'),
        ('main = "tickets"', 'main = "tickets"\nencoding = "klingon"'),
        ('main = "tickets"', 'main = "tickets"\nencoding = "punycode"'),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_and_nothing_changes(
    tmp_path: Path, mapped: tuple[Path, Path], old: str, new: str
) -> None:
    export, mapping = mapped
    mapping.write_text(MAPPING.replace(old, new, 1), "utf-8")
    assert refused(tmp_path, "load", export, "--profile", mapping)[0] == "wrong_mapping"
    assert run(tmp_path, "status").returncode == 2


def test_a_mapping_that_is_not_there_is_not_readable(tmp_path: Path, mapped: tuple[Path, Path]) -> None:
    assert refused(tmp_path, "load", mapped[0], "--profile", tmp_path / "none.toml")[0] == "not_readable"


def test_a_single_bad_cell_is_no_wrong_mapping(tmp_path: Path, mapped: tuple[Path, Path]) -> None:
    export, mapping = mapped
    export.write_text(EXPORT.replace(";2;", ";iki;"), "utf-8")
    (file,) = told(tmp_path, "load", export, "--profile", mapping)["files"]
    assert (file["rows_inserted"], file["warnings"]) == (4, {"bad_number": 1, "unknown_status": 2})


def test_a_mapping_may_know_the_encoding_where_the_file_proves_none(tmp_path: Path, mapped: tuple[Path, Path]) -> None:
    export, mapping = mapped
    export.write_bytes("No;Durum;Tarih;Yanit;Konu\n1;open;2026-01-05;2;Žluťoučký kůň\n".encode("cp1250"))
    mapping.write_text('encoding = "windows-1250"' + MAPPING.replace("Yanıt", "Yanit"), "utf-8")
    (file,) = told(tmp_path, "load", export, "--profile", mapping)["files"]
    assert file["encoding"] == "cp1250"
    export.write_text(EXPORT.replace("Yanıt", "Yanit"), "utf-8")
    (file,) = told(tmp_path, "load", export, "--profile", mapping)["files"]
    assert file["encoding"] == "utf-8"


def test_a_mapping_may_name_the_columns_of_a_file_without_header(tmp_path: Path, mapped: tuple[Path, Path]) -> None:
    export, mapping = mapped
    export.write_text(EXPORT.split("\n", 1)[1], "utf-8")
    named = '[file]\ncolumns = ["No", "Durum", "Tarih", "Yanıt", "Konu"]\n[tickets]'
    mapping.write_text(MAPPING.replace("[tickets]", named), "utf-8")
    (file,) = told(tmp_path, "load", export, "--profile", mapping)["files"]
    assert (file["rows_inserted"], file["delimiter"]) == (4, ";")


@pytest.mark.parametrize(
    "nonsense",
    [
        "words = 3",
        "words.status = 3",
        "defaults = 3",
        "match = 3",
        'match.needs = "Id"',
        "match.never = [3]",
        "match.record = 3",
        "file.columns = 3",
        "file.columns = [1]",
        'timezone = ["UTC"]',
        'earliest = "soon"',
        'apostrophe = "no"',
        "label = 3",
        "encoding = 3",
    ],
)
def test_whatever_a_mapping_holds_is_refused_by_its_key(nonsense: str) -> None:
    with pytest.raises(MappingWrong) as wrong:
        read_profile(MAPPING.replace("[tickets]", f"{nonsense}\n[tickets]"), "desk.toml")
    assert str(wrong.value.details["option"]).startswith(nonsense.split(" =")[0])
    assert wrong.value.file == "desk.toml"


@pytest.mark.parametrize(
    "nonsense",
    [
        "columns = 3",
        'columns = "No"',
        "constant = [1]",
        *(
            f'column = "Konu", {n}'
            for n in (
                "map = 3",
                "unless = 3",
                'true = "yes"',
                "join = 3",
                "prefix = 3",
                "default = 3",
                'extract = "x"',
                "required = 3",
            )
        ),
    ],
)
def test_whatever_a_column_says_is_refused_by_its_key(nonsense: str) -> None:
    with pytest.raises(MappingWrong):
        read_profile(MAPPING.replace('subject = "Konu"', f"subject = {{ {nonsense} }}"), "desk.toml")
