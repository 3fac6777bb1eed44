"""The command line itself: what a refusal looks like, and that words of a path are not taken for options."""

import json
from pathlib import Path

import pytest

from insights import cli


def refused(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    monkeypatch.setattr("sys.argv", ["insights", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    printed = capsys.readouterr()
    return printed.out, printed.err


def test_a_file_called_json_does_not_switch_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("json").write_text("", "utf-8")
    out, err = refused(["--warehouse", "w", "load", "json"], monkeypatch, capsys)
    assert out == ""
    assert "json" in err


@pytest.mark.parametrize("asked", [["--format", "json"], ["--format=json"]])
def test_a_refusal_is_json_where_json_was_asked_for(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = refused(["--warehouse", str(tmp_path), "status", *asked], monkeypatch, capsys)
    assert json.loads(out)["refused"]["class"] == "no_warehouse"
    assert err.count("\n") == 1


@pytest.mark.parametrize("encoding", ["punycode", "idna", "hex", "undefined", "unicode_escape", "no-such"])
def test_what_is_no_encoding_of_text_is_refused_in_a_sentence(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("ticket_id,created_at,status\n1,2026-01-01 10:00,Açık\n", "utf-8")
    words = ["--warehouse", str(tmp_path / "w"), "load", str(file), "--encoding", encoding]
    assert f"cannot be read as {encoding}" in refused(words, monkeypatch, capsys)[1]


def test_an_unknown_language_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no language fr; choose tr, en" in refused(["--lang", "fr", "metrics"], monkeypatch, capsys)[1]
