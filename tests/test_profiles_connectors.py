"""Tables as data connectors write them into a warehouse: UTC times, ids instead of words, told apart by their own columns."""

# ruff: noqa: E501 - an export's header is one long line

import json
from pathlib import Path

import pytest
from vendor_rows import Export, only, staged

SYNCED = "2026-03-16 06:00:00.123"
DELIGHTED = {
    "id": "1",
    "person": {"id": "42", "email": "bob@example.com", "name": "Bob"},
    "survey_type": "nps",
    "score": 9,
    "comment": "ok",
    "permalink": "https://delighted.example/r/1",
    "created_at": 1773478800,
    "updated_at": 1773478800,
    "person_properties": {"plan": "x"},
    "notes": [],
    "tags": [],
}
EXPORTS = [
    Export(
        "fivetran_intercom",
        "id,updated_at,_fivetran_synced,assignee_id,assignee_type,conversation_rating_created_at,conversation_rating_remark,conversation_rating_value,created_at,first_contact_reply_created_at,priority,read,source_author_id,source_delivered_as,source_type,source_subject,state\n"
        f"15,2026-03-15 09:00:00,{SYNCED},40,admin,2026-03-15 10:00:00,ok,4,2026-03-14 09:00:00,2026-03-14 09:00:00,not_priority,TRUE,5f72,customer_initiated,conversation,VPN,closed\n",
        {
            "tickets": [
                {
                    "ticket_id": "15",
                    "status": "solved",
                    "channel": "chat",
                    "customer_id": "5f72",
                    "created_at": "2026-03-14 09:00:00",
                    "priority": "normal",
                }
            ],
            "surveys": [{"score": 4.0, "answered_at": "2026-03-15 10:00:00"}],
        },
    ),
    Export(
        "fivetran_intercom",
        f"id,updated_at,_fivetran_deleted,_fivetran_synced,created_at,location_city,location_country,phone,role,signed_up_at,unsubscribed_from_emails,workspace_id,email,name\n5f72,2026-03-15 09:00:00,FALSE,{SYNCED},2026-03-01 09:00:00,Bursa,Türkiye,,lead,,TRUE,w1,bob@example.com,Bob\n",
        {"customers": [{"customer_id": "5f72", "name": "Bob", "lifecycle_stage": "lead", "contact_allowed": False}]},
    ),
    Export(
        "fivetran_intercom",
        f"id,_fivetran_synced,name,email,job_title\n40,{SYNCED},Ada,ada@example.com,Lead\n",
        {"agents": [{"agent_id": "40", "name": "Ada"}]},
    ),
    Export(
        "fivetran_jira",
        "id,_fivetran_deleted,_fivetran_synced,assignee,created,creator,description,due_date,issue_type,key,priority,project,reporter,resolution,resolved,status,status_category_changed,summary,updated\n"
        f"10011,FALSE,{SYNCED},a1,2026-03-14 09:00:00,c1,,,10103,TP-8,3,10001,r1,,,3,2026-03-14 09:00:00,VPN,2026-03-14 10:00:00\n"
        f"10012,FALSE,{SYNCED},a1,2026-03-14 09:00:00,c1,,,10103,TP-9,1,10001,r1,1,2026-03-15 09:00:00,10777,2026-03-14 09:00:00,Late,2026-03-15 09:00:00\n",
        {
            "tickets": [
                {
                    "ticket_id": "10011",
                    "status": "open",
                    "priority": "normal",
                    "customer_id": "r1",
                    "created_at": "2026-03-14 09:00:00",
                    "solved_at": None,
                },
                {
                    "ticket_id": "10012",
                    "status": "solved",
                    "status_raw": "10777",
                    "priority": "urgent",
                    "solved_at": "2026-03-15 09:00:00",
                },
            ]
        },
        rejected=1,  # a state of the installation's own is said to be unknown
    ),
    Export(
        "fivetran_jira",
        f"field_id,issue_id,time,_fivetran_synced,value,is_active\nstatus,10012,2026-03-14 09:00:00,{SYNCED},1,false\nstatus,10012,2026-03-15 09:00:00,{SYNCED},5,true\nsummary,10012,2026-03-14 09:00:00,{SYNCED},Late,true\nassignee,10012,2026-03-14 10:00:00,{SYNCED},a1,true\n",
        {
            "ticket_events": [
                {"ticket_id": "10012", "field": "status", "new": "new", "at": "2026-03-14 09:00:00"},
                {"field": "status", "new": "solved"},
                {"field": "agent", "new": "a1"},
            ]
        },
    ),
    Export(
        "fivetran_jira",
        f"id,_fivetran_synced,email,locale,name,time_zone,username\na1,{SYNCED},ada@example.com,en_US,Ada,Europe/Istanbul,\n",
        {"agents": [{"agent_id": "a1", "name": "Ada"}]},
    ),
    Export(
        "fivetran_salesforce",
        f"id,_fivetran_synced,case_number,status,priority,origin,type,reason,subject,created_date,closed_date,is_closed,contact_id,account_id,owner_id,is_deleted\n500x,{SYNCED},00001027,Closed,High,Phone,Problem,Late,VPN,2026-03-14 09:00:00,2026-03-15 09:00:00,true,,001x,005x,false\n",
        {
            "tickets": [
                {
                    "ticket_id": "500x",
                    "status": "closed",
                    "channel": "phone",
                    "kind": "incident",
                    "customer_id": "001x",
                    "created_at": "2026-03-14 09:00:00",
                    "excluded": None,
                }
            ]
        },
    ),
    Export(
        "fivetran_salesforce",
        f"id,_fivetran_synced,name,owner_id,type,industry,billing_city,billing_country,account_source,created_date\n001x,{SYNCED},Acme,005x,Customer,Retail,Bursa,Türkiye,Web,2026-03-01 09:00:00\n",
        {
            "customers": [
                {"customer_id": "001x", "name": "Acme", "segment": "Customer", "acquired_at": "2026-03-01 09:00:00"}
            ]
        },
    ),
    Export(
        "fivetran_salesforce",
        f"id,_fivetran_synced,account_id,first_name,last_name,email,owner_id,mailing_city,created_date,has_opted_out_of_email\n003x,{SYNCED},001x,Bob,Öz,bob@example.com,005x,Bursa,2026-03-01 09:00:00,false\n",
        {"customers": [{"customer_id": "003x", "name": "Bob Öz", "contact_allowed": True}]},
    ),
    Export(
        "fivetran_salesforce",
        "_fivetran_synced,id,owner_id,email,first_name,last_name,company,status\n2026-03-01 10:00:00,00Q1,005A,x@example.com,Ali,Ak,Deneme,Open\n",
        {
            "customers": [
                {
                    "customer_id": "00Q1",
                    "name": "Ali Ak",
                    "company": "Deneme",
                    "lifecycle_stage": "Open",
                    "owner_agent_id": "005A",
                }
            ]
        },
    ),
    Export(
        "fivetran_salesforce",
        f"id,_fivetran_synced,account_id,amount,close_date,created_date,name,owner_id,stage_name,type,is_won,is_closed\n006x,{SYNCED},001x,1500.5,2026-03-20,2026-03-14 09:00:00,Big,005x,Closed Won,New,true,true\n",
        {
            "opportunities": [
                {
                    "opportunity_id": "006x",
                    "outcome": "won",
                    "amount": 1500.5,
                    "created_at": "2026-03-14 09:00:00",
                    "agent_id": "005x",
                }
            ]
        },
    ),
    Export(
        "fivetran_salesforce",
        f"id,_fivetran_synced,username,first_name,last_name,name,department,profile_id,is_active,title\n005x,{SYNCED},ada@example.com,Ada,Su,Ada Su,Support,00e1,true,Lead\n",
        {"agents": [{"agent_id": "005x", "name": "Ada Su", "team": "Support"}]},
    ),
    Export(
        "fivetran_salesforce",
        f"_fivetran_synced,id,name,type,status,start_date,end_date,is_active,budgeted_cost,actual_cost\n{SYNCED},c1,Mart,Email,Active,2026-03-01 00:00:00,2026-03-31 00:00:00,true,500,420\n",
        {"campaigns": [{"campaign_id": "c1", "channel": "email", "cost": 420.0, "started_at": "2026-03-01 00:00:00"}]},
    ),
    Export(
        "fivetran_salesforce",
        f"_fivetran_synced,id,account_id,campaign_id,contact_id,has_responded,lead_id,status\n{SYNCED},m1,001x,c1,,true,00Q1,Responded\n",
        {"campaign_members": [{"campaign_id": "c1", "customer_id": "00Q1", "arm": "treated"}]},
    ),
    Export(
        "delighted",
        json.dumps([DELIGHTED, DELIGHTED | {"id": "2", "survey_type": "smileys", "score": 2, "comment": None}]),
        {
            "surveys": [
                {
                    "survey_id": "1",
                    "kind": "nps",
                    "score": 9.0,
                    "scale_min": 0.0,
                    "scale_max": 10.0,
                    "customer_id": "bob@example.com",
                    "answered_at": "2026-03-14 09:00:00",
                },
                {"kind": "csat", "score": 2.0, "scale_max": 5.0, "comment": None},
            ]
        },
        name="responses.json",
    ),
    Export(
        "delighted",
        "Response ID,Person ID,Name,Email,Survey type,Score,Comment,Created at,Permalink\n1,42,Bob,bob@example.com,CSAT,4,ok,2026-03-14 09:00:00,https://delighted.example/r/1\n",
        {
            "surveys": [
                {"survey_id": "1", "kind": "csat", "score": 4.0, "scale_max": 5.0, "answered_at": "2026-03-14 09:00:00"}
            ]
        },
    ),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[f"{e.source}_{i}" for i, e in enumerate(EXPORTS)])
