"""Deals, leads, campaigns and boards as sales tools export them: outcome from the stage, owner, money and times."""

# ruff: noqa: E501 - an export's header is one long line

import json
from pathlib import Path

import pytest
from vendor_rows import Export, only, staged

from insights import sources
from insights.sources.profile.recognise import recognise

BITRIX = {
    "ID": "5",
    "TITLE": "Big",
    "TYPE_ID": "SALE",
    "STAGE_ID": "C2:WON",
    "CURRENCY_ID": "TRY",
    "OPPORTUNITY": "1500.50",
    "COMPANY_ID": "0",
    "CONTACT_ID": "7",
    "BEGINDATE": "2026-03-14T03:00:00+03:00",
    "CLOSEDATE": "2026-03-20T03:00:00+03:00",
    "ASSIGNED_BY_ID": "1",
    "DATE_CREATE": "2026-03-14T12:00:00+03:00",
    "CLOSED": "Y",
}
SUITE = {
    "type": "Opportunity",
    "id": "a-1",
    "attributes": {
        "name": "Big",
        "date_entered": "2026-03-14T09:00:00+00:00",
        "amount": "1500",
        "date_closed": "2026-03-20",
        "sales_stage": "Closed Lost",
        "account_name": "Acme",
        "assigned_user_name": "ada",
    },
}
CASE = {
    "type": "Case",
    "id": "c-1",
    "attributes": {
        "name": "VPN",
        "case_number": "12",
        "state": "Open",
        "status": "Open_Pending Input",
        "priority": "P1",
        "date_entered": "2026-03-14T09:00:00+00:00",
        "date_modified": "2026-03-14T10:00:00+00:00",
        "account_name": "Acme",
        "assigned_user_name": "ada",
    },
}
TRELLO = {
    "id": "b1",
    "name": "Board",
    "lists": [{"id": "l1", "name": "Done"}, {"id": "l2", "name": "Doing"}],
    "cards": [
        {
            "id": "69b523a0aaaaaaaaaaaaaaaa",
            "name": "VPN",
            "idBoard": "b1",
            "idList": "l1",
            "closed": True,
            "dateLastActivity": "2026-03-15T09:00:00.000Z",
            "due": None,
        }
    ],
}
EXPORTS = [
    Export(
        "bitrix24",
        "ID;Stage;Deal Name;Company;Total;Currency;Created;Closed\n101;Deal won;A;Firma 1;1050.00;TRY;14.03.2026 12:00:00;yes\n"
        "102;Deal lost;B;Firma 2;1100.00;TRY;15.03.2026 12:00:00;yes\n103;New;C;Firma 3;1150.50;TRY;16.03.2026 12:00:00;no\n",
        {
            "opportunities": [
                {
                    "opportunity_id": "101",
                    "outcome": "won",
                    "stage": "Deal won",
                    "amount": 1050.0,
                    "currency": "TRY",
                    "customer_id": "Firma 1",
                    "created_at": "2026-03-14 09:00:00",
                },
                {"outcome": "lost"},
                {"outcome": "open", "amount": 1150.5},
            ]
        },
    ),
    Export(
        "bitrix24",
        json.dumps(
            {
                "result": [
                    BITRIX,
                    BITRIX | {"ID": "6", "STAGE_ID": "NEW"},
                    BITRIX | {"ID": "8", "STAGE_ID": "LOSE", "STAGE_SEMANTIC_ID": "F"},
                ],
                "total": 3,
            }
        ),
        {
            "opportunities": [
                {
                    "opportunity_id": "5",
                    "outcome": "won",
                    "amount": 1500.5,
                    "created_at": "2026-03-14 09:00:00",
                    "closed_at": "2026-03-20 00:00:00",
                    "customer_id": "7",
                },
                {"outcome": "open"},
                {"outcome": "lost"},
            ]
        },
        name="deals.json",
    ),
    Export(
        "zoho_crm",
        "Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage,Type,Probability,Lead Source,Contact Name,Created Time,Modified Time,Reason For Loss\n"
        "zcrm_1,zcrm_9,Ada,1500.5,Big,2026-03-20,zcrm_7,Acme,Closed Lost to Competition,New Business,0,Web,Bob,2026-03-14 12:00:00,2026-03-14 12:00:00,Price\n",
        {
            "opportunities": [
                {
                    "opportunity_id": "zcrm_1",
                    "customer_id": "zcrm_7",
                    "outcome": "lost",
                    "lost_reason": "Price",
                    "amount": 1500.5,
                    "agent_id": "Ada",
                    "created_at": "2026-03-14 09:00:00",
                }
            ]
        },
    ),
    Export(
        "zoho_crm",
        "Record Id,Contact Owner,First Name,Last Name,Account Name,Email,Phone,Lead Source,Mailing City,Email Opt Out\nzcrm_1,Ada,Bob,Öz,Acme,bob@example.com,1,Web,Bursa,false\n",
        {"customers": [{"customer_id": "zcrm_1", "name": "Bob Öz", "company": "Acme", "contact_allowed": True}]},
    ),
    Export(
        "zoho_crm",
        "Record Id,Account Owner,Account Name,Phone,Account Type,Industry,Billing City,Billing Country\nzcrm_1,Ada,Acme,1,Customer,Retail,Bursa,Türkiye\n",
        {"customers": [{"customer_id": "zcrm_1", "name": "Acme", "segment": "Customer", "country": "Türkiye"}]},
    ),
    Export(
        "zoho_crm",
        "Record Id,Lead Owner,Company,First Name,Last Name,Email,Lead Source,Lead Status,City,Email Opt Out\nzcrm_1,Ada,Acme,Bob,Öz,bob@example.com,Web,Contacted,Bursa,true\n",
        {"customers": [{"customer_id": "zcrm_1", "lifecycle_stage": "Contacted", "contact_allowed": False}]},
    ),
    Export(
        "suitecrm",
        '"ID","Opportunity Name","Account Name","Opportunity Amount","Sales Stage","Expected Close Date","Date Created","Assigned to","Type"\n'
        '"a-1","Big","Acme","1500.00","Closed Won","03/20/2026","03/14/2026 12:00","ada","New"\n',
        {
            "opportunities": [
                {
                    "opportunity_id": "a-1",
                    "customer_id": "Acme",
                    "outcome": "won",
                    "amount": 1500.0,
                    "created_at": "2026-03-14 09:00:00",
                    "agent_id": "ada",
                }
            ]
        },
    ),
    Export(
        "suitecrm",
        json.dumps({"data": [SUITE]}),
        {
            "opportunities": [
                {
                    "opportunity_id": "a-1",
                    "customer_id": "Acme",
                    "outcome": "lost",
                    "closed_at": "2026-03-19 21:00:00",
                    "created_at": "2026-03-14 09:00:00",
                }
            ]
        },
        name="opportunities.json",
    ),
    Export(
        "suitecrm",
        json.dumps({"data": [CASE]}),
        {
            "tickets": [
                {
                    "ticket_id": "c-1",
                    "status": "pending",
                    "priority": "urgent",
                    "customer_id": "Acme",
                    "created_at": "2026-03-14 09:00:00",
                }
            ]
        },
        name="cases.json",
    ),
    Export(
        "monday",
        "Helpdesk,,,,,\nThis month,,,,,\nName,Subitems,Person,Status,Creation log,Item ID (auto generated)\n"
        'VPN,,Ada,Working on it,"Ada Su Mar 14, 2026 12:00 PM",1001\nLate,,Ada,Stuck,"Ada Su Mar 15, 2026 9:00 AM",1002\n',
        {
            "tickets": [
                {
                    "ticket_id": "1001",
                    "subject": "VPN",
                    "status": "open",
                    "agent_id": "Ada",
                    "created_at": "2026-03-14 09:00:00",
                },
                {"status": "hold", "created_at": "2026-03-15 06:00:00"},
            ]
        },
    ),
    Export(
        "trello",
        "Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Count,Last Activity Date,List ID,List Name,Board ID,Board Name,Archived\n"
        "69b523a0aaaaaaaaaaaaaaaa,VPN,https://trello.example/c/1,,Red,Ada,,0,2026-03-15T09:00:00.000Z,l1,Done,b1,Desk,false\n",
        {
            "tickets": [
                {
                    "ticket_id": "69b523a0aaaaaaaaaaaaaaaa",
                    "status": "solved",
                    "created_at": "2026-03-14 09:00:16",
                    "updated_at": "2026-03-15 09:00:00",
                    "product": "Desk",
                }
            ]
        },
    ),
    Export(
        "trello",
        json.dumps(TRELLO),
        {
            "tickets": [
                {"ticket_id": "69b523a0aaaaaaaaaaaaaaaa", "status": "closed", "created_at": "2026-03-14 09:00:16"}
            ]
        },
        name="board.json",
    ),
    Export(
        "salesforce",
        "Lead ID,First Name,Last Name,Company / Account,Email,Lead Source,Lead Status,Lead Owner,City\n00Q1,Bob,Öz,Acme,bob@example.com,Web,Open - Not Contacted,Ada,Bursa\n",
        {
            "customers": [
                {
                    "customer_id": "00Q1",
                    "name": "Bob Öz",
                    "company": "Acme",
                    "lifecycle_stage": "Open - Not Contacted",
                    "acquisition_channel": "Web",
                }
            ]
        },
    ),
    Export(
        "salesforce",
        "Id,IsDeleted,LastName,FirstName,Company,LeadSource,Status,OwnerId,IsConverted,ConvertedDate,CreatedDate\n00Q1,false,Öz,Bob,Acme,Web,Qualified,005A,true,2026-03-14,2026-03-01T09:00:00.000Z\n",
        {"customers": [{"customer_id": "00Q1", "acquired_at": "2026-03-13 21:00:00", "lifecycle_stage": "Qualified"}]},
    ),
    Export(
        "salesforce",
        "Id,Name,Type,Status,StartDate,EndDate,BudgetedCost,ActualCost,IsActive,CurrencyIsoCode\n7011,Mart,Email,Completed,2026-03-01,2026-03-31,500,420.5,true,TRY\n",
        {
            "campaigns": [
                {
                    "campaign_id": "7011",
                    "name": "Mart",
                    "channel": "email",
                    "cost": 420.5,
                    "currency": "TRY",
                    "started_at": "2026-02-28 21:00:00",
                }
            ]
        },
    ),
    Export(
        "salesforce",
        "Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate\n00v1,7011,,003x,Responded,true,2026-03-12\n00v2,7011,00Q1,,Sent,false,\n",
        {
            "campaign_members": [
                {"campaign_id": "7011", "customer_id": "003x", "arm": "treated"},
                {"customer_id": "00Q1"},
            ]
        },
    ),
    Export(
        "salesforce",
        "Id,Username,LastName,FirstName,Name,Department,IsActive,ProfileId,UserRoleId\n005A,ada@example.com,Su,Ada,Ada Su,Support,true,00e1,00E1\n",
        {"agents": [{"agent_id": "005A", "name": "Ada Su", "team": "Support"}]},
    ),
    Export(
        "cdnow",
        "cust,sampleid,date,cds,sales\n00004,1,19970101,2,29.33\n00004,1,19970101,2,29.73\n",
        {
            "orders": [
                {"customer_id": "00004", "ordered_at": "1997-01-01 00:00:00", "amount": 29.33, "status": "paid"},
                {"amount": 29.73},
            ]
        },
    ),
    Export(
        "cdnow",
        "user_id,order_dt,order_products,order_amount\n1,19970101,1,11.77\n",
        {"orders": [{"customer_id": "1", "ordered_at": "1997-01-01 00:00:00", "amount": 11.77}]},
    ),
    Export(
        "sikayetvar",
        'id,date,date_raw,title,is_resolved,company_reply\n7001,03/13/2026,13 Mart 2026 11:43,Kart 1,Çözüldü,"Sayın müşterimiz, teşekkürler"\n7002,03/14/2026,14 Mart 2026 12:43,Kart 2,Çözülmedi,\n',
        {
            "tickets": [
                {
                    "ticket_id": "7001",
                    "status": "solved",
                    "kind": "complaint",
                    "created_at": "2026-03-13 08:43:00",
                    "first_response_at": None,
                },
                {"status": "open"},
            ]
        },
    ),
]


@pytest.mark.parametrize("export", EXPORTS, ids=[f"{e.source}_{i}" for i, e in enumerate(EXPORTS)])
def test_sales_as_their_vendor_exports_them(tmp_path: Path, export: Export) -> None:
    source, aside, found = staged(export, tmp_path)
    assert (source, aside) == (export.source, export.rejected)
    assert only(export.tables, found) == export.tables


@pytest.mark.parametrize(
    "header",
    [
        "Id,Name,Start Date,End Date,Budgeted Cost",
        "Name,Item ID,Status,Created at",
        "id,name,status,type,created_at",
        "ID,Name,Stage,Amount,Currency,Created",
        "Date,Order #,Status,Customer,Total",
        "Timestamp,Email Address,Recommended price",
        "customer_id,date,quantity,amount",
        "ID,Title,Status,Priority,Category",
        "Id,Username,Last Name,Active",
        "Timestamp,Username,How satisfied are you with us? (1-10)",
        "Zaman damgası,Ne kadar memnun kaldınız? 10 üzerinden",
    ],
)
def test_everyday_headers_make_none_of_these_vendors(header: str) -> None:
    assert recognise(header.split(","), sources.profiles(None)) is None
