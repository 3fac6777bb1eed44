"""Both languages say the same things."""

import re
from pathlib import Path

import pytest

from insights import texts
from insights.texts import catalogue

SOURCE = Path(__file__).parents[1]


def test_languages_have_equal_keys() -> None:
    turkish, english = set(catalogue("tr")), set(catalogue("en"))
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
        raised |= set(re.findall(
            r"(?:SettingsWrong|MappingWrong|WarehouseMissing|WarehouseCorrupt|LoaderBusy|NoSpace|NotWritable|UnknownName|BadFilter)"
            r"\(\s*\"(\w+)\"", path.read_text("utf-8")))  # fmt: skip
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
