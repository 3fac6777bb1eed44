"""Who is kept in revenue, who stands behind a cell, who leaves sooner and who comes back: against counts one by one."""

import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from small_company import Tables, bought, local_day, revenue

from insights.asking import Desk
from insights.dimensions import DIMENSIONS, KNOWN
from insights.errors import UnknownName
from insights.filters import EVERYTHING, UNKNOWN, Filters
from insights.settings import Settings
from insights.stats.hazards import cox
from insights.stats.survival import kaplan_meier
from insights.studies.customers.beginnings import STARTS, offered
from insights.studies.customers.people import ATTRIBUTES
from insights.warehouse import load, open_current

TODAY = dt.date(2025, 6, 18)
GONE = 60


@pytest.fixture
def desk(small_directory: Path) -> Desk:
    return Desk(open_current(small_directory), Filters(), EVERYTHING)


def purchases(tables: Tables) -> dict[str, list[dt.date]]:
    """Return the purchase days of every customer up to today."""
    days: dict[str, set[dt.date]] = defaultdict(set)
    for order in tables["orders"]:
        if order["customer_id"] and order["ordered_day"] <= TODAY and bought(order):
            days[order["customer_id"]].add(order["ordered_day"])
    return {who: sorted(of) for who, of in days.items()}


def brought(tables: Tables, who: str, month: dt.date) -> float:
    mine = [o for o in tables["orders"] if o["customer_id"] == who and o["ordered_day"] <= TODAY]
    return revenue([o for o in mine if o["ordered_day"].replace(day=1) == month]) or 0.0


def left(tables: Tables, who: str, first: dt.date, later: dt.date) -> float:
    """Return what is left of a customer's first revenue; who gave back more than it bought had none to leave."""
    return min(brought(tables, who, later), max(brought(tables, who, first), 0.0))


def month_after(first: dt.date, k: int) -> dt.date:
    months = first.year * 12 + first.month - 1 + k
    return dt.date(months // 12, months % 12 + 1, 1)


def test_gross_revenue_counts_no_customers_growth(desk: Desk, tables: Tables) -> None:
    asked = {(c["cohort"], c["k"]): c["value"] for c in desk.study("cohorts", measure="gross").rows}
    cells = [c for c in desk.study("cohorts", measure="revenue").rows if c["cohort"] != "average"]
    first = {who: days[0].replace(day=1) for who, days in purchases(tables).items()}
    assert any(c["k"] for c in cells)
    for cell in cells:
        cohort = dt.date.fromisoformat(cell["cohort"])
        members = [who for who, month in first.items() if month == cohort]
        whole = sum(brought(tables, who, cohort) for who in members)
        later = month_after(cohort, cell["k"])
        least = sum(left(tables, who, cohort, later) for who in members)
        assert cell["gross"] == pytest.approx(least / whole)
        assert asked[cell["cohort"], cell["k"]] == cell["gross"]
        assert cell["gross"] <= 1 + 1e-9


@pytest.mark.parametrize("mode", ["on", "on_or_after"])
def test_the_customers_of_a_cell_are_as_many_as_it_says(desk: Desk, mode: str) -> None:
    cells = [c for c in desk.study("cohorts", mode=mode, start="first_complaint").rows if c["cohort"] != "average"]
    for cell in cells[::7]:
        cohort = dt.date.fromisoformat(cell["cohort"])
        found = desk.study("cohort_members", start="first_complaint", mode=mode, cohort=cohort, k=cell["k"])
        assert (found.facts["n"], found.facts["kept"]) == (cell["size"], cell["kept"])
        assert all(row["day"].replace(day=1) == cohort for row in found.rows)


def test_the_customers_of_a_group_are_as_many_as_it_says(desk: Desk) -> None:
    sizes: dict[str | None, int] = defaultdict(int)
    for cell in desk.study("cohorts", by="segment").rows:
        sizes[cell["segment"]] += cell["size"] if cell["cohort"] != "average" and cell["k"] == 0 else 0
    for segment, size in sizes.items():
        if segment is not None:
            assert desk.study("cohort_members", by="segment", group=segment).facts["n"] == size


def beginnings(tables: Tables, start: str) -> list[tuple[dt.datetime, dt.date, dict[str, Any]]]:
    """Return the rows a customer can begin with: when, the local day, and what the row says of itself."""
    counted = [t for t in tables["tickets"] if t["excluded"] is None and t["status"] != "deleted"]
    by_id = {t["ticket_id"]: t for t in counted}
    tickets = [(t["created_at"], t["created_day"], t) for t in counted]
    rows = {
        "first_order": [(o["ordered_at"], o["ordered_day"], o) for o in tables["orders"] if bought(o)],
        # The kind of a contact is a call or a visit, not the kind of a ticket.
        "first_contact": [*tickets, *((i["at"], i["day"], i | {"kind": None}) for i in tables["interactions"])],
        "first_complaint": [one for one in tickets if one[2]["kind"] == "complaint"],
        "first_breach": [
            (
                c["breached_at"],
                local_day(c["breached_at"]),
                by_id[c["ticket_id"]]
                | {
                    "policy": c["policy"],
                    "promise": c["metric"],
                },
            )
            for c in tables["sla_clocks"]
            if c["breached_at"] and c["state"] != "cancelled" and c["ticket_id"] in by_id
        ],
    }
    return [one for one in rows[start] if one[2]["customer_id"] and one[1] <= TODAY]


@pytest.mark.parametrize("start", STARTS)
def test_a_customer_stands_where_the_row_it_began_with_stands(desk: Desk, tables: Tables, start: str) -> None:
    first: dict[str, tuple[dt.datetime, dt.date, dict[str, Any]]] = {}
    for one in sorted(beginnings(tables, start), key=lambda of: of[0]):
        first.setdefault(one[2]["customer_id"], one)
    whole = {(c["cohort"], c["k"]): c["kept"] for c in desk.study("cohorts", start=start, mode="bracket").rows}
    for by in {"source", "currency", "kind", "agent", "policy", "promise"} & set(offered(start)):
        column = KNOWN[by].column
        sizes = Counter((row.get(column), day.replace(day=1).isoformat()) for _, day, row in first.values())
        cells = [c for c in desk.study("cohorts", start=start, by=by, mode="bracket").rows if c["cohort"] != "average"]
        assert {(c[by], c["cohort"]): c["size"] for c in cells if c["k"] == 0} == sizes
        kept: Counter[Any] = Counter()
        for c in cells:
            kept[c["cohort"], c["k"]] += c["kept"]
        assert all(whole[cell] == n for cell, n in kept.items())


def test_the_customers_of_the_unknown_group_are_listed_too(desk: Desk) -> None:
    cells = desk.study("cohorts", by="currency", mode="bracket").rows
    size = sum(c["size"] for c in cells if c["currency"] is None and c["k"] == 0 and c["cohort"] != "average")
    assert desk.study("cohort_members", by="currency", group=UNKNOWN).facts["n"] == size > 0


def test_a_customer_belongs_to_the_dearest_product_of_the_first_order(tmp_path: Path) -> None:
    bought = ("1,a,2025-01-05,30", "2,a,2025-02-05,9", "3,b,2025-01-09,5", "4,c,2025-01-11,7")
    orders = "\n".join(("order_id,customer_id,ordered_at,amount", *bought))
    lines = "order_id,line,product,category,amount\n1,1,Cup,Home,10\n1,2,Coat,Wear,20\n2,1,Cup,Home,9\n3,1,Cup,Home,5\n"
    for name, text in (("orders", orders), ("order_lines", lines)):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    load([tmp_path / "orders.csv", tmp_path / "order_lines.csv"], held := Settings(warehouse=tmp_path / "held"))
    asked = Desk(open_current(held.warehouse), Filters(), EVERYTHING)
    for by, groups in (("product", ("Coat", "Cup")), ("category", ("Wear", "Home"))):
        cells = [c for c in asked.study("cohorts", by=by).rows if c["cohort"] == "2025-01-01"]
        again = {c[by]: c["value"] for c in cells if c["k"] == 1}
        assert {c[by] for c in cells if c["k"] == 0} == {*groups, None}
        assert [again.get(group) for group in groups] == [1.0, 0.0]


def test_what_a_beginning_does_not_know_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownName, match="team"):
        desk.study("cohorts", by="team")


