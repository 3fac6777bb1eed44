"""Settings: what is wrong is refused by name, every option says what it does, and no change is overlooked."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError
from staged_rows import small_settings, staged
from typer.testing import CliRunner

from insights import docs, texts
from insights.cli import app, gather
from insights.errors import SettingsWrong
from insights.metrics.targets import require_possible
from insights.settings import Company, Settings, load_settings, strays
from insights.settings.refusing import said
from insights.warehouse import open_current, settings_changed
from insights.warehouse.build import load_staged

gather()
TICKET = {"tickets": "ticket_id created_at status\n1 2026-01-01_10:00 open"}


def refused(path: Path, text: str) -> SettingsWrong:
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsWrong) as wrong:
        load_settings(path)
    return wrong.value


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("[targets]\ncsta = 0.9", "targets.csta"),
        ("[company]\nlanguage = 'fr'", "company.language"),
        ("[company]\nnane = 'x'", "company.nane"),
        ("thresholds = { hide_bellow = 3 }", "thresholds.hide_bellow"),
        ("[[marks]]\ndate = 2026-01-01\nfr = 'Noël'", "marks.0.words.fr"),
        ("[[marks]]\ndate = 2026-01-01", "marks.0.words"),
        ("[[sla]]\nname = 'x'\nmetric = 'resolution'\ntarget_s = 0", "sla.0.target_s"),
        ("colour = 'red'", "colour"),
        ("[engine]\nmemory_limit = 'much'", "engine.memory_limit"),
        ("marks = [1]", "marks.0"),
    ],
)
def test_an_unknown_or_impossible_option_is_refused_by_name(text: str, option: str, tmp_path: Path) -> None:
    wrong = refused(tmp_path / "insights.toml", text)
    assert wrong.details["option"] == option
    assert option in str(wrong)
    assert str(tmp_path) not in str(wrong)


@pytest.mark.parametrize(
    "address",
    [
        "postgres://u:secret@h/x",
        "spark://u:secret@h:abc/x",
        "spark://u:se@secret@h/x?files=/x",
        "clickhousedb://u:se/@secret/@h/x",
        "spark://u:secret@h/x?files=/x&files=/y",
        "clickhousedb://u:secret@h/" + "x" * 80 + "?cluster=a&cluster=b",
    ],
)
def test_an_address_whose_parts_cannot_be_told_apart_is_refused_and_its_password_not_repeated(
    address: str, tmp_path: Path
) -> None:
    wrong = refused(tmp_path / "insights.toml", f"database = '{address}'")
    assert wrong.details["option"] == "database"
    assert "secret" not in str(wrong)


def test_an_option_there_is_none_of_is_told_so_in_the_readers_own_language(tmp_path: Path) -> None:
    wrong = refused(tmp_path / "insights.toml", "[company]\nnane = 'x'")
    assert texts.error(wrong, "tr").startswith("insights.toml: company.nane diye bir seçenek yok")
    assert texts.error(wrong, "en").startswith("insights.toml: there is no option company.nane")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "insights.toml"
    path.write_text("[company]\nname = 'File'\ntime_zone = 'Europe/Paris'\n[targets]\ncsat = 0.9", "utf-8")
    monkeypatch.setenv("INSIGHTS_COMPANY__NAME", "Variable")
    monkeypatch.setenv("INSIGHTS_TARGETS__NPS", "40")
    monkeypatch.setenv("INSIGHTS_PROGRESS", "json")
    read = load_settings(path)
    assert read.company == Company(name="Variable", time_zone="Europe/Paris")
    assert read.targets == {"csat": 0.9, "nps": 40}
    assert Settings().company.name == "CRM Insights"  # made in code, they ask nobody
    monkeypatch.setenv("INSIGHTS_COMPANY__NANE", "x")
    with pytest.raises(SettingsWrong):
        load_settings(path)


def test_a_variable_no_option_is_called_by_is_told_on_the_command_line_in_the_readers_language(
    small_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("INSIGHTS_NOSUCH", "insights_company_name"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("INSIGHTS_COMPANY__NAME", "x")
    monkeypatch.setenv("INSIGHTS_OPEN", "")
    assert strays() == ["INSIGHTS_NOSUCH", "insights_company_name"]
    for language in texts.languages():
        asked = ["--warehouse", str(small_directory), "--lang", language, "query", "created", "--format", "json"]
        found = CliRunner().invoke(app, asked)
        assert found.exit_code == 0
        assert found.stderr.splitlines() == [texts.t("warnings.variable_unknown", language, name=n) for n in strays()]
    monkeypatch.setenv("INSIGHTS_PROGRESS", "json")  # a loader of the dashboard, of which somebody else is told
    assert CliRunner().invoke(app, asked).stderr == ""


def sections(of: type[BaseModel]) -> list[type[BaseModel]]:
    inner = [docs.section_of(field.annotation)[0] for field in of.model_fields.values()]
    return [of, *(s for section in inner if section for s in sections(section))]


def test_every_option_says_what_it_does() -> None:
    silent = [
        f"{section.__name__}.{name}"
        for section in sections(Settings)
        for name, field in section.model_fields.items()
        if not field.description and docs.section_of(field.annotation)[0] is None
    ]
    assert silent == []


CHANGES: dict[str, dict[str, Any]] = {
    "company": {"time_zone": "Europe/London"},
    "thresholds": {"reopen_window_days": 30},
    "tiers": {"Second": 2},
    "rules": {"": "zendesk"},
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings one ticket was loaded with."""
    settings = small_settings(tmp_path_factory.mktemp("loaded"))
    load_staged([staged(TICKET)], settings)
    return settings


