"""The mapping wizard on the page: proposed, corrected, refused when it is nonsense, remembered; and unknown words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from insights import schema, sources, texts
from insights.settings import Settings
from insights.sources.profile import load_profile
from insights.ui.views.data.loading.unknown_words import used, words_of
from insights.warehouse import load, open_current

EXPORT = """No;Açılış Tarihi;Durumu;Geliş Kanalı;Üye;Yanıt süresi (dk)
1;05.03.2025 10:00;Açık;Telefon;M1;5
2;06.03.2025 10:00;Müşteri onayı;E-posta;M2;90
3;31.02.2025 10:00;Çözüldü;Telefon;M1;x
4;28.03.2025 10:00;=1+1;Telefon;M3;3
5;28.03.2025 11:00;Kapalı;Telefon;M3;4
6;28.03.2025 12:00;Kapalı;Telefon;M3;7
"""
Open = Callable[..., AppTest]


def page(directory: str, name: str, content: bytes, language: str, kind: str, file: str) -> None:
    """Draw the wizard alone, as the load page does after a refusal."""
    import io
    from pathlib import Path

    import streamlit as st

    from insights.settings import Settings
    from insights.ui.run import Run, enter
    from insights.ui.run.state import View
    from insights.ui.views.data.loading.wizard import wizard

    settings = Settings(warehouse=Path(directory) / "warehouse", profiles=Path(directory) / "profiles")
    run = enter(Run(settings, View(language)))
    upload = io.BytesIO(content)
    upload.name = name
    wizard(run, [upload], {"kind": kind, "file": file}, {}, lambda: st.session_state.update(loaded=True))


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Return a function that draws the wizard for an upload."""

    def open_page(
        content: str = EXPORT, *, name: str = "e.csv", language: str = "en", kind: str = "unrecognised_format"
    ) -> AppTest:
        values = {"directory": str(tmp_path), "name": name, "content": content.encode(), "language": language}
        app = AppTest.from_function(page, default_timeout=60, kwargs=values | {"kind": kind, "file": "e.csv"})
        return app.run()

    return open_page


def box(app: AppTest, end: str) -> Any:
    """Return the choice whose key ends so."""
    return next(s for s in app.selectbox if str(s.key).endswith(end))


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_correction_is_remembered_and_the_file_then_loads_with_no_questions(
    opened: Open, tmp_path: Path, language: str
) -> None:
    app = opened(language=language)
    assert not app.exception
    assert box(app, "_tickets_ticket_id").value == ("header", "No")
    assert box(app, "_unit").value == "min"
    assert any("31.02.2025" in m.value.replace("\\", "") for m in (*app.markdown, *app.caption))
    box(app, "_tickets_customer_id").set_value(("header", "Üye")).run()
    box(app, "_Müşteri onayı").set_value("pending").run()
    app.text_input[0].set_value("Bizim masa").run()
    app.button(key="wizard_keep").click().run()
    assert app.session_state["loaded"]
    profile = load_profile(tmp_path / "profiles" / "bizim_masa.toml")
    assert (profile.date_order, profile.timezone) == ("dmy", "Europe/Istanbul")
    assert profile.words["status"] == {"musteri onayi": "pending"}
    (tmp_path / "any.csv").write_text(EXPORT, "utf-8")
    settings = Settings(warehouse=tmp_path / "warehouse", profiles=tmp_path / "profiles")
    (report,) = load([tmp_path / "any.csv"], settings).as_json()["files"]
    assert (report["source"], report["rows_read"], report["rows_inserted"]) == ("bizim_masa", 6, 5)
    assert report["rejects"] == {"bad_date": 1}


ASKED = ("Bizi tavsiye eder misiniz? (0-10)", "Hizmetten ne kadar memnunsunuz? (1-5)", "Ekip puanı")
ANSWERS = [(10, 5, 3), (3, 2, 4), (9, None, 5), (0, 4, 3)] * 3
FORM = f"Anket No;Doldurulma Tarihi;E-posta;{';'.join(ASKED)}\n" + "".join(
    f"{n};{n:02d}.03.2025 10:00;a{n}@x.co;{';'.join('' if a is None else str(a) for a in row)}\n"
    for n, row in enumerate(ANSWERS, 1)
)


