"""Everything kept in the present systems: one file for each canonical table, headers as the table's columns."""

from pathlib import Path

import numpy as np

from insights.demo import files, labels, outreach, world
from insights.demo.block import GENERIC, Block
from insights.demo.files import Csv, Ndjson, flags, money, numbered, texts, utc, whole, words
from insights.demo.people import Agents
from insights.demo.service import NONE
from insights.demo.timeline import AGENT_CODE
from insights.demo.world import DAY, HOUR, NEVER, Ints, Texts

_GOODS = world.WORDS["products"]
_EXCLUDED = (None, "spam", "test", "merged")
HEADERS: dict[str, tuple[str, ...]] = {
    "customers": (
        "customer_id",
        "name",
        "email",
        "phone",
        "company",
        "segment",
        "country",
        "region",
        "city",
        "acquired_at",
        "acquisition_channel",
        "owner_agent_id",
        "lifecycle_stage",
        "loyalty_tier",
        "loyalty_points",
        "contact_allowed",
    ),
    "tickets": (
        "ticket_id",
        "customer_id",
        "subject",
        "kind",
        "channel",
        "category",
        "product",
        "priority",
        "status",
        "team",
        "agent_id",
        "created_at",
        "updated_at",
        "root_cause",
        "at_fault",
        "compensation",
        "tags",
        "merged_into",
        "excluded",
    ),
    "surveys": (
        "survey_id",
        "kind",
        "customer_id",
        "ticket_id",
        "channel",
        "agent_id",
        "sent_at",
        "answered_at",
        "score",
        "scale_min",
        "scale_max",
        "comment",
    ),
    "orders": ("order_id", "customer_id", "ordered_at", "amount", "currency", "status"),
    "order_lines": ("order_id", "line", "product_id", "product", "category", "quantity", "unit_price", "amount"),
    "interactions": (
        "interaction_id",
        "customer_id",
        "at",
        "direction",
        "channel",
        "kind",
        "agent_id",
        "campaign_id",
        "outcome",
        "by_human",
    ),
    "campaigns": ("campaign_id", "name", "channel", "goal", "started_at", "ended_at", "cost", "currency"),
    "campaign_members": (
        "campaign_id",
        "customer_id",
        "arm",
        "sent_at",
        "opened_at",
        "clicked_at",
        "converted_at",
        "revenue",
    ),
    "agents": ("agent_id", "name", "team", "tier", "hired_at", "left_at"),
    "trainings": ("training_id", "agent_id", "course", "completed_at", "score"),
}
EVENT_KEYS = ("ticket_id", "at", "seq", "field", "old", "new", "actor", "public", "actor_id")


