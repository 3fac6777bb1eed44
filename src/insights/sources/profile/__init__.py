"""The language of profiles: what one is, how it is read, and which one a file's headers fit."""

from insights.sources.profile.language import (
    WORDS_FILE,
    Profile,
    TableSpec,
    common_words,
    load_profile,
    load_words,
    read_profile,
)
from insights.sources.profile.spelling import Aliases
from insights.sources.profile.written import History, Spec

__all__ = [
    "WORDS_FILE",
    "Aliases",
    "History",
    "Profile",
    "Spec",
    "TableSpec",
    "common_words",
    "load_profile",
    "load_words",
    "read_profile",
]