def test_a_beginning_is_split_by_what_its_rows_hold() -> None:
    told = {start: set(offered(start)) - set(ATTRIBUTES) for start in STARTS}
    assert told["first_order"] == {"source", "currency", "product", "category"}
    assert told["first_contact"] == told["first_complaint"] == told["first_breach"] - {"policy", "promise"}
    assert told["first_complaint"] == {name for name, of in DIMENSIONS.items() if of.of in ("tickets", "row")}


def test_the_second_purchase_waits_for_those_who_have_not_made_it(desk: Desk, tables: Tables) -> None:
    mine = purchases(tables)
    waits = [((days[1] if len(days) > 1 else TODAY) - days[0]).days for days in mine.values()]
    again = [len(days) > 1 for days in mine.values()]
    found = desk.study("second_purchase")
    (row,) = found.rows
    assert (row["n"], row["again"]) == (len(waits), sum(again))
    curve = kaplan_meier(waits, [float(a) for a in again], [float(not a) for a in again])
    shown = {p["days"]: p["share"] for p in found.tables["points"]}
    one_by_one = dict(zip(map(float, curve.time), (1 - curve.share), strict=True))
    assert shown
    for days, share in shown.items():
        assert share == pytest.approx(one_by_one[days])


def test_who_had_gone_and_bought_again_is_won_back(desk: Desk, tables: Tables) -> None:
    went = back = 0
    for days in purchases(tables).values():
        for one, following in zip(days, [*days[1:], None], strict=True):
            if ((following or TODAY) - one).days > GONE:
                went, back = went + 1, back + (following is not None)
    found = desk.study("winback", gone_days=GONE)
    assert (found.facts["n"], found.facts["again"]) == (went, back)
    assert 0 < back < went


def test_groups_leave_at_the_ratio_of_one_model_over_equal_strata(desk: Desk) -> None:
    found = desk.study("survival", by="segment", strata="region", gone_days=GONE)
    each = desk.study_rows("survival", by="segment", gone_days=GONE)
    strata = {c["customer_id"]: c["group"] for c in desk.study_rows("survival", by="region", gone_days=GONE)}
    than = found.tables["hazards"][0]["than"]
    others = [h["group"] for h in found.tables["hazards"]]
    rows = [r for r in each if r["group"] in (than, *others)]
    fit = cox(
        [float(r["days"]) for r in rows],
        [r["gone"] for r in rows],
        [[float(r["group"] == g) for g in others] for r in rows],
        [strata[r["customer_id"]] for r in rows],
    )
    assert fit is not None
    for place, hazard in enumerate(found.tables["hazards"]):
        assert hazard["ratio"] == pytest.approx(2.718281828459045 ** fit.log_ratio[place])
        assert hazard["low"] < hazard["ratio"] < hazard["high"]
