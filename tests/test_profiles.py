"""Every vendor's true headers are recognised, and its own words and formats become canonical ones."""

import json
from pathlib import Path

import duckdb
import pytest

from insights import sources, texts
from insights.errors import Called, FileRefused, UnknownName
from insights.sources import ReadOptions
from insights.sources.profile.recognise import zone_in

Row = dict[str, object]
CASES: list[tuple[str, str, str, str, Row]] = [
    (
        "freshdesk",
        "tickets",
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Last update time,Full name",
        "54,Q,Open,Low,Email,Question,No Agent,No Group,2026-03-02 11:15:22,2026-03-02 15:00:00,Bob",
        {"ticket_id": "54", "agent_id": None, "team": None},
    ),
    (
        "servicenow",
        "tickets",
        "number,opened_at,sys_updated_on,state,priority,contact_type,caller_id,assignment_group,calendar_duration,business_duration",
        "INC1,2026-03-01 08:15:00,2026-03-02 09:00:00,Closed,1 - Critical,Walk-in,Bob,Desk,1970-01-02 03:00:00,1970-01-01 03:00:00",
        {"channel": "store", "reported_full_resolution_s": 97200, "reported_full_resolution_business_s": 10800},
    ),
    (
        "freshservice",
        "tickets",
        "Subject,Type,Status,Urgency,Impact,Priority,Group,Agent,Ticket Id,Requester Name,Requester Email,Created Time,"
        "Due by Time,Resolved Time,Closed Time,Last Updated Time,Initial Response Time,First Response Time (in Hrs),"
        "Resolution Time (in Hrs),Resolution Status,First Response Status,Survey Result",
        "VPN,Incident,Resolved,Low,Low,High,IT,Ada,INC-7,Bob,bob@example.com,2026-03-14 09:00:00,2026-03-15 09:00:00,"
        "2026-03-14 12:00:00,2026-03-14 13:00:00,2026-03-14 13:00:00,2026-03-14 09:30:00,00:30:00,03:00:00,Within SLA,"
        "Within SLA,Happy",
        {
            "ticket_id": "INC-7",
            "kind": "incident",
            "status": "solved",
            "priority": "high",
            "source_sla_met": True,
            "reported_first_response_business_s": 1800,
            "reported_full_resolution_business_s": 10800,
        },
    ),
    (
        "hubspot",
        "tickets",
        "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Close date,Ticket owner,Category,Priority,"
        "All associated contact emails,Time to first agent email reply (HH:mm:ss),Time to close (HH:mm:ss),"
        "Last CSAT survey rating,First agent email response date,Last modified date",
        "91,Late parcel,Support,Waiting on contact,2026-03-14 09:00,2026-03-16 09:00,Ada,Complaint,High,bob@example.com,"
        "26:10:00,48:00:00,3,2026-03-15 11:10,2026-03-16 09:00",
        {
            "ticket_id": "91",
            "status": "pending",
            "reported_first_response_s": 94200,
            "reported_full_resolution_s": 172800,
            "kind": "complaint",
        },
    ),
    (
        "hubspot",
        "customers",
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,City,Create Date",
        "501,Ayşe,Işık,ayse@example.com,+90 212 000 00 00,Ada,Customer,İzmir,2026-03-14 09:00",
        {"customer_id": "501", "name": "Ayşe Işık", "city": "İzmir", "lifecycle_stage": "Customer"},
    ),
    (
        "hubspot",
        "customers",
        "Record ID,Company name,Company owner,Company Domain Name,Country/Region,City,Industry,Create Date",
        "77,Acme,Ada,acme.example,Türkiye,Bursa,Retail,2026-03-14 09:00",
        {"customer_id": "77", "company": "Acme", "country": "Türkiye"},
    ),
    (
        "hubspot",
        "opportunities",
        "Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Deal owner,Associated Company",
        "9,Big one,Closed Won,1200.50,2026-03-14 09:00,2026-04-14 09:00,Ada,Acme",
        {"opportunity_id": "9", "outcome": "won", "customer_id": "Acme"},
    ),
    (
        "salesforce",
        "tickets",
        "Case Number,Contact Name,Account Name,Subject,Status,Priority,Date/Time Opened,Date/Time Closed,Case Owner,"
        "Case Origin,Type,Age (Hours),Open",
        "00001027,Bob,Acme,Late,Closed,High,25/03/2026 09:00,26/03/2026 09:00,Ada,Phone,Problem,24,0",
        {"ticket_id": "00001027", "status": "closed", "channel": "phone", "priority": "high"},
    ),
    (
        "salesforce",
        "tickets",
        "Id,CaseNumber,ContactId,AccountId,Status,Priority,Origin,Type,CreatedDate,ClosedDate,OwnerId,LastModifiedDate",
        "500x,00001028,003x,001x,New,Low,Email,Question,2026-03-14T09:00:00.000Z,,005x,2026-03-14T09:00:00.000Z",
        {"ticket_id": "00001028", "status": "new", "channel": "email", "kind": "question", "customer_id": "003x"},
    ),
    (
        "salesforce",
        "customers",
        "Account ID,Account Name,Account Owner,Type,Industry,Billing City,Billing Country,Phone,Created Date",
        "001x,Acme,Ada,Customer,Retail,Bursa,Türkiye,123,2026-03-14",
        {"customer_id": "001x", "name": "Acme", "segment": "Customer"},
    ),
    (
        "salesforce",
        "customers",
        "Contact ID,First Name,Last Name,Account Name,Email,Phone,Mailing City,Created Date",
        "003x,Bob,Öz,Acme,bob@example.com,123,Bursa,2026-03-14",
        {"customer_id": "003x", "name": "Bob Öz", "company": "Acme"},
    ),
    (
        "salesforce",
        "opportunities",
        "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date,Opportunity Owner,Lead Source",
        "006x,Big,Acme,Closed Lost,10,2026-03-20,2026-03-14,Ada,Web",
        {"opportunity_id": "006x", "outcome": "lost"},
    ),
    (
        "servicenow",
        "tickets",
        "Number,Short description,Caller,Priority,State,Category,Assignment group,Assigned to,Opened,Created,Resolved,"
        "Closed,Updated,Made SLA,SLA due,Business duration,Reopen count,Reassignment count",
        "INC0010001,VPN,Bob,3 - Moderate,Resolved,Network,IT,Ada,2026-03-14 09:00:00,2026-03-14 09:00:00,"
        "2026-03-14 12:00:00,,2026-03-14 12:00:00,true,2026-03-15 09:00:00,1d 2h 3m,1,2",
        {
            "ticket_id": "INC0010001",
            "priority": "normal",
            "status": "solved",
            "source_sla_met": True,
            "reported_full_resolution_business_s": 93780,
            "reopens": 1,
            "reassignments": 2,
        },
    ),
    (
        "jira",
        "tickets",
        "Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Resolution,Assignee,Assignee Id,"
        "Reporter,Creator,Created,Updated,Last Viewed,Resolved,Due date,Labels,Labels,Satisfaction rating",
        "VPN,SUP-1,10001,Bug,Done,SUP,Support,High,Done,Ada,712020:a,Bob,Bob,30/Jul/18 23:33,31/Jul/18 09:00,"
        "31/Jul/18 09:00,31/Jul/18 09:00,,a,b,5",
        {"ticket_id": "SUP-1", "status": "solved", "kind": "incident", "agent_id": "712020:a"},
    ),
    (
        "intercom",
        "tickets",
        "Conversation ID,Conversation started at (America/New_York),Updated at (America/New_York),Started by,"
        "Current conversation state,Team currently assigned,Teammate currently assigned,Channel,Ticket type,"
        "First response time (seconds),Conversation rating (1-5),Conversation rating remark,User name",
        "123456,2026-01-14 09:00:00,2026-01-14 10:00:00,user,Closed,Support,Ada,Email,,65,5,great,Bob",
        {
            "ticket_id": "123456",
            "status": "solved",
            "reported_first_response_s": 65,
            "channel": "email",
            "created_at": "2026-01-14 14:00:00",
        },
    ),
    (
        "zoho_desk",
        "tickets",
        "Ticket Id,Subject,Status,Priority,Channel,Classification,Category,Ticket Owner,Department,Contact Name,Email,"
        "Created Time,Modified Time,Closed Time,Due Date,Happiness Rating",
        "5501,VPN,On Hold,High,Phone,Problem,Net,Ada,IT,Bob,bob@example.com,2026-03-14 09:00:00,2026-03-14 10:00:00,,,Good",
        {"ticket_id": "5501", "status": "hold", "kind": "incident", "channel": "phone"},
    ),
    (
        "pipedrive",
        "opportunities",
        "Deal - ID,Deal - Title,Deal - Organization,Deal - Contact person,Deal - Value,Deal - Currency of Value,"
        "Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Owner,Deal - Deal created,Deal - Deal closed on,Deal - Lost reason",
        "4,Big,Acme,Bob,1200,TRY,Sales,Proposal,Lost,Ada,2026-03-14 09:00:00,2026-03-20 09:00:00,Price",
        {"opportunity_id": "4", "outcome": "lost", "lost_reason": "Price", "currency": "TRY"},
    ),
    (
        "pipedrive",
        "customers",
        "Organization - ID,Organization - Name,Organization - Owner,Organization - Organization created",
        "1,Acme,Ada,2026-03-14 09:00:00",
        {"customer_id": "Acme", "owner_agent_id": "Ada"},
    ),
    (
        "pipedrive",
        "customers",
        "Person - ID,Person - Name,Person - Organization,Person - Email,Person - Phone,Person - Owner",
        "1,Bob,Acme,bob@example.com,123,Ada",
        {"customer_id": "Bob", "email": "bob@example.com"},
    ),
    (
        "osticket",
        "tickets",
        "Ticket Number;Date Created;Subject;From;From Email;Priority;Department;Help Topic;Source;Current Status;"
        "Last Updated;SLA Due Date;SLA Plan;Due Date;Closed Date;Overdue;Merged;Linked;Answered;Agent Assigned;"
        "Team Assigned;Thread Count;Reopen Count;Attachment Count;Task Count",
        "100234;2026-03-14 09:00:00;'=2+2;Bob;bob@example.com;Normal;Support;Complaint;Email;Open;2026-03-14 10:00:00;"
        "2026-03-16 09:00:00;Default;;;0;0;0;1;Ada;;3;1;0;0",
        {"ticket_id": "100234", "subject": "=2+2", "status": "open", "reopens": 1},
    ),
    (
        "odoo",
        "tickets",
        "Ticket number,Title,Stage,Contact,Partner Email,Assigned user,Team,Channel,Category,Priority,Created on,Closed Date",
        "HT00007,Late,Done,Bob,bob@example.com,Ada,Support,Email,Returns,2,2026-03-14 09:00:00,2026-03-15 09:00:00",
        {"ticket_id": "HT00007", "status": "solved", "priority": "high"},
    ),
    (
        "frappe_helpdesk",
        "tickets",
        "name,subject,raised_by,status,priority,ticket_type,agent_group,sla,response_by,resolution_by,agreement_status,"
        "first_response_time,first_responded_on,opening_date,opening_time,resolution_date,resolution_time,total_hold_time,"
        "customer,contact,feedback_rating,feedback_extra",
        "12,Late,bob@example.com,Replied,High,Question,Support,Default,2026-03-14 10:00:00,2026-03-15 09:00:00,Fulfilled,"
        "600,2026-03-14 09:10:00,2026-03-14,09:00:00,,,0,Acme,Bob,0.8,ok",
        {"ticket_id": "12", "status": "pending", "source_sla_met": True, "created_at": "2026-03-14 09:00:00"},
    ),
    (
        "chatwoot",
        "surveys",
        "Contact Name,Contact Email Address,Contact Phone Number,Link to the conversation,Agent Name,Rating,"
        "Feedback Comment,Recorded date,Review Notes",
        "Bob,bob@example.com,,https://chat.example/app/accounts/1/conversations/42,Ada,4,fine,2026-03-14 09:00:00,",
        {"survey_id": "5993543358139883", "ticket_id": "42", "score": 4.0, "kind": "csat", "agent_id": "Ada"},
    ),
    (
        "fivetran_zendesk",
        "ticket_events",
        "field_name,ticket_id,updated,_fivetran_synced,user_id,value",
        "status,11071,2020-08-28 11:01:27,2020-10-02 14:08:33.216,5,on-hold",
        {"ticket_id": "11071", "field": "status", "new": "hold", "actor_id": "5"},
    ),
    (
        "hubspot",
        "tickets",
        "Ticket ID,Ticket name,Ticket status,Create date,Close date",
        "91,Late,In repair (Workshop),2026-03-14 09:00,2026-03-16 09:00",
        {"ticket_id": "91", "status": "solved", "status_raw": "In repair (Workshop)"},
    ),
    (
        "dynamics365",
        "tickets",
        "Case Title,Case Number,Priority,Origin,Customer,Owner,Status Reason,Created On",
        "VPN,CAS-01,High,Email,Acme,Ada,On Hold,2026-03-14 09:00",
        {"ticket_id": "CAS-01", "status": "hold"},
    ),
    (
        "pipedrive",
        "opportunities",
        "Deal - ID,Deal - Title,Deal - Status,Deal - Won time,Deal - Lost time,Person - Name",
        "4,Big,Lost,,2026-03-20 09:00:00,Bob",
        {"opportunity_id": "4", "closed_at": "2026-03-20 09:00:00", "customer_id": "Bob"},
    ),
    (
        "jira",
        "tickets",
        "Zusammenfassung,Vorgangsschlüssel,Vorgangstyp,Status,Priorität,Autor,Erstellt,Erledigt",
        "VPN,SUP-1,Bug,Erledigt,High,Bob,30/Jul/18 23:33,31/Jul/18 09:00",
        {"ticket_id": "SUP-1", "status": "solved"},
    ),
    (
        "zendesk",
        "tickets",
        "Ticket ID,Ticket status,Ticket created - Timestamp,Ticket channel,Requester name,First reply time (min)",
        "7,Solved,2026-03-14T09:00:00,Web,Bob,65",
        {"ticket_id": "7", "reported_first_response_s": 3900},
    ),
    (
        "boston311",
        "tickets",
        "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,case_title,subject,reason,type,department,source",
        "101,2026-01-05 10:00:00,2026-01-06 10:00:00,2026-01-05 12:00:00,ONTIME,Closed,Pothole,Works,Streets,Repair,PWDx,Citizens Connect App",
        {"ticket_id": "101", "channel": "web", "source_sla_met": True, "created_at": "2026-01-05 15:00:00"},
    ),
    (
        "chicago311",
        "tickets",
        "SR_NUMBER,SR_TYPE,STATUS,ORIGIN,CREATED_DATE,CLOSED_DATE,OWNER_DEPARTMENT",
        "SR1,Pothole,Completed,Phone Call,01/31/2026 10:00:00 AM,,CDOT",
        {"ticket_id": "SR1", "status": "solved"},
    ),
    (
        "fivetran_zendesk",
        "surveys",
        "id,_fivetran_synced,ticket_id,requester_id,assignee_id,score,comment,created_at,updated_at",
        "1,2026-03-14,7,9,5,good,ok,2026-03-14 09:00:00,2026-03-14 10:00:00",
        {"score": 2.0, "scale_max": 2.0, "ticket_id": "7"},
    ),
]
ANSWERS: list[tuple[str, str, object, Row]] = [
    (
        "zoho_desk",
        "tickets",
        {
            "data": [
                {
                    "id": "100000001",
                    "ticketNumber": "101",
                    "subject": "x",
                    "status": "On Hold",
                    "priority": "High",
                    "channel": "Email",
                    "contactId": "9",
                    "assigneeId": "5",
                    "departmentId": "7",
                    "createdTime": "2026-03-01T10:15:00.000Z",
                    "modifiedTime": "2026-03-02T10:15:00.000Z",
                    "closedTime": None,
                    "classification": "Problem",
                    "contact": {"firstName": "Ay", "lastName": "Su", "email": "a@example.com", "id": "9"},
                }
            ]
        },
        {
            "ticket_id": "100000001",
            "status": "hold",
            "channel": "email",
            "kind": "incident",
            "created_at": "2026-03-01 10:15:00",
        },
    ),
    (
        "hubspot",
        "opportunities",
        {
            "results": [
                {
                    "id": "5",
                    "properties": {
                        "dealname": "A",
                        "amount": "100.5",
                        "dealstage": "closedwon",
                        "createdate": "2026-01-01T00:00:00Z",
                        "closedate": "2026-02-01T00:00:00Z",
                        "pipeline": "default",
                        "hs_object_id": "5",
                    },
                }
            ]
        },
        {"opportunity_id": "5", "outcome": "won", "closed_at": "2026-02-01 00:00:00"},
    ),
    (
        "hubspot",
        "customers",
        {
            "results": [
                {
                    "id": "6",
                    "properties": {
                        "email": "a@example.com",
                        "firstname": "Ay",
                        "lastname": "Su",
                        "createdate": "2026-01-01T00:00:00Z",
                        "hs_object_id": "6",
                    },
                }
            ]
        },
        {"customer_id": "6", "name": "Ay Su", "email": "a@example.com"},
    ),
    (
        "hubspot",
        "customers",
        {
            "results": [
                {
                    "id": "7",
                    "properties": {
                        "name": "Acme",
                        "domain": "acme.example",
                        "createdate": "2026-01-01T00:00:00Z",
                        "hs_object_id": "7",
                    },
                }
            ]
        },
        {"customer_id": "7", "company": "Acme"},
    ),
    (
        "cfpb",
        "tickets",
        [
            {
                "_index": "complaint-public-v1",
                "_id": "7",
                "_score": 0,
                "_source": {
                    "complaint_id": "7",
                    "date_received": "2026-03-01T12:00:00-05:00",
                    "company": "ACME",
                    "timely": "Yes",
                    "company_response": "Closed with explanation",
                    "submitted_via": "Web",
                },
            }
        ],
        {"ticket_id": "7", "status": "closed", "channel": "web", "created_at": "2026-03-01 17:00:00"},
    ),
    (
        "salesforce",
        "tickets",
        {
            "totalSize": 1,
            "done": True,
            "records": [
                {
                    "attributes": {"type": "Case"},
                    "CaseNumber": "00001026",
                    "Status": "Closed",
                    "Owner": {"Name": "Can"},
                    "CreatedDate": "2026-03-25T11:30:00.000+0000",
                    "IsDeleted": True,
                }
            ],
        },
        {"ticket_id": "00001026", "agent_id": "Can", "excluded": "deleted"},
    ),
    (
        "freshdesk",
        "tickets",
        [
            {
                "id": 5,
                "requester_id": 1,
                "responder_id": None,
                "status": 6,
                "source": 9,
                "spam": True,
                "created_at": "2026-03-01T10:00:00Z",
                "due_by": "2026-03-04T10:00:00Z",
            }
        ],
        {"ticket_id": "5", "status": "pending", "excluded": "spam"},
    ),
    (
        "freshdesk",
        "tickets",
        [
            {
                "id": 7,
                "requester_id": 9,
                "responder_id": 5,
                "status": 4,
                "priority": 3,
                "source": 2,
                "type": "Question",
                "created_at": "2026-03-14T09:00:00Z",
                "updated_at": "2026-03-14T10:00:00Z",
                "due_by": "2026-03-15T09:00:00Z",
                "spam": False,
                "subject": "VPN",
                "tags": ["a", "b"],
                "stats": {"resolved_at": "2026-03-14T10:00:00Z", "first_responded_at": None},
            }
        ],
        {
            "ticket_id": "7",
            "status": "solved",
            "priority": "high",
            "channel": "web",
            "solved_at": "2026-03-14 10:00:00",
            "tags": "a, b",
        },
    ),
    (
        "intercom",
        "tickets",
        {
            "type": "conversation.list",
            "conversations": [
                {
                    "id": "8",
                    "created_at": 1767607200,
                    "updated_at": 1767610800,
                    "state": "closed",
                    "open": False,
                    "source": {"type": "conversation", "author": {"id": "u1", "name": "Bob", "email": "b@x.org"}},
                    "admin_assignee_id": 5,
                    "statistics": {"time_to_admin_reply": 65, "last_close_at": 1767610800},
                    "conversation_rating": {"rating": 4, "remark": "ok"},
                }
            ],
        },
        {
            "ticket_id": "8",
            "status": "solved",
            "created_at": "2026-01-05 10:00:00",
            "reported_first_response_s": 65,
            "customer_id": "u1",
        },
    ),
    (
        "jira",
        "tickets",
        {
            "issues": [
                {
                    "id": "1",
                    "key": "SUP-1",
                    "fields": {
                        "summary": "VPN",
                        "created": "2026-01-05T10:00:00.000+0300",
                        "status": {"name": "Weird"},
                        "priority": {"name": "High"},
                        "resolutiondate": "2026-01-05T11:00:00.000+0300",
                        "reporter": {"accountId": "r1", "displayName": "Bob"},
                        "labels": [],
                    },
                }
            ],
            "names": [{"a": 1}, {"b": 2}],
        },
        {"ticket_id": "SUP-1", "status": "solved", "created_at": "2026-01-05 07:00:00", "customer_id": "r1"},
    ),
    (
        "hubspot",
        "tickets",
        {
            "results": [
                {
                    "id": "91",
                    "properties": {
                        "subject": "Late",
                        "hs_pipeline_stage": "2",
                        "createdate": "2026-03-14T09:00:00.000Z",
                        "hs_object_id": "91",
                        "hs_ticket_priority": "HIGH",
                    },
                }
            ]
        },
        {"ticket_id": "91", "status": "pending", "priority": "high"},
    ),
    (
        "servicenow",
        "tickets",
        {
            "result": [
                {
                    "number": "INC1",
                    "state": "6",
                    "opened_at": "2026-03-14 09:00:00",
                    "priority": "1",
                    "assignment_group": {"link": "x", "display_value": "IT"},
                    "caller_id": {"link": "x", "display_value": "Bob"},
                }
            ]
        },
        {"ticket_id": "INC1", "status": "solved", "team": "IT", "customer_id": "Bob"},
    ),
    (
        "pipedrive",
        "opportunities",
        {
            "success": True,
            "data": [
                {
                    "id": 4,
                    "title": "Big",
                    "value": 10,
                    "currency": "EUR",
                    "status": "won",
                    "add_time": "2026-03-14 09:00:00",
                    "won_time": "2026-03-20 09:00:00",
                    "lost_time": None,
                    "stage_id": 3,
                    "org_name": "Acme",
                }
            ],
        },
        {"opportunity_id": "4", "outcome": "won", "closed_at": "2026-03-20 09:00:00", "customer_id": "Acme"},
    ),
    (
        "zendesk",
        "tickets",
        {
            "tickets": [
                {
                    "id": 1,
                    "requester_id": 9,
                    "created_at": "2026-03-14T09:00:00Z",
                    "updated_at": "2026-03-14T09:00:00Z",
                    "status": "open",
                    "via": {"channel": "web"},
                    "custom_fields": [{"id": 1, "value": 2}],
                }
            ],
            "users": [{"id": 9}, {"id": 8}],
            "count": 1,
        },
        {"ticket_id": "1", "customer_id": "9", "channel": "web"},
    ),
]


