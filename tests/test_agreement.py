"""Tile, command line, drilled rows and files agree for every metric under random filters, and no row of a base is lost.

The filters are applied a second, stupid way: every row of the base is read, and chosen in Python.
"""

import csv
import datetime as dt
import io
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from small_company import AS_OF, DAYS, START, TEAMS
from test_cards import every as every_card
from typer.testing import CliRunner

from insights import cli
from insights.asking import Desk
from insights.dimensions import DIMENSIONS, KNOWN
from insights.filters import EVERYTHING, UNKNOWN, Filters, Scope, dimension_column
from insights.metrics import METRICS, Metric, Number
from insights.ui.cards import downloads, listing, tables, tiles
from insights.ui.cards.export import csv_bytes
from insights.ui.run import data
from insights.ui.views.service import queue
from insights.warehouse.reader import Warehouse

cli.gather()
LOOKS = 12
SOME = Scope((("team", TEAMS[:2]),))
CHOSEN_BY = (*(name for name in DIMENSIONS if name not in ("product", "currency")), "policy")
SAID = {"metric", "n", "value", "low", "high", "previous", "change", "complete"}
Row = Any


def days(draw: random.Random) -> tuple[dt.date | None, dt.date | None]:
    """Return a period: closed, open on either side, or none."""
    first, last = sorted(START.date() + dt.timedelta(draw.randrange(DAYS + 5)) for _ in range(2))
    return draw.choice(((first, last), (first, last), (first, None), (None, last), (None, None)))


