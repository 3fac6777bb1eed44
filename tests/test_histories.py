"""Histories that stand in a cell, in a file of their own, or under another id of the ticket."""

# ruff: noqa: E501 - an export's row is one long line

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from staged_rows import small_settings, staged
from vendor_rows import Export, only
from vendor_rows import staged as read

from insights.settings import Settings
from insights.warehouse.build import load, load_staged
from insights.warehouse.reader import close, open_current

JOURNAL = """element_id,name,element,value,sys_created_on,sys_created_by
46d44a,incident,comments,Printer is down,2026-03-14 09:00:00,abel
46d44a,incident,work_notes,Toner?,2026-03-14 09:10:00,ada
"""
ZAMMAD = {
    "id": 2,
    "o_id": 5,
    "object": "Ticket",
    "type": "updated",
    "attribute": "state",
    "value_from": "new",
    "value_to": "open",
    "id_from": 1,
    "id_to": 2,
    "created_at": "2026-03-14T09:10:00Z",
    "created_by_id": 3,
}
OWNER = {"id": 3, "attribute": "owner", "value_from": "-", "value_to": "Ada"}
ARTICLE = {
    "id": 11,
    "ticket_id": 5,
    "type_id": 1,
    "type": "note",
    "sender_id": 1,
    "sender": "Agent",
    "internal": True,
    "created_by_id": 3,
    "created_at": "2026-03-14T09:00:00Z",
}
AUDIT = {
    "id": 4,
    "ticket_id": 35,
    "created_at": "2026-03-14T10:00:00Z",
    "author_id": 3,
    "events": [
        {"id": 5, "type": "Change", "field_name": "status", "previous_value": "new", "value": "open"},
        {"id": 6, "type": "Comment", "public": False, "body": "note"},
        {"id": 7, "type": "Change", "field_name": "tags", "previous_value": [], "value": ["vip"]},
        {"id": 8, "type": "Change", "field_name": "assignee_id", "previous_value": None, "value": "3"},
    ],
}
ACTIVITIES = [
    {
        "performed_at": "16-02-2026 05:31:51 +0000",
        "ticket_id": 51,
        "performer_type": "user",
        "performer_id": 149,
        "activity": {"status": "Pending", "priority": "High"},
    },
    {
        "performed_at": "16-02-2026 06:00:00 +0000",
        "ticket_id": 51,
        "performer_type": "user",
        "performer_id": 149,
        "activity": {"note": {"id": 1, "type": 4}},
    },
    {
        "performed_at": "17-02-2026 06:31:51 +0000",
        "ticket_id": 51,
        "performer_type": "system",
        "performer_id": None,
        "activity": {"automation": {"type": 1, "rule": "x"}, "status": "Resolved", "group": "Desk"},
    },
]
CHANGELOG = [
    {
        "created": "2026-03-14T10:00:00.000+0300",
        "author": {"accountId": "5"},
        "items": [{"field": "status", "fromString": "Open", "toString": "Done"}, {"field": "labels", "toString": "x"}],
    }
]
JIRA = f"""Issue key,Summary,Status,Created,Resolved,Reporter,Assignee,Changelog
A-1,x,Done,2026-03-14 09:00,2026-03-14 10:00,bob,ada,"{json.dumps(CHANGELOG).replace('"', '""')}"
"""
METRICS = {"replies": 2, "reopens": 1, "reply_time_in_minutes": {"calendar": 30, "business": 10}}
ZENDESK = f"""id,requester_id,created_at,updated_at,status,via,subject,metric_set
7,9,2026-03-14T09:00:00Z,2026-03-14T10:00:00Z,solved,"{{""channel"":""email""}}",x,"{json.dumps(METRICS).replace('"', '""')}"
8,9,2026-03-14T09:00:00Z,2026-03-14T10:00:00Z,open,,y,
"""
CONTACTS = """(Do Not Modify) Contact,Full Name,Email,Company Name,Master ID
0a1,Ayşe Y,a@x.com,Acme,Ayşe Yılmaz
0a2,Ayşe Yılmaz,ay@x.com,Acme,
"""
ACCOUNTS = """(Do Not Modify) Account,Account Name,Main Phone,Master ID
0b1,Acme,1,
"""
EXPORTS = [
    Export(
        "servicenow",
        JOURNAL,
        {
            "ticket_events": [
                {
                    "ticket_id": "46d44a",
                    "field": "comment",
                    "public": True,
                    "actor_id": "abel",
                    "at": "2026-03-14 06:00:00",
                },
                {
                    "ticket_id": "46d44a",
                    "field": "comment",
                    "public": False,
                    "actor_id": "ada",
                    "at": "2026-03-14 06:10:00",
                },
            ]
        },
    ),
    Export(
        "zammad",
        json.dumps({"history": [ZAMMAD, ZAMMAD | OWNER], "assets": {}}),
        {
            "ticket_events": [
                {
                    "ticket_id": "5",
                    "field": "status",
                    "old": "new",
                    "new": "open",
                    "actor_id": "3",
                    "at": "2026-03-14 09:10:00",
                },
                {"ticket_id": "5", "field": "agent", "old": None, "new": "Ada", "actor_id": "3"},
            ]
        },
        name="history.json",
    ),
    Export(
        "zammad",
        json.dumps([ARTICLE]),
        {"ticket_events": [{"ticket_id": "5", "field": "comment", "public": False, "actor": "agent", "actor_id": "3"}]},
        name="articles.json",
    ),
    Export(
        "zendesk",
        json.dumps({"audits": [AUDIT], "next_page": None, "count": 1}),
        {
            "ticket_events": [
                {
                    "ticket_id": "35",
                    "field": "status",
                    "old": "new",
                    "new": "open",
                    "at": "2026-03-14 10:00:00",
                    "actor_id": "3",
                },
                {"ticket_id": "35", "field": "comment", "public": False, "actor_id": "3"},
                {"ticket_id": "35", "field": "agent", "old": None, "new": "3"},
            ]
        },
        name="audits.json",
    ),
    Export(
        "freshdesk",
        json.dumps({"activities_data": ACTIVITIES}),
        {
            "ticket_events": [
                {
                    "ticket_id": "51",
                    "field": "status",
                    "new": "pending",
                    "at": "2026-02-16 05:31:51",
                    "actor_id": "149",
                },
                {"ticket_id": "51", "field": "priority", "new": "high"},
                {"ticket_id": "51", "field": "status", "new": "solved", "at": "2026-02-17 06:31:51", "actor_id": None},
                {"ticket_id": "51", "field": "team", "new": "Desk"},
            ]
        },
        name="activities.json",
    ),
    Export(
        "jira",
        JIRA,
        {
            "tickets": [{"ticket_id": "A-1", "status": "solved"}],
            "ticket_events": [
                {"field": "status", "old": "open", "new": "solved", "at": "2026-03-14 07:00:00", "actor_id": "5"},
                {"field": "status", "old": None, "new": "open", "at": "2026-03-14 06:00:00"},
            ],
        },
    ),
    Export(
        "zendesk",
        ZENDESK,
        {
            "tickets": [
                {"ticket_id": "7", "channel": "email", "replies": 2, "reopens": 1, "reported_first_response_s": 1800},
                {"ticket_id": "8", "channel": None, "replies": None, "reported_first_response_s": None},
            ]
        },
    ),
    Export(
        "dynamics365",
        CONTACTS,
        {
            "customers": [
                {"customer_id": "0a1", "merged_into": "Ayşe Yılmaz"},
                {"customer_id": "0a2", "merged_into": None},
            ]
        },
    ),
    Export("dynamics365", ACCOUNTS, {"customers": [{"customer_id": "0b1", "name": "Acme", "phone": "1"}]}),
]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.source}-{next(iter(e.tables))}")
def test_a_history_is_read_from_wherever_the_export_keeps_it(export: Export, tmp_path: Path) -> None:
    source, aside, found = read(export, tmp_path)
    assert (source, aside) == (export.source, 0)
    assert only(export.tables, found) == export.tables


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    yield small_settings(tmp_path)
    close(tmp_path / "warehouse")


