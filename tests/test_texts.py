"""Both languages say the same things."""

import datetime as dt
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from insights import schema, texts
from insights.errors import UnknownName
from insights.settings import Mark, Settings
from insights.texts import catalogue, folders, words

SOURCE = Path(__file__).parents[1]


def test_languages_have_equal_keys() -> None:
    turkish, english = set(words.own("tr")), set(words.own("en"))
    assert turkish - english == set()
    assert english - turkish == set()


def test_placeholders_agree() -> None:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)", text))

    wrong = {k for k, v in catalogue("en").items() if holes(v) != holes(catalogue("tr")[k])}
    assert wrong == set()


def test_no_text_is_empty_or_untrimmed() -> None:
    for language in texts.LANGUAGES:
        assert [k for k, v in catalogue(language).items() if not v or v != v.strip()] == []


def test_every_error_key_raised_in_the_code_has_a_sentence() -> None:
    raised = set()
    for path in SOURCE.joinpath("src").rglob("*.py"):
        raised |= set(
            re.findall(
                r"(?:SettingsWrong|MappingWrong|WarehouseMissing|WarehouseCorrupt|LoaderBusy|NoSpace|NotWritable|UnknownName|BadFilter)"
                r"\(\s*\"(\w+)\"",
                path.read_text("utf-8"),
            )
        )
        raised |= {f"refused_{k}" for k in re.findall(r"FileRefused\(\s*\"(\w+)\"", path.read_text("utf-8"))}
    assert {k for k in raised if not texts.has(f"errors.{k}", "en")} == set()


@pytest.mark.parametrize(
    ("value", "turkish", "english"),
    [
        (0.8123, "%81,2", "81.2%"),
        (-0.026, "-%2,6", "-2.6%"),
        (1.0, "%100,0", "100.0%"),
        (None, "—", "—"),
        (float("nan"), "—", "—"),
    ],
)
def test_percent(value: float | None, turkish: str, english: str) -> None:
    assert (texts.percent(value, "tr"), texts.percent(value, "en")) == (turkish, english)


def test_a_few_are_never_said_to_be_none() -> None:
    assert [texts.percent(v, "tr") for v in (0, 0.0004, 0.0005, 0.0006)] == ["%0,0", "<%0,1", "<%0,1", "%0,1"]
    assert [texts.percent(v, "en", 0) for v in (0, 0.004, 0.006)] == ["0%", "<1%", "1%"]


@pytest.mark.parametrize(
    ("seconds", "turkish", "english"),
    [
        (0, "0 sn", "0 s"),
        (45, "45 sn", "45 s"),
        (4920, "1 sa 22 dk", "1 h 22 m"),
        (7200, "2 sa", "2 h"),
        (-120, "-2 dk", "-2 m"),
        (172_800, "2 gün", "2 d"),
        (216_000, "2,5 gün", "2.5 d"),
        (58_838_400, "681 gün", "681 d"),
        (3_599, "1 sa", "1 h"),
        (None, "—", "—"),
    ],
)
def test_duration(seconds: float | None, turkish: str, english: str) -> None:
    assert (texts.duration(seconds, "tr"), texts.duration(seconds, "en")) == (turkish, english)


def test_zero_change_has_no_sign() -> None:
    assert texts.signed(texts.decimal_text(-0.04, "tr", 1)) == "0,0"
    assert texts.signed("2,6") == "+2,6"
    assert texts.signed("-2,6") == "-2,6"


def test_money_has_its_sign_first_in_both_languages() -> None:
    assert texts.money(1234.4, "tr") == "₺1.234"
    assert texts.money(-1234, "en") == "-₺1,234"
    assert texts.money(5, "en", "EUR") == "€5"


