"""Views a reader keeps: opened from the sidebar, one at the opening of its page, never another's, never more rights."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from opening import Open, opener
from streamlit.testing.v1 import AppTest

from insights.access import VIEWS, Saved
from insights.keeping.backup import back_up
from insights.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture
def directory(small_directory: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_directory, tmp_path / "w")
    return tmp_path / "w"


@pytest.fixture
def opened(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens the overview by an address."""
    return opener(directory, monkeypatch)


def address(app: AppTest) -> dict[str, str]:
    held = {k: app.query_params[k] for k in app.query_params}
    return {k: v[0] if isinstance(v, list) else v for k, v in held.items()}


def kept(directory: Path, who: str = "") -> dict[str, dict[str, object]]:
    return {name: json.loads(text) for name, text in Saved(directory / VIEWS, who).listed().items()}


def test_what_is_on_the_screen_is_kept_under_a_name_and_the_page_opens_with_it(opened: Open, directory: Path) -> None:
    app = opened(channel="email", period="30d", lang="en")
    app.text_input(key="views_name").set_value("E-mail")
    app.checkbox(key="views_first").set_value(True).run()
    app.button(key="views_save").click().run()
    assert not app.exception
    wanted = {"page": "overview", "asked": {"channel": "email", "period": "30d"}, "first": True}
    assert kept(directory) == {"E-mail": wanted}
    assert address(opened(lang="en")) == {"channel": "email", "period": "30d", "lang": "en"}
    assert address(opened(lang="en", channel="phone")) == {"channel": "phone", "period": "90d", "lang": "en"}


def test_after_a_reset_the_first_view_does_not_come_back(opened: Open, directory: Path) -> None:
    text = json.dumps({"page": "overview", "asked": {"channel": "email", "period": "90d"}, "first": True})
    Saved(directory / VIEWS, "").keep("mail", text)
    app = opened(lang="en")
    assert address(app)["channel"] == "email"
    app.button(key="reset").click().run()
    assert "channel" not in address(app)


def test_a_view_of_what_the_data_does_not_hold_is_cut_and_said(opened: Open, directory: Path) -> None:
    asked = {"channel": "fax,email", "period": "5d"}
    Saved(directory / VIEWS, "").keep("old", json.dumps({"page": "overview", "asked": asked, "first": True}))
    app = opened(lang="en")
    assert not app.exception
    assert address(app) == {"channel": "email", "period": "90d", "lang": "en"}
    assert sum("fax" in c.value and "5d" in c.value for c in app.caption) == 1


def test_nobody_sees_anothers_views_and_a_view_of_a_page_one_may_not_see_is_not_offered(
    opened: Open, directory: Path
) -> None:
    Saved(directory / VIEWS, "ada").keep("hers", json.dumps({"page": "overview", "asked": {"channel": "email"}}))
    Saved(directory / VIEWS, "").keep("gone", json.dumps({"page": "secret", "asked": {}}))
    app = opened(lang="en")
    assert not app.exception
    assert not [b.key for b in app.button if str(b.key).startswith("views_remove_")]


def test_views_stand_beside_the_warehouse_and_in_its_backup(directory: Path, tmp_path: Path) -> None:
    Saved(directory / VIEWS, "").keep("mine", "{}")
    made = back_up(tmp_path / "backups", Settings(warehouse=directory))
    with zipfile.ZipFile(made) as archive:
        assert json.loads(archive.read("beside/views.json")) == {"": {"mine": "{}"}}