@pytest.mark.parametrize(
    ("name", "table", "answer", "expected"), ANSWERS, ids=[f"{a[0]}_{a[1]}_{i}" for i, a in enumerate(ANSWERS)]
)
def test_what_a_vendor_s_interface_answers(
    tmp_path: Path, name: str, table: str, answer: object, expected: Row
) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer), "utf-8")
    assert cells(path, name, table, expected) == expected


@pytest.mark.parametrize(
    ("name", "table", "header", "row", "expected"), CASES, ids=[f"{c[0]}_{c[1]}_{i}" for i, c in enumerate(CASES)]
)
def test_true_headers_of_a_vendor(tmp_path: Path, name: str, table: str, header: str, row: str, expected: Row) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{header}\n{row}\n", "utf-8")
    assert cells(path, name, table, expected) == expected


def cells(path: Path, name: str, table: str, expected: Row) -> Row:
    """Return the named cells of the only row of a file of this source."""
    con = duckdb.connect()
    (file,) = sources.stage(con, path, sources.profiles(None), ReadOptions())
    assert (file.source, file.main, file.rows_read, file.rows_rejected) == (name, table, 1, 0)
    cursor = con.execute(f"SELECT * FROM {file.tables[table]}")
    names = [d[0] for d in cursor.description or ()]
    (found,) = cursor.fetchall()
    row = dict(zip(names, found, strict=True))
    return {k: str(row[k]) if k.endswith("_at") else row[k] for k in expected}