def looked(seed: int, held: Warehouse) -> Desk:
    """Return a desk of random filters, moment, clock and reader."""
    draw = random.Random(seed)
    past = START + dt.timedelta(seconds=draw.randrange((AS_OF - START) // dt.timedelta(seconds=1)))
    since, until = days(draw)
    chosen = Filters(since, until, past if seed % 3 == 2 else None, draw.choice(("calendar", "business")))  # type: ignore[arg-type]
    scope = SOME if seed % 4 == 3 else EVERYTHING
    for name in draw.sample(CHOSEN_BY, draw.randrange(3)):
        chosen = chosen.choose(name, *draw.sample(members := values(held, name), draw.randint(1, len(members))))
    return Desk(held, chosen, scope, draw.choice(("tr", "en")))


def values(held: Warehouse, name: str) -> list[str]:
    """Return the values of a dimension that occur, and the word for none."""
    found = Desk(held, Filters(), EVERYTHING).values(["sla_compliance" if name == "policy" else "created"], [name])
    return [UNKNOWN if n.member(name) is None else str(n.member(name)) for n in found]


@pytest.fixture(scope="module")
def command(small_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the command line, in this process: what it prints for words of a desk."""
    told = tmp_path_factory.mktemp("roles") / "insights.toml"
    told.write_text(f"[roles.some.rows]\nteam = {json.dumps(SOME.values[0][1])}\n", "utf-8")
    whole = ["--warehouse", str(small_directory), "--config", str(told)]

    def run(desk: Desk, *words: str) -> Any:
        role = ["--role", "some"] if desk.scope.values else []
        found = CliRunner().invoke(cli.app, [*whole, *role, *words, *asked(desk.filters), "--format", "json"])
        assert not found.exception or found.exit_code == 1, found.exception
        return json.loads(found.stdout)

    return run


def asked(chosen: Filters) -> Iterator[str]:
    """Yield filters as they are typed."""
    named = {"--since": chosen.since, "--until": chosen.until, "--as-of": chosen.as_of, "--clock": chosen.clock}
    yield from (word for name, value in named.items() if value for word in (name, str(value)))
    yield from (word for name, values in chosen.values for word in ("--where", f"{name}={','.join(values)}"))


def reckoned(metric: Metric, added: Sequence[float]) -> float | None:
    """Return the number of rows from what each adds to it."""
    match metric.measure:
        case "count":
            return len(added)
        case _ if not added:
            return None
        case "sum":
            return sum(added)
        case "max":
            return max(added)
        case "ratio":
            return sum(added) / rest if (rest := len(added) - sum(added)) else None
        case "quantile":
            return float(np.quantile(added, metric.q or 0.5))
        case _:
            return sum(added) / len(added)


@cache
def base_rows(desk: Desk, base: str) -> list[Row]:
    """Return every row of a base, with the day that puts it in a period and whether it concerns each metric of it."""
    context, alike = desk.context(), [m for m in METRICS.values() if m.base.name == base]
    of = alike[0].base.rows(context)
    at = [m.at(of).label(f"at {m.key}") for m in alike]
    about = [m.concerns(of, context).label(f"about {m.key}") for m in alike if m.concerns]
    return desk.fetch(sa.select(*of.c, *at, *about))


def every_row(desk: Desk, metric: Metric) -> list[Row]:
    """Return every row a metric is about that the filters let through, chosen here one by one."""
    of = metric.base.rows(desk.context())
    held = {name: column.name for name in KNOWN if (column := dimension_column(of, name)) is not None}
    found = [row for row in base_rows(desk, metric.base.name) if row.get(f"about {metric.key}", True)]
    return [row for row in found if lets_through(desk.filters, row, row[f"at {metric.key}"], held)]


def lets_through(chosen: Filters, row: Row, at: dt.date | None, held: dict[str, str]) -> bool:
    since, until = chosen.since or dt.date.min, chosen.until or dt.date.max
    timely = since <= at <= until if at else not (chosen.since or chosen.until)
    told = ((row[held[name]], values) for name, values in chosen.values if name in held)
    return timely and all((UNKNOWN if value is None else value) in values for value, values in told)


def ids(metric: Metric, rows: Iterable[Row]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row[name] for name in metric.base.ids) for row in rows)


def close(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and float(one) == pytest.approx(float(other)))


@pytest.mark.parametrize("seed", range(LOOKS))
def test_tile_command_line_rows_and_left_out_agree(small: Warehouse, command: Any, seed: int) -> None:
    desk, keys = looked(seed, small), [*METRICS][seed % 3 :: 3]
    shown = tiles.tile(desk, *(key for key in keys if not METRICS[key].always_by))
    for view in {tile.desk for tile in shown.values()}:
        mine = {key: tile.number for key, tile in shown.items() if tile.desk == view}
        printed = {row["metric"]: row for row in command(view, "query", *mine)}
        for key, number in mine.items():
            assert printed[key]["n"] == number.n, (view.filters, key)
            assert close(printed[key]["value"], number.value), (view.filters, key)
            is_its_rows(view, METRICS[key], number)


def is_its_rows(desk: Desk, metric: Metric, number: Number) -> None:
    """Hold a number to the rows behind it, and these with those left out to all rows of the base."""
    rows, left = desk.rows(metric.key), desk.rows(metric.key, excluded=True)
    said = (desk.filters, metric.key)
    assert len(rows) == number.n == listing.part(desk, metric.key, ()).n, said
    assert ids(metric, rows) + ids(metric, left) == ids(metric, every_row(desk, metric)), said
    assert set(ids(metric, every_row(desk, metric)).values()) <= {1}, said
    assert number.value is None or close(number.value, reckoned(metric, [float(row["value"]) for row in rows])), said


@pytest.mark.parametrize("seed", range(LOOKS))
def test_files_hold_the_rows_of_the_drawer(small: Warehouse, seed: int) -> None:
    desk, keys = looked(seed, small), [*METRICS][seed % LOOKS :: LOOKS]
    for key in keys:
        for only in ("all", "against") if listing.against(key) is not None else ("all",):
            n = counted(listing.part(desk, key, ()), only)
            select = listing.asked(desk, key, only)  # type: ignore[arg-type]
            of = downloads.behind(desk, key, select, n)
            as_csv = list(csv.reader(io.StringIO(csv_bytes(of.rows()).decode("utf-8-sig"))))
            book = CalamineWorkbook.from_filelike(io.BytesIO(downloads.book(desk, of)))
            sheet = book.get_sheet_by_name(book.sheet_names[0]).to_python()
            assert (max(0, len(as_csv) - 1), max(0, len(sheet) - 1)) == (n, n), (desk.filters, key, only)
            is_in_files(METRICS[key], desk, desk.fetch(select), (as_csv, sheet))


def counted(number: Number, only: str) -> int:
    """Return how many rows the drawer says it lists: all, or those that pull a share the wrong way."""
    if only == "all":
        return number.n
    return number.n - (number.hits or 0) if METRICS[number.metric].better == "up" else number.hits or 0


def is_in_files(metric: Metric, desk: Desk, rows: Sequence[Row], files: Iterable[Sequence[Sequence[Any]]]) -> None:
    for name in metric.base.ids if rows else ():
        for head, *body in files:
            place = head.index(tables.heading(desk, name))
            written = [str(line[place]).removesuffix(".0") for line in body]
            assert written == [str(row[name]) for row in rows], metric.key


@pytest.mark.parametrize("seed", range(3))
def test_what_a_card_draws_of_a_group_is_the_number_of_the_page_filtered_to_it(small: Warehouse, seed: int) -> None:
    desk, held = looked(seed, small), 0
    for card in every_card(desk):
        for row in card.body().rows:
            named = {name: value for name, value in row.items() if name in KNOWN}
            if not {"metric", "n", "value"} <= set(row) or set(row) - SAID - set(named) or row.get("period"):
                continue
            view = desk
            for name, value in named.items():
                view = view.narrow(name, UNKNOWN if value is None else str(value))
            number = view.one(str(row["metric"]))
            assert (row["n"], close(row["value"], number.value)) == (number.n, True), (card.key, row)
            held += bool(named)
    assert held > 5


@pytest.mark.parametrize("seed", [0, 1, 3, 4])
def test_the_counts_above_the_queue_are_the_numbers_they_lead_to(small: Warehouse, seed: int) -> None:
    desk = looked(seed, small)
    held = queue.found(desk)
    for name, key in queue.COUNTS.items():
        if key:
            assert held.count(name) == (data.one(queue.now(desk), key).value or 0), (desk.filters, name)
