"""A company in which every person and every word can be recognised wherever it turns up."""

import copy
from typing import Any

from small_company import TEAMS, Tables

MARK = "anarya"
"""In every name, address, telephone number and word of the company's people."""
AGENT_MARK = "emsilci"
"""In every agent's name."""

HOSTILE = (
    "<img src=http://evil.example/a onerror=alert(1)><script>alert(2)</script>![x](http://evil.example/b.png)"
    "[y](javascript:alert(3)) $\\href{http://evil.example/c}{z}$ <style>body{display:none}</style>"
)
"""What would run, be asked for elsewhere or hide the page, if a text of the data were taken for more than a text."""


def marked(tables: Tables) -> Tables:
    """Return the tables with canaries for people; subjects also name the team that holds the ticket."""
    found = copy.deepcopy(tables)
    for place, customer in enumerate(found["customers"]):
        customer |= {
            "name": f"Kanarya Kanaryaoğlu{place}",
            "email": f"kanarya{place}@kanarya.example",
            "phone": f"+90 kanarya {place:04}",
        }
    for ticket in found["tickets"]:
        ticket["subject"] = f"kanarya {subject_of(ticket['team'])} {ticket['ticket_id']} {HOSTILE}"
    for survey in found["surveys"]:
        survey["comment"] = f"kanarya yorumu {HOSTILE}"
    found["ticket_events"] += [
        {
            "source": t["source"],
            "ticket_id": t["ticket_id"],
            "seq": 900,
            "at": t["created_at"],
            "field": "agent",
            "new": t["agent_id"],
            "actor": "system",
        }
        for t in found["tickets"]
        if t["agent_id"]
    ]
    ids = sorted({str(row["agent_id"]) for row in found["tickets"] if row.get("agent_id")})
    found["agents"] = [
        {"source": "desk", "agent_id": agent, "name": f"Temsilci {agent}", "team": TEAMS[place % len(TEAMS)]}
        for place, agent in enumerate(ids)
    ]
    return found


def subject_of(team: Any) -> str:
    """Return the word by which a team's tickets are recognised."""
    return f"takim-{team}-isi"
