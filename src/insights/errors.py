"""What can go wrong, one class per cause; every message says what was wanted, what was found and the way out."""

from collections.abc import Callable, Mapping
from typing import Self


class Called(str):
    """What people call something in several languages; as it stands, in English, else in the first of them."""

    words: Mapping[str, str]

    def __new__(cls, words: Mapping[str, str]) -> Self:
        """Return what is called so by language."""
        made = super().__new__(cls, words.get("en") or next(iter(words.values())))
        made.words = words
        return made

    def __getnewargs__(self) -> tuple[Mapping[str, str]]:  # type: ignore[override]
        """Return what it is made of again."""
        return (self.words,)


class InsightsError(Exception):
    """A refusal: shown as one plain sentence, exit 2, nothing changed.

    `key` names the sentence in `texts/<language>.toml` under `[errors]`; `details` fills its placeholders.
    `kind` is the fixed vocabulary word of the refusal (for files, the class printed by `--format json`).
    """

    kind = "refused"

    def __init__(self, key: str, /, **details: object) -> None:
        self.key = key
        self.details = details
        super().__init__(key, details)

    def __str__(self) -> str:
        """Return the sentence in English, once there are words; interfaces say it in the reader's language."""
        return _say(self)


def _bare(refused: InsightsError) -> str:
    return f"{refused.key} {refused.details}"


_say: Callable[[InsightsError], str] = _bare


def say_with(sentence: Callable[[InsightsError], str]) -> None:
    """Let refusals be said by whoever has the words."""
    global _say
    _say = sentence


class FileRefused(InsightsError):
    """A file that is not loaded at all; `kind` is its class in the refusal vocabulary (`empty_file`, ...).

    `key` names another sentence than that of the class.
    """

    def __init__(self, kind: str, /, *, file: str, key: str | None = None, **details: object) -> None:
        super().__init__(key or f"refused_{kind}", file=file, **details)
        self.kind = kind
        self.file = file


class SettingsWrong(InsightsError):
    """A value in insights.toml or INSIGHTS_* that is not allowed."""

    kind = "settings"


class MappingWrong(SettingsWrong):
    """A profile of the user's own that is not written in the language of profiles."""

    kind = "wrong_mapping"

    @property
    def file(self) -> str:
        """Return the file the profile is in."""
        return str(self.details["file"])


class WarehouseMissing(InsightsError):
    """No published warehouse version is there to read."""

    kind = "no_warehouse"


class WarehouseCorrupt(InsightsError):
    """The published version cannot be read."""

    kind = "corrupt_warehouse"


class DatabaseAway(InsightsError):
    """The server that holds the published tables does not answer, or a part of it does not."""

    kind = "database_away"


class DatabaseCannot(InsightsError):
    """The server answers, yet not this question."""

    kind = "database_cannot"


class LoaderBusy(InsightsError):
    """Another process is loading."""

    kind = "locked"


class NoSpace(InsightsError):
    """The disk is full or too small for the load."""

    kind = "no_space"


class NotWritable(InsightsError):
    """The warehouse directory cannot be written."""

    kind = "not_readable"


class UnknownName(InsightsError):
    """A metric, dimension, grain, profile or load that does not exist."""

    kind = "unknown_name"


class BadFilter(InsightsError):
    """A filter value that cannot be read (date, time, clock, dimension)."""

    kind = "bad_filter"


class DeliveryFailed(InsightsError):
    """A warning could not be handed to the address it was meant for."""

    kind = "not_delivered"