@pytest.mark.parametrize("section", CHANGES)
def test_a_changed_setting_that_numbers_rest_on_is_noticed(section: str, loaded: Settings) -> None:
    settings = loaded
    held = open_current(settings.warehouse, settings.engine)
    assert not settings_changed(held, settings)
    new = CHANGES[section]
    changed = settings.model_dump() | {section: new.get("") or settings.model_dump()[section] | new}
    assert settings_changed(held, Settings.model_validate(changed))


WRONG: tuple[Any, ...] = ("x", "", -1, 1.5, 10**9, True, [1], ["x"], [{}], [{"a": 1}], {"a": 1}, {"x": {"y": "z"}})


Say = Callable[[Any], dict[str, Any]]


def options(model: type[BaseModel], say: Say) -> Iterator[Say]:
    """Yield for each option of a section, and of those below it, how the settings say a value of it."""
    for name, field in model.model_fields.items():
        one: Say = partial(lambda name, value: say({name: value}), field.alias or name)
        yield one
        for inner in below(field.annotation):
            listed: Say = partial(lambda one, value: one([value]), one)
            named: Say = partial(lambda one, value: one({"x": value}), one)
            yield from options(inner, {tuple: listed, dict: named}.get(get_origin(field.annotation), one))


def below(of: Any) -> Iterator[type[BaseModel]]:
    """Yield the sections an option can hold."""
    if isinstance(of, type) and issubclass(of, BaseModel):
        yield of
    for part in get_args(of):
        yield from below(part)


def refusals() -> Iterator[SettingsWrong]:
    """Yield what is said of each value that some option cannot have."""
    for say in options(Settings, dict):
        for value in WRONG:
            try:
                Settings.model_validate(say(value))
            except ValidationError as error:
                yield said(error, "insights.toml")


def test_whatever_is_wrong_with_any_option_is_said_in_the_readers_own_language() -> None:
    wrong = list(refusals())
    assert len(wrong) > 500
    assert {w.key for w in wrong} >= {f"settings_wrong_{kind}" for kind in ("flag", "day", "whole", "list", "section")}
    assert "settings_wrong_other" not in {w.key for w in wrong}
    assert [s for s in (texts.error(w, "tr") for w in wrong) if re.search("must|should|Input", s)] == []


@pytest.mark.parametrize(
    ("target", "said"),
    [("csat = 90", "en çok 1 olmalı"), ("frt_p50 = -5", "en az 0 olmalı"), ("nps = -20", ""), ("backlog = 90", "")],
)
def test_a_target_its_metric_can_never_reach_is_refused(target: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    path.write_text(f"[targets]\n{target}\n", "utf-8")
    try:
        require_possible(load_settings(path))
        refused = ""
    except SettingsWrong as wrong:
        refused = texts.error(wrong, "tr")
    assert said in refused
    assert bool(said) == bool(refused)
