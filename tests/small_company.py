"""A small company of seeded random cases with every edge the definitions speak of, derived columns made row by row."""

import datetime as dt
import random
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
from empty_tables import create_tables

from insights import schema
from insights.warehouse import facts
from insights.warehouse.preparing import prepare
from insights.warehouse.reader import Local, Warehouse

ZONE = ZoneInfo("Europe/Istanbul")
START = dt.datetime(2025, 1, 1)
AS_OF = dt.datetime(2025, 6, 18, 9, 30)
DAYS = (AS_OF - START).days
TEAMS = ("first", "second", "experts")
COPIES = schema.CUSTOMER_COPIES
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def local_day(moment: dt.datetime | None) -> dt.date | None:
    return moment.replace(tzinfo=dt.UTC).astimezone(ZONE).date() if moment else None


def whole(span: dt.timedelta) -> int:
    return int(span.total_seconds())


def one_customer(draw: random.Random, number: int) -> Row:
    return {
        "source": "desk",
        "customer_id": f"{number:04}",
        "segment": draw.choice(("gold", "basic", None)),
        "region": draw.choice(("Ege", "Marmara")),
        "country": "TR",
        "loyalty_tier": draw.choice(("A", "B", None)),
    }


def states(draw: random.Random, created: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Return the states a ticket went through and when each began, none after AS_OF."""
    found, at, state = [("new", created)], created, "new"
    follows = {
        "new": ("open", "open", "solved", "pending"),
        "open": ("pending", "hold", "solved", "solved"),
        "pending": ("open", "solved"),
        "hold": ("open",),
        "closed": (),
        "solved": ("closed", "closed", "closed", "open"),
    }
    while follows[state]:
        at += dt.timedelta(seconds=round(draw.expovariate(1 / 90_000)) + 60)
        state = draw.choice(follows[state])
        if at >= AS_OF:
            break
        found.append((state, at))
    return found


def add_ticket(draw: random.Random, number: int, customers: list[Row], tables: Tables) -> Row:
    created = START + dt.timedelta(seconds=draw.randrange(whole(AS_OF - START)))
    source = "desk" if number % 10 else "mute"
    customer = draw.choice(customers)
    went = states(draw, created)
    own = {"source": source, "ticket_id": f"{number:05}"}
    spans = []
    for place, (state, at) in enumerate(went):
        end = went[place + 1][1] if place + 1 < len(went) else None
        previous = went[place - 1][0] if place else None
        spans.append(
            own
            | {
                "span": place + 1,
                "status": state,
                "started_at": at,
                "ended_at": end,
                "previous": previous,
                "started_day": local_day(at),
                "ended_day": local_day(end),
            }
        )
    solves = [
        s["started_at"]
        for s in spans
        if s["status"] == "solved" or (s["status"] == "closed" and s["previous"] != "solved")
    ]
    reopens = sum(s["previous"] in schema.SOLVED and s["status"] in schema.UNSOLVED for s in spans)
    status = went[-1][0]

    def spent(*words: str) -> int:
        return sum(whole((s["ended_at"] or AS_OF) - s["started_at"]) for s in spans if s["status"] in words)

    talk = [] if source == "mute" else comments(draw, created)
    events = [
        own | {"at": at, "field": "comment", "old": None, "new": None, "actor": actor, "public": public}
        for at, actor, public in talk
    ]
    if draw.random() < 0.2:
        old, new = draw.sample(TEAMS, 2)
        moved = min(AS_OF, created + dt.timedelta(hours=draw.randrange(1, 60)))
        events.append(own | {"at": moved, "field": "team", "old": old, "new": new, "actor": "agent", "public": None})
    if draw.random() < 0.1:
        old, new = draw.sample(schema.WORDS["priority"], 2)
        moved = min(AS_OF, created + dt.timedelta(hours=draw.randrange(1, 60)))
        events.append(
            own | {"at": moved, "field": "priority", "old": old, "new": new, "actor": "agent", "public": None}
        )
    events.sort(key=lambda e: e["at"])
    replied = [at for at, actor, public in talk if actor == "agent" and public]
    first = replied[0] if replied else None
    solved = status in schema.SOLVED
    full = whole(solves[-1] - created) if solved else None
    known_full = full if draw.random() > 0.03 else None
    ticket: Row = own | {
        "customer_id": customer["customer_id"] if draw.random() > 0.05 else None,
        "subject": f"Case {number}",
        "kind": draw.choice(("complaint", "question", None)),
        "channel": draw.choice(("email", "phone", "chat")),
        "category": draw.choice(("billing", "delivery", None)),
        "product": None,
        "priority": draw.choice(schema.WORDS["priority"]),
        "status": status,
        "team": draw.choice((*TEAMS, None)),
        "agent_id": draw.choice(("a1", "a2", None)),
        "created_at": created,
        "first_response_at": first,
        "first_solved_at": solves[0] if solves else None,
        "solved_at": solves[-1] if solves else None,
        "due_at": created + dt.timedelta(days=2) if draw.random() < 0.6 else None,
        "source_sla_met": draw.choice((True, False, None)) if solved else None,
        "replies": len(replied) if source != "mute" else None,
        "reopens": reopens,
        "transfers": sum(e["field"] == "team" for e in events),
        "excluded": draw.choice(("spam", "test", "deleted", "merged")) if draw.random() < 0.08 else None,
        "first_response_s": whole(first - created) if first else None,
        "first_response_business_s": whole(first - created) // 3 if first else None,
        "first_resolution_s": whole(solves[0] - created) if solves else None,
        "first_resolution_business_s": whole(solves[0] - created) // 3 if solves else None,
        "full_resolution_s": known_full,
        "full_resolution_business_s": known_full // 3 if known_full is not None else None,
        "clock_basis": "reported" if number % 7 == 0 else "events",
        "is_open": not solved,
        "created_day": local_day(created),
        "first_response_day": local_day(first),
        "first_solved_day": local_day(solves[0]) if solves else None,
        "solved_day": local_day(solves[-1]) if solves else None,
        "created_hour": created.replace(tzinfo=dt.UTC).astimezone(ZONE).hour,
        "created_weekday": created.replace(tzinfo=dt.UTC).astimezone(ZONE).isoweekday(),
        **{name: customer.get(name) for name in COPIES},
    }
    kept = {
        "requester_wait": ("new", "open", "hold"),
        "agent_work": ("new", "open"),
        "agent_wait": ("pending",),
        "on_hold": ("hold",),
    }
    for name, words in kept.items():
        ticket |= {f"{name}_s": spent(*words), f"{name}_business_s": spent(*words) // 3}
    tables["tickets"].append(ticket)
    tables["status_spans"] += spans
    tables["ticket_events"] += [e | {"seq": place + 1} for place, e in enumerate(events)]
    tables["reply_cycles"] += cycles(ticket, talk, solves)
    tables["sla_clocks"] += clocks(draw, ticket)
    return ticket


def comments(draw: random.Random, created: dt.datetime) -> list[tuple[dt.datetime, str, bool]]:
    found, at = [], created
    while draw.random() < 0.75:
        at += dt.timedelta(seconds=round(draw.expovariate(1 / 30_000)) + 1)
        if at >= AS_OF:
            break
        found.append((at, draw.choice(("agent", "agent", "customer", "bot")), draw.random() > 0.15))
    return found


def cycles(ticket: Row, talk: list[tuple[dt.datetime, str, bool]], solves: list[dt.datetime]) -> list[Row]:
    """Return the stretches the customer waited: event by event."""
    found: list[Row] = []
    if ticket["source"] == "mute":
        return found
    marks = [(at, actor) for at, actor, public in talk if public and actor != "bot"] + [(at, "solve") for at in solves]
    since: dt.datetime | None = ticket["created_at"]
    for at, actor in [*sorted(marks), (None, None)]:
        if actor == "customer":
            since = since or at
        elif since is not None:
            answered = actor == "agent" if at else None
            wait = whole(at - since) if at and answered else None
            found.append(
                {
                    "source": ticket["source"],
                    "ticket_id": ticket["ticket_id"],
                    "cycle": len(found) + 1,
                    "started_at": since,
                    "ended_at": at,
                    "answered": answered,
                    "wait_s": wait,
                    "wait_business_s": wait // 3 if wait is not None else None,
                    "started_day": local_day(since),
                    "ended_day": local_day(at),
                }
            )
            since = None
    return found


def clocks(draw: random.Random, ticket: Row) -> list[Row]:
    if ticket["kind"] != "complaint":
        return []
    start, target = ticket["created_at"], draw.choice((14_400, 86_400))
    due = start + dt.timedelta(seconds=target)
    stop = ticket["first_response_at"] or ticket["first_solved_at"]
    late = (stop or AS_OF) > due
    running = "breached_open" if late else draw.choice(("paused", "at_risk", "on_track"))
    state = ("breached" if late else "met") if stop else running
    if draw.random() < 0.05:
        state = "cancelled"
    decided = due if late else stop
    return [
        {
            "source": ticket["source"],
            "ticket_id": ticket["ticket_id"],
            "metric": "first_response",
            "cycle": 1,
            "policy": "Complaint",
            "target_s": target,
            "calendar": "24x7",
            "started_at": start,
            "due_at": due,
            "stopped_at": stop,
            "breached_at": due if late else None,
            "elapsed_s": whole((stop or AS_OF) - start),
            "state": state,
            "decided_at": decided,
            "started_day": local_day(start),
            "decided_day": local_day(decided),
        }
    ]


def add_survey(draw: random.Random, number: int, tickets: list[Row], tables: Tables) -> None:
    ticket = draw.choice(tickets)
    kind = draw.choice(("csat", "nps", "ces"))
    low, high = {"csat": (1, 5), "nps": (0, 10), "ces": draw.choice(((1, 7), (1, 7), (1, 5)))}[kind]
    sent = START + dt.timedelta(seconds=draw.randrange(whole(AS_OF - START)))
    answered = sent + dt.timedelta(hours=draw.randrange(1, 200))
    score = draw.randint(low, high) if draw.random() < 0.6 and answered < AS_OF else None
    odd = score is not None and draw.random() < 0.03
    good = None if score is None or odd else score >= (high - 2 if kind == "ces" and high == 7 else high - 1)
    group = "promoter" if (score or 0) >= 9 else "passive" if (score or 0) >= 7 else "detractor"
    tables["surveys"].append(
        {
            "source": "desk",
            "survey_id": f"s{number:04}",
            "kind": kind,
            "customer_id": ticket["customer_id"],
            "ticket_id": ticket["ticket_id"],
            "channel": ticket["channel"],
            "agent_id": ticket["agent_id"],
            "sent_at": sent if draw.random() > 0.1 else None,
            "answered_at": answered if score is not None else None,
            "score": score,
            "scale_min": low,
            "scale_max": high,
            "comment": None,
            "answered": score is not None,
            "good": good,
            "nps_group": group if kind == "nps" and score is not None and not odd else None,
            "score_5": 1 + 4 * (score - low) / (high - low) if score is not None and not odd else None,
            "sent_day": local_day(sent),
            "answered_day": local_day(answered if score is not None else sent),
            "ticket_kind": ticket["kind"],
            "ticket_excluded": ticket["excluded"],
            **{name: ticket[name] for name in ("category", "product", "priority", "status", "team", *COPIES)},
        }
    )


def add_order(draw: random.Random, number: int, customers: list[Row], tables: Tables) -> None:
    customer = draw.choice(customers)
    at = START + dt.timedelta(seconds=draw.randrange(whole(AS_OF - START)))
    status = draw.choice(("paid",) * 8 + ("refunded", "cancelled", None))
    amount = draw.randrange(1000, 50000) / 100
    if (status == "refunded" and draw.random() < 0.5) or number % 13 == 5:
        amount = -amount
    currency = {3: "EUR", 4: None}.get(number % 17, "TRY")
    tables["orders"].append(
        {
            "source": "desk",
            "order_id": f"o{number:05}",
            "ordered_at": at,
            "currency": currency,
            "status": status,
            "customer_id": customer["customer_id"] if draw.random() > 0.03 else None,
            "amount": amount,
            "company_amount": None if currency == "EUR" else amount,
            "ordered_day": local_day(at),
            **{name: customer.get(name) for name in COPIES},
        }
    )


def add_contacts(draw: random.Random, customers: list[Row], tables: Tables) -> None:
    """Add what customers lack so far: who they are, whether they may be written to, and contacts in both directions."""
    for place, customer in enumerate(customers):
        customer |= {
            "name": f"Customer {place}",
            "contact_allowed": draw.choice((True, True, False, None)),
            "acquired_at": START - dt.timedelta(days=draw.randrange(-60, 900)) if place % 9 else None,
            "acquisition_channel": draw.choice(("web", "fair", None)),
            "referred_by": customers[place * 7 % min(11, len(customers))]["customer_id"] if place % 3 else None,
            "loyalty_points": draw.choice((None, 0, 250)),
            "ended_at": AS_OF - dt.timedelta(days=draw.randrange(-30, 60)) if place % 20 == 7 else None,
        }
        for number in range(draw.choice((0, 0, 1, 3, 9))):
            at = AS_OF - dt.timedelta(seconds=draw.randrange(500 * 86_400))
            campaign = draw.random() < 0.3
            tables["interactions"].append(
                {
                    "source": "desk",
                    "interaction_id": f"i{place}-{number}",
                    "customer_id": customer["customer_id"],
                    "at": at,
                    "direction": draw.choice(("outbound", "outbound", "inbound")),
                    "agent_id": "a1",
                    "channel": draw.choice(("email", "phone")),
                    "kind": "newsletter" if campaign else "call",
                    "campaign_id": "c1" if campaign else None,
                    "by_human": draw.choice((not campaign, None)),
                    "day": local_day(at),
                    **{name: customer.get(name) for name in COPIES},
                }
            )


def add_staff(tables: Tables) -> None:
    """Add two agents, one of whom took a course in the middle of the time."""
    for agent in ("a1", "a2"):
        hired = START - dt.timedelta(days=900)
        tables["agents"].append({"source": "desk", "agent_id": agent, "name": agent.upper(), "hired_at": hired})
    tables["trainings"].append(
        {
            "source": "desk",
            "training_id": "t1",
            "agent_id": "a1",
            "course": "Listening",
            "completed_at": START + dt.timedelta(days=85, hours=9),
            "score": 90.0,
        }
    )


def add_sales(draw: random.Random, customers: list[Row], tables: Tables) -> None:
    """Add a campaign that held some out, one that held out nobody, and opportunities in every state."""
    for campaign, start in (("c1", START + dt.timedelta(days=60)), ("c2", START + dt.timedelta(days=100))):
        tables["campaigns"].append(
            {
                "source": "desk",
                "campaign_id": campaign,
                "name": campaign.upper(),
                "started_at": start,
                "cost": 500.0,
                "company_cost": 500.0,
            }
        )
        for customer in customers:
            arm = draw.choice(("treated", "control")) if campaign == "c1" else "treated"
            converted = start + dt.timedelta(days=draw.randrange(30)) if draw.random() < 0.4 else None
            tables["campaign_members"].append(
                {
                    "source": "desk",
                    "campaign_id": campaign,
                    "customer_id": customer["customer_id"],
                    "arm": arm,
                    "sent_at": start if arm == "treated" else None,
                    "converted_at": converted,
                }
            )
    for number in range(120):
        customer, opened = draw.choice(customers), START + dt.timedelta(days=draw.randrange(120))
        outcome = draw.choice(("won", "lost", "open"))
        closed = opened + dt.timedelta(days=draw.randrange(1, 40)) if outcome != "open" else None
        lost = outcome == "lost"
        tables["opportunities"].append(
            {
                "source": "desk",
                "opportunity_id": f"p{number}",
                "customer_id": customer["customer_id"],
                "stage": draw.choice(("offer", "talks")),
                "amount": 100.0,
                "company_amount": 100.0,
                "outcome": outcome,
                "created_at": opened,
                "closed_at": closed,
                "created_day": local_day(opened),
                "closed_day": local_day(closed),
                "agent_id": draw.choice(("a1", "a2")),
                "lost_reason": draw.choice(("price", None)) if lost else None,
                "competitor": draw.choice(("North", "South", None)) if lost else None,
                **{name: customer.get(name) for name in COPIES},
            }
        )


def bought(order: Row) -> bool:
    """Tell whether an order is a purchase: paid, as far as is known, and no credit note."""
    return order["status"] in ("paid", None) and order["amount"] >= 0


def add_purchases(customers: list[Row], tables: Tables) -> None:
    for customer in customers:
        mine = [o for o in tables["orders"] if o["customer_id"] == customer["customer_id"]]
        days = sorted({o["ordered_day"] for o in mine if bought(o)})
        if not days:
            continue
        own = {n: customer.get(n) for n in ("source", "customer_id", *COPIES)}
        tables["customer_purchases"].append(
            own
            | {
                "first_day": days[0],
                "second_day": days[1] if len(days) > 1 else None,
                "last_day": days[-1],
                "purchase_days": len(days),
                "revenue": revenue(mine),
            }
        )
        for month in sorted({o["ordered_day"].replace(day=1) for o in mine}):
            inside = [o for o in mine if o["ordered_day"].replace(day=1) == month]
            orders, money = sum(map(bought, inside)), revenue(inside)
            if orders or money is not None:
                tables["customer_months"].append(
                    own
                    | {
                        "cohort_month": days[0].replace(day=1),
                        "month": month,
                        "orders": orders,
                        "revenue": money,
                    }
                )


def revenue(orders: list[Row]) -> float | None:
    counted = [o["company_amount"] for o in orders if bought(o) or o["amount"] < 0]
    known = [amount for amount in counted if amount is not None]
    return round(sum(known), 2) if known else None


def random_tables(seed: int, tickets: int = 400) -> Tables:
    """Return rows of every table the metrics read, derived columns computed row by row."""
    draw = random.Random(seed)
    tables: Tables = {t.name: [] for t in schema.metadata.tables.values()}
    customers = [one_customer(draw, number) for number in range(tickets // 5)]
    tables["customers"] = customers
    made = [add_ticket(draw, number, customers, tables) for number in range(tickets)]
    for number in range(tickets):
        add_survey(draw, number, made, tables)
        add_order(draw, number, customers, tables)
    add_purchases(customers, tables)
    add_contacts(random.Random(seed + 1), customers, tables)
    add_staff(tables)
    add_sales(random.Random(seed + 2), customers, tables)
    facts = {
        "as_of": AS_OF.isoformat(sep=" "),
        "time_zone": "Europe/Istanbul",
        "tiers": '{"first": 1, "second": 2, "experts": 3}',
    }
    tables["facts"] = [{"name": name, "value": value} for name, value in facts.items()]
    return tables


def fill(con: duckdb.DuckDBPyConnection, tables: Tables, shuffle: int | None = None) -> None:
    """Write rows into the tables of the schema, in random order when asked."""
    create_tables(con)
    for name, rows in tables.items():
        if rows:
            listed = random.Random(shuffle).sample(rows, len(rows)) if shuffle is not None else rows
            con.register("frame", pd.DataFrame(listed, dtype=object))
            con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM frame")
            con.unregister("frame")


def open_tables(tables: Tables, shuffle: int | None = None, zone: str = "UTC") -> Warehouse:
    """Return a warehouse in memory that holds these rows."""
    con = duckdb.connect()
    con.execute(f"SET GLOBAL TimeZone = '{zone}'")
    fill(con, tables, shuffle)
    return Warehouse(Path("memory"), 1, Local(Path("memory"), con))


def publish(directory: Path, tables: Tables) -> None:
    """Publish the rows as the first version of a warehouse directory."""
    with duckdb.connect(str(directory / "warehouse-1.duckdb")) as con:
        fill(con, tables)
    (directory / "CURRENT").write_text("warehouse-1.duckdb\n", "ascii")


def prepare_answers(con: duckdb.DuckDBPyConnection) -> None:
    """Prepare the answers of a version, however few tickets it has."""
    said = facts.read(con)
    facts.write(con, said | prepare(con, said, 0))
