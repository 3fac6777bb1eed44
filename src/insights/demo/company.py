"""Writes the sample company: block after block into growing files, so that memory does not grow with its size."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insights.demo import canonical, document, dynamics, files, freshdesk, people, truth, world, zendesk
from insights.demo.block import BLOCK, Counters, make
from insights.errors import InsightsError, NotWritable

TRUTH = "truth.json"
_TABLES = ("customers", "tickets", "surveys", "orders", "order_lines", "interactions", "campaign_members")
EXPORTS = (
    "zendesk_tickets.csv.gz",
    "freshdesk_kayitlar.zip",
    "dynamics_firsatlar.xlsx",
    "ticket_events.ndjson.gz",
    "agents.csv.gz",
    "trainings.csv.gz",
    "campaigns.csv.gz",
    *(f"{t}.csv.gz" for t in _TABLES),
)
"""The files to load, without truth.json."""


@dataclass(frozen=True)
class Written:
    """What was written: rows by file name, and the truth."""

    directory: Path
    rows: dict[str, int]
    truth: dict[str, Any]


@dataclass
class _Outputs:
    zendesk: files.Csv
    freshdesk: files.Csv
    dynamics: files.Excel
    events: files.Ndjson
    tables: dict[str, files.Csv]

    def all(self) -> list[Any]:
        return [self.zendesk, self.freshdesk, self.dynamics, self.events, *self.tables.values()]


def write(
    directory: Path, customers: int = 8_000, seed: int = 2026, progress: Callable[[int, int], None] | None = None
) -> Written:
    """Write every export and truth.json into `directory`; `progress` hears customers done and all customers."""
    if customers < 1:
        raise InsightsError("demo_customers", found=customers)
    if seed < 0:
        raise InsightsError("demo_seed", found=seed)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return _write(directory, customers, seed, progress)
    except OSError as error:
        raise NotWritable(
            "demo_not_writable", directory=str(directory), problem=error.strerror or str(error)
        ) from error


def _write(directory: Path, customers: int, seed: int, progress: Callable[[int, int], None] | None) -> Written:
    staff = people.agents(customers, seed)
    tally, counters, out = truth.Tally(), Counters([0, 0, 0]), _open(directory)
    try:
        for number, first in enumerate(range(0, customers, BLOCK)):
            n = min(BLOCK, customers - first)
            _write_block(make(seed, number, first, n, staff, counters), out, staff, tally, counters)
            if progress:
                progress(first + n, customers)
    finally:
        for output in out.all():
            output.close()
    canonical.agents(directory / "agents.csv.gz", staff)
    trainings = canonical.trainings(directory / "trainings.csv.gz", staff)
    canonical.campaigns(directory / "campaigns.csv.gz")
    rows = {o.path.name: o.rows for o in out.all()}
    rows |= {"agents.csv.gz": len(staff.name), "trainings.csv.gz": trainings, "campaigns.csv.gz": len(world.CAMPAIGNS)}
    for table in ("agents", "trainings", "campaigns", "order_lines"):
        tally.count(f"{table}.rows", rows[f"{table}.csv.gz"])
    found = document.document(tally, staff, customers, seed) | {"files": dict(sorted(rows.items()))}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (directory / TRUTH).write_text(text, "utf-8")
    return Written(directory, dict(sorted(rows.items())), found)


def _open(directory: Path) -> _Outputs:
    return _Outputs(
        files.Csv(directory / "zendesk_tickets.csv.gz", zendesk.HEADER),
        files.Csv(
            directory / "freshdesk_kayitlar.zip",
            freshdesk.HEADER,
            delimiter=";",
            encoding="cp1254",
            newline="\r\n",
            member="freshdesk_kayitlar.csv",
        ),
        files.Excel(directory / "dynamics_firsatlar.xlsx", "Tüm Fırsatlar", dynamics.HEADER, hidden=3),
        files.Ndjson(directory / "ticket_events.ndjson.gz", canonical.EVENT_KEYS),
        {t: files.Csv(directory / f"{t}.csv.gz", canonical.HEADERS[t]) for t in _TABLES},
    )


def _write_block(block: Any, out: _Outputs, staff: people.Agents, tally: truth.Tally, counters: Counters) -> None:
    ids = block.crowd.ids()
    canonical.customers(out.tables["customers"], block, staff, ids)
    zendesk.write(out.zendesk, block, staff, ids)
    freshdesk.write(out.freshdesk, block, staff, ids)
    canonical.tickets(out.tables["tickets"], block, staff, ids)
    canonical.ticket_events(out.events, block, staff, ids)
    counters.surveys = canonical.surveys(out.tables["surveys"], block, staff, ids, counters.surveys)
    amounts = canonical.orders(out.tables["orders"], out.tables["order_lines"], block, ids)
    canonical.interactions(out.tables["interactions"], block, staff, ids)
    canonical.campaign_members(out.tables["campaign_members"], block, ids, amounts)
    dynamics.write(out.dynamics, block, staff, ids)
    truth.add(tally, block, staff, amounts)
