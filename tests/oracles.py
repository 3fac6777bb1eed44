"""Every metric computed a second, stupid way: row by row in Python from the tables of the small company."""

import datetime as dt
import statistics
from collections.abc import Iterable
from typing import Any

import numpy as np
from small_company import AS_OF, ZONE, Row, Tables, local_day, whole

from insights import schema

Span = tuple[dt.date | None, dt.date | None]
Answer = tuple[int, float | None]
"""(n, value)."""


def inside(day: dt.date | None, span: Span) -> bool:
    return day is not None and (span[0] is None or day >= span[0]) and (span[1] is None or day <= span[1])


def share(hits: Iterable[bool]) -> Answer:
    listed = list(hits)
    return len(listed), sum(listed) / len(listed) if listed else None


def mean(values: Iterable[float]) -> Answer:
    listed = list(values)
    return len(listed), statistics.fmean(listed) if listed else None


def quantile(values: Iterable[float], q: float) -> Answer:
    listed = list(values)
    return len(listed), float(np.quantile(listed, q)) if listed else None


def count(rows: Iterable[object]) -> Answer:
    n = len(list(rows))
    return n, n or None


def good(t: Row) -> bool:
    return t["excluded"] is None and t["status"] != "deleted"


def is_solved(t: Row) -> bool:
    return t["status"] in schema.SOLVED