def test_a_third_language_is_one_folder_and_lacks_nothing_on_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folders.FOLDER, tmp_path / "texts", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    german = tmp_path / "texts" / "de"
    german.mkdir()
    (german / "locale.toml").write_text(
        'name = "Deutsch"\nplace = 3\nlocale = "de_DE"\npercent = "{number} %"\n', "utf-8"
    )
    (german / "app.toml").write_text('[app]\nunknown = "unbekannt"\n', "utf-8")
    cached = (folders.locales, words.own, words.catalogue)
    for each in cached:
        each.cache_clear()
    monkeypatch.setattr(folders, "FOLDER", tmp_path / "texts")
    try:
        assert texts.languages() == ("tr", "en", "de")
        assert texts.nearest("de-AT") == "de"
        assert texts.word("channel", None, "de") == "unbekannt"
        assert texts.t("words.channel.phone", "de") == texts.t("words.channel.phone", "en")  # not said yet: English
        assert texts.percent(0.812, "de") == "81,2 %"
        assert texts.day(dt.date(2026, 3, 1), "de") == "1 März 2026"
        assert len(texts.gaps("de")) == len(catalogue("en")) - 1
        assert Settings.model_validate({"company": {"language": "de"}}).company.language == "de"
        assert Mark.model_validate({"date": "2026-01-02", "de": "Umzug", "en": "Move"}).said("de") == "Umzug"
    finally:
        for each in cached:
            each.cache_clear()


def test_how_a_language_is_written_is_as_in_english_where_it_does_not_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "locale.toml").write_text("", "utf-8")
    shutil.copytree(folders.FOLDER / "en", tmp_path / "en")
    folders.locales.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(folders, "FOLDER", tmp_path)
        assert folders.locales()["fr"] == replace(folders.locales()["en"], name="fr")
    folders.locales.cache_clear()


def test_the_languages_shipped_have_no_gaps() -> None:
    assert {language: texts.gaps(language) for language in texts.languages()} == {"tr": [], "en": []}


def test_a_heading_keeps_small_what_stands_inside_it() -> None:
    said = {"metric": texts.t("metrics.csat.short", "tr"), "dimension": "İl"}
    assert texts.heading("ui.metric_by", "tr", **said).startswith("İl ")
    assert texts.heading("ui.metric_by", "tr", metric="Işık", dimension="Kanal").endswith("ışık")
    assert texts.heading("ui.metric_by", "en", metric="NPS", dimension="Channel") == "NPS by channel"
    assert texts.heading("ui.metric_by", "tr", metric="NPS", dimension="Kanal").endswith("NPS")


def test_only_the_words_are_written_by_language() -> None:
    by_hand = [
        (path.name, line.strip())
        for path in SOURCE.joinpath("src", "insights").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if "demo" not in path.parts and re.search(r"""["'](tr_TR|en_GB|tr-TR)["']|{"tr":|\("tr", "en"\)""", line)
    ]
    assert by_hand == []


def test_a_refusal_needs_no_words_to_be_one() -> None:
    code = "from insights.errors import UnknownName; print(UnknownName('k', a=1), 'insights.texts' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}"], capture_output=True, text=True, check=True
    ).stdout
    assert said == "k {'a': 1} False\n"
    assert str(UnknownName("language_unknown", found="fr", known="tr")).startswith("There is no language fr")


@pytest.mark.parametrize("language", texts.languages())
def test_what_a_page_says_of_a_file_names_no_flag(language: str) -> None:
    """The way out of a command line is none on a page."""
    catalogue = texts.catalogue(language)
    flagged = [k for k, text in catalogue.items() if re.match(r"errors.refused_|notices.", k) and " --" in text]
    assert flagged
    offered = {k: catalogue.get(f"on_page.{k.removeprefix('errors.').replace('.', '_')}", "") for k in flagged}
    assert {k: text for k, text in offered.items() if not text or "--" in text} == {}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_table_and_every_column_is_headed_in_the_readers_language(language: str) -> None:
    for table in schema.metadata.tables.values():
        named = [f"columns.table_{table.name}", *(f"columns.{column.name}" for column in table.columns)]
        bare = [key for key in named if not texts.has(key, language)]
        assert [key for key in bare if not texts.has(key.replace("columns.", "dimensions."), language)] == []
        durations = [key for key in named if key.endswith("_s")]
        assert [
            key for key in durations if f"({words.t('app.unit_hour', language)})" not in words.t(key, language)
        ] == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_word_of_a_closed_vocabulary_is_said_in_the_readers_language(language: str) -> None:
    words = [f"words.{name}.{word}" for name, listed in schema.WORDS.items() for word in listed]
    assert [key for key in words if not texts.has(key, language)] == []
