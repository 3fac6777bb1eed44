"""The exports: each table in the layout of the system the company kept it in."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from insights.demo import files, hours, outreach, world
from insights.demo.block import FRESHDESK, GENERIC, ZENDESK, Block
from insights.demo.files import Csv, Excel, Ndjson, flags, moments, money, numbered, texts, utc, whole, words
from insights.demo.people import Agents
from insights.demo.service import AGENT_CODE, NONE
from insights.demo.world import DAY, HOUR, NEVER, Ints, Texts

_CATEGORY = tuple(c.name for c in world.CATEGORIES)
_PRODUCT = tuple(p[0] for p in world.PRODUCTS)
_SUBJECTS = tuple(s for c in world.CATEGORIES for s in c.subjects)
_SUBJECT_START = np.cumsum([0, *(len(c.subjects) for c in world.CATEGORIES)])
_CAUSES = tuple(s for c in world.CATEGORIES for s in c.causes)
_CAUSE_START = np.cumsum([0, *(len(c.causes) for c in world.CATEGORIES)])
_EXCLUDED = (None, "spam", "test", "merged")

_ZENDESK_MINUTES = (
    "First reply time", "First resolution time", "Full resolution time", "Agent wait time", "Requester wait time", "On hold time",
)  # fmt: skip
ZENDESK_HEADER = (
    "Summation column", "Id", "Requester", "Requester id", "Requester external id", "Requester email", "Requester domain",
    "Submitter", "Assignee", "Group", "Subject", "Tags", "Status", "Priority", "Via", "Ticket type", "Created at", "Updated at",
    "Assigned at", "Organization", "Due date", "Initially assigned at", "Solved at", "Resolution time", "Satisfaction Score",
    "Group stations", "Assignee stations", "Reopens", "Replies",
    *(f"{name} in minutes{clock}" for name in _ZENDESK_MINUTES for clock in ("", " within business hours")),
    "Konu [list]", "Kayıt türü [list]", "Ürün [list]",
)  # fmt: skip
_ZENDESK_VIA = ("Phone call (inbound)", "Mail", "Web form", "Chat", "WhatsApp", "Facebook Post", "Closed Ticket")
_ZENDESK_TYPE = ("Problem", "Question", "Task", "Incident", "Question", "Question")
_KIND_TR = ("Şikâyet", "Soru", "Talep", "Arıza", "Teşekkür", "Diğer")

FRESHDESK_HEADER = (
    "Kayıt No", "Konu", "Durum", "Öncelik", "Kaynak", "Tür", "Temsilci", "Grup", "Oluşturulma zamanı", "Çözülme zamanı",
    "Kapanma zamanı", "Son güncelleme zamanı", "İlk yanıt zamanı", "Temsilci etkileşimleri", "Müşteri etkileşimleri",
    "Etiketler", "Kategori", "Ürün", "Müşteri No", "Ad soyad", "E-posta", "Telafi tutarı",
)  # fmt: skip
_FRESHDESK_STATUS = ("Açık", "Açık", "Beklemede", "Üçüncü tarafta", "Çözüldü", "Kapandı", "Silindi")
_FRESHDESK_PRIORITY = ("Acil", "Yüksek", "Orta", "Düşük")
_FRESHDESK_SOURCE = ("Telefon", "E-posta", "Portal", "Sohbet", "WhatsApp", "Sosyal medya", "Mağaza")

HEADERS: dict[str, tuple[str, ...]] = {
    "customers": (
        "customer_id", "name", "email", "phone", "company", "segment", "country", "region", "city", "acquired_at",
        "acquisition_channel", "owner_agent_id", "lifecycle_stage", "loyalty_tier", "loyalty_points", "contact_allowed",
    ),
    "tickets": (
        "ticket_id", "customer_id", "subject", "kind", "channel", "category", "product", "priority", "status", "team",
        "agent_id", "created_at", "updated_at", "root_cause", "at_fault", "compensation", "tags", "merged_into", "excluded",
    ),
    "surveys": (
        "survey_id", "kind", "customer_id", "ticket_id", "channel", "agent_id", "sent_at", "answered_at", "score",
        "scale_min", "scale_max", "comment",
    ),
    "orders": ("order_id", "customer_id", "ordered_at", "amount", "currency", "status"),
    "order_lines": ("order_id", "line", "product_id", "product", "category", "quantity", "unit_price", "amount"),
    "interactions": ("interaction_id", "customer_id", "at", "direction", "channel", "kind", "agent_id", "campaign_id", "outcome", "by_human"),
    "campaigns": ("campaign_id", "name", "channel", "goal", "started_at", "ended_at", "cost", "currency"),
    "campaign_members": ("campaign_id", "customer_id", "arm", "sent_at", "opened_at", "clicked_at", "converted_at", "revenue"),
    "agents": ("agent_id", "name", "team", "tier", "hired_at", "left_at"),
    "trainings": ("training_id", "agent_id", "course", "completed_at", "score"),
}  # fmt: skip
EVENT_KEYS = ("ticket_id", "at", "seq", "field", "old", "new", "actor", "public", "actor_id")
DYNAMICS_HEADER = (
    "(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic",
    "Potential Customer", "Account Number", "Owner", "Status", "Status Reason", "Pipeline Phase", "Est. Revenue",
    "Actual Revenue", "Currency", "Created On", "Actual Close Date", "Competitor", "Product",
)  # fmt: skip
_DYNAMICS_STATUS = ("Won", "Lost", "Open")


def _pick(rows: Ints, starts: Ints, salt: Ints) -> Ints:
    """Return one entry of each row's own list, -1 where it is empty."""
    size = starts[rows + 1] - starts[rows]
    return np.where(size > 0, starts[rows] + salt % np.maximum(size, 1), -1)


