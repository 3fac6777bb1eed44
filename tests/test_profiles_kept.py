"""What is made of files that ship is made once: what is kept is what is written, and never older than it."""

import os
from pathlib import Path

import pytest

from insights.kept import kept
from insights.sources.profile import Profile
from insights.sources.profile.built_in import built_in


def test_profiles_are_made_again_only_when_what_they_rest_on_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    written, made = tmp_path / "one.toml", 0

    def make() -> tuple[Profile, ...]:
        nonlocal made
        made += 1
        return built_in()[:3]

    def asked() -> tuple[Profile, ...]:
        return kept(tmp_path, "profiles", [written], make)

    written.write_text("a", "utf-8")
    assert asked() == asked() == built_in()[:3]
    assert made == 1
    written.write_text("ab", "utf-8")
    asked()
    os.utime(written, (1, 1))
    asked()
    assert made == 3
    (place,) = (tmp_path / "__pycache__").iterdir()
    place.write_bytes(place.read_bytes()[:50])
    assert asked() == built_in()[:3]
    assert made == 4


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "file").write_text("", "utf-8")
    assert kept(tmp_path / "file", "profiles", [], lambda: built_in()[:1]) == built_in()[:1]
