"""Files of one company in any order, again, late, renamed or half broken: the whole warehouse ends the same."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from staged_rows import small_settings

from insights import schema, warehouse
from insights.errors import InsightsError

BOOKKEEPING = {"load_id", "row_hash", "row_at", "row_columns"}
FRESHDESK = "Ticket ID,Email,Status,Priority,Source,Created time,Last update time,Resolved time,Agent,Survey results"
ZENDESK = "Id,Requester id,Status,Created at,Updated at,Via,Solved at,Replies,Satisfaction Score,Assignee,Reopens"
LOG = (
    "number,incident_state,sys_mod_count,sys_updated_at,opened_at,priority,assigned_to,caller_id,reopen_count,made_sla"
)
OLD = {
    "freshdesk": (
        FRESHDESK,
        """
1,a@x.org,Open,High,Email,2026-01-31 10:00,2026-01-31 11:00,,Ada,
2,b@x.org,Open,Low,Phone,2026-02-01 10:00,2026-02-01 11:00,,Ada,
3,c@x.org,Resolved,Low,Chat,2026-02-02 10:00,2026-02-03 11:00,2026-02-03 11:00,Bob,Happy
""",
    ),
    "zendesk": (
        ZENDESK,
        """
1,91,Open,2026-01-31 10:00,2026-01-31 11:00,Web,,1,Offered,Ada,0
2,92,Open,2026-02-01 10:00,2026-02-01 11:00,Mail,,0,Not Offered,Ada,0
3,91,Solved,2026-02-02 10:00,2026-02-03 11:00,Chat,2026-02-03 11:00,2,Good,Bob,1
""",
    ),
    "servicenow_log": (
        LOG,
        """
I1,New,0,31/1/2026 10:00,31/1/2026 09:00,3 - Moderate,r1,c1,0,true
I1,Active,1,31/1/2026 11:00,31/1/2026 09:00,3 - Moderate,r1,c1,0,true
I2,New,0,1/2/2026 10:00,1/2/2026 09:00,2 - High,?,c2,0,true
I1,Resolved,2,1/2/2026 12:00,31/1/2026 09:00,2 - High,r2,c1,0,true
""",
    ),
}
NEW = {
    "freshdesk": (
        FRESHDESK,
        """
2,b@x.org,Resolved,Low,Phone,2026-02-01 10:00,2026-02-05 11:00,2026-02-05 11:00,Bob,Unhappy
3,c@x.org,Resolved,Low,Chat,2026-02-02 10:00,2026-02-03 11:00,2026-02-03 11:00,Bob,Happy
4,a@x.org,Open,High,Portal,2026-02-06 10:00,2026-02-06 10:00,,Ada,
""",
    ),
    "zendesk": (
        ZENDESK,
        """
2,92,Solved,2026-02-01 10:00,2026-02-05 11:00,Mail,2026-02-05 11:00,3,Bad,Bob,0
3,91,Solved,2026-02-02 10:00,2026-02-03 11:00,Chat,2026-02-03 11:00,2,Good,Bob,1
4,91,New,2026-02-06 10:00,2026-02-06 10:00,Web,,0,Offered,,0
""",
    ),
    "servicenow_log": (
        LOG,
        """
