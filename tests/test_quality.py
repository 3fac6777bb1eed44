"""Every check, recounted row by row in Python over random rows full of contradictions."""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from empty_tables import create_tables

from insights import quality, schema, texts
from insights.asking.rewrites import rewritten
from insights.filters import Filters, Scope
from insights.quality.model import Check
from insights.warehouse.engine.compiling import compiled

AS_OF = dt.datetime(2026, 3, 1, 12)
Row = dict[str, Any]
Data = dict[str, list[Row]]
SOURCES = ("desk", "shop")
DAYS = {
    "tickets": {"created_day": ("created_at",)},
    "surveys": {"sent_day": ("sent_at", "answered_at"), "answered_day": ("answered_at", "sent_at")},
    "orders": {"ordered_day": ("ordered_at",)},
    "interactions": {"day": ("at",)},
    "opportunities": {"created_day": ("created_at",), "closed_day": ("closed_at",)},
}
POOLS: dict[str, tuple[Any, ...]] = {
    "customer_id": ("1", "2", "3", "4", "01", None),
    "agent_id": ("a", "b", "c", None),
    "subject": ("Kargo", "İade", None),
    "email": ("A@x.com", " a@X.com ", "b@x.com", "c@x.com", "", None),
    "phone": ("+90 532 111 22 33", "0532-1112233", "5321112244", "123", None),
    "campaign_id": ("p", "q", "r"),
    "scale_min": (1.0, 1.0, 0.0, None),
    "scale_max": (5.0, 5.0, 10.0, None),
    "score": (0.0, 1.0, 3.0, 5.0, 6.0, None),
    "quantity": (1.0, 2.0, None),
    "amount": (Decimal("-5.00"), Decimal("0.00"), Decimal("10.00"), Decimal("10.60"), Decimal("20.00"), None),
    "unit_price": (Decimal("10.00"), Decimal("5.00"), None),
    "excluded": (None, None, None, "spam"),
}


def moment(rng: random.Random) -> dt.datetime | None:
    return rng.choice([None, None, None, *(AS_OF + dt.timedelta(days=d) for d in range(-56, 6, 6))])


def value(rng: random.Random, column: sa.Column[Any]) -> Any:
    if column.name in POOLS:
        return rng.choice(POOLS[column.name])
    if words := column.info.get("words"):
        return rng.choice([*schema.WORDS[words], None])
    if isinstance(column.type, sa.DateTime):
        return moment(rng)
    if isinstance(column.type, sa.BigInteger):
        return rng.choice([-30, 0, 60, 90, 200, 7200, None, None])
    if isinstance(column.type, sa.Boolean):
        return rng.choice([True, False, None])
    return rng.choice(["x", None]) if isinstance(column.type, sa.Text) else None