def _salt(ids: Ints) -> Ints:
    return ids * 2_654_435_761 % 2_147_483_647 // 64


def _minutes(seconds: Ints, where: Ints) -> object:
    return whole(seconds // 60, where)


def zendesk(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the first help desk's tickets: account time zone, reported minutes, satisfaction score."""
    rows = np.flatnonzero(b.desk == ZENDESK)
    c, k, now, ids = b.cases.take(rows), b.course, b.now, b.ticket_id[rows]
    first, replied = k.solved_at[0][rows], np.where(c.waited >= 0, c.created_at + c.waited, -1)
    last = now.last_solved_at[rows]
    pending = np.array([k.pending_from[rows], k.pending_until[rows]]) // 60 * 60
    hold = np.array([k.hold_from[rows], k.hold_until[rows]]) // 60 * 60
    on_hold, asked = hold[0] < last, pending[0] < last
    done = np.ones(len(rows), bool)

    def spans(measure: object) -> tuple[Ints, Ints, Ints]:
        between = measure if callable(measure) else np.subtract
        waits = np.where(asked, between(pending[0], np.where(asked, pending[1], pending[0])), 0)
        holds = np.where(on_hold, between(hold[0], np.where(on_hold, hold[1], hold[0])), 0)
        total = between(c.created_at, first)
        for i, reopened in enumerate(k.reopened_at):
            again = reopened[rows] < NEVER
            start, end = (np.where(again, x, c.created_at) for x in (reopened[rows], k.solved_at[i + 1][rows]))
            total = total + np.where(again, between(start, end), 0)
        return waits, total - waits, holds

    plain, business = spans(lambda a, z: z - a), spans(hours.working_seconds)
    figures = [c.waited, hours.working_seconds(c.created_at, np.where(replied < 0, c.created_at, replied))]
    figures += [first - c.created_at, hours.working_seconds(c.created_at, first)]
    figures += [last - c.created_at, hours.working_seconds(c.created_at, last)]
    figures += [x for pair in zip(plain, business, strict=True) for x in pair]
    answered = [c.waited >= 0] * 2 + [done] * 10
    survey = b.surveys[0]
    sent, score = np.zeros(len(b.desk), bool), np.full(len(b.desk), -1)
    sent[survey.ticket], score[survey.ticket] = True, survey.score
    stars = np.where(score[rows] > 0, score[rows] - 1, np.where(sent[rows], 5, 6))
    taken, final = k.taken_at[rows], np.where(k.transferred[rows], k.assigned_at[rows], k.taken_at[rows])
    names = b.crowd.name[c.customer]
    constants = {"Summation column": "1", "Organization": "", "Due date": ""}
    cells = {
        "Id": whole(ids), "Requester": texts(names), "Requester id": whole(10_200_300_000_000 + b.crowd.first + c.customer),
        "Requester external id": texts(customer_ids[c.customer]), "Requester email": texts(b.crowd.email[c.customer]),
        "Requester domain": pc.replace_substring_regex(texts(b.crowd.email[c.customer]), "^.*@", ""),
        "Submitter": texts(names), "Assignee": words(now.agent[rows], staff.name.tolist()), "Group": words(now.team[rows], world.TEAMS),
        "Subject": words(_pick(c.category, _SUBJECT_START, _salt(ids)), _SUBJECTS),
        "Tags": words(np.where(c.channel == 3, 1, 0), ("tr", "sohbet tr")), "Status": words(now.status[rows], [s.title() for s in world.STATUSES]),
        "Priority": words(c.priority, [p.title() for p in world.PRIORITIES]), "Via": words(c.channel, _ZENDESK_VIA),
        "Ticket type": words(c.kind, _ZENDESK_TYPE), "Created at": files.local(c.created_at),
        "Updated at": files.local(now.updated_at[rows] // 60 * 60), "Assigned at": files.local(final // 60 * 60),
        "Initially assigned at": files.local(taken // 60 * 60), "Solved at": files.local(last),
        "Resolution time": whole((last - c.created_at + HOUR // 2) // HOUR),
        "Satisfaction Score": words(stars, ("1", "2", "3", "4", "5", "Offered", "Not Offered")),
        "Group stations": whole(1 + k.transferred[rows]), "Assignee stations": whole(1 + k.transferred[rows]),
        "Reopens": whole(now.reopens[rows]), "Replies": whole(now.replies[rows]),
        "Konu [list]": words(c.category, _CATEGORY), "Kayıt türü [list]": words(c.kind, _KIND_TR), "Ürün [list]": words(b.product[rows], _PRODUCT),
    }  # fmt: skip
    minutes = ZENDESK_HEADER[ZENDESK_HEADER.index("Replies") + 1 : ZENDESK_HEADER.index("Konu [list]")]
    cells |= {h: _minutes(s, where) for h, s, where in zip(minutes, figures, answered, strict=True)}
    cells |= {h: words(np.zeros(len(rows), np.int64), (v,)) for h, v in constants.items()}
    out.write({h: cells[h] for h in ZENDESK_HEADER})


def freshdesk(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the second help desk's tickets, as Turkish Excel saved them."""
    rows = np.flatnonzero(b.desk == FRESHDESK)
    c, now, ids = b.cases.take(rows), b.now, b.ticket_id[rows]
    closed = np.where(b.course.closed_at[rows] <= world.END, b.course.closed_at[rows], -1)
    paid = _compensation(b)[rows]
    out.write({
        "Kayıt No": whole(ids), "Konu": words(_pick(c.category, _SUBJECT_START, _salt(ids)), _SUBJECTS),
        "Durum": words(now.status[rows], _FRESHDESK_STATUS), "Öncelik": words(now.priority[rows], _FRESHDESK_PRIORITY),
        "Kaynak": words(c.channel, _FRESHDESK_SOURCE), "Tür": words(c.kind, _KIND_TR),
        "Temsilci": words(now.agent[rows], staff.name.tolist()), "Grup": words(now.team[rows], world.TEAMS),
        "Oluşturulma zamanı": files.turkish(c.created_at), "Çözülme zamanı": files.turkish(now.last_solved_at[rows]),
        "Kapanma zamanı": files.turkish(closed), "Son güncelleme zamanı": files.turkish(now.updated_at[rows]),
        "İlk yanıt zamanı": files.turkish(np.where(c.waited >= 0, c.created_at + c.waited, -1)),
        "Temsilci etkileşimleri": whole(now.replies[rows]), "Müşteri etkileşimleri": whole(1 + now.reopens[rows]),
        "Etiketler": words(np.where(b.crowd.vip[c.customer], 0, -1), ("vip",)), "Kategori": words(c.category, _CATEGORY),
        "Ürün": words(b.product[rows], _PRODUCT), "Müşteri No": texts(customer_ids[c.customer]),
        "Ad soyad": texts(b.crowd.name[c.customer]), "E-posta": texts(b.crowd.email[c.customer]),
        "Telafi tutarı": money(paid, ",", paid > 0),
    })  # fmt: skip


def _at_fault(b: Block) -> Ints:
    return (_salt(b.ticket_id) // 7 % 100 < 62).astype(np.int64)


def _compensation(b: Block) -> Ints:
    """Return what was made good, in cents: a third of the justified complaints once solved."""
    owed = (b.cases.kind == 0) & (b.now.last_solved_at > 0) & (_at_fault(b) == 1) & (_salt(b.ticket_id) // 11 % 100 < 30)
    return np.where(owed, (2 + _salt(b.ticket_id) // 13 % 28) * 2_500 + 50, 0)


def tickets(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the present help desk's tickets: what they are; when everything happened is in their events."""
    rows = np.flatnonzero(b.desk == GENERIC)
    c, now, ids = b.cases.take(rows), b.now, b.ticket_id[rows]
    judged = (c.kind == 0) & (c.excluded == NONE) & (now.last_solved_at[rows] > 0)
    cause, paid = _pick(c.category, _CAUSE_START, _salt(ids) // 5), _compensation(b)[rows]
    out.write({
        "ticket_id": numbered("SR", ids), "customer_id": texts(customer_ids[c.customer]),
        "subject": words(_pick(c.category, _SUBJECT_START, _salt(ids)), _SUBJECTS), "kind": words(c.kind, world.KINDS),
        "channel": words(c.channel, world.CHANNELS), "category": words(c.category, _CATEGORY),
        "product": words(b.product[rows], _PRODUCT), "priority": words(now.priority[rows], world.PRIORITIES),
        "status": words(now.status[rows], world.STATUSES), "team": words(now.team[rows], world.TEAMS),
        "agent_id": words(now.agent[rows], staff.name.tolist()), "created_at": utc(c.created_at),
        "updated_at": utc(now.updated_at[rows]), "root_cause": words(np.where(judged, cause, -1), _CAUSES),
        "at_fault": flags(_at_fault(b)[rows] == 1, judged), "compensation": money(paid, ".", paid > 0),
        "tags": words(np.where(b.crowd.vip[c.customer], 0, -1), ("vip",)),
        "merged_into": numbered("SR", np.where(c.original >= 0, b.ticket_id[c.original], -1)),
        "excluded": words(c.excluded, _EXCLUDED),
    })  # fmt: skip


def ticket_events(out: Ndjson, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the events of the present help desk's tickets."""
    rows = b.desk[b.log.ticket] == GENERIC
    e = {name: getattr(b.log, name)[rows] for name in b.log.__dataclass_fields__}
    values = [*world.STATUSES, *world.PRIORITIES, *world.TEAMS, *staff.name.tolist()]
    assert values[AGENT_CODE] == staff.name[0]
    actors = [*staff.name.tolist(), "karsilama-botu", *customer_ids.tolist()]
    def word(codes: Ints, vocabulary: object) -> object:
        return words(codes, [f'"{v}"' for v in vocabulary])  # type: ignore[attr-defined]

    out.write({
        "ticket_id": files.quoted(numbered("SR", b.ticket_id[e["ticket"]])), "at": files.quoted(utc(e["at"])),
        "seq": whole(e["seq"]), "field": word(e["field"], ("status", "priority", "team", "agent", "comment")),
        "old": word(e["old"], values), "new": word(e["new"], values),
        "actor": word(e["actor"], ("agent", "customer", "bot", "system")), "public": words(e["public"], ("false", "true")),
        "actor_id": word(e["actor_id"], actors),
    })  # fmt: skip


def customers(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the customers."""
    p, n = b.crowd, len(b.crowd)
    last, spent = np.zeros(n, np.int64), np.bincount(b.bought.customer, minlength=n)
    np.maximum.at(last, b.bought.customer, b.bought.ordered_at)
    idle = (world.END - last) // DAY
    stage = np.where(idle > 365, 2, np.where(idle > 180, 1, 0))
    out.write({
        "customer_id": texts(customer_ids), "name": texts(p.name), "email": texts(p.email), "phone": texts(p.phone),
        "company": texts(p.company), "segment": words(p.segment, world.SEGMENTS), "country": texts(p.country),
        "region": words(p.region, tuple(world.REGIONS)), "city": texts(p.city), "acquired_at": utc(p.acquired_at),
        "acquisition_channel": words(p.source, world.SOURCES_OF_CUSTOMERS),
        "owner_agent_id": words(p.owner, staff.name.tolist()),
        "lifecycle_stage": words(stage, ("Aktif", "Uykuda", "Kayıp")), "loyalty_tier": words(p.tier, world.TIERS),
        "loyalty_points": whole(spent * 140 + p.tier * 300 + idle % 90), "contact_allowed": flags(p.contact_allowed),
    })  # fmt: skip


def surveys(out: Csv, b: Block, staff: Agents, customer_ids: Texts, first: int) -> int:
    """Append the surveys of the present survey tool; return how many. Zendesk kept its own scores."""
    written = first
    for s in b.surveys:
        rows = np.flatnonzero((s.ticket < 0) | (b.desk[s.ticket] == GENERIC))
        kind, ticket = s.kind[rows], s.ticket[rows]
        low, high = np.array([1, 0, 1])[kind], np.array([5, 10, 7])[kind]
        out.write({
            "survey_id": numbered("A", 500_001 + written + np.arange(len(rows))), "kind": words(kind, ("csat", "nps", "ces")),
            "customer_id": texts(customer_ids[s.customer[rows]]),
            "ticket_id": numbered("SR", np.where(ticket >= 0, b.ticket_id[ticket], -1)),
            "channel": words(s.channel[rows], world.CHANNELS), "agent_id": words(s.agent[rows], staff.name.tolist()),
            "sent_at": utc(s.sent_at[rows]), "answered_at": utc(s.answered_at[rows]),
            "score": whole(s.score[rows], s.score[rows] >= 0), "scale_min": whole(low), "scale_max": whole(high),
            "comment": words(s.comment[rows], (*world.PRAISE, *world.BLAME)),
        })  # fmt: skip
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
    group = np.where(line == 0, outreach.first_product(b.crowd.first + o.customer, o.ordered_at)[order], spread % len(_PRODUCT))
    starts = np.cumsum([0, *(len(p[1]) for p in world.PRODUCTS)])
    product = _pick(group, starts, spread // 7)
    factor = (1 + (np.arange(int(starts[-1])) * 37 % 60 - 25) / 100)[product] * 1.27 ** ((o.ordered_at[order] - world.START) // (91 * DAY) / 4)
    price = np.round(np.array([p[2] for p in world.PRODUCTS])[group] * factor).astype(np.int64) * 100 - 10
    quantity = 1 + (spread % 11 == 0) + (spread % 53 == 0)
    amount = price * quantity
    total = np.bincount(order, amount, n).astype(np.int64)
    out.write({
        "order_id": whole(ids), "customer_id": texts(customer_ids[o.customer]), "ordered_at": utc(o.ordered_at),
        "amount": money(total), "currency": words(np.zeros(n, np.int64), ("TRY",)),
        "status": words(np.where(o.paid, 0, np.where(o.refunded, 1, 2)), ("paid", "refunded", "cancelled")),
    })  # fmt: skip
    lines.write({
        "order_id": whole(ids[order]), "line": whole(line + 1),
        "product_id": words(product, [f"P-{i:03d}" for i in range(int(starts[-1]))]),
        "product": words(product, [name for p in world.PRODUCTS for name in p[1]]), "category": words(group, _PRODUCT),
        "quantity": whole(quantity), "unit_price": money(price), "amount": money(amount),
    })  # fmt: skip
    return total


def interactions(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append contacts that are not tickets."""
    i = b.contacts
    out.write({
        "interaction_id": numbered("E", 300_001 + b.start.interactions + np.arange(len(i.at))),
        "customer_id": texts(customer_ids[i.customer]), "at": utc(i.at),
        "direction": words(i.inbound.astype(np.int64), ("outbound", "inbound")), "channel": words(i.channel, world.CHANNELS),
        "kind": words(i.kind, outreach.CONTACT_KINDS), "agent_id": words(i.agent, staff.name.tolist()),
        "campaign_id": words(np.full(len(i.at), -1), ("",)), "outcome": words(i.outcome, outreach.OUTCOMES), "by_human": flags(i.by_human),
    })  # fmt: skip


def campaign_members(out: Csv, b: Block, customer_ids: Texts, amounts: Ints) -> None:
    """Append the members of each campaign; revenue is that of the order they converted with."""
    for campaign, m in zip(world.CAMPAIGNS, b.members, strict=True):
        n = len(m.customer)
        bought = m.order >= 0
        out.write({
            "campaign_id": words(np.zeros(n, np.int64), (campaign.id,)), "customer_id": texts(customer_ids[m.customer]),
            "arm": words(1 - m.treated.astype(np.int64), ("treated", "control")),
            "sent_at": utc(np.where(m.treated, campaign.start, -1)), "opened_at": utc(m.opened_at), "clicked_at": utc(m.clicked_at),
            "converted_at": utc(np.where(bought, m.converted_at, -1)), "revenue": money(np.where(bought, amounts[m.order], 0), ".", bought),
        })  # fmt: skip


def opportunities(out: Excel, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the offers to business customers, as Dynamics 365 writes its view to Excel."""
    o = b.offers
    created, closed = moments(o.created_at), moments(o.closed_at)
    changed = moments(np.where(o.closed_at >= 0, o.closed_at, o.created_at))
    rows: list[list[object]] = []
    for i, customer in enumerate(o.customer.tolist()):
        number = b.start.opportunities + i + 1
        won, decided, product = o.outcome[i] == 0, o.outcome[i] != 2, _PRODUCT[o.product[i]]
        reason = "Won" if won else outreach.LOST_REASONS[o.reason[i]] if decided else "In Progress"
        rows.append([
            f"{number * 2_654_435_761 % 2**32:08x}-5a1c-ef11-9f89-{number:012x}", f"c{number * 40_503 % 2**24:06x}", changed[i],
            f"{product} toplu alım", b.crowd.company[customer], customer_ids[customer], staff.name[o.agent[i]],
            _DYNAMICS_STATUS[o.outcome[i]], reason, outreach.STAGES[o.stage[i]], int(o.amount[i]),
            int(o.amount[i]) if won else None, "TRY", created[i], closed[i],
            outreach.COMPETITORS[o.competitor[i]] if o.competitor[i] >= 0 else None, product,
        ])  # fmt: skip
    out.write(rows)


def agents(path: Path, staff: Agents) -> None:
    """Write the agents. Their id is their name, because that is all Zendesk and Freshdesk export of them."""
    out = Csv(path, HEADERS["agents"])
    left = np.where(staff.left_at < NEVER, staff.left_at, -1)
    out.write({
        "agent_id": texts(staff.name), "name": texts(staff.name), "team": words(staff.team, world.TEAMS),
        "tier": whole(staff.tier), "hired_at": utc(staff.hired_at), "left_at": utc(left),
    })  # fmt: skip
    out.close()


COURSES = ("Empatik iletişim", "Ürün bilgisi")


def trainings(path: Path, staff: Agents) -> int:
    """Write the courses completed: one that helps, and one that everybody took on the way in; return how many."""
    helped = np.flatnonzero(staff.trained)
    everybody = np.arange(len(staff.name))
    who = np.concatenate([everybody, helped])
    course = np.repeat([1, 0], [len(everybody), len(helped)])
    at = np.where(course == 1, np.maximum(staff.hired_at[who] + 21 * DAY, world.START - 30 * DAY) + 17 * HOUR, world.TRAINING_AT)
    done = np.flatnonzero(at <= world.END)
    out = Csv(path, HEADERS["trainings"])
    out.write({
        "training_id": numbered("TR", 4_001 + np.arange(len(done))), "agent_id": texts(staff.name[who[done]]),
        "course": words(course[done], COURSES), "completed_at": utc(at[done]),
        "score": whole(70 + (who[done] * 37 + course[done] * 11) % 30),
    })  # fmt: skip
    out.close()
    return len(done)


def campaigns(path: Path) -> None:
    """Write the campaigns."""
    out = Csv(path, HEADERS["campaigns"])
    listed = world.CAMPAIGNS
    start = np.array([c.start for c in listed])
    out.write({
        "campaign_id": texts(np.array([c.id for c in listed], dtype=object)), "name": texts(np.array([c.name for c in listed], dtype=object)),
        "channel": texts(np.array([c.channel for c in listed], dtype=object)), "goal": texts(np.array([c.goal for c in listed], dtype=object)),
        "started_at": utc(start), "ended_at": utc(start + world.WINDOW_S), "cost": money(np.array([c.cost for c in listed]) * 100),
        "currency": words(np.zeros(len(listed), np.int64), ("TRY",)),
    })  # fmt: skip
    out.close()
