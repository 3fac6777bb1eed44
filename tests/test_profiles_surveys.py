"""Answers as survey tools export them: the question asked says the kind, a second row of headers is no answer."""

# ruff: noqa: E501 - an export's header is one long line

from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from vendor_rows import Export, loaded, only, staged

from insights.sources import ReadOptions, profiles, stage

MONKEY = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
EXPORTS = [
    Export(
        "google_forms",
        "Zaman damgası,E-posta Adresi,Bizi bir arkadaşınıza tavsiye eder misiniz? (0-10),Neden?\n14.03.2026 12:00:12,a@example.com,9,Kargo\n14.03.2026 12:00:12,b@example.com,0,\n",
        {
            "surveys": [
                {
                    "kind": "nps",
                    "score": 9.0,
                    "scale_min": 0.0,
                    "scale_max": 10.0,
                    "customer_id": "a@example.com",
                    "answered_at": "2026-03-14 09:00:12",
                    "comment": "Kargo",
                },
                {"survey_id": "14.03.2026 12:00:12-2", "score": 0.0, "comment": None},
            ]
        },
    ),
    Export(
        "google_forms",
        "Timestamp,Username,How satisfied are you with our support?,Any comments?\n3/14/2026 12:00:12,a@example.com,4,ok\n3/15/2026 12:00:12,b@example.com,2,\n",
        {
            "surveys": [
                {"kind": "csat", "score": 4.0, "scale_max": 5.0, "answered_at": "2026-03-14 09:00:12", "comment": "ok"},
                {"score": 2.0},
            ]
        },
    ),
    Export(
        "typeform",
        "#,How likely are you to recommend us to a friend?,Why did you give that score?,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags\n"
        "odwdp4nz,10,Fast,completed,2026-03-14 08:58:00,,2026-03-14 09:00:00,653e97acae,\n",
        {
            "surveys": [
                {
                    "survey_id": "odwdp4nz",
                    "kind": "nps",
                    "score": 10.0,
                    "answered_at": "2026-03-14 09:00:00",
                    "comment": "Fast",
                }
            ]
        },
    ),
    Export(
        "surveymonkey",
        f"{MONKEY}How likely is it that you would recommend this company to a friend?,Which did you use?,,Why that score?\n,,,,,,,,,,Shop,App,Open-Ended Response\n"
        "118052219061,446111201,03/14/2026 11:58:00 AM,03/14/2026 12:00:00 PM,1.2.3.4,a@example.com,Bob,Öz,,8,Shop,,Good\n",
        {
            "surveys": [
                {
                    "survey_id": "118052219061",
                    "kind": "nps",
                    "score": 8.0,
                    "customer_id": "a@example.com",
                    "answered_at": "2026-03-14 09:00:00",
                    "comment": "Good",
                }
            ],
            "customers": [{"name": "Bob Öz"}],
        },
    ),
    Export(
        "surveymonkey",
        f"{MONKEY}Overall satisfaction with the delivery\n,,,,,,,,,Response\n1180,446,03/14/2026 11:58:00 AM,03/14/2026 12:00:00 PM,1.2.3.4,a@example.com,,,,Very satisfied\n"
        "1181,446,03/14/2026 11:58:00 AM,03/14/2026 12:00:00 PM,1.2.3.4,b@example.com,,,,Dissatisfied\n",
        {"surveys": [{"kind": "csat", "score": 5.0, "scale_min": 1.0, "scale_max": 5.0}, {"score": 2.0}]},
    ),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[f"{e.source}_{i}" for i, e in enumerate(EXPORTS)])
def test_answers_as_their_survey_tool_exports_them(tmp_path: Path, export: Export) -> None:
    source, aside, found = staged(export, tmp_path)
    assert (source, aside) == (export.source, export.rejected)
    assert only(export.tables, found) == export.tables


def test_the_second_header_row_of_a_workbook_is_no_answer(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "answers.xlsx") as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(EXPORTS[3].text.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    source, aside, found = loaded(tmp_path / "answers.xlsx")
    assert (source, aside, len(found["surveys"])) == ("surveymonkey", 0, 1)
    assert only({"surveys": [{"score": 8.0, "comment": "Good"}]}, found) == {
        "surveys": [{"score": 8.0, "comment": "Good"}]
    }


FORM = "Timestamp,Username,How likely are you to recommend us? (0-10),Any comments?,How satisfied are you with our support?\n"
ANSWERS = "3/14/2026 12:00:12,a@example.com,9,ok,4\n3/15/2026 12:00:12,b@example.com,0,,2\n"


def test_each_question_of_one_form_is_a_survey_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text(FORM + ANSWERS, "utf-8")
    source, aside, found = loaded(tmp_path / "form.csv")
    assert (source, aside) == ("google_forms", 0)
    answers = {(r["kind"], r["customer_id"]): (r["score"], r["scale_max"]) for r in found["surveys"]}
    assert answers == {
        ("nps", "a@example.com"): (9, 10),
        ("nps", "b@example.com"): (0, 10),
        ("csat", "a@example.com"): (4, 5),
        ("csat", "b@example.com"): (2, 5),
    }
    assert len({r["survey_id"] for r in found["surveys"]}) == 4
    assert [r.get("comment") for r in found["surveys"]] == ["ok", None, None, None]


def test_no_column_of_a_form_that_another_of_its_questions_is_read_from_is_called_unused(tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text(FORM + ANSWERS, "utf-8")
    files = list(stage(duckdb.connect(), tmp_path / "form.csv", profiles(), ReadOptions()))
    assert [f.unused for f in files] == [(), ()]
