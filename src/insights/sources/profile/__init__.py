"""The language of profiles: what one is, how it is read, and which one a file's headers fit."""

from insights.sources.profile.language import (
    WORDS_FILE,
    Aliases,
    History,
    Profile,
    Spec,
    TableSpec,
    common_words,
    load_profile,
    load_words,
    read_profile,
    zones,
)

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
    "zones",
]