def test_four_of_five_stars_are_four(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "name,raised_by,status,agreement_status,opening_date,opening_time,feedback_rating\n"
        "1,a@example.com,Closed,Fulfilled,2026-03-01,10:15:30,0.8\n"
        "2,a@example.com,Replied,First Response Due,2026-03-01,10:15:30,0\n",
        "utf-8",
    )
    con = duckdb.connect()
    (file,) = sources.stage(con, path, sources.profiles(None), ReadOptions())
    scores = con.execute(f"SELECT score, scale_min, scale_max FROM {file.tables['surveys']} ORDER BY _line").fetchall()
    assert scores[0] == (4, 1, 5)
    assert [s[0] for s in scores[1:]] in ([], [None])
    assert con.execute(f"SELECT count(*) FROM {file.rejects}").fetchone() == (0,)


def test_a_zendesk_ticket_nobody_was_asked_about_has_no_bad_score(tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    ticket = {"id": 1, "requester_id": 2, "created_at": "2026-03-01T08:15:30Z", "updated_at": "2026-03-01T09:00:00Z"}
    rest = {"status": "open", "via": {"channel": "email"}, "satisfaction_rating": {"score": "unoffered"}}
    path.write_text(json.dumps({"tickets": [ticket | rest]}), "utf-8")
    con = duckdb.connect()
    (file,) = sources.stage(con, path, sources.profiles(None), ReadOptions())
    assert con.execute(f"SELECT count(*) FROM {file.rejects}").fetchone() == (0,)


@pytest.mark.parametrize("options", [{"timezone": "Mars/Phobos"}, {"delimiter": "||"}, {"delimiter": '"'}])
def test_an_option_that_cannot_be_is_refused_at_once(tmp_path: Path, options: dict[str, str]) -> None:
    path = tmp_path / "export.csv"
    path.write_text("ticket_id,customer_id,status,created_at\n1,c,open,2026-03-01 10:00:00\n", "utf-8")
    with pytest.raises(UnknownName):
        list(sources.stage(duckdb.connect(), path, sources.profiles(None), ReadOptions(**options)))


def test_what_stands_in_brackets_is_no_zone_unless_it_is_one() -> None:
    assert zone_in("Updated at (America/New_York)") == "America/New_York"
    assert [zone_in(f"Created ({x})") for x in ("dd/mm/yyyy", "Mars/Phobos", "GMT/Local", "hrs")] == [None] * 4


def test_a_padded_title_line_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Rapor: Mart;;\n;;\nBir;Iki;Uc\n1;2;3\n4;5;6\n", "utf-8")
    with pytest.raises(FileRefused) as refused:
        list(sources.stage(duckdb.connect(), path, sources.profiles(None), ReadOptions()))
    assert refused.value.details["headers"] == ("Bir", "Iki", "Uc")


def test_every_profile_has_a_label_and_a_row_grain() -> None:
    for profile in sources.profiles(None):
        assert profile.label
        assert profile.main in profile.tables


def test_exports_are_called_in_every_language_but_for_tables_of_a_program() -> None:
    for profile in sources.profiles(None):
        words = profile.label.words if isinstance(profile.label, Called) else {}
        assert {*words} == {*texts.LANGUAGES} or profile.label.startswith("Fivetran "), profile.label
    shop = Called({"en": "Trendyol orders", "tr": "Trendyol siparişleri"})
    refused = FileRefused("wrong_mapping", file="a.csv", profile=shop, column="x", found="y")
    assert "Trendyol orders" in texts.error(refused, "en")
    assert "Trendyol siparişleri" in texts.error(refused, "tr")
