"""What a study can be asked for beside filters: declared once, so that commands and pages derive their inputs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from insights.dimensions import DIMENSIONS
from insights.errors import BadFilter, UnknownName
from insights.filters import read_values

Kind = Literal["word", "words", "number", "whole", "dimension", "dimensions", "pairs", "numbers", "text", "path", "day"]


@dataclass(frozen=True)
class Option:
    """One option: its help is the text `studies.options.<name>`."""

    name: str
    kind: Kind
    default: Any = None
    allowed: tuple[str, ...] = ()
    refusal: str = "unknown_option"
    """The error that refuses a word which is not allowed."""

    def read(self, text: str) -> Any:
        """Return the value a command line or an address says; raises BadFilter, UnknownName."""
        try:
            return self.checked(_READ.get(self.kind, str)(text))
        except ValueError as error:
            raise BadFilter("bad_option", name=self.name, value=text) from error

    def checked(self, value: Any) -> Any:
        """Return a value that is allowed; raises UnknownName."""
        known = self.allowed or (tuple(DIMENSIONS) if self.kind == "dimension" else ())
        words = value if isinstance(value, tuple) else (value,)
        if known and (unknown := [word for word in words if word is not None and word not in known]):
            raise UnknownName(self.refusal, name=unknown[0], known=", ".join(known))
        return value


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    parted = (value.partition("=") for value in read_values(text))
    return tuple((name, value) for name, _, value in parted)


_READ: Mapping[str, Any] = {
    "number": float,
    "whole": int,
    "path": Path,
    "day": dt.date.fromisoformat,
    "words": read_values,
    "dimensions": read_values,
    "pairs": _pairs,
    "numbers": lambda text: tuple(float(value) for value in read_values(text)),
}


def chosen_options(study: str, known: tuple[Option, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every option's value, given or default; raises UnknownName for one the study does not have."""
    names = [option.name for option in known]
    if unknown := [name for name in given if name not in names]:
        raise UnknownName("unknown_study_option", name=unknown[0], study=study, known=", ".join(names) or "–")
    return {option.name: option.checked(given.get(option.name, option.default)) for option in known}
