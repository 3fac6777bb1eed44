"""Tickets and ratings as help desks export them: ids, states, zones, durations and scales as each of them means them."""

# ruff: noqa: E501 - an export's header is one long line

import json
from pathlib import Path

import pytest
import xlsxwriter
from vendor_rows import Export, loaded, only, staged

ZAMMAD = {
    "id": 7,
    "number": "67001",
    "title": "VPN",
    "group_id": 1,
    "state_id": 3,
    "priority_id": 3,
    "owner_id": 5,
    "customer_id": 9,
    "organization_id": 2,
    "created_at": "2026-03-14T09:00:00.000Z",
    "updated_at": "2026-03-14T10:00:00.000Z",
    "close_at": None,
    "first_response_at": "2026-03-14T09:30:00.000Z",
    "last_contact_at": "2026-03-14T09:30:00.000Z",
    "first_response_in_min": 30,
    "article_count": 2,
}
NAMES = {
    "state": "merged",
    "priority": "2 normal",
    "group": "Users",
    "owner": "ada@example.com",
    "customer": "bob@example.com",
    "organization": "Acme",
}
HELPSCOUT = {
    "id": 1001,
    "number": 42,
    "threads": 3,
    "type": "email",
    "folderId": 1,
    "status": "closed",
    "state": "published",
    "subject": "VPN",
    "mailboxId": 85,
    "assignee": {"id": 256, "first": "Ada", "email": "ada@example.com"},
    "createdAt": "2026-03-14T09:00:00Z",
    "closedAt": "2026-03-14T12:00:00Z",
    "userUpdatedAt": "2026-03-14T12:00:00Z",
    "primaryCustomer": {"id": 9, "type": "customer", "first": "Bob", "last": "Öz", "email": "bob@example.com"},
    "tags": [{"id": 1, "tag": "vip"}],
}
RATING = {
    "number": 42,
    "threadid": 1,
    "id": 1001,
    "type": "email",
    "ratingId": 3,
    "ratingCustomerId": 9,
    "ratingComments": "late",
    "ratingCreatedAt": "2026-03-15T09:00:00Z",
    "ratingCustomerName": "Bob",
    "ratingUserId": 256,
    "ratingUserName": "Ada",
}
GORGIAS = {
    "id": 77,
    "status": "closed",
    "channel": "instagram-direct-message",
    "via": "instagram",
    "from_agent": False,
    "spam": False,
    "subject": "Where",
    "customer": {"id": 9, "name": "Bob", "email": "bob@example.com"},
    "assignee_user": {"id": 5, "email": "ada@example.com"},
    "assignee_team": None,
    "created_datetime": "2026-03-14T09:00:00",
    "updated_datetime": "2026-03-14T11:00:00",
    "closed_datetime": "2026-03-14T11:00:00.123456",
    "satisfaction_survey": {
        "id": 3,
        "score": 2,
        "body_text": "slow",
        "sent_datetime": "2026-03-15T09:00:00",
        "scored_datetime": "2026-03-15T10:00:00",
    },
}
GORGIAS_SURVEY = {
    "id": 3,
    "body_text": "slow",
    "created_datetime": "2026-03-15T08:00:00",
    "customer_id": 9,
    "score": 2,
    "scored_datetime": "2026-03-15T10:00:00",
    "sent_datetime": "2026-03-15T09:00:00",
    "should_send_datetime": None,
    "ticket_id": 77,
    "uri": "/api/satisfaction-surveys/3/",
}
FRONT = {
    "_links": {"self": "x"},
    "id": "cnv_55c8c149",
    "subject": "VPN",
    "status": "archived",
    "assignee": {"id": "tea_1", "email": "ada@example.com"},
    "recipient": {"handle": "bob@example.com", "role": "from", "name": "Bob"},
    "tags": [],
    "links": [],
    "created_at": 1773478800.123,
    "is_private": False,
}
LIVEAGENT = {
    "id": "ab12",
    "owner_contactid": "c9",
    "owner_email": "bob@example.com",
    "owner_name": "Bob",
    "departmentid": "d1",
    "agentid": "a1",
    "status": "A",
    "tags": ["x1", "x2"],
    "code": "ABC-12345-678",
    "channel_type": "C",
    "date_created": "2026-03-14 12:00:00",
    "date_changed": "2026-03-14 13:00:00",
    "date_resolved": None,
    "date_due": None,
    "date_deleted": None,
    "subject": "VPN",
}
CHATWOOT = {
    "id": 12,
    "account_id": 1,
    "inbox_id": 4,
    "status": "snoozed",
    "created_at": 1773478800,
    "first_reply_created_at": 0,
    "last_activity_at": 1773482400,
    "updated_at": 1773482400.5,
    "priority": None,
    "labels": ["vip"],
    "unread_count": 0,
    "messages": [{"id": 1}],
    "meta": {
        "sender": {"id": 9, "name": "Bob", "email": "bob@example.com", "phone_number": "+90"},
        "channel": "Channel::Whatsapp",
        "assignee": {"id": 5, "name": "Ada"},
    },
}
FRESHDESK = {
    "id": 43,
    "survey_id": 1,
    "user_id": 9,
    "agent_id": 5,
    "feedback": "iyi",
    "group_id": None,
    "ticket_id": 7,
    "created_at": "2026-03-15T09:00:00Z",
    "updated_at": "2026-03-15T09:00:00Z",
    "ratings": {"default_question": -103},
}
OTRS = "Ticket#;Age;Created;Closed;FirstLock;FirstResponse;State;Priority;Queue;Lock;Owner;UserFirstname;UserLastname;CustomerID;CustomerName;From;Subject;AccountedTime;ArticleTree;SolutionInMin;SolutionDiffInMin;FirstResponseInMin;FirstResponseDiffInMin"
EXPORTS = [
    Export(
        "zammad",
        "Ticket#,Title,Customer,Organization,Agent,Time Units,Time Units Total,Created at,Closed at,Close In Min,First Response At,First Response In Min\n"
        "67001,VPN,Bob,Acme,Ada,15,30,2026-03-14 12:00:00,2026-03-14 13:00:00,60,2026-03-14 12:10:00,10\n67002,Late,Bob,Acme,-,5,5,2026-03-15 12:00:00,,,,\n",
        {
            "tickets": [
                {
                    "ticket_id": "67001",
                    "status": "closed",
                    "created_at": "2026-03-14 09:00:00",
                    "reported_full_resolution_business_s": 3600,
                },
                {"ticket_id": "67002", "status": "open", "solved_at": None, "agent_id": None},
            ]
        },
    ),
    Export(
        "zammad",
        json.dumps([ZAMMAD]),
        {
            "tickets": [
                {
                    "ticket_id": "67001",
                    "status": "pending",
                    "priority": "high",
                    "customer_id": "9",
                    "agent_id": "5",
                    "created_at": "2026-03-14 09:00:00",
                    "first_response_at": "2026-03-14 09:30:00",
                    "solved_at": None,
                    "reported_first_response_business_s": 1800,
                    "excluded": None,
                }
            ]
        },
        name="tickets.json",
    ),
    Export(
        "zammad",
        json.dumps([ZAMMAD | NAMES]),
        {
            "tickets": [
                {
                    "ticket_id": "67001",
                    "status": "deleted",
                    "excluded": "merged",
                    "priority": "normal",
                    "team": "Users",
                    "customer_id": "bob@example.com",
                }
            ],
            "customers": [{"customer_id": "bob@example.com", "company": "Acme"}],
        },
        name="tickets.json",
    ),
    Export(
        "otrs",
        f"{OTRS}\n2026031410000017;14 d 2 h;2026-03-14 12:00:00;2026-03-14 15:00:00;2026-03-14 12:05:00;2026-03-14 12:30:00;closed successful;5 very high;Raw;unlock;ada;Ada;Su;acme;Bob Öz;bob@example.com;VPN;0;;180;60;30;10\n"
        "2026031410000018;1 h;2026-03-15 12:00:00;;;;pending reminder;3 normal;Raw;unlock;ada;Ada;Su;acme;Bob Öz;bob@example.com;Late;0;;;;;\n",
        {
            "tickets": [
                {
                    "ticket_id": "2026031410000017",
                    "status": "closed",
                    "priority": "urgent",
                    "team": "Raw",
                    "created_at": "2026-03-14 09:00:00",
                    "solved_at": "2026-03-14 12:00:00",
                    "first_response_at": "2026-03-14 09:30:00",
                    "reported_full_resolution_business_s": 10800,
                    "reported_first_response_business_s": 1800,
                },
                {"ticket_id": "2026031410000018", "status": "pending", "solved_at": None},
            ]
        },
    ),
    Export(
        "glpi",
        '"ID";"Title";"Entity";"Status";"Last update";"Opening date";"Priority";"Requester - Requester";"Assigned to - Technician";"Category";"Resolution date";"Time to resolve exceeded";"Satisfaction survey - Satisfaction"\n'
        '"12";"VPN";"Root";"Processing (assigned)";"2026-03-14 13:00";"2026-03-14 12:00";"Very high";"Bob";"Ada";"Net";"";"No";"4"\n',
        {
            "tickets": [
                {
                    "ticket_id": "12",
                    "status": "open",
                    "priority": "urgent",
                    "agent_id": "Ada",
                    "created_at": "2026-03-14 09:00:00",
                    "source_sla_met": True,
                }
            ],
            "surveys": [{"score": 4.0, "scale_min": 0.0, "scale_max": 5.0}],
        },
    ),
    Export(
        "glpi",
        '"ID";"Titre";"Entité";"Statut";"Dernière modification";"Date d\'ouverture";"Priorité";"Demandeur - Demandeur";"Attribué à - Technicien";"Catégorie";"Date de résolution";"Type"\n'
        '"13";"VPN";"Root";"Résolu";"15-03-2026 13:00";"14-03-2026 12:00";"Moyenne";"Bob";"Ada";"Net";"15-03-2026 13:00";"Demande"\n',
        {
            "tickets": [
                {
                    "ticket_id": "13",
                    "status": "solved",
                    "priority": "normal",
                    "kind": "request",
                    "created_at": "2026-03-14 11:00:00",
                    "solved_at": "2026-03-15 12:00:00",
                }
            ]
        },
        zone="Europe/Paris",
    ),
    Export(
        "glpi",
        '"Kimlik";"Başlık";"Birim";"Durum";"Son Güncelleme";"Açılış Tarihi";"Öncelik";"İstekte bulunan - İstekte bulunan";"Atananlar - Teknisyen";"Kategori";"Çözümlenme tarihi"\n'
        '"14";"VPN";"Kök";"İşleniyor (atanmış)";"2026-03-14 13:00";"2026-03-14 12:00";"Çok yüksek";"Bob";"Ada";"Ağ";""\n',
        {
            "tickets": [
                {
                    "ticket_id": "14",
                    "status": "open",
                    "priority": "urgent",
                    "customer_id": "Bob",
                    "created_at": "2026-03-14 09:00:00",
                }
            ]
        },
    ),
    Export(
        "request_tracker",
        "id\tQueueName\tSubject\tStatus\tTimeWorked\tPriority\tOwner\tRequestors\tCreated\tResolved\n"
        "5\tGeneral\tVPN\tstalled\t0\t0\tNobody in particular\tbob@example.com\tSat Mar 14 12:00:00 2026\tNot set\n"
        "6\tGeneral\tLate\tresolved\t0\t0\tada\tbob@example.com\tSun Mar 15 12:00:00 2026\tMon Mar 16 12:00:00 2026\n",
        {
            "tickets": [
                {
                    "ticket_id": "5",
                    "status": "hold",
                    "agent_id": None,
                    "created_at": "2026-03-14 09:00:00",
                    "solved_at": None,
                },
                {"status": "solved", "agent_id": "ada", "solved_at": "2026-03-16 09:00:00"},
            ]
        },
        name="Results.tsv",
    ),
    Export(
        "helpscout",
        json.dumps(
            {
                "_embedded": {"conversations": [HELPSCOUT]},
                "page": {"size": 25, "totalElements": 1, "totalPages": 1, "number": 1},
            }
        ),
        {
            "tickets": [
                {
                    "ticket_id": "42",
                    "status": "closed",
                    "channel": "email",
                    "customer_id": "9",
                    "agent_id": "256",
                    "solved_at": "2026-03-14 12:00:00",
                }
            ],
            "customers": [{"name": "Bob Öz"}],
        },
        name="conversations.json",
    ),
    Export(
        "helpscout",
        json.dumps({"results": [RATING], "page": 1, "count": 1, "pages": 1}),
        {
            "surveys": [
                {
                    "ticket_id": "42",
                    "score": 1.0,
                    "scale_max": 3.0,
                    "answered_at": "2026-03-15 09:00:00",
                    "comment": "late",
                }
            ]
        },
        name="ratings.json",
    ),
    Export(
        "gorgias",
        json.dumps({"data": [GORGIAS], "meta": {"next_cursor": None}}),
        {
            "tickets": [
                {
                    "ticket_id": "77",
                    "status": "solved",
                    "channel": "messaging",
                    "solved_at": "2026-03-14 11:00:00.123456",
                    "agent_id": "ada@example.com",
                    "excluded": None,
                }
            ],
            "surveys": [{"survey_id": "3", "ticket_id": "77", "score": 2.0, "answered_at": "2026-03-15 10:00:00"}],
        },
        name="tickets.json",
    ),
    Export(
        "gorgias",
        json.dumps({"data": [GORGIAS_SURVEY]}),
        {
            "surveys": [
                {
                    "survey_id": "3",
                    "ticket_id": "77",
                    "customer_id": "9",
                    "score": 2.0,
                    "scale_max": 5.0,
                    "sent_at": "2026-03-15 09:00:00",
                }
            ]
        },
        name="surveys.json",
    ),
    Export(
        "front",
        json.dumps({"_pagination": {"next": None}, "_results": [FRONT, FRONT | {"id": "cnv_2", "status": "assigned"}]}),
        {
            "tickets": [
                {
                    "ticket_id": "cnv_55c8c149",
                    "status": "solved",
                    "created_at": "2026-03-14 09:00:00.123000",
                    "customer_id": "bob@example.com",
                },
                {"status": "open"},
            ]
        },
        name="conversations.json",
    ),
    Export(
        "front",
        "Message ID,Segment ID,Conversation ID,Segment,Direction,Status,Inbox,Message date,Author,Contact name,Contact handle,Subject\n"
        "m1,s1,c1,1,Inbound,Archived,Support,2026-03-14 12:00:00,,Bob,bob@example.com,VPN\nm2,s1,c1,1,Outbound,Archived,Support,2026-03-14 12:30:00,Ada,Bob,bob@example.com,VPN\n",
        {
            "interactions": [
                {"interaction_id": "m1", "direction": "inbound", "kind": "message", "at": "2026-03-14 09:00:00"},
                {"direction": "outbound", "agent_id": "Ada"},
            ]
        },
    ),
    Export(
        "liveagent",
        json.dumps([LIVEAGENT]),
        {
            "tickets": [
                {
                    "ticket_id": "ABC-12345-678",
                    "status": "pending",
                    "channel": "phone",
                    "customer_id": "c9",
                    "created_at": "2026-03-14 09:00:00",
                    "tags": "x1, x2",
                }
            ]
        },
        name="tickets.json",
    ),
    Export(
        "chatwoot",
        json.dumps({"data": {"meta": {"all_count": 1}, "payload": [CHATWOOT]}}),
        {
            "tickets": [
                {
                    "ticket_id": "12",
                    "status": "pending",
                    "channel": "messaging",
                    "created_at": "2026-03-14 09:00:00",
                    "first_response_at": None,
                    "agent_id": "Ada",
                    "tags": "vip",
                }
            ],
            "customers": [{"phone": "+90"}],
        },
        name="conversations.json",
    ),
    Export(
        "freshdesk",
        json.dumps([FRESHDESK, FRESHDESK | {"id": 44, "ratings": {"default_question": 102}}]),
        {
            "surveys": [
                {
                    "ticket_id": "7",
                    "customer_id": "9",
                    "score": 1.0,
                    "scale_max": 7.0,
                    "answered_at": "2026-03-15 09:00:00",
                },
                {"score": 6.0},
            ]
        },
        name="ratings.json",
    ),
    Export(
        "freshdesk",
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Last update time,Survey results\n"
        "1,Q,Open,Low,Email,Question,Ada,IT,2026-03-02 11:15:22,2026-03-02 15:00:00,-102\n2,Q,Open,Low,Email,Question,Ada,IT,2026-03-02 11:15:22,2026-03-02 15:00:00,Son derece mutlu\n",
        {"surveys": [{"score": 2.0, "scale_max": 7.0}, {"score": 7.0, "scale_max": 7.0}]},
    ),
    Export(
        "cfpb",
        "Date_received,Product,Sub_product,Issue,Sub_issue,Company,State,Submitted_via,Date_sent_to_company,Company_response_to_consumer,Timely_response,Consumer_disputed,Complaint_ID\n"
        "03/14/2026,Mortgage,FHA,Servicing,,ACME,TX,Web,03/15/2026,Closed with explanation,Yes,No,4242\n",
        {
            "tickets": [
                {
                    "ticket_id": "4242",
                    "status": "closed",
                    "channel": "web",
                    "created_at": "2026-03-14 04:00:00",
                    "source_sla_met": True,
                }
            ]
        },
    ),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[f"{e.source}_{i}" for i, e in enumerate(EXPORTS)])