def tickets(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the present help desk's tickets: what they are; when everything happened is in their events."""
    rows = np.flatnonzero(b.desk == GENERIC)
    c, now, ids = b.cases.take(rows), b.now, b.ticket_id[rows]
    judged = (c.kind == 0) & (c.excluded == NONE) & (now.last_solved_at[rows] > 0)
    cause, paid = labels.cause(c.category, ids), labels.compensation(b)[rows]
    out.write(
        {
            "ticket_id": numbered("SR", ids),
            "customer_id": texts(customer_ids[c.customer]),
            "subject": words(labels.subject(c.category, ids), labels.SUBJECTS),
            "kind": words(c.kind, world.KINDS),
            "channel": words(c.channel, world.CHANNELS),
            "category": words(c.category, labels.CATEGORY),
            "product": words(b.product[rows], world.GROUPS),
            "priority": words(now.priority[rows], world.PRIORITIES),
            "status": words(now.status[rows], world.STATUSES),
            "team": words(now.team[rows], world.TEAMS),
            "agent_id": words(now.agent[rows], staff.name.tolist()),
            "created_at": utc(c.created_at),
            "updated_at": utc(now.updated_at[rows]),
            "root_cause": words(np.where(judged, cause, -1), labels.CAUSES),
            "at_fault": flags(labels.at_fault(b)[rows], judged),
            "compensation": money(paid, ".", paid > 0),
            "tags": words(np.where(b.crowd.vip[c.customer], 0, -1), ("vip",)),
            "merged_into": numbered("SR", np.where(c.original >= 0, b.ticket_id[c.original], -1)),
            "excluded": words(c.excluded, _EXCLUDED),
        }
    )


def ticket_events(out: Ndjson, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the events of the present help desk's tickets."""
    rows = b.desk[b.log.ticket] == GENERIC
    e = {name: getattr(b.log, name)[rows] for name in b.log.__dataclass_fields__}
    values = [*world.STATUSES, *world.PRIORITIES, *world.TEAMS, *staff.name.tolist()]
    assert values[AGENT_CODE] == staff.name[0]
    actors = [*staff.name.tolist(), "karsilama-botu", *customer_ids.tolist()]

    def word(codes: Ints, vocabulary: object) -> object:
        return words(codes, [f'"{v}"' for v in vocabulary])  # type: ignore[attr-defined]

    out.write(
        {
            "ticket_id": files.quoted(numbered("SR", b.ticket_id[e["ticket"]])),
            "at": files.quoted(utc(e["at"])),
            "seq": whole(e["seq"]),
            "field": word(e["field"], ("status", "priority", "team", "agent", "comment")),
            "old": word(e["old"], values),
            "new": word(e["new"], values),
            "actor": word(e["actor"], ("agent", "customer", "bot", "system")),
            "public": words(e["public"], ("false", "true")),
            "actor_id": word(e["actor_id"], actors),
        }
    )


def customers(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the customers."""
    p, n = b.crowd, len(b.crowd)
    last, spent = np.zeros(n, np.int64), np.bincount(b.bought.customer, minlength=n)
    np.maximum.at(last, b.bought.customer, b.bought.ordered_at)
    idle = (world.END - last) // DAY
    stage = np.where(idle > 365, 2, np.where(idle > 180, 1, 0))
    out.write(
        {
            "customer_id": texts(customer_ids),
            "name": texts(p.name),
            "email": texts(p.email),
            "phone": texts(p.phone),
            "company": texts(p.company),
            "segment": words(p.segment, world.SEGMENTS),
            "country": texts(p.country),
            "region": words(p.region, tuple(r["name"] for r in world.WORDS["regions"])),
            "city": texts(p.city),
            "acquired_at": utc(p.acquired_at),
            "acquisition_channel": words(p.source, world.WORDS["acquisition"]),
            "owner_agent_id": words(p.owner, staff.name.tolist()),
            "lifecycle_stage": words(stage, ("Aktif", "Uykuda", "Kayıp")),
            "loyalty_tier": words(p.tier, world.TIERS),
            "loyalty_points": whole(spent * 140 + p.tier * 300 + idle % 90),
            "contact_allowed": flags(p.contact_allowed),
        }
    )


def surveys(out: Csv, b: Block, staff: Agents, customer_ids: Texts, first: int) -> int:
    """Append the surveys of the present survey tool; return how many. Zendesk kept its own scores."""
    written = first
    for s in b.surveys:
        rows = np.flatnonzero((s.ticket < 0) | (b.desk[s.ticket] == GENERIC))
        kind, ticket = s.kind[rows], s.ticket[rows]
        low, high = np.array([1, 0, 1])[kind], np.array([5, 10, 7])[kind]
        out.write(
            {
                "survey_id": numbered("A", 500_001 + written + np.arange(len(rows))),
                "kind": words(kind, ("csat", "nps", "ces")),
                "customer_id": texts(customer_ids[s.customer[rows]]),
                "ticket_id": numbered("SR", np.where(ticket >= 0, b.ticket_id[ticket], -1)),
                "channel": words(s.channel[rows], world.CHANNELS),
                "agent_id": words(s.agent[rows], staff.name.tolist()),
                "sent_at": utc(s.sent_at[rows]),
                "answered_at": utc(s.answered_at[rows]),
                "score": whole(s.score[rows], s.score[rows] >= 0),
                "scale_min": whole(low),
                "scale_max": whole(high),
                "comment": words(s.comment[rows], (*world.WORDS["praise"], *world.WORDS["blame"])),
            }
        )
        written += len(rows)
    return written


def orders(out: Csv, lines: Csv, b: Block, customer_ids: Texts) -> Ints:
    """Append orders and their lines; return the amount of each order in cents."""
    o = b.bought
    n = len(o.customer)
    ids = 100_200_001 + b.start.orders + np.arange(n)
    mixed = (ids * 48_271 + o.ordered_at) % 100_003
    count = 1 + (mixed % 100 < 46) + (mixed % 100 < 14) + (mixed % 100 < 4)
    order = np.repeat(np.arange(n), count)
    line = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    spread = (ids[order] * 16_807 + line * 7_919) % 65_537
    group = np.where(
        line == 0, outreach.first_product(b.crowd.first + o.customer, o.ordered_at)[order], spread % len(world.GROUPS)
    )
    starts = np.cumsum([0, *(len(p["names"]) for p in _GOODS)])
    product = labels.pick(group, starts, spread // 7)
    factor = (1 + (np.arange(int(starts[-1])) * 37 % 60 - 25) / 100)[product] * 1.27 ** (
        (o.ordered_at[order] - world.START) // (91 * DAY) / 4
    )
    price = np.round(np.array([p["price"] for p in _GOODS])[group] * factor).astype(np.int64) * 100 - 10
    quantity = 1 + (spread % 11 == 0) + (spread % 53 == 0)
    amount = price * quantity
    total = np.bincount(order, amount, n).astype(np.int64)
    out.write(
        {
            "order_id": whole(ids),
            "customer_id": texts(customer_ids[o.customer]),
            "ordered_at": utc(o.ordered_at),
            "amount": money(total),
            "currency": words(np.zeros(n, np.int64), ("TRY",)),
            "status": words(np.where(o.paid, 0, np.where(o.refunded, 1, 2)), ("paid", "refunded", "cancelled")),
        }
    )
    lines.write(
        {
            "order_id": whole(ids[order]),
            "line": whole(line + 1),
            "product_id": words(product, [f"P-{i:03d}" for i in range(int(starts[-1]))]),
            "product": words(product, [name for p in _GOODS for name in p["names"]]),
            "category": words(group, world.GROUPS),
            "quantity": whole(quantity),
            "unit_price": money(price),
            "amount": money(amount),
        }
    )
    return total


def interactions(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append contacts that are not tickets."""
    i = b.contacts
    out.write(
        {
            "interaction_id": numbered("E", 300_001 + b.start.interactions + np.arange(len(i.at))),
            "customer_id": texts(customer_ids[i.customer]),
            "at": utc(i.at),
            "direction": words(i.inbound.astype(np.int64), ("outbound", "inbound")),
            "channel": words(i.channel, world.CHANNELS),
            "kind": words(i.kind, outreach.CONTACT_KINDS),
            "agent_id": words(i.agent, staff.name.tolist()),
            "campaign_id": words(np.full(len(i.at), -1), ("",)),
            "outcome": words(i.outcome, world.WORDS["outcomes"]),
            "by_human": flags(i.by_human),
        }
    )


def campaign_members(out: Csv, b: Block, customer_ids: Texts, amounts: Ints) -> None:
    """Append the members of each campaign; revenue is that of the order they converted with."""
    for campaign, m in zip(world.CAMPAIGNS, b.members, strict=True):
        n = len(m.customer)
        bought = m.order >= 0
        out.write(
            {
                "campaign_id": words(np.zeros(n, np.int64), (campaign.id,)),
                "customer_id": texts(customer_ids[m.customer]),
                "arm": words(1 - m.treated.astype(np.int64), ("treated", "control")),
                "sent_at": utc(np.where(m.treated, campaign.start, -1)),
                "opened_at": utc(m.opened_at),
                "clicked_at": utc(m.clicked_at),
                "converted_at": utc(np.where(bought, m.converted_at, -1)),
                "revenue": money(np.where(bought, amounts[m.order], 0), ".", bought),
            }
        )


def agents(path: Path, staff: Agents) -> None:
    """Write the agents. Their id is their name, because that is all Zendesk and Freshdesk export of them."""
    out = Csv(path, HEADERS["agents"])
    left = np.where(staff.left_at < NEVER, staff.left_at, -1)
    out.write(
        {
            "agent_id": texts(staff.name),
            "name": texts(staff.name),
            "team": words(staff.team, world.TEAMS),
            "tier": whole(staff.tier),
            "hired_at": utc(staff.hired_at),
            "left_at": utc(left),
        }
    )
    out.close()


def trainings(path: Path, staff: Agents) -> int:
    """Write the courses completed: one that helps, and one that everybody took on the way in; return how many."""
    helped = np.flatnonzero(staff.trained)
    everybody = np.arange(len(staff.name))
    who = np.concatenate([everybody, helped])
    course = np.repeat([1, 0], [len(everybody), len(helped)])
    at = np.where(
        course == 1, np.maximum(staff.hired_at[who] + 21 * DAY, world.START - 30 * DAY) + 17 * HOUR, world.TRAINING_AT
    )
    done = np.flatnonzero(at <= world.END)
    out = Csv(path, HEADERS["trainings"])
    out.write(
        {
            "training_id": numbered("TR", 4_001 + np.arange(len(done))),
            "agent_id": texts(staff.name[who[done]]),
            "course": words(course[done], world.WORDS["courses"]),
            "completed_at": utc(at[done]),
            "score": whole(70 + (who[done] * 37 + course[done] * 11) % 30),
        }
    )
    out.close()
    return len(done)


def campaigns(path: Path) -> None:
    """Write the campaigns."""
    out = Csv(path, HEADERS["campaigns"])
    listed = world.CAMPAIGNS
    start = np.array([c.start for c in listed])
    out.write(
        {
            "campaign_id": texts(np.array([c.id for c in listed], dtype=object)),
            "name": texts(np.array([c.name for c in listed], dtype=object)),
            "channel": texts(np.array([c.channel for c in listed], dtype=object)),
            "goal": texts(np.array([c.goal for c in listed], dtype=object)),
            "started_at": utc(start),
            "ended_at": utc(start + world.WINDOW_S),
            "cost": money(np.array([c.cost for c in listed]) * 100),
            "currency": words(np.zeros(len(listed), np.int64), ("TRY",)),
        }
    )
    out.close()
