"""Writing one calendar into the settings file: everything else stays as it was, byte for byte."""

import random
import tomllib
from pathlib import Path

import pytest

from insights import texts
from insights.errors import SettingsWrong
from insights.settings import Calendar, load_settings, written
from insights.settings.options import put_calendar, put_option
from insights.settings.written import fingerprint
from insights.ui.views.data import pasted

ROOT = Path(__file__).parents[1]
CHANGED = Calendar(zone="Europe/London", holidays="GB", hours={"mon": ("08:00-12:00", "13:00-17:00")})
HEAD = b'# Ours, do not touch\r\n[company]\r\nname = "\xc5\x9eirket" # said aloud\r\n'
TAIL = b"\r\n# What is aimed at\r\n[targets]\r\ncsat = 0.85"
BLOCK = (
    b'[calendars.support] # old\r\nzone = "Europe/Istanbul"\r\n\r\n'
    b'[calendars.support.hours]\r\nmon = [\r\n  "09:00-18:00",\r\n]\r\n'
)


def put(path: Path, name: str = "support", of: Calendar = CHANGED) -> None:
    put_calendar(path, name, pasted.calendar(name, of), fingerprint(path))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "insights.toml"
    path.write_bytes(HEAD + BLOCK + TAIL)
    return path


def test_the_rest_of_the_file_stays_byte_for_byte(file: Path) -> None:
    put(file)
    written = file.read_bytes()
    assert written.startswith(HEAD)
    assert written.endswith(TAIL)
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert load_settings(file).calendars == {"support": CHANGED}
    put(file)
    assert file.read_bytes() == written
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_tables_that_stand_apart_are_written_where_they_stand_and_other_calendars_stay(tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    path.write_text(
        '[calendars.support]\nzone = "Europe/Istanbul"\n# for the shop\n[calendars.shop]\nholidays = ""\n'
        '[calendars."support".hours]\nmon = ["10:00-12:00"]\n[calendars.shop.hours]\nsun = ["10:00-12:00"]\n',
        "utf-8",
    )
    before = load_settings(path)
    put(path)
    assert load_settings(path).calendars == {**before.calendars, "support": CHANGED}
    assert "# for the shop\n" in path.read_text("utf-8")


def test_a_file_without_the_calendar_or_no_file_at_all_gets_it_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    put(path)
    assert load_settings(path).calendars == {"support": CHANGED}
    path.write_text("[targets]\ncsat = 0.9", "utf-8")
    put(path)
    assert path.read_text("utf-8").startswith("[targets]\ncsat = 0.9\n\n[calendars.support]\n")
    path.write_text(path.read_text("utf-8"), "utf-8")
    put(path, 'gece "7/24"')
    assert load_settings(path).calendars == {"support": CHANGED, 'gece "7/24"': CHANGED}


def test_random_calendars_change_nothing_but_themselves(tmp_path: Path) -> None:
    rng, path = random.Random(5), tmp_path / "insights.toml"
    path.write_bytes((ROOT / "insights.toml").read_bytes())
    outside = (
        path.read_text("utf-8").split("[calendars.support]")[0],
        path.read_text("utf-8").split("# What is aimed")[1],
    )
    for _ in range(30):
        days = rng.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], rng.randint(0, 7))
        hours = {d: tuple(f"{9 + 3 * i:02}:00-{11 + 3 * i:02}:30" for i in range(rng.randint(1, 3))) for d in days}
        wanted = Calendar.model_validate({"hours": hours, "holidays": rng.choice(["", "TR", "DE"])})
        before = tomllib.loads(path.read_text("utf-8"))
        put(path, of=wanted)
        after = tomllib.loads(path.read_text("utf-8"))
        assert load_settings(path).calendars["support"] == wanted
        assert {k: v for k, v in after.items() if k != "calendars"} == {
            k: v for k, v in before.items() if k != "calendars"
        }
    text = path.read_text("utf-8")
    assert (text.split("[calendars.support]")[0], text.split("# What is aimed")[1]) == outside


def test_a_file_changed_meanwhile_is_left_alone(file: Path) -> None:
    seen = fingerprint(file)
    file.write_bytes(HEAD + BLOCK + TAIL + b"\r\nnps = 40")
    with pytest.raises(SettingsWrong) as refused:
        put_calendar(file, "support", pasted.calendar("support", CHANGED), seen)
    assert refused.value.key == "settings_changed_meanwhile"
    assert file.read_bytes() == HEAD + BLOCK + TAIL + b"\r\nnps = 40"


@pytest.mark.parametrize(
    "text",
    [
        'calendars = { support = { zone = "Europe/Istanbul" } }\n',
        '[calendars]\nsupport.zone = "Europe/Istanbul"\n',
        '[company]\nname = """\n[calendars.support]\n"""\n[calendars]\nsupport = { holidays = "" }\n',
    ],
)
def test_a_calendar_written_in_another_way_stays_written_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "insights.toml"
    path.write_text(text, "utf-8")
    put(path)
    assert load_settings(path).calendars == {"support": CHANGED}
    before, after = (t.count("\n") for t in (text, path.read_text("utf-8")))
    assert after >= before
    assert path.read_text("utf-8").splitlines()[0][:9] == text.splitlines()[0][:9]


def test_a_new_line_of_a_section_stands_before_the_comment_of_the_next(tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    path.write_text("[targets]\ncsat = 0.9\n\n# Our name\n[company]\nname = 'Acme'\n", "utf-8")
    put_option(path, "targets.nps", 40.0, fingerprint(path))
    assert path.read_text("utf-8") == "[targets]\ncsat = 0.9\nnps = 40.0\n\n# Our name\n[company]\nname = 'Acme'\n"


def test_a_section_of_comments_alone_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "insights.toml"
    text = "[targets]\n# csat = 0.9 once we are there\n\n[company]\nname = 'Acme'\n"
    path.write_text(text, "utf-8")
    put_option(path, "targets.nps", 40.0, fingerprint(path))
    assert load_settings(path).targets == {"nps": 40}
    assert "# csat = 0.9 once we are there\n" in path.read_text("utf-8")
    put_option(path, "targets.nps", None, fingerprint(path))
    assert path.read_text("utf-8") == text


def test_a_result_the_settings_refuse_is_not_written(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b'\r\n[[sla]]\r\nname = "x"\r\nmetric = "resolution"\r\ntarget_s = 0\r\n')
    before = file.read_bytes()
    with pytest.raises(SettingsWrong, match=file.name):
        put(file)
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_file_that_cannot_be_written_is_said_in_one_sentence(
    file: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(written.os, "replace", full)
    before = file.read_bytes()
    with pytest.raises(SettingsWrong) as refused:
        put(file)
    said = texts.error(refused.value, language)
    assert "insights.toml" in said
    assert "No space left" in said
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir()] == [file.name]