def test_tickets_as_their_vendor_exports_them(tmp_path: Path, export: Export) -> None:
    source, aside, found = staged(export, tmp_path)
    assert (source, aside) == (export.source, export.rejected)
    assert only(export.tables, found) == export.tables


SHEET = "#,Title,State,Priority,Group,Owner,Customer,Organization,Create Channel,Sender,Tags,Time Units Total,Time Units,Created At,Updated At,Closed At,Close In Min,First Response At"
ROWS = (
    "67001,VPN,pending reminder,3 high,Users,Ada,Bob,Acme,phone,Customer,,30,15,2026-03-14 10:00:00,2026-03-14 11:00:00,,,2026-03-14 10:10:00",
    "67002,Late,closed,1 low,Users,-,Bob,Acme,email,Customer,,5,5,2026-03-15 10:00:00,2026-03-15 11:00:00,2026-03-15 11:00:00,60,",
)


def test_a_zammad_sheet_is_read_below_its_title_and_without_its_footer(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "by_ticket-2026-3.xlsx") as book:
        sheet = book.add_worksheet()
        for number, line in {
            0: "Tickets: 2026-3",
            2: SHEET,
            3: ROWS[0],
            4: ROWS[1],
            6: "Timezone: Europe/Istanbul",
        }.items():
            sheet.write_row(number, 0, line.split(","))
    source, aside, found = loaded(tmp_path / "by_ticket-2026-3.xlsx")
    assert (source, aside) == ("zammad", 0)
    expected = {
        "tickets": [
            {
                "ticket_id": "67001",
                "status": "pending",
                "priority": "high",
                "channel": "phone",
                "created_at": "2026-03-14 07:00:00",
                "solved_at": None,
                "agent_id": "Ada",
            },
            {"ticket_id": "67002", "status": "closed", "agent_id": None, "reported_full_resolution_business_s": 3600},
        ]
    }
    assert only(expected, found) == expected