def test_tables_as_their_connector_writes_them(tmp_path: Path, export: Export) -> None:
    source, aside, found = staged(export, tmp_path)
    assert (source, aside) == (export.source, export.rejected)
    assert only(export.tables, found) == export.tables


TICKET = {
    "id": 5,
    "requester_id": 9,
    "created_at": "2026-03-14T09:00:00Z",
    "updated_at": "2026-03-14T10:00:00Z",
    "status": "open",
    "via": {"channel": "web"},
}
CONVERSATION = {
    "id": "8",
    "created_at": 1773478800,
    "updated_at": 1773482400,
    "state": "closed",
    "open": False,
    "source": {"type": "conversation", "author": {"id": "u1", "name": "Bob"}},
}
ISSUE = {
    "id": "1",
    "key": "SUP-1",
    "projectId": "1",
    "fields": {
        "summary": "VPN",
        "created": "2026-03-14T12:00:00.000+0300",
        "status": {"name": "Done"},
        "reporter": {"accountId": "r1"},
    },
}
CASE = {
    "Id": "500x",
    "CaseNumber": "00001027",
    "Status": "Closed",
    "ContactId": "003x",
    "CreatedDate": "2026-03-14T09:00:00.000+0000",
    "OwnerId": "005x",
}


def singer(*streams: tuple[str, dict[str, object]]) -> str:
    """Return the messages of a tap: the schema before the record of each stream, the state at the end."""
    messages: list[dict[str, object]] = []
    for stream, record in streams:
        messages.append({"type": "SCHEMA", "stream": stream, "schema": {"properties": {}}, "key_properties": ["id"]})
        messages.append(
            {"type": "RECORD", "stream": stream, "record": record, "time_extracted": "2026-03-16T09:00:00Z"}
        )
    return "".join(json.dumps(m) + "\n" for m in (*messages, {"type": "STATE", "value": {"bookmarks": {}}}))


