"""What is true of the sample company: plain totals, and planted effects measured from its own potential outcomes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from insights.demo import outreach, service, timeline, voice, world
from insights.demo.block import GENERIC, ZENDESK, Block
from insights.demo.life import is_fast
from insights.demo.people import Agents
from insights.demo.world import END, Flags, Ints

DESKS = ("zendesk", "freshdesk", "generic")
_SOLVED, _CLOSED = world.STATUSES.index("solved"), world.STATUSES.index("closed")


@dataclass
class Mean:
    """A share that grows block by block."""

    total: float = 0.0
    n: int = 0

    def add(self, values: Any) -> None:
        """Count more values."""
        self.total += float(np.sum(values))
        self.n += len(values)

    def value(self) -> float | None:
        """Return the mean, None without values."""
        return round(self.total / self.n, 6) if self.n else None


@dataclass
class Tally:
    """Everything counted so far."""

    totals: dict[str, Any] = field(default_factory=dict)
    means: dict[str, Mean] = field(default_factory=dict)

    def count(self, place: str, n: int) -> None:
        """Add to the total at a dotted place."""
        *above, last = place.split(".")
        node = self.totals
        for name in above:
            node = node.setdefault(name, {})
        node[last] = node.get(last, 0) + int(n)

    def count_words(self, place: str, codes: Ints, vocabulary: Iterable[str]) -> None:
        """Add to one total for each word."""
        for i, word in enumerate(vocabulary):
            self.count(f"{place}.{word}", int(np.sum(codes == i)))

    def mean(self, name: str, values: Any) -> None:
        """Add values to a mean."""
        self.means.setdefault(name, Mean()).add(values)

    def of(self, name: str) -> float | None:
        """Return a mean."""
        return self.means.get(name, Mean()).value()

    def n(self, name: str) -> int:
        """Return how many values a mean rests on."""
        return self.means.get(name, Mean()).n

    def difference(self, one: str, other: str) -> float | None:
        """Return the difference of two means."""
        a, b = self.of(one), self.of(other)
        return None if a is None or b is None else round(a - b, 6)


def add(tally: Tally, b: Block, staff: Agents, amounts: Ints) -> None:
    """Count a block."""
    _count_tickets(tally, b)
    _count_surveys(tally, b)
    _count_rest(tally, b, amounts)
    _measure_speed(tally, b)
    _measure_mood(tally, b, staff)
    _measure_outreach(tally, b)


def _count_tickets(tally: Tally, b: Block) -> None:
    c, now = b.cases, b.now
    counts = c.excluded == service.NONE
    solved = counts & ((now.status == _SOLVED) | (now.status == _CLOSED))
    is_solve = (b.log.field == 0) & (b.log.new == _SOLVED)
    ever = np.zeros(len(c.kind), bool)
    ever[b.log.ticket[is_solve]] = True
    for d, name in enumerate(DESKS):
        mine = b.desk == d
        place = f"tickets.{name}"
        tally.count(f"{place}.rows", int(mine.sum()))
        tally.count(f"{place}.counted", int((mine & counts).sum()))
        tally.count(f"{place}.solved_now", int((mine & solved).sum()))
        tally.count(f"{place}.open_now", int((mine & counts & ~solved).sum()))
        tally.count(f"{place}.reopened", int((mine & (now.reopens > 0)).sum()))
        tally.count(f"{place}.ever_solved", int((mine & ever).sum()))
        tally.count(
            f"{place}.answered", int((mine & counts & (c.waited >= 0) & (c.created_at + c.waited <= END)).sum())
        )
        tally.count(f"{place}.one_public_reply", int((mine & solved & (now.replies == 1)).sum()))
        tally.count_words(f"{place}.kind", np.where(mine & counts, c.kind, -1), world.KINDS)
        channels = (*world.CHANNELS[:6], "api") if d == ZENDESK else world.CHANNELS
        tally.count_words(f"{place}.channel", np.where(mine & counts, c.channel, -1), channels)
        tally.count_words(f"{place}.excluded", np.where(mine, c.excluded - 1, -1), ("spam", "test", "merged"))
    generic = b.desk[b.log.ticket] == GENERIC
    tally.count("ticket_events.rows", int(generic.sum()))
    reply = generic & (b.log.field == 4) & (b.log.actor == timeline.BY_AGENT) & (b.log.public == 1)
    tally.count("ticket_events.public_agent_replies", int(reply.sum()))
    tally.count("ticket_events.bot_comments", int((generic & (b.log.actor == timeline.BY_BOT)).sum()))
    tally.count("ticket_events.private_notes", int((generic & (b.log.public == 0)).sum()))
    tally.count("ticket_events.solves", int((generic & is_solve).sum()))


def _count_surveys(tally: Tally, b: Block) -> None:
    for s in b.surveys:
        desk = np.where(s.ticket >= 0, b.desk[s.ticket], GENERIC)
        answered = s.answered_at >= 0
        for d, name in ((ZENDESK, "zendesk"), (GENERIC, "generic")):
            for k, kind in enumerate(("csat", "nps", "ces")):
                if d == ZENDESK and kind != "csat":
                    continue
                mine, place = (desk == d) & (s.kind == k), f"surveys.{name}.{kind}"
                good_from = {"csat": 4, "nps": 9, "ces": 5}[kind]
                tally.count(f"{place}.sent", int(mine.sum()))
                tally.count(f"{place}.answered", int((mine & answered).sum()))
                tally.count(
                    f"{place}.good" if kind != "nps" else f"{place}.promoters",
                    int((mine & answered & (s.score >= good_from)).sum()),
                )
                if kind == "nps":
                    tally.count(f"{place}.detractors", int((mine & answered & (s.score <= 6)).sum()))


def _count_rest(tally: Tally, b: Block, amounts: Ints) -> None:
    o, i = b.bought, b.contacts
    tally.count("customers.rows", len(b.crowd))
    tally.count("customers.with_orders", len(np.unique(o.customer)))
    tally.count("orders.rows", len(o.customer))
    tally.count_words(
        "orders.status", np.where(o.paid, 0, np.where(o.refunded, 1, 2)), ("paid", "refunded", "cancelled")
    )
    tally.count("orders.paid_cents", int(amounts[o.paid].sum()))
    tally.count("interactions.rows", len(i.at))
    tally.count("interactions.outbound_by_human", int((~i.inbound & i.by_human).sum()))
    tally.count_words("interactions.kind", i.kind, outreach.CONTACT_KINDS)
    tally.count("campaign_members.rows", sum(len(m.customer) for m in b.members))
    tally.count("opportunities.rows", len(b.offers.customer))
    tally.count_words("opportunities.outcome", b.offers.outcome, ("won", "lost", "open"))


def _measure_speed(tally: Tally, b: Block) -> None:
    c = b.life.complaints
    order = np.lexsort((c.created_at, c.customer))
    first = order[np.unique(c.customer[order], return_index=True)[1]]
    rows = first[c.created_at[first] + world.KEPT_S <= END]
    fast, kept, vip = is_fast(c.first_response_s[rows]), c.kept[rows], b.crowd.vip[c.customer[rows]]
    tally.mean("fast.kept_if_fast", c.kept_if_fast[rows])
    tally.mean("fast.kept_if_slow", c.kept_if_slow[rows])
    tally.mean("fast.share_of_vip", fast[vip])
    tally.mean("fast.share_of_others", fast[~vip])
    tally.mean("fast.kept_fast", kept[fast])
    tally.mean("fast.kept_slow", kept[~fast])


def _measure_mood(tally: Tally, b: Block, staff: Agents) -> None:
    m, c = b.mood, b.cases
    chat = m.asked & (c.channel == world.CHANNELS.index("chat"))
    tally.mean("chat.as_is", m.good_if_chat[chat])
    tally.mean("chat.elsewhere", m.good_if_not_chat[chat])
    trained = m.asked & m.trained & (b.desk == GENERIC)
    tally.mean("training.trained", m.good_if_trained[trained])
    tally.mean("training.untrained", m.good_if_untrained[trained])
    mine = m.asked & (b.now.agent == staff.hard_cases)
    hard = (c.kind == 0) & (c.priority <= 1)
    tally.mean("agent.good", m.good[mine])
    tally.mean("agent.hard_share", hard[mine])
    tally.mean("others.good", m.good[m.asked & ~mine])
    tally.mean("others.hard_share", hard[m.asked & ~mine])
    for s in b.surveys:
        rated = (s.ticket >= 0) & (s.answered_at >= 0) & (s.kind == voice.CSAT)
        tally.mean("agent.csat", s.score[rated & (s.agent == staff.hard_cases)] >= 4)
        tally.mean("others.csat", s.score[rated & (s.agent != staff.hard_cases)] >= 4)
    complaint = (c.kind == 0) & (c.excluded == service.NONE)
    for name, month in _MONTHS.items():
        inside = complaint & (c.created_at >= month[0]) & (c.created_at < month[1])
        tally.count(f"bad_month.{name}.complaints", int(inside.sum()))
        tally.count(f"bad_month.{name}.cargo_complaints", int((inside & (c.category == world.CARGO)).sum()))


_MONTHS = {
    "2026-07": (world.utc(2026, 7, 1), world.utc(2026, 8, 1)),
    "2026-08": (world.utc(2026, 8, 1), world.utc(2026, 9, 1)),
    "2026-09": world.BAD_MONTH,
    "2026-10": (world.utc(2026, 10, 1), world.utc(2026, 11, 1)),
}


def _measure_outreach(tally: Tally, b: Block) -> None:
    who, called, neglected = b.life.forgotten_kept
    forgotten: Flags = b.crowd.forgotten[who]
    tally.mean("forgotten.kept_if_called", called[forgotten])
    tally.mean("forgotten.kept_as_is", neglected[forgotten])
    tally.mean("called.kept_as_is", called[~forgotten])
    for campaign, m in zip(world.CAMPAIGNS, b.members, strict=True):
        place = f"{campaign.id}"
        tally.mean(f"{place}.if_treated", m.buys_if_treated)
        tally.mean(f"{place}.if_control", m.buys_if_control)
        tally.mean(f"{place}.treated", m.converted_at[m.treated] >= 0)
        tally.mean(f"{place}.control", m.converted_at[~m.treated] >= 0)
        opened = m.opened_at >= 0
        tally.mean(f"{place}.openers", m.converted_at[opened] >= 0)
        tally.mean(f"{place}.non_openers", m.converted_at[m.treated & ~opened] >= 0)
