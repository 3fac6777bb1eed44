"""Customer copies, survey flags, local days and purchases, against a second computation row by row."""

import datetime as dt
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
import sqlalchemy as sa
from staged_rows import small_settings, staged

from insights import schema, warehouse
from insights.settings import Settings
from insights.warehouse.build import Stage
from insights.warehouse.deriving.refresh import refresh

ISTANBUL = ZoneInfo("Europe/Istanbul")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


def load(settings: Settings, *stages: Stage) -> None:
    warehouse.load_staged(stages, settings)


def rows(settings: Settings, table: sa.Table) -> list[dict[str, Any]]:
    keys = [table.columns[k] for k in table.info["key"]]
    return warehouse.open_current(settings.warehouse).fetch(sa.select(table).order_by(*keys))


def column(settings: Settings, table: sa.Table, *names: str) -> list[Any]:
    found = [tuple(r[n] for n in names) for r in rows(settings, table)]
    return [f[0] for f in found] if len(names) == 1 else found


TICKETS = """
ticket_id customer_id kind      channel category team agent_id status created_at
1         c1          complaint email   billing  A    a1       open   2024-01-31_22:30
2         c2          question  chat    -        B    a2       solved 2024-02-01_10:00
3         -           question  chat    -        B    -        solved 2024-02-01_10:00
"""
CUSTOMERS = """
customer_id segment region country loyalty_tier
c1          vip     Ege    TR      gold
c2          basic   -      TR      -
"""


def test_facts_carry_their_customers_attributes_in_any_load_order(tmp_path: Path) -> None:
    for number, order in enumerate([("tickets", "customers"), ("customers", "tickets")]):
        settings = small_settings(tmp_path / str(number))
        for name in order:
            load(settings, staged({name: {"tickets": TICKETS, "customers": CUSTOMERS}[name]}))
        assert column(settings, schema.tickets, "segment", "region", "country", "loyalty_tier") == [
            ("vip", "Ege", "TR", "gold"),
            ("basic", None, "TR", None),
            (None, None, None, None),
        ]


def test_a_changed_customer_changes_the_copies_and_a_changed_ticket_forgets_them(settings: Settings) -> None:
    load(settings, staged({"tickets": TICKETS}), staged({"customers": CUSTOMERS}))
    load(settings, staged({"customers": "customer_id segment\nc1 basic\n"}))
    assert column(settings, schema.tickets, "segment") == ["basic", "basic", None]
    load(settings, staged({"tickets": "ticket_id customer_id\n1 c9\n"}))
    assert column(settings, schema.tickets, "segment") == [None, "basic", None]


def test_what_the_own_source_does_not_say_of_a_customer_any_source_may(settings: Settings) -> None:
    load(settings, staged({"tickets": TICKETS}), staged({"customers": CUSTOMERS}, source="shop"))
    assert column(settings, schema.tickets, "segment") == ["vip", "basic", None]
    load(settings, staged({"customers": "customer_id segment\nc1 basic\n"}))
    assert column(settings, schema.tickets, "segment", "region")[0] == ("basic", "Ege")


def test_what_the_own_source_does_not_know_of_a_customer_any_other_source_may(settings: Settings) -> None:
    own = staged({"customers": "customer_id segment\nc1 gold\nc2 -\n"})
    load(settings, staged({"tickets": TICKETS}), own, staged({"customers": CUSTOMERS}, source="shop"))
    assert column(settings, schema.tickets, "segment", "region") == [("gold", "Ege"), ("basic", None), (None, None)]


SCORES = [
    ("csat", 1, 5, 3, False, 3.0),
    ("csat", 1, 5, 4, True, 4.0),
    ("csat", 1, 2, 1, False, 1.0),
    ("csat", 1, 2, 2, True, 5.0),
    ("csat", 1, 3, 2, False, 3.0),
    ("csat", 1, 3, 3, True, 5.0),
    ("csat", 0, 10, 8, True, 4.2),
    ("csat", 0, 10, 9, True, 4.6),
    ("csat", 1, 10, 9, True, 1 + 32 / 9),
    ("csat", 1, 7, 5, False, 1 + 16 / 6),
    ("csat", 1, 7, 6, True, 1 + 20 / 6),
    ("csat", None, None, 4, True, 4.0),
    ("ces", 1, 7, 4, False, 3.0),
    ("ces", 1, 7, 5, True, 1 + 16 / 6),
    ("ces", 1, 5, 2, True, 4.0),
    ("ces", 1, 5, 4, False, 2.0),
    ("nps", 0, 10, 8, False, 4.2),
    ("nps", None, None, 9, True, 4.6),
    ("csat", 1, 5, 9, None, None),
    ("csat", 1, 5, None, None, None),
    ("csat", 0, 100, 90, None, 4.6),
]
"""Kind, scale, score; then what counts as good, and the score on 1-5."""