def test_a_form_mapped_by_hand_fills_surveys_for_each_question_chosen(opened: Open, tmp_path: Path) -> None:
    app = opened(FORM, language="tr")
    assert not app.exception
    (also,) = app.multiselect
    assert (also.value, also.options) == ([ASKED[1]], list(ASKED[1:])), "words of another kind are chosen"
    also.set_value(list(ASKED[1:])).run()
    app.text_input[0].set_value("form").run()
    app.button(key="wizard_keep").click().run()
    (tmp_path / "any.csv").write_text(FORM, "utf-8")
    settings = Settings(warehouse=tmp_path / "warehouse", profiles=tmp_path / "profiles")
    files = load([tmp_path / "any.csv"], settings).as_json()["files"]
    counted = [(f["rows_read"], f["tables"]["surveys"]["inserted"], f["columns_unused"]) for f in files]
    assert counted == [(12, 12, ()), (12, 9, ()), (12, 12, ())]
    s = schema.surveys.c
    rows = open_current(settings.warehouse).fetch(sa.select(s.survey_id, s.kind, s.score, s.scale_min, s.scale_max))
    kinds = (("", "nps", 0, 10), ("csat-2:", "csat", 1, 5), ("csat-3:", "csat", 1, 5))
    wanted = {
        (f"{begins}{n}", kind, score, low, high)
        for (begins, kind, low, high), scores in zip(kinds, zip(*ANSWERS, strict=True), strict=True)
        for n, score in enumerate(scores, 1)
        if score is not None
    }
    assert {tuple(r.values()) for r in rows} == wanted
    assert load([tmp_path / "any.csv"], settings).as_json()["published"] is False


def test_nonsense_cannot_be_remembered(opened: Open, tmp_path: Path) -> None:
    app = opened()
    box(app, "_tickets_created_at").set_value(("", "")).run()
    assert [w.value.replace("\\", "") for w in app.warning] == [texts.t("wizard.wrong_missing", "en", column="Created")]
    box(app, "_tickets_created_at").set_value(("header", "No")).run()
    assert "same column" in app.warning[0].value
    assert not [b for b in app.button if b.key == "wizard_keep"]
    assert not (tmp_path / "profiles").exists()


def test_a_mapping_that_would_be_refused_cannot_be_remembered(opened: Open) -> None:
    app = opened("Talep No;Açılış Tarihi\n1;03/04/2025\n2;05/06/2025\n")
    assert "order of dates" in app.error[0].value
    assert app.button(key="wizard_keep").disabled
    box(app, "_order").set_value("dmy").run()
    assert not app.error
    assert not app.button(key="wizard_keep").disabled


def test_a_built_in_name_is_not_taken_and_a_name_is_no_path(opened: Open, tmp_path: Path) -> None:
    app = opened()
    app.text_input[0].set_value("Zendesk").run()
    assert app.button(key="wizard_keep").disabled
    app.text_input[0].set_value("../../etc/passwd").run()
    app.button(key="wizard_keep").click().run()
    assert [f.name for f in (tmp_path / "profiles").iterdir()] == ["etc_passwd.toml"]


def test_the_wizard_is_drawn_only_for_the_refused_file_and_only_where_a_mapping_helps(opened: Open) -> None:
    assert not opened(kind="encrypted").selectbox
    assert not opened(name="other.csv").selectbox
    assert opened(kind="missing_required_column").selectbox


def test_text_of_the_file_is_never_markup(opened: Open) -> None:
    app = opened("No;Tarih;Durum\n" + "".join(f"{n};{n}.03.2025;**[x](http://y)** :red[z]\n" for n in range(1, 29)))
    (label,) = [s.label for s in app.selectbox if "http" in s.label]
    assert "[x](" not in label
    assert ":red[" not in label


def test_words_no_map_knows_are_found_once_with_their_vocabulary() -> None:
    zendesk = [p for p in sources.profiles(None) if p.source == "zendesk"]
    aside: list[dict[str, Any]] = [
        {"reason": "unknown_status", "column": "Status", "value": value} for value in ("Foo", " Foo", "Bar")
    ]
    aside += [
        {"reason": "bad_date", "column": "Status", "value": "x"},
        {"reason": "unknown_status", "column": None, "value": "y"},
    ]
    assert words_of(zendesk, aside) == [("status", "status", "Foo"), ("status", "status", "Bar")]


def test_a_word_of_a_ticket_is_never_taken_for_one_of_an_order() -> None:
    profiles = used(sources.profiles(None), [{"source": "generic", "tables": {"tickets": {"inserted": 1}}}])
    aside = [{"reason": "unknown_status", "column": "status", "value": "Tuhaf"}]
    assert [p.main for p in profiles] == ["tickets"]
    assert words_of(profiles, aside) == [("status", "status", "Tuhaf")]