def test_singer_s_messages_are_read_stream_by_stream(tmp_path: Path) -> None:
    text = singer(("tickets", TICKET), ("tags", {"name": "vip", "count": 2}), ("tickets", TICKET | {"id": 6}))
    source, aside, found = staged(Export("zendesk", text, {}, name="tap.jsonl"), tmp_path)
    assert (source, aside) == ("zendesk", 0)
    assert [(t["ticket_id"], t["created_at"]) for t in found["tickets"]] == [
        ("5", "2026-03-14 09:00:00"),
        ("6", "2026-03-14 09:00:00"),
    ]


@pytest.mark.parametrize(
    ("source", "record", "ticket"),
    [
        (
            "intercom",
            CONVERSATION,
            {"ticket_id": "8", "status": "solved", "created_at": "2026-03-14 09:00:00", "customer_id": "u1"},
        ),
        (
            "jira",
            ISSUE,
            {"ticket_id": "SUP-1", "status": "solved", "created_at": "2026-03-14 09:00:00", "customer_id": "r1"},
        ),
        (
            "salesforce",
            CASE,
            {"ticket_id": "00001027", "status": "closed", "created_at": "2026-03-14 09:00:00", "customer_id": "003x"},
        ),
    ],
)
@pytest.mark.parametrize("form", ["lines", "text", "cells", "messages"])
def test_airbyte_s_records_are_what_their_vendor_s_interface_answers(
    tmp_path: Path, form: str, source: str, record: dict[str, object], ticket: dict[str, object]
) -> None:
    raw = {"_airbyte_raw_id": "1-2", "_airbyte_extracted_at": 1773482400000, "_airbyte_meta": {"changes": []}}
    inner = json.dumps(record)
    text = {
        "lines": json.dumps(raw | {"_airbyte_data": record})
        + "\n"
        + json.dumps(raw | {"_airbyte_data": record})
        + "\n",
        "text": json.dumps([raw | {"_airbyte_data": inner}] * 2),
        "cells": "_airbyte_raw_id,_airbyte_extracted_at,_airbyte_data\n"
        + 2 * ('1-2,2026-03-14,"' + inner.replace('"', '""') + '"\n'),
        "messages": 2
        * (json.dumps({"type": "RECORD", "record": {"stream": "x", "data": record, "emitted_at": 1}}) + "\n"),
    }[form]
    found = staged(Export(source, text, {}, name="x.csv" if form == "cells" else "x.json"), tmp_path)
    assert found[:2] == (source, 0)
    assert only({"tickets": [ticket, ticket]}, found[2]) == {"tickets": [ticket, ticket]}


def test_a_record_with_a_column_called_type_is_no_message(tmp_path: Path) -> None:
    text = "".join(json.dumps(TICKET | {"id": n, "type": kind}) + "\n" for n, kind in enumerate(("RECORD", "STATE"), 1))
    source, _, found = staged(Export("zendesk", text, {}, name="x.json"), tmp_path)
    assert (source, len(found["tickets"])) == ("zendesk", 2)