def test_good_means_the_top_boxes_of_the_scale(settings: Settings) -> None:
    header = ["survey_id", "kind", "scale_min", "scale_max", "score"]
    load(settings, staged({"surveys": (header, [(f"{n:02}", *case[:4]) for n, case in enumerate(SCORES)])}))
    for case, found in zip(SCORES, rows(settings, schema.surveys), strict=True):
        *_, score, good, score_5 = case
        assert (found["good"], found["answered"]) == (good, score is not None), case
        assert found["score_5"] == (None if score_5 is None else pytest.approx(score_5)), case


def test_nps_groups(settings: Settings) -> None:
    text = "survey_id kind score\n" + "\n".join(f"s{n:02} nps {n}" for n in range(11)) + "\ns11 csat 5\n"
    load(settings, staged({"surveys": text}))
    assert column(settings, schema.surveys, "nps_group") == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2 + [
        None
    ]


def test_a_survey_takes_from_its_ticket_what_it_lacks_and_follows_it(settings: Settings) -> None:
    surveys = """
    survey_id kind ticket_id channel agent_id sent_at          answered_at
    1         csat 1         -       -        -                -
    2         csat 2         web     a9       2024-02-03_22:00 -
    3         csat 9         -       -        -                2024-02-03_20:00
    """
    load(settings, staged({"tickets": TICKETS, "customers": CUSTOMERS}), staged({"surveys": surveys}))
    names = ("channel", "agent_id", "sent_day", "answered_day", "ticket_kind", "category", "team", "status", "segment")
    feb = [dt.date(2024, 2, d) for d in (1, 4, 3)]
    assert column(settings, schema.surveys, *names) == [
        ("email", "a1", feb[0], feb[0], "complaint", "billing", "A", "open", "vip"),
        ("web", "a9", feb[1], feb[1], "question", None, "B", "solved", "basic"),
        (None, None, feb[2], feb[2], None, None, None, None, None),
    ]
    load(settings, staged({"tickets": "ticket_id agent_id channel\n1 a5 phone\n2 a5 phone\n"}))
    assert column(settings, schema.surveys, "channel", "agent_id")[:2] == [("phone", "a5"), ("web", "a9")]
    (again,) = warehouse.load_staged([staged({"surveys": surveys}, salt="again")], settings).files
    assert again.rows_unchanged == 3