def random_rows(rng: random.Random, table: sa.Table, size: int) -> list[Row]:
    """Return rows whose cells know nothing of each other: every contradiction happens by chance."""
    keys = [k for k in table.info["key"] if k != "source"]
    rows, seen = [], set()
    for i in range(size):
        row = {c.name: value(rng, c) for c in table.columns} | {"source": rng.choice(SOURCES)}
        if keys == ["ticket_id", "seq"] or keys == ["order_id", "line"]:
            row |= {keys[0]: str(rng.randrange(size // 2)), keys[1]: rng.randrange(1, 5)}
        elif len(keys) == 1:
            row[keys[0]] = str(i)
        if table.name == "surveys":
            row["status"] = rng.choice([*schema.WORDS["status"], None])
            row["ticket_id"] = rng.choice([None, *map(str, range(0, size, 3)), *[str(size + i)] * 6])
        if table.name == "customers" and i % 3 == 0:
            row |= {"email": f"{i}@x.com", "phone": f"0532 {i:07}"}
        row |= {
            day: next((row[t].date() for t in times if row[t]), None) for day, times in DAYS.get(table.name, {}).items()
        }
        identity = tuple(row[k] for k in table.info["key"])
        if None not in identity and identity not in seen:
            seen.add(identity)
            rows.append(row)
    return rows


def random_data(seed: int, size: int = 160) -> Data:
    rng = random.Random(seed)
    tables = [schema.metadata.tables[t.name] for t in schema.canonical_tables()]
    data = {t.name: random_rows(rng, t, size) for t in tables}
    data["agents"] = data["agents"][:60]
    for row in data["tickets"][:5]:  # too rare by chance alone
        row |= {"status": "solved", "excluded": None, "solved_at": None, "first_solved_at": None}
        row["reported_full_resolution_s"] = None
    for row, name in zip(data["agents"], ("a", "b", "z"), strict=False):
        row["agent_id"] = name
    data["campaigns"] = [r | {"campaign_id": "p"} for r in data["campaigns"][:1]]
    return data


def filled(data: Data, path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(path)
    create_tables(con)
    for name, rows in data.items():
        columns = [c.name for c in schema.metadata.tables[name].columns]
        if rows:
            marks = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
            con.execute(f"INSERT INTO {name} VALUES {marks}", [r.get(c) for r in rows for c in columns])
    return con


def fetch_from(con: duckdb.DuckDBPyConnection) -> Callable[[sa.Select[Any]], list[Row]]:
    def fetch(select: sa.Select[Any]) -> list[Row]:
        text, values = compiled(select)
        done = con.cursor().execute(text, values)
        names = [d[0] for d in done.description or ()]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    return fetch


Judge = Callable[[Row, Data], bool | None]
"""None: the row cannot be judged; else whether it fails."""


def counts(row: Row) -> bool:
    return row.get("excluded") is None


def before(later: str, earlier: str) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        if row[later] is None or row[earlier] is None or not counts(row):
            return None
        return bool(row[later] < row[earlier])

    return judge


def ahead(*times: str) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        there = [row[t] for t in times if row[t] is not None]
        return any(t > AS_OF for t in there) if there and counts(row) else None

    return judge


def empty(column: str) -> Judge:
    return lambda row, data: row[column] is None if counts(row) else None


def unknown(column: str, table: str, target: str) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        names = {r[target] for r in data[table]}
        return None if row[column] is None or not names or not counts(row) else row[column] not in names

    return judge


def pairs_judge(pairs: list[tuple[str, str]], slack: int = 0) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        there = [(row[a], row[b]) for a, b in pairs if row[a] is not None and row[b] is not None]
        if not there or not counts(row):
            return None
        return any(a > b + (slack if slack else type(a - b)(0)) for a, b in there)

    return judge


REPORTED = [c.name for c in schema.tickets.columns if c.name.startswith("reported_")]
SAME = ("source", "customer_id", "subject", "created_at")


def negative(row: Row, data: Data) -> bool | None:
    there = [row[c] for c in REPORTED if row[c] is not None]
    return min(there) < 0 if there and counts(row) else None


def solved_without_time(row: Row, data: Data) -> bool | None:
    if row["status"] not in ("solved", "closed") or not counts(row):
        return None
    return all(row[c] is None for c in ("solved_at", "first_solved_at", "reported_full_resolution_s"))


def duplicate_ticket(row: Row, data: Data) -> bool | None:
    mine = [row[c] for c in SAME]
    if None in mine or not counts(row):
        return None
    return sum(counts(r) and [r[c] for c in SAME] == mine for r in data["tickets"]) > 1


def ticket_of(row: Row, data: Data) -> Row | None:
    return next(
        (t for t in data["tickets"] if (t["source"], t["ticket_id"]) == (row["source"], row["ticket_id"])), None
    )


def out_of_order(row: Row, data: Data) -> bool | None:
    if row["at"] is None:
        return None
    mine = [e for e in data["ticket_events"] if (e["source"], e["ticket_id"]) == (row["source"], row["ticket_id"])]
    earlier = [e for e in mine if e["seq"] < row["seq"]]
    last = max(earlier, key=lambda e: e["seq"], default=None)
    return bool(last and last["at"] and row["at"] < last["at"])


def before_its_ticket(time: str) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        if row[time] is None or row["ticket_id"] is None:
            return None
        its = ticket_of(row, data)
        return bool(its and its["created_at"] and row[time] < its["created_at"])

    return judge


def duplicate_survey(row: Row, data: Data) -> bool | None:
    mine = (row["source"], row["ticket_id"], row["kind"])
    if None in mine:
        return None
    return sum((r["source"], r["ticket_id"], r["kind"]) == mine for r in data["surveys"]) > 1


def off_scale(row: Row, data: Data) -> bool | None:
    if None in (row["score"], row["scale_min"], row["scale_max"]):
        return None
    return not row["scale_min"] <= row["score"] <= row["scale_max"]


def default_score(row: Row, data: Data) -> bool | None:
    unsolved = row["status"] in ("new", "open", "pending", "hold")
    if row["kind"] != "csat" or not unsolved or row["score"] is None or row["scale_min"] is None:
        return None
    return bool(row["score"] == row["scale_min"])


def email(row: Row) -> str | None:
    return (row["email"] or "").strip().lower() or None


def phone(row: Row) -> str | None:
    digits = "".join(c for c in row["phone"] or "" if c.isdigit())
    return digits[-10:] if len(digits) >= 10 else None


def shared(key: Callable[[Row], str | None]) -> Judge:
    def judge(row: Row, data: Data) -> bool | None:
        if key(row) is None:
            return None
        return len({r["customer_id"] for r in data["customers"] if key(r) == key(row)}) > 1

    return judge


def lines_total(row: Row, data: Data) -> bool | None:
    mine = (row["source"], row["order_id"])
    its = [r["amount"] for r in data["order_lines"] if (r["source"], r["order_id"]) == mine and r["amount"] is not None]
    if row["amount"] is None or not its:
        return None
    return bool(abs(sum(its) - row["amount"]) > max(Decimal(1), abs(row["amount"]) / 100))


def line_arithmetic(row: Row, data: Data) -> bool | None:
    if None in (row["quantity"], row["unit_price"], row["amount"]):
        return None
    return abs(row["quantity"] * float(row["unit_price"]) - float(row["amount"])) > max(
        1, abs(float(row["amount"])) / 100
    )


def orphan(table: str, key: str) -> Judge:
    return lambda row, data: (row["source"], row[key]) not in {(r["source"], r[key]) for r in data[table]}


RECOUNT: dict[str, Judge] = {
    "tickets.solved_before_created": before("solved_at", "created_at"),
    "tickets.first_solved_before_created": before("first_solved_at", "created_at"),
    "tickets.solved_before_first_solved": before("solved_at", "first_solved_at"),
    "tickets.replied_before_created": before("first_response_at", "created_at"),
    "tickets.reply_after_solve": pairs_judge(
        [
            ("first_response_at", "solved_at"),
            ("reported_first_response_s", "reported_full_resolution_s"),
            ("reported_first_response_business_s", "reported_full_resolution_business_s"),
        ]
    ),
    "tickets.solved_at_once": lambda r, d: (
        None if None in (r["solved_at"], r["created_at"]) or not counts(r) else r["solved_at"] == r["created_at"]
    ),
    "tickets.closed_before_created": before("closed_at", "created_at"),
    "tickets.closed_before_solved": before("closed_at", "solved_at"),
    "tickets.updated_before_created": before("updated_at", "created_at"),
    "tickets.due_before_created": before("due_at", "created_at"),
    "tickets.negative_reported": negative,
    "tickets.first_exceeds_full": pairs_judge([("reported_first_resolution_s", "reported_full_resolution_s")]),
    "tickets.business_exceeds_calendar": pairs_judge(
        [
            (f"reported_{n}_business_s", f"reported_{n}_s")
            for n in ("first_response", "first_resolution", "full_resolution")
        ],
        slack=60,
    ),
    "tickets.outside_calendar": lambda r, d: (
        r["full_resolution_business_s"] is None
        if counts(r)
        and None not in (r["created_at"], r["solved_at"], r["full_resolution_s"])
        and r["solved_at"] >= r["created_at"]
        else None
    ),
    "tickets.solved_without_time": solved_without_time,
    "tickets.time_ahead": ahead(
        "created_at", "first_response_at", "first_solved_at", "solved_at", "closed_at", "updated_at"
    ),
    "tickets.duplicate_ticket": duplicate_ticket,
    "tickets.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "tickets.unknown_agent": unknown("agent_id", "agents", "agent_id"),
    "tickets.no_created_at": empty("created_at"),
    "tickets.no_customer": empty("customer_id"),
    "tickets.no_channel": empty("channel"),
    "tickets.no_kind": empty("kind"),
    "tickets.no_category": empty("category"),
    "ticket_events.events_out_of_order": out_of_order,
    "ticket_events.event_before_ticket": before_its_ticket("at"),
    "ticket_events.event_without_ticket": orphan("tickets", "ticket_id"),
    "ticket_events.time_ahead": ahead("at"),
    "surveys.answered_before_sent": before("answered_at", "sent_at"),
    "surveys.answered_before_ticket": before_its_ticket("answered_at"),
    "surveys.duplicate_survey": duplicate_survey,
    "surveys.score_off_scale": off_scale,
    "surveys.default_score": default_score,
    "surveys.time_ahead": ahead("sent_at", "answered_at"),
    "surveys.unknown_ticket": unknown("ticket_id", "tickets", "ticket_id"),
    "surveys.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "surveys.unknown_agent": unknown("agent_id", "agents", "agent_id"),
    "surveys.no_survey_time": lambda r, d: r["sent_at"] is None and r["answered_at"] is None,
    "customers.duplicate_email": shared(email),
    "customers.duplicate_phone": shared(phone),
    "customers.ended_before_acquired": before("ended_at", "acquired_at"),
    "customers.time_ahead": ahead("acquired_at"),
    "agents.left_before_hired": before("left_at", "hired_at"),
    "interactions.time_ahead": ahead("at"),
    "interactions.no_time": empty("at"),
    "interactions.no_customer": empty("customer_id"),
    "interactions.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "interactions.unknown_agent": unknown("agent_id", "agents", "agent_id"),
    "orders.no_customer": empty("customer_id"),
    "orders.no_time": empty("ordered_at"),
    "orders.no_amount": empty("amount"),
    "orders.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "orders.time_ahead": ahead("ordered_at"),
    "orders.paid_nothing": lambda r, d: r["amount"] <= 0 if r["status"] == "paid" and r["amount"] is not None else None,
    "orders.lines_do_not_add_up": lines_total,
    "order_lines.line_without_order": orphan("orders", "order_id"),
    "order_lines.line_arithmetic": line_arithmetic,
    "campaign_members.opened_before_sent": before("opened_at", "sent_at"),
    "campaign_members.converted_before_sent": before("converted_at", "sent_at"),
    "campaign_members.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "campaign_members.unknown_campaign": unknown("campaign_id", "campaigns", "campaign_id"),
    "opportunities.closed_before_created": before("closed_at", "created_at"),
    "opportunities.decided_without_time": lambda r, d: (
        r["closed_at"] is None if r["outcome"] in ("won", "lost") else None
    ),
    "opportunities.unknown_customer": unknown("customer_id", "customers", "customer_id"),
    "opportunities.unknown_agent": unknown("agent_id", "agents", "agent_id"),
}


def identity(of: Check, row: Row) -> tuple[Any, ...]:
    return tuple(row[k] for k in of.table.info["key"])


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest) -> tuple[Data, Any]:
    data = random_data(request.param)
    return data, fetch_from(filled(data))


def test_every_check_has_a_recount() -> None:
    ids = [c.id for c in quality.CHECKS]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(RECOUNT)


def test_findings_equal_a_row_by_row_recount(world: tuple[Data, Any]) -> None:
    data, fetch = world
    found = {(f.check.id, f.source): f for f in quality.findings(fetch, Filters(), as_of=AS_OF)}
    for of in quality.CHECKS:
        for source in SOURCES:
            judged = [(r, RECOUNT[of.id](r, data)) for r in data[of.table.name] if r["source"] == source]
            n, failing = sum(v is not None for _, v in judged), sum(v is True for _, v in judged)
            got = found.get((of.id, source))
            silent = failing < of.from_share * n
            assert ((got.count, got.n) if got else (0, 0)) == (0 if silent else failing, n), of.id


def test_failing_rows_are_the_rows_recounted(world: tuple[Data, Any]) -> None:
    data, fetch = world
    for of in quality.CHECKS:
        rows = fetch(quality.failing_rows(of, Filters(), as_of=AS_OF))
        expected = [identity(of, r) for r in data[of.table.name] if RECOUNT[of.id](r, data)]
        assert sorted(identity(of, r) for r in rows) == sorted(expected), of.id


def test_random_rows_make_every_check_fail_and_pass() -> None:
    data = random_data(1)
    for of in quality.CHECKS:
        verdicts = Counter(RECOUNT[of.id](r, data) for r in data[of.table.name])
        assert verdicts[True], of.id
        assert verdicts[False], of.id


def test_months_of_a_finding_add_up_to_the_dated_rows(world: tuple[Data, Any]) -> None:
    data, fetch = world
    of = quality.check("tickets.solved_before_created")
    for finding in quality.findings(fetch, Filters(), as_of=AS_OF, of=[of.table]):
        if finding.check is of:
            by_month: dict[dt.date, list[int]] = defaultdict(lambda: [0, 0])
            for row in data["tickets"]:
                verdict = RECOUNT[of.id](row, data)
                if row["source"] == finding.source and row["created_day"]:
                    by_month[row["created_day"].replace(day=1)][0] += verdict is True
                    by_month[row["created_day"].replace(day=1)][1] += verdict is not None
            assert {m: [c, n] for m, c, n in finding.months} == by_month


def test_filters_and_scope_narrow_what_is_looked_at(world: tuple[Data, Any]) -> None:
    data, fetch = world
    filters = Filters(since=dt.date(2026, 1, 15), until=dt.date(2026, 2, 10))
    scope = Scope((("channel", ("phone", "email")),))

    def seen_by_them(select: sa.Select[Any]) -> list[Row]:
        return list(fetch(rewritten(select, scope)))

    found = quality.findings(seen_by_them, filters, as_of=AS_OF, of=[schema.tickets])
    seen = {f.source: f.n for f in found if f.check.key == "no_kind"}
    expected = Counter(
        r["source"]
        for r in data["tickets"]
        if counts(r)
        and r["channel"] in ("phone", "email")
        and r["created_day"]
        and dt.date(2026, 1, 15) <= r["created_day"] <= dt.date(2026, 2, 10)
    )
    assert seen == dict(expected)
    assert not seen_by_them(quality.set_aside())


def test_references_are_not_judged_when_their_table_was_never_loaded() -> None:
    data = random_data(4)
    fetch = fetch_from(filled(data | {"agents": [], "customers": []}))
    found = quality.findings(fetch, Filters(), as_of=AS_OF)
    assert not [f.check.id for f in found if f.check.key in ("unknown_agent", "unknown_customer")]


def test_lowest_scores_on_open_cases_are_a_finding_only_when_nearly_all_are_lowest() -> None:
    def share_found(lowest: int) -> int:
        survey = {"source": "desk", "kind": "csat", "status": "open", "scale_min": 1.0, "scale_max": 5.0}
        rows = [survey | {"survey_id": str(i), "score": 1.0 if i < lowest else 2.0} for i in range(100)]
        fetch = fetch_from(filled({"surveys": rows}))
        found = quality.findings(fetch, Filters(), as_of=AS_OF, of=[schema.surveys])
        return next(f.count for f in found if f.check.key == "default_score")

    assert (share_found(94), share_found(95), share_found(100)) == (0, 95, 100)


def test_every_check_is_explained_in_both_languages() -> None:
    for language in texts.LANGUAGES:
        for of in quality.CHECKS:
            assert texts.has(f"quality.checks.{of.key}.name", language), of.key
            assert texts.has(f"quality.checks.{of.key}.why", language), of.key
        for rule in quality.RULES:
            assert texts.has(f"quality.refused.{rule.reason}", language), rule.reason
        for severity in quality.SEVERITIES:
            assert texts.has(f"quality.severities.{severity}", language)


def test_every_kpi_a_check_touches_exists() -> None:
    metrics = pytest.importorskip("insights.metrics", reason="the catalogue of metrics is not there")
    touched = {m for of in quality.CHECKS for m in of.touches} | {m for rule in quality.RULES for m in rule.refuses}
    assert touched - set(metrics.METRICS) == set()
