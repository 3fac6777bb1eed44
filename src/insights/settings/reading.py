"""The settings as they are written: the TOML file, and INSIGHTS_* variables on top of it."""

import os
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from insights.errors import SettingsWrong
from insights.settings.model import Settings
from insights.settings.refusing import none_of, said

_BESIDE = frozenset({"CONFIG", "FAILPOINT", "OPEN", "PROGRESS"})
"""Variables of ours that are no options."""
ALWAYS = "24x7"
"""The calendar that needs no writing down."""
_PREFIX = "INSIGHTS_"
_FOLDERS = frozenset({"warehouse", "profiles"})
"""Options whose variable holds what the file would."""


def settings_path(config: Path | None = None) -> Path:
    """Return where the settings are written: `config`, else INSIGHTS_CONFIG, else ./insights.toml."""
    return config or Path(os.environ.get("INSIGHTS_CONFIG") or "insights.toml")


def load_settings(config: Path | None = None) -> Settings:
    """Return the settings of `config` (else INSIGHTS_CONFIG, else ./insights.toml), INSIGHTS_* on top.

    Raises SettingsWrong.
    """
    path = settings_path(config)
    outside = tuple(sorted(of for of in os.environ.items() if of[0].upper().startswith(_PREFIX)))
    return _made(path, _text(path, wanted=config is not None), outside)


def strays() -> list[str]:
    """Return variables named like ours that say nothing here: no option is called so.

    They are told, not refused: Kubernetes, for one, gives such names to whatever runs beside a service called insights.
    """
    known = {name.upper() for name in Settings.model_fields} | _BESIDE
    ours = (name for name in os.environ if name.upper().startswith(_PREFIX))
    return sorted(name for name in ours if name.upper().removeprefix(_PREFIX).partition("__")[0] not in known)


@lru_cache(maxsize=8)
def _made(path: Path, text: str, outside: tuple[tuple[str, str], ...]) -> Settings:
    """Return the settings a text says under some variables: asked for at every look, they hardly ever change."""
    settings = _validated(path, _written(path, text), outside)
    _require_calendars(path, settings)
    return settings


def _text(path: Path, *, wanted: bool) -> str:
    if not path.exists():
        if wanted:
            raise SettingsWrong("settings_missing", file=path.name)
        return ""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsWrong("settings_unreadable", file=path.name, problem=str(error)) from error
    except OSError as error:
        raise SettingsWrong("settings_unreadable", file=path.name, problem=error.strerror) from error


def _written(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong("settings_unreadable", file=path.name, problem=str(error)) from error


def _validated(path: Path, values: dict[str, Any], outside: Iterable[tuple[str, str]]) -> Settings:
    said_of = {name.upper().removeprefix(_PREFIX).lower(): value for name, value in outside}
    options = {name.partition("__")[0] for name in said_of} & Settings.model_fields.keys()
    try:
        if options <= _FOLDERS & said_of.keys():
            return Settings(**values | {name: said_of[name] for name in options})
        return _laid_over(values)
    except ValidationError as error:
        raise said(error, path.name) from error


def _laid_over(values: dict[str, Any]) -> Settings:
    """Return the settings with the environment laid over what the file says: INSIGHTS_COMPANY__TIME_ZONE.

    What reads variables takes as long to import as all settings, and hardly anybody sets one.
    """
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

    class FromOutside(Settings, BaseSettings):
        model_config = SettingsConfigDict(env_prefix=_PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid")

        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *others: Any, **named: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return named["env_settings"], init_settings  # the environment wins over the file

    try:
        return FromOutside(**values)
    except SettingsError as error:
        raise SettingsWrong("settings_variable", problem=str(error)) from error


def _require_calendars(path: Path, settings: Settings) -> None:
    known = settings.calendars.keys() | {ALWAYS}
    named = {"calendar": settings.calendar} | {f"sla.{p.name}.calendar": p.calendar for p in settings.sla}
    named |= {f"calendar_for.{place}.calendar": rule.calendar for place, rule in enumerate(settings.calendar_for)}
    for option, found in named.items():
        if found not in known:
            raise none_of(path.name, option, found, sorted(known))