def random_orders(seed: int) -> list[tuple[object, ...]]:
    draw, states = random.Random(seed), ["paid", "paid", "paid", "refunded", "cancelled", None]
    start = dt.datetime(2023, 11, 1)
    return [
        (
            f"o{n}",
            draw.choice(["c1", "c2", "c3", None]),
            start + dt.timedelta(seconds=draw.randrange(120 * 86400)),
            Decimal(draw.randrange(-5000, 50000)) / 100,
            draw.choice(states),
            draw.choice(["TRY", "tl", None, "EUR", "$", "GBP"]),
        )
        for n in range(draw.randrange(1, 60))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_purchase_days_and_months_equal_a_count_by_hand(settings: Settings, seed: int) -> None:
    header = ["order_id", "customer_id", "ordered_at", "amount", "status", "currency"]
    orders = random_orders(seed)
    dated = {dt.date(2023, 11, 20): 30.5, dt.date(2024, 1, 1): 32.25}
    load(settings.model_copy(update={"rates": {"EUR": 35.0, "USD": dated}}), staged({"orders": (header, orders)}))
    days: dict[str, set[dt.date]] = defaultdict(set)
    bought: dict[tuple[str, dt.date], int] = defaultdict(int)
    money: dict[tuple[str, dt.date], Decimal] = defaultdict(Decimal)
    for _, customer, at, amount, status, currency in orders:
        assert isinstance(at, dt.datetime)
        assert isinstance(amount, Decimal)
        if customer is None or (status in ("cancelled", "refunded") and amount >= 0):
            continue
        day = at.replace(tzinfo=dt.UTC).astimezone(ISTANBUL).date()
        place = (str(customer), day.replace(day=1))
        if amount >= 0:
            days[str(customer)].add(day)
            bought[place] += 1
        dollar = next((str(rate) for first, rate in sorted(dated.items(), reverse=True) if first <= day), None)
        rate = {"EUR": "35", "$": dollar, "GBP": None}.get(str(currency), "1")
        if rate:
            money[place] += (amount * Decimal(rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    found = column(
        settings,
        schema.customer_purchases,
        "customer_id",
        "first_day",
        "second_day",
        "last_day",
        "purchase_days",
        "revenue",
    )
    assert found == [
        (
            c,
            min(d),
            (sorted(d)[1:] or [None])[0],
            max(d),
            len(d),
            total([m for (who, _), m in money.items() if who == c]),
        )
        for c, d in sorted(days.items())
    ]
    months = column(settings, schema.customer_months, "customer_id", "month", "cohort_month", "orders", "revenue")
    assert months == [
        (c, month, min(days[c]).replace(day=1), bought.get((c, month), 0), money.get((c, month)))
        for c, month in sorted(bought.keys() | money.keys())
        if c in days
    ]


def total(amounts: list[Decimal]) -> Decimal | None:
    return sum(amounts) if amounts else None  # type: ignore[return-value]


def test_days_are_cut_in_the_companys_zone(tmp_path: Path) -> None:
    tables = {
        "orders": "order_id ordered_at\n1 2024-01-31_22:30\n",
        "interactions": "interaction_id at\n1 2015-12-31_22:30\n",
        "opportunities": "opportunity_id created_at closed_at\n1 2024-01-31_22:30 -\n",
    }
    settings = small_settings(tmp_path)
    load(settings, staged(tables, main="orders"))
    assert column(settings, schema.orders, "ordered_day") == [dt.date(2024, 2, 1)]
    assert column(settings, schema.interactions, "day") == [dt.date(2016, 1, 1)]
    assert column(settings, schema.opportunities, "created_day", "closed_day") == [(dt.date(2024, 2, 1), None)]
    moved = settings.model_copy(
        update={"company": settings.company.model_copy(update={"time_zone": "America/New_York"})}
    )
    load(moved, staged(tables, main="orders"))
    assert column(moved, schema.orders, "ordered_day") == [dt.date(2024, 1, 31)]


def test_as_of_is_the_latest_moment_of_any_load_and_never_the_clock(settings: Settings) -> None:
    load(settings, staged({"tickets": TICKETS}))
    assert warehouse.open_current(settings.warehouse).as_of == dt.datetime(2024, 2, 1, 10)
    load(settings, staged({"orders": "order_id ordered_at\n1 2023-01-01\n"}))
    assert warehouse.open_current(settings.warehouse).as_of == dt.datetime(2024, 2, 1, 10)
    asked = dt.datetime(2024, 3, 1)
    warehouse.load_staged([staged({"tickets": TICKETS})], settings, as_of=asked)
    assert warehouse.open_current(settings.warehouse).as_of == asked
    assert [r["as_of"] for r in rows(settings, schema.loads)] == [
        dt.datetime(2024, 2, 1, 10),
        dt.datetime(2023, 1, 1),
        asked,
    ]


def test_a_due_date_in_the_future_does_not_move_as_of(settings: Settings) -> None:
    load(settings, staged({"tickets": "ticket_id created_at due_at\n1 2024-01-01 2030-01-01\n"}))
    assert warehouse.open_current(settings.warehouse).as_of == dt.datetime(2024, 1, 1)


@pytest.mark.parametrize("cells_at_once", [None, 2, 30])
def test_rows_are_refreshed_alike_however_many_go_at_once(cells_at_once: int | None) -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE interactions AS SELECT 'x' AS source, i::TEXT AS interaction_id, i AS day FROM range(50) r(i)"
    )
    con.execute("DELETE FROM interactions WHERE day BETWEEN 10 AND 19")
    doubled = {"day": "CASE WHEN t.day % 3 = 0 THEN t.day * 2 ELSE t.day END"}
    refresh(con, "interactions", doubled, "", cells_at_once=cells_at_once)
    found = con.execute("SELECT interaction_id::INT, day FROM interactions ORDER BY 1").fetchall()
    assert found == [(i, i * 2 if i % 3 == 0 else i) for i in range(50) if not 10 <= i <= 19]
