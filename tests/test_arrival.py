"""A dropped file says at once what it is; what is proposed for one nobody knows loads with no questions."""

from pathlib import Path

import duckdb
import labelled
import pytest

from insights import sources
from insights.sources import ReadOptions, stage
from insights.sources.notices import Notice
from insights.sources.profile import read_profile
from insights.sources.proposing.arrival import arrive, uses
from insights.sources.proposing.draft import Draft, written
from insights.sources.proposing.further import could_rate, further
from insights.sources.proposing.glance import glance
from insights.sources.proposing.propose import best, propose

SAMPLES = {s.name: s for s in labelled.read()}
OURS = "ticket_id,customer_id,status,created_at,shoe size\nT1,C1,open,2025-03-01T10:00:00Z,42\n"
FILLS = {
    "turkish help desk": {"tickets": 28},
    "helpdesk with durations": {"tickets": 28, "customers": 28, "surveys": 21},
    "superstore": {"order_lines": 28, "orders": 9, "customers": 9},
    "invoice lines": {"order_lines": 28, "orders": 8, "customers": 8},
    "erp sales list": {"orders": 28, "customers": 4},
    "trendyol orders": {"orders": 28},
    "deals": {"opportunities": 28},
    "nps question in turkish": {"surveys": 28, "customers": 28},
    "csat of a help desk": {"surveys": 28},
    "process log": {"ticket_events": 28},
    "history of changes": {"ticket_events": 28},
    "calls": {"interactions": 28},
}


@pytest.mark.parametrize("name", FILLS)
def test_what_is_proposed_fills_its_tables_with_no_row_set_aside(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(SAMPLES[name].csv(), "utf-8")
    found = best(glance(path, "x.csv", tmp_path, ReadOptions()))[0]
    known = sources.profiles(None)
    toml = written(Draft("mine", found.table, found.columns, further=found.further), known)
    with duckdb.connect() as con:
        (staged,) = stage(con, path, [read_profile(toml, "x", own=True), *known], ReadOptions())
        counts = {t: con.execute(f"SELECT count(*) FROM {v}").fetchall()[0][0] for t, v in staged.tables.items()}
    assert (staged.source, staged.rows_read, staged.rows_rejected) == ("mine", 28, 0)
    assert {table: counts.get(table) for table in FILLS[name]} == FILLS[name]


def test_lines_of_an_order_add_up_to_it(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = [("S1", 2, 10), ("S1", 1, 5), ("S2", 3, 4), ("S2", 1, 1), ("S3", 1, 7)]
    lines = [f"{o},M{o[1]},2025-03-{n + 13}T10:00:00Z,Kalem,{q},{p}" for n, (o, q, p) in enumerate(rows)]
    path.write_text("Sipariş No,Müşteri No,Sipariş Tarihi,Ürün,Adet,Birim Fiyat\n" + "\n".join(lines) + "\n", "utf-8")
    found = best(glance(path, "x.csv", tmp_path, ReadOptions()))[0]
    toml = written(Draft("mine", found.table, found.columns, further=found.further), ())
    with duckdb.connect() as con:
        (staged,) = stage(con, path, [read_profile(toml, "x", own=True)], ReadOptions())
        sums = con.execute(f"SELECT order_id, amount FROM {staged.tables['orders']} ORDER BY 1").fetchall()
    assert found.table == "order_lines"
    assert {order: float(amount) for order, amount in sums} == {"S1": 25, "S2": 13, "S3": 7}


def test_a_known_file_says_what_it_reads_and_what_it_leaves(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(OURS, "utf-8")
    found = arrive(path, "x.csv", tmp_path, sources.profiles(None), ReadOptions())
    assert found.profile is not None
    assert found.profile.name == "generic_tickets"
    assert found.uses["status"] == ["tickets.status"]
    assert set(found.headers) - set(found.uses) == {"shoe size"}


def test_a_file_nobody_knows_is_no_refusal_but_waits_for_its_mapping(tmp_path: Path) -> None:
    sample = SAMPLES["turkish help desk"]
    path = tmp_path / "x.csv"
    path.write_text(sample.csv(), "utf-8")
    found = arrive(path, "x.csv", tmp_path, sources.profiles(None), ReadOptions())
    assert found.profile is None
    assert found.headers == tuple(sample.cells)


def test_a_list_of_tickets_without_a_time_is_said_to_lack_it_and_offered_as_surveys() -> None:
    sample = SAMPLES["support tickets with date of purchase"].sample
    first = best(sample)[0]
    assert (first.table, first.lacking) == ("tickets", ("created_at",))
    surveys = propose(sample, "surveys")
    assert surveys.lacking == ()


def test_an_unused_column_of_answers_can_be_taken_as_the_rating() -> None:
    sample = SAMPLES["turkish help desk"].sample
    columns = propose(sample, "tickets").columns
    assert could_rate(sample, columns) == []
    facts = labelled.Labelled("x", "tickets", cells={h: f.by_row for h, f in sample.facts.items()})
    facts.cells["Q7"] = ("1", "5", "4", "3") * 7
    assert could_rate(facts.sample, columns) == ["Q7"]
    rated = further("tickets", facts.sample, columns, "Q7")["surveys"]
    assert rated.columns["score"].column == ("Q7",)
    assert uses({"surveys": rated}, ["Q7"]) == {"Q7": ["surveys.score"]}


def test_what_looks_odd_is_known_before_any_button(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(OURS.replace("T1,", "\u00c5\u009feker,"), "utf-8")
    found = arrive(path, "a.csv", tmp_path, sources.profiles(None), ReadOptions())
    assert [n.kind for n in found.notices] == ["mojibake"]
    assert Notice.from_json(found.notices[0].as_json()) == found.notices[0]