class Oracle:
    """The small company, asked for one metric at a time."""

    def __init__(self, tables: Tables, span: Span, clock: str = "calendar", as_of: dt.datetime = AS_OF) -> None:
        self.t, self.span, self.clock, self.as_of = tables, span, clock, as_of
        self.case = {(t["source"], t["ticket_id"]): t for t in tables["tickets"]}

    def ask(self, key: str) -> Answer:
        """Return (n, value) of a metric."""
        name, _, last = key.rpartition("_")
        if name == "frt" and last.endswith("h"):
            return self.answered_within(int(last[:-1]))
        if last in ("p50", "p90"):
            return quantile(getattr(self, name)(), {"p50": 0.5, "p90": 0.9}[last])
        found: Answer = getattr(self, key)()
        return found

    def s(self, t: Row, name: str) -> Any:
        return t[f"{name}_s" if self.clock == "calendar" else f"{name}_business_s"]

    def tickets(self, *days: str) -> list[Row]:
        """Return the tickets that count, with the first known of these days in the period."""
        chosen = []
        for t in self.t["tickets"]:
            day = next((t[d] for d in days if t[d] is not None), None)
            if good(t) and inside(day, self.span):
                chosen.append(t)
        return chosen

    def surveys(self, kind: str, day: str = "answered_day") -> list[Row]:
        rows = [s for s in self.t["surveys"] if s["ticket_excluded"] is None and s["status"] != "deleted"]
        return [s for s in rows if (kind in (s["kind"], "any")) and inside(s[day], self.span)]

    def known_sources(self) -> set[str]:
        return {t["source"] for t in self.t["tickets"] if self.s(t, "first_response") is not None}

    # what customers say
    def csat(self) -> Answer:
        return share(s["good"] for s in self.surveys("csat") if s["good"] is not None)

    def csat_avg(self) -> Answer:
        return mean(s["score_5"] for s in self.surveys("csat") if s["good"] is not None)

    def nps(self) -> Answer:
        every = [
            s
            for s in self.t["surveys"]
            if s["kind"] == "nps" and s["answered"] and inside(s["answered_day"], self.span)
        ]
        latest: dict[Any, Row] = {}
        for s in sorted(every, key=lambda s: (s["answered_at"], s["survey_id"])):
            latest[s["customer_id"] or s["survey_id"]] = s
        counted = [s for s in latest.values() if s in self.surveys("nps") and s["nps_group"]]
        return mean({"promoter": 100, "passive": 0, "detractor": -100}[s["nps_group"]] for s in counted)

    def ease(self) -> list[float]:
        return [s["score"] for s in self.surveys("ces") if s["good"] is not None and s["scale_max"] == 7]

    def ces(self) -> Answer:
        return mean(self.ease())

    def ces_top(self) -> Answer:
        return share(score >= 5 for score in self.ease())

    def resp_rate(self) -> Answer:
        over = [
            s
            for s in self.surveys("any", "sent_day")
            if s["sent_at"] is None or s["sent_at"] + dt.timedelta(7) <= self.as_of
        ]
        return share(s["answered"] for s in over)

    def csat_answers(self) -> Answer:
        return count(s for s in self.surveys("csat") if s["answered"])

    def nps_answers(self) -> Answer:
        return count(s for s in self.surveys("nps") if s["answered"])

    def ces_answers(self) -> Answer:
        return count(s for s in self.surveys("ces") if s["answered"])

    # how long they wait
    def frt(self) -> list[float]:
        found = (self.s(t, "first_response") for t in self.tickets("first_response_day", "created_day"))
        return [s for s in found if s is not None]

    def answered_within(self, hours: int) -> Answer:
        hits = []
        for t in self.tickets("created_day"):
            took, age = self.s(t, "first_response"), whole(self.as_of - t["created_at"])
            if t["source"] not in self.known_sources() or age < hours * 3600:
                continue
            if self.clock == "business" and took is None and not is_solved(t):
                age = t["requester_wait_business_s"] + t["agent_wait_business_s"]
                if age < hours * 3600:
                    continue
            hits.append(took is not None and took <= hours * 3600)
        return share(hits)

    def nrt(self) -> list[float]:
        found = []
        for c in self.t["reply_cycles"]:
            day = c["ended_day"] or c["started_day"]
            if (
                c["cycle"] > 1
                and c["answered"]
                and good(self.case[c["source"], c["ticket_id"]])
                and inside(day, self.span)
            ):
                found.append(c["wait_s"] if self.clock == "calendar" else c["wait_business_s"])
        return found

    def standing(self, table: str) -> list[Row]:
        """Return the stretches that cover the end of the last day."""
        last = min(self.span[1] or local_day(self.as_of), local_day(self.as_of))  # type: ignore[type-var]
        if self.span[0] and last < self.span[0]:
            return []
        rows = [r for r in self.t[table] if good(self.case[r["source"], r["ticket_id"]])]
        return [r for r in rows if r["started_day"] <= last and (r["ended_day"] is None or r["ended_day"] > last)]

    def moment(self) -> dt.datetime:
        until = self.span[1]
        if until is None or until >= local_day(self.as_of):  # type: ignore[operator]
            return self.as_of
        end = dt.datetime.combine(until + dt.timedelta(1), dt.time(), ZONE)
        return end.astimezone(dt.UTC).replace(tzinfo=None)

    def waits(self) -> list[Row]:
        open_cases = {(r["source"], r["ticket_id"]) for r in self.open_spans()}
        return [c for c in self.standing("reply_cycles") if (c["source"], c["ticket_id"]) in open_cases]

    def waiting_now(self) -> Answer:
        return count(self.waits())

    def waiting_oldest(self) -> Answer:
        ages = [whole(self.moment() - c["started_at"]) for c in self.waits()]
        return len(ages), max(ages, default=None)

    # how much comes and goes
    def open_spans(self) -> list[Row]:
        return [s for s in self.standing("status_spans") if s["status"] in schema.UNSOLVED]

    def backlog(self) -> Answer:
        return count(self.open_spans())

    def ageing(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for s in self.open_spans():
            days = whole(self.moment() - self.case[s["source"], s["ticket_id"]]["created_at"]) / 86400
            edges = [(0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, float("inf"))]
            low, high = next(e for e in edges if e[0] <= days < e[1])
            found[f"[{low},{high})"] = found.get(f"[{low},{high})", 0) + 1
        return found

    def created(self) -> Answer:
        return count(self.tickets("created_day"))

    def moves(self) -> list[str]:
        found = ["created" for _ in self.tickets("created_day")]
        for s in self.t["status_spans"]:
            if not good(self.case[s["source"], s["ticket_id"]]) or not inside(s["started_day"], self.span):
                continue
            if s["status"] in schema.SOLVED and s["previous"] not in schema.SOLVED:
                found.append("solved")
            elif s["status"] in schema.UNSOLVED and s["previous"] in schema.SOLVED:
                found.append("reopened")
        return found

    def solved(self) -> Answer:
        return count(m for m in self.moves() if m == "solved")

    def net_flow(self) -> Answer:
        moves = self.moves()
        return len(moves), sum(1 if m in ("created", "reopened") else -1 for m in moves) if moves else None

    def clearance_rate(self) -> Answer:
        moves = self.moves()
        made, done = moves.count("created"), moves.count("solved")
        return made + done, done / made if made else None

    def throughput(self) -> Answer:
        return count(t for t in self.tickets("solved_day", "created_day") if is_solved(t) and t["solved_day"])

    # whether and how well they are solved
    def solved_cases(self) -> list[Row]:
        return [t for t in self.tickets("solved_day", "created_day") if is_solved(t)]

    def ever_solved(self) -> list[Row]:
        days = ("first_solved_day", "solved_day", "created_day")
        return [t for t in self.tickets(*days) if is_solved(t) or t["solved_at"] or t["first_solved_at"]]

    def resolution_rate(self) -> Answer:
        return share(is_solved(t) for t in self.tickets("created_day"))

    def resolution_7d(self) -> Answer:
        old = [t for t in self.tickets("created_day") if t["created_at"] + dt.timedelta(7) <= self.as_of]
        known = [t for t in old if not (is_solved(t) and t["first_resolution_s"] is None)]
        return share(t["first_resolution_s"] is not None and t["first_resolution_s"] <= 7 * 86400 for t in known)

    def frst_res(self) -> list[float]:
        return [self.s(t, "first_resolution") for t in self.ever_solved() if self.s(t, "first_resolution") is not None]

    def part(self, name: str) -> list[float]:
        return [self.s(t, name) for t in self.solved_cases() if self.s(t, name) is not None]

    def full_res(self) -> list[float]:
        return self.part("full_resolution")

    def rwt(self) -> list[float]:
        return self.part("requester_wait")

    def awt(self) -> list[float]:
        return self.part("agent_work")

    def agent_work(self) -> Answer:
        return mean(self.part("agent_work"))

    def agent_wait(self) -> Answer:
        return mean(self.part("agent_wait"))

    def on_hold(self) -> Answer:
        return mean(self.part("on_hold"))

    def one_touch(self) -> Answer:
        return share(t["replies"] == 1 for t in self.solved_cases() if t["replies"] is not None)

    def fcr(self) -> Answer:
        hits = []
        for t in self.solved_cases():
            topic = t["customer_id"] is not None and t["category"] is not None
            week = dt.timedelta(7)
            if t["replies"] is None or (topic and t["solved_at"] + week > self.as_of):
                continue
            said = [
                e["at"]
                for e in self.t["ticket_events"]
                if (e["source"], e["ticket_id"]) == (t["source"], t["ticket_id"])
                and e["field"] == "comment"
                and e["actor"] == "customer"
                and e["public"] is not False
            ]
            followed = bool(said) and t["first_response_at"] is not None and max(said) > t["first_response_at"]
            back = topic and any(
                (o["source"], o["customer_id"], o["category"]) == (t["source"], t["customer_id"], t["category"])
                and t["created_at"] < o["created_at"] <= t["solved_at"] + week
                and good(o)
                for o in self.t["tickets"]
            )
            hits.append(t["replies"] <= 1 and t["reopens"] == 0 and not followed and not back)
        return share(hits)

    def reopen_rate(self) -> Answer:
        return share(t["reopens"] > 0 for t in self.ever_solved())

    def reopen_14d(self) -> Answer:
        window, hits = dt.timedelta(14), []
        for t in self.ever_solved():
            if t["first_solved_at"] + window > self.as_of:
                continue
            again = [
                s["started_at"]
                for s in self.t["status_spans"]
                if (s["source"], s["ticket_id"]) == (t["source"], t["ticket_id"])
                and s["status"] in schema.UNSOLVED
                and s["previous"] in schema.SOLVED
            ]
            hits.append(bool(again) and min(again) <= t["first_solved_at"] + window)
        return share(hits)

    def transfer_rate(self) -> Answer:
        return share(t["transfers"] > 0 for t in self.tickets("created_day") if t["team"] is not None)

    def escalation_rate(self) -> Answer:
        tier, rank = {"first": 1, "second": 2, "experts": 3}, {"urgent": 4, "high": 3, "normal": 2, "low": 1}
        up = set()
        for e in self.t["ticket_events"]:
            of = {"team": tier, "priority": rank}.get(e["field"])
            if of and of[e["new"]] > of[e["old"]]:
                up.add((e["source"], e["ticket_id"]))
        cases = [t for t in self.tickets("created_day") if t["clock_basis"] == "events"]
        return share((t["source"], t["ticket_id"]) in up for t in cases)

    def sla_source(self) -> Answer:
        hits = []
        for t in self.tickets("solved_day", "created_day"):
            if t["source_sla_met"] is not None:
                hits.append(t["source_sla_met"])
            elif t["due_at"] and is_solved(t) and t["solved_at"]:
                hits.append(t["solved_at"] <= t["due_at"])
        return share(hits)

    # promises
    def clocks(self, *days: str) -> list[Row]:
        rows = [
            c
            for c in self.t["sla_clocks"]
            if good(self.case[c["source"], c["ticket_id"]]) and c["state"] != "cancelled"
        ]
        return [c for c in rows if inside(next((c[d] for d in days if c[d]), None), self.span)]

    def sla_compliance(self) -> Answer:
        settled = ("met", "breached", "breached_open")
        return share(c["state"] == "met" for c in self.clocks("decided_day", "started_day") if c["state"] in settled)

    def sla_completed(self) -> Answer:
        stopped = ("met", "breached")
        return share(c["state"] == "met" for c in self.clocks("decided_day", "started_day") if c["state"] in stopped)

    def sla_created(self) -> Answer:
        settled = ("met", "breached", "breached_open")
        return share(c["state"] == "met" for c in self.clocks("started_day") if c["state"] in settled)

    def running(self) -> list[tuple[Row, str | None]]:
        """Return the clocks that ran at the moment, with their state then."""
        at, found = self.moment(), []
        if self.span[0] and local_day(self.as_of) < self.span[0]:  # type: ignore[operator]
            return []
        for c in (
            self.clocks("started_day")
            if self.span == (None, None)
            else Oracle(self.t, (None, None)).clocks("started_day")
        ):
            if c["started_at"] > at or (c["stopped_at"] and c["stopped_at"] <= at):
                continue
            state = c["state"] if at == self.as_of else None
            if at != self.as_of and c["breached_at"] and c["breached_at"] <= at:
                state = "breached_open"
            found.append((c, state))
        return found

    def sla_open_breaches(self) -> Answer:
        return count(c for c, state in self.running() if state == "breached_open")

    def sla_at_risk(self) -> Answer:
        return count(c for c, state in self.running() if state == "at_risk")

    def sla_paused(self) -> Answer:
        return count(c for c, state in self.running() if state == "paused")

    def sla_over(self) -> list[float]:
        late = [c for c in self.clocks("decided_day", "started_day") if c["state"] in ("breached", "breached_open")]
        return [max(0, whole((c["stopped_at"] or self.as_of) - c["due_at"])) for c in late]

    # what customers buy
    def bought(self) -> list[Row]:
        return [o for o in self.ordered() if o["status"] in ("paid", None) and o["amount"] >= 0]

    def ordered(self) -> list[Row]:
        return [o for o in self.t["orders"] if inside(o["ordered_day"], self.span)]

    def orders(self) -> Answer:
        return count(self.bought())

    def revenue(self) -> Answer:
        credit_notes = [o for o in self.ordered() if o["amount"] < 0]
        rows = [o for o in self.bought() + credit_notes if o["currency"] in ("TRY", None)]
        return len(rows), sum(o["amount"] for o in rows) if rows else None

    def active_customers(self) -> Answer:
        return count({o["customer_id"] for o in self.bought() if o["customer_id"]})

    def repeat_rate(self) -> Answer:
        edge = local_day(self.as_of) - dt.timedelta(90)  # type: ignore[operator]
        first = [
            p for p in self.t["customer_purchases"] if inside(p["first_day"], self.span) and p["first_day"] <= edge
        ]
        return share(p["second_day"] is not None and (p["second_day"] - p["first_day"]).days <= 90 for p in first)