I1,Active,1,31/1/2026 11:00,31/1/2026 09:00,3 - Moderate,r1,c1,0,true
I1,Resolved,2,1/2/2026 12:00,31/1/2026 09:00,2 - High,r2,c1,0,true
I2,Active,1,2/2/2026 10:00,1/2/2026 09:00,2 - High,r2,c2,0,true
I1,Closed,3,6/2/2026 12:00,31/1/2026 09:00,2 - High,r2,c1,0,true
""",
    ),
}
RENAMED = {"freshdesk": ("Last update time", "Last updated time")}
DRIFTED = {
    "freshdesk": lambda text: text.replace("2026-02-", "2026/02/").replace("Ticket ID,", "Ticket Id,"),
    "zendesk": lambda text: text.replace(",0\n", ",0.0\n").replace(" 11:00", "T11:00:00"),
    "servicenow_log": lambda text: text.replace("/2/2026", "/02/2026").replace("true", "1"),
}
VENDORS = list(OLD)


class Company:
    """A warehouse of its own and the files loaded into it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.directory, self.settings = directory, small_settings(directory)

    def write(self, name: str, content: str) -> Path:
        path = self.directory / name
        path.write_text(content, "utf-8")
        return path

    def load(self, *contents: str) -> "Company":
        """Load one file after the other with one command, each under a name of its own."""
        paths = [self.write(f"{number}.csv", content) for number, content in enumerate(contents)]
        for report in warehouse.load(paths, self.settings).files:
            outcomes = (report.rows_inserted, report.rows_updated, report.rows_unchanged, report.rows_rejected)
            assert report.rows_read == sum(outcomes)
        return self

    def holds(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table, bookkeeping of loads left out."""
        held = warehouse.open_current(self.settings.warehouse, self.settings.engine)
        tables = [t for t in schema.metadata.tables.values() if t not in (schema.loads, schema.rejects, schema.facts)]
        found = {t.name: held.fetch(sa.select(*(c for c in t.columns if c.name not in BOOKKEEPING))) for t in tables}
        return {name: sorted((tuple(r.values()) for r in rows), key=repr) for name, rows in found.items()}


@pytest.fixture
def company(tmp_path: Path) -> Callable[[], Company]:
    """Return a function that founds a company."""
    return lambda: Company(tmp_path / str(len(list(tmp_path.iterdir()))))


def file(of: tuple[str, str]) -> str:
    return of[0] + of[1]


_expected: dict[str, dict[str, list[tuple[Any, ...]]]] = {}


def expected(vendor: str, found: Callable[[], Company]) -> dict[str, list[tuple[Any, ...]]]:
    """Return what one export of the newest state of everything gives: asked once per vendor."""
    if vendor not in _expected:
        _expected[vendor] = found().load(file(OLD[vendor]), file(NEW[vendor])).holds()
        assert _expected[vendor]["tickets"]
    return _expected[vendor]


def sequences(vendor: str) -> dict[str, Sequence[str]]:
    old, new = file(OLD[vendor]), file(NEW[vendor])
    drifted = DRIFTED[vendor](new)
    assert drifted != new
    found = {
        "a late old file": (new, old),
        "the same file again, and late once more under another name": (old, old, new, old),
        "other forms of the same values": (old, drifted),
        "other forms, late": (drifted, old),
    }
    if vendor in RENAMED:
        found["a renamed column"] = (old.replace(*RENAMED[vendor]), new)
    return found


@pytest.mark.parametrize(("vendor", "name"), [(v, n) for v in VENDORS for n in sequences(v)])
def test_the_whole_warehouse_ends_the_same(company: Callable[[], Company], vendor: str, name: str) -> None:
    assert company().load(*sequences(vendor)[name]).holds() == expected(vendor, company)


@pytest.mark.parametrize("vendor", ["freshdesk", "servicenow_log"])
def test_a_late_old_file_ends_the_same_also_in_a_load_of_its_own(company: Callable[[], Company], vendor: str) -> None:
    late = company().load(file(NEW[vendor])).load(file(OLD[vendor]))
    assert late.holds() == expected(vendor, company)


@pytest.mark.parametrize(("first", "second"), [(slice(4), slice(1, None)), (slice(1, None), slice(4))])
def test_overlapping_parts_of_a_log_are_the_whole_log(
    company: Callable[[], Company], first: slice, second: slice
) -> None:
    both = (OLD["servicenow_log"][1] + NEW["servicenow_log"][1]).splitlines(keepends=True)
    rows = list(dict.fromkeys(r for r in both if r.strip()))
    parts = [f"{LOG}\n{''.join(rows[cut])}" for cut in (first, second, slice(None))]
    assert company().load(*parts[:2]).holds() == company().load(parts[2]).holds()


@pytest.mark.parametrize("broken", ["", "no,table\n", FRESHDESK + '\n5,x,"cut off'])
def test_a_refused_load_between_two_good_ones_leaves_no_trace(company: Callable[[], Company], broken: str) -> None:
    mine = company().load(file(OLD["freshdesk"]))
    with pytest.raises(InsightsError):
        warehouse.load([mine.write("good.csv", file(NEW["freshdesk"])), mine.write("x.csv", broken)], mine.settings)
    assert mine.load(file(NEW["freshdesk"])).holds() == expected("freshdesk", company)


def test_a_new_column_ends_the_same_early_and_late(company: Callable[[], Company]) -> None:
    old, (header, rows) = file(OLD["freshdesk"]), NEW["freshdesk"]
    wider = header + ",Tags" + "".join(f"\n{row},vip" for row in rows.split("\n") if row) + "\n"
    early, late = company().load(wider, old), company().load(old, wider)
    assert early.holds() == late.holds() != expected("freshdesk", company)


def test_two_loads_at_once_end_as_one_after_the_other(company: Callable[[], Company]) -> None:
    mine = company()
    paths = [mine.write(f"{n}.csv", file(which["freshdesk"])) for n, which in enumerate((OLD, NEW))]

    def load(path: Path) -> None:
        warehouse.load([path], mine.settings)

    threads = [threading.Thread(target=load, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mine.holds() == expected("freshdesk", company)
