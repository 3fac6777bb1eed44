"""What counts: the newest rating, each scale's best answers, customers' tickets, and open ones that still exist."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from staged_rows import small_settings, staged

from insights.asking import Desk
from insights.filters import Filters, Scope
from insights.settings import Exclusion, Satisfaction, Settings
from insights.sources import StagedFile
from insights.warehouse.build import Stage, load_staged
from insights.warehouse.reader import open_current

Rows = list[tuple[object, ...]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path)


def desk(settings: Settings, filters: Filters | None = None) -> Desk:
    return Desk(open_current(settings.warehouse, settings.engine), filters or Filters(), Scope())


def complete(stage: Stage, as_of: dt.datetime) -> Stage:
    def read(con: object) -> list[StagedFile]:
        return [replace(file, complete=True, as_of=as_of) for file in stage(con)]  # type: ignore[arg-type]

    return read


@pytest.mark.parametrize("seed", range(4))
def test_of_several_ratings_of_a_ticket_the_newest_counts_in_any_order_of_rows(settings: Settings, seed: int) -> None:
    draw = random.Random(seed)
    start = dt.datetime(2026, 3, 1)
    rows: Rows = [
        (f"s{n}", "csat", str(draw.randrange(8)), start + dt.timedelta(hours=n), draw.choice((1, 2)), 1, 2)
        for n in range(30)
    ]
    newest: dict[object, tuple[object, ...]] = {row[2]: row for row in rows}
    draw.shuffle(rows)
    header = ["survey_id", "kind", "ticket_id", "answered_at", "score", "scale_min", "scale_max"]
    load_staged([staged({"surveys": (header, rows)})], settings)
    number = desk(settings).one("csat")
    assert (number.n, number.hits) == (len(newest), sum(row[4] == 2 for row in newest.values()))
    left = [row for row in desk(settings).rows("csat", excluded=True) if row["reason"] == "superseded"]
    assert len(left) == 30 - len(newest)


def test_one_id_rated_twice_ends_with_the_newest_whichever_comes_first(settings: Settings) -> None:
    rows = ["s1 csat 2026-03-02T10:00:00 1 1 5", "s1 csat 2026-03-09T10:00:00 5 1 5"]
    for place, order in enumerate((rows, rows[::-1])):
        text = "\n".join(["survey_id kind answered_at score scale_min scale_max", *order])
        load_staged([staged({"surveys": text}, source=f"desk{place}")], settings)
    assert desk(settings).one("csat").hits == 2


SCALES = {(1, 2): 2, (0, 1): 1, (1, 3): 3, (1, 4): 3, (1, 5): 4, (1, 6): 5, (1, 7): 6, (1, 10): 8, (0, 10): 8}


def test_each_scale_counts_its_best_answers_and_says_from_which_on(settings: Settings) -> None:
    rows: Rows = [
        (f"{low}-{high}-{score}", "csat", score, low, high)
        for low, high in [*SCALES, (1, 9)]
        for score in range(low, high + 1)
    ]
    load_staged([staged({"surveys": (["survey_id", "kind", "score", "scale_min", "scale_max"], rows)})], settings)
    found = open_current(settings.warehouse).source._con.execute(
        "SELECT scale_min, scale_max, score, good, good_from FROM surveys"
    )
    for low, high, score, good, good_from in found.fetchall():
        cut = SCALES.get((int(low), int(high)))
        assert (good, good_from) == (None if cut is None else score >= cut, cut)
    strict = settings.model_copy(update={"csat": Satisfaction(sources={"desk": {5: 1}})})
    load_staged([], strict)
    (row,) = (
        open_current(settings.warehouse)
        .source._con.execute("SELECT count(*) FROM surveys WHERE scale_max = 5 AND good")
        .fetchall()
    )
    assert row == (1,)


CASES: tuple[list[str], Rows] = (
    ["ticket_id", "status", "created_at", "solved_at", "tags", "team"],
    [
        ("1", "solved", dt.datetime(2026, 3, 2, 8), dt.datetime(2026, 3, 4, 8), "vip", "Care"),
        ("2", "solved", dt.datetime(2026, 3, 2, 9), dt.datetime(2026, 3, 2, 10), "vip,closed_by_merge", "Care"),
        ("3", "solved", dt.datetime(2026, 3, 3, 9), dt.datetime(2026, 3, 3, 21), "created_for_side_conversation", "A"),
        ("4", "open", dt.datetime(2026, 3, 3, 9), None, "closed_by_merge_not", "Lab"),
    ],
)


def test_rules_exclude_tickets_and_changing_them_counts_again(settings: Settings) -> None:
    load_staged([staged({"tickets": CASES})], settings)

    def why() -> list[tuple[object, object]]:
        return [(r["ticket_id"], r["reason"]) for r in desk(settings).rows("created", excluded=True)]

    assert why() == [("2", "merged"), ("3", "side_conversation")]
    assert desk(settings).one("full_res_p50").value == 48 * 3600
    own = (Exclusion(having={"team": ("lab",)}, reason="internal"), Exclusion(tags=("vip",), source=("other",)))
    load_staged([], settings.model_copy(update={"exclude": own}))
    assert why() == [("4", "internal")]
    report = load_staged([staged({"tickets": CASES}, salt="again")], settings)
    assert report.files[0].rows_unchanged == 4


def test_open_tickets_missing_from_a_complete_file_leave_the_backlog_from_then_on(settings: Settings) -> None:
    monday, tuesday = dt.datetime(2026, 3, 2, 20), dt.datetime(2026, 3, 3, 20)
    header = "ticket_id status created_at\n"
    rows = [f"f{n} {state} 2026-03-02T0{n}:00:00" for n, state in enumerate(("open", "open", "open", "closed"), 1)]
    load_staged([complete(staged({"tickets": "\n".join([header.strip(), *rows])}), monday)], settings)
    report = load_staged([complete(staged({"tickets": header + "\n".join(rows[:2])}, salt="2"), tuesday)], settings)
    assert report.gone == 1
    assert desk(settings).one("backlog").value == 2
    assert [r["ticket_id"] for r in desk(settings).rows("backlog", excluded=True)] == ["f3"]
    days = [(n.period, n.value) for n in desk(settings, Filters(dt.date(2026, 3, 2))).values(["backlog"], grain="day")]
    assert days[:2] == [(dt.date(2026, 3, 2), 3), (dt.date(2026, 3, 3), 2)]
    assert desk(settings, Filters(as_of=monday)).one("backlog").value == 3
    assert (desk(settings).one("created").value, desk(settings).one("net_flow").value) == (4, 3)
    back = staged({"tickets": header + rows[2]}, salt="3")
    load_staged([complete(back, dt.datetime(2026, 3, 4, 20))], settings)
    assert desk(settings).one("backlog").value == 1


def test_ratings_are_known_as_they_were(settings: Settings) -> None:
    text = """
        survey_id kind ticket_id answered_at         score scale_min scale_max
        a         csat 1         2026-03-02T10:00:00 1     1         5
        b         csat 1         2026-03-09T10:00:00 5     1         5"""
    load_staged([staged({"surveys": text})], settings)
    told: Callable[[Filters | None], object] = lambda filters: desk(settings, filters).one("csat").hits  # noqa: E731
    assert (told(Filters(as_of=dt.datetime(2026, 3, 5))), told(None)) == (0, 1)
