"""Shipped profiles are compiled once: what is kept is what is written, and never older than it."""

import os
from pathlib import Path

import pytest

from insights.sources.profile import Profile, kept
from insights.sources.profile.built_in import built_in


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(kept, "_PLACE", tmp_path / "kept" / "profiles")
    return tmp_path / "kept" / "profiles"


def test_profiles_are_made_again_only_when_what_they_rest_on_changes(place: Path, tmp_path: Path) -> None:
    written, made = tmp_path / "one.toml", 0

    def make() -> tuple[Profile, ...]:
        nonlocal made
        made += 1
        return built_in()[:3]

    written.write_text("a", "utf-8")
    assert kept.kept([written], make) == kept.kept([written], make) == built_in()[:3]
    assert made == 1
    written.write_text("ab", "utf-8")
    kept.kept([written], make)
    os.utime(written, (1, 1))
    kept.kept([written], make)
    assert made == 3
    place.write_bytes(place.read_bytes()[:50])
    assert kept.kept([written], make) == built_in()[:3]
    assert made == 4


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setattr(kept, "_PLACE", tmp_path / "file" / "profiles")
    assert kept.kept([], lambda: built_in()[:1]) == built_in()[:1]