LIST = "ticket_id other_id status created_at\nINC1 46d44a open 2026-03-14T08:00:00"
LOG = "ticket_id seq at field public\n46d44a 1 2026-03-14T09:00:00 comment true"


@pytest.mark.parametrize("order", [("list", "log"), ("log", "list"), ("list", "log", "log", "list")])
def test_a_log_that_names_tickets_by_another_id_finds_them_in_either_order(
    settings: Settings, order: tuple[str, ...]
) -> None:
    files = {"list": {"tickets": LIST}, "log": {"ticket_events": LOG}}
    for place, name in enumerate(order):
        load_staged([staged(files[name], name=f"{name}.csv", salt=str(place))], settings)
    held = open_current(settings.warehouse, settings.engine)
    assert held.source._con.execute("SELECT ticket_id, seq FROM ticket_events").fetchall() == [("INC1", 1)]


def test_a_master_that_is_said_by_name_is_the_one_who_alone_has_it(settings: Settings) -> None:
    people = (
        ["customer_id", "name", "merged_into"],
        [
            ("a", "Ayşe Y", "Ayşe Yılmaz"),
            ("b", "Ayşe Yılmaz", None),
            ("c", "Can", "Ali"),
            ("d", "Ali", None),
            ("e", "Ali", None),
        ],
    )
    load_staged([staged({"customers": people})], settings)
    held = open_current(settings.warehouse, settings.engine)
    found = held.source._con.execute("SELECT customer_id, merged_into FROM customer_aliases ORDER BY 1").fetchall()
    assert found == [("a", "b"), ("c", "Ali")]


def test_answers_about_no_ticket_are_loaded_beside_them(settings: Settings, tmp_path: Path) -> None:
    form = tmp_path / "form.csv"
    form.write_text("survey_id,kind,score\nS1,csat,4\n", "utf-8")
    assert load([form], settings).files[0].rows_inserted == 1
