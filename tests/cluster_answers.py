"""Every answer on another engine beside DuckDB's, cell by cell: `python tests/cluster_answers.py WAREHOUSE [SHARE]`.

The version is published to ClickHouse in this process; SHARE asks that share of the questions, drawn by a fixed seed.
A last word `sharded` lets tickets, orders and surveys lie on two shards; `TZ=Europe/Istanbul` gives the server a zone.
With `spark` as last word a Spark of this machine is asked instead (after `make test-cluster`, which installs it).
"""

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spark_cluster import Spark

from insights import schema, studies, warehouse
from insights.asking import Desk
from insights.dimensions import DIMENSIONS
from insights.errors import InsightsError
from insights.filters import EVERYTHING, Filters
from insights.metrics import METRICS
from insights.settings import Settings
from insights.warehouse.cluster.clickhouse.placing import BY_CUSTOMER, rows_of, spread
from insights.warehouse.cluster.clickhouse.server import Server
from insights.warehouse.cluster.clickhouse.versions import Versions

GRAINS = (None, "day", "week", "month", "quarter", "year")
CLUSTERS = {"one": (9000,), "two": (9000, 9000), "lame": (9000, 1)}
"""Clusters of this process alone by the ports of their shards; on the last one nobody listens."""
SPREAD = [schema.metadata.tables[name] for name in sorted(BY_CUSTOMER)]


def home(engine: Path, name: str = "company", cluster: str = "") -> str:
    """Return the address of a database of ClickHouse in this process, which keeps its tables in `engine`."""
    shard = "<shard><replica><host>127.0.0.1</host><port>{}</port></replica></shard>"
    known = (f"<{of}>{''.join(map(shard.format, ports))}</{of}>" for of, ports in CLUSTERS.items())
    said = f"<tcp_port>9000</tcp_port><remote_servers>{''.join(known)}</remote_servers>"
    (engine / "config.xml").write_text(f"<clickhouse>{said}</clickhouse>")
    kept = quote(f"{engine / 'kept'}?config-file={engine / 'config.xml'}", safe="")
    return f"clickhousedb:///{name}?interface=chdb&path={kept}" + (f"&cluster={cluster}" if cluster else "")


def both(directory: Path, address: str) -> tuple[Desk, Desk]:
    """Publish a directory's version to ClickHouse in this process; return a desk here, one there."""
    settings = Settings(warehouse=directory, database=address)
    warehouse.publish(settings)
    here = Desk(warehouse.open_current(directory), Filters(), EVERYTHING, settings=settings)
    return here, replace(here, warehouse=warehouse.opened(settings))


def halve(address: str) -> None:
    """Let the current version there, which lies on a cluster of one shard, be read from two of this process.

    What each of them has of a table is a view of the rows that would lie there.
    """
    server = Server(address)
    name = Versions(server).current()
    for table in SPREAD:
        rows, by = f"{name}.{rows_of(table)}", f"cityHash64(coalesce(customer_id, {table.info['key'][-1]}, ''))"
        server.run(f"RENAME TABLE {rows} TO {rows}_of_both")
        server.run(f"CREATE VIEW {rows} AS SELECT * FROM {rows}_of_both WHERE {by} % 2 = shardNum() - 1")
    reach(server, name, "two")


def reach(server: Server, name: str, cluster: str) -> None:
    """Let a version's tables be read from the shards of another cluster."""
    for table in SPREAD:
        server.run(f"DROP TABLE {name}.{table.name} SYNC")
        server.run(spread(table, name, cluster))


def same(one: Any, other: Any) -> bool:
    """Tell whether two cells are the same: of the same kind, floating ones to the twelfth digit."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) <= 1e-11 * max(abs(one), abs(other), 1e-3)
    return type(one) is type(other) and bool(one == other)


@dataclass(frozen=True)
class Asked:
    """One question, in words, and how a desk answers it."""

    words: str
    ask: Callable[[Desk], Any]

    def differs(self, here: Desk, there: Desk) -> str | None:
        """Return how the two answers differ, None where they do not."""
        one, other = _answered(self.ask, here), _answered(self.ask, there)
        if same(one, other):
            return None
        pairs = zip(one, other, strict=False) if isinstance(one, list) and isinstance(other, list) else [(one, other)]
        first = next(((a, b) for a, b in pairs if not same(a, b)), (str(len(one)), str(len(other))))
        return f"{self.words}: {first[0]} | {first[1]}"


def _answered(ask: Callable[[Desk], Any], desk: Desk) -> Any:
    try:
        return ask(desk)
    except InsightsError as error:
        return [error.key, str(error)]


def questions(here: Desk, draw: random.Random) -> Iterator[Asked]:
    """Yield every metric by every dimension and grain, compared, in the past, filtered, with its rows; every study."""
    for key in METRICS:
        for by in (None, *DIMENSIONS, "hour", "weekday"):
            for grain in GRAINS:
                yield _number(here, draw, key, by, grain)
        for excluded in (False, True):
            yield Asked(f"rows {key} {excluded}", lambda d, k=key, e=excluded: d.rows(k, excluded=e, limit=200))
        yield Asked(f"left out {key}", lambda d, k=key: d.left_out(k))
    for study in studies.STUDIES:
        filters = Filters()
        for filters in (Filters(), _filters(here, draw)):
            yield Asked(f"study {study} {filters}", lambda d, s=study, f=filters: tables_of(d.with_filters(f), s))


def _number(here: Desk, draw: random.Random, key: str, by: str | None, grain: str | None) -> Asked:
    filters = draw.choice((Filters(), _filters(here, draw)))
    compare = draw.choice((None, "previous", "year")) if filters.since else None

    def ask(desk: Desk) -> Any:
        found = desk.with_filters(filters).numbers([key], [by] if by else [], grain, compare)
        return [number.record() for number in found]

    return Asked(f"{key} by {by} {grain} {compare} {filters}", ask)


def _filters(here: Desk, draw: random.Random) -> Filters:
    last = here.warehouse.as_of.date()
    since = last - dt.timedelta(days=draw.randint(40, 400))
    until = min(last, since + dt.timedelta(days=draw.choice((1, 30, 90, 365))))
    past = dt.datetime.combine(until + dt.timedelta(days=draw.randint(0, 30)), dt.time(9, 30))
    chosen = {"channel": draw.sample(["phone", "email", "chat", "web"], 2), "kind": ["complaint"], "team": ["first"]}
    filters = Filters(since, until, past if draw.random() < 0.4 and past < here.warehouse.as_of else None)
    filters = replace(filters, clock=draw.choice(("calendar", "business")))
    for name in draw.sample(sorted(chosen), draw.randint(0, 2)):
        filters = filters.choose(name, *chosen[name])
    return filters


def tables_of(desk: Desk, study: str) -> Any:
    """Return what a study finds, as rows."""
    found = desk.study(study)
    return [dict(found.facts), *(dict(row, table=name) for name, rows in found.tables.items() for row in rows)]


def main(directory: Path, share: float, address: str, *, sharded: bool) -> int:
    """Compare and print what differs, and how long sending took."""
    began = time.perf_counter()
    here, there = both(directory, address)
    print(f"published in {time.perf_counter() - began:.1f} s", flush=True)
    if sharded:
        halve(address)
    draw, wrong, asked = random.Random(7), 0, 0
    for question in questions(here, draw):
        if draw.random() >= share:
            continue
        asked += 1
        if said := question.differs(here, there):
            wrong += 1
            print(said[:1500], flush=True)
    print(f"{asked} asked, {wrong} differ")
    return min(wrong, 1)


@contextmanager
def served(kind: str) -> Iterator[str]:
    """Run an engine and yield the address of a database of it."""
    with tempfile.TemporaryDirectory() as room:
        if kind != "spark":
            yield home(Path(room), cluster="one" if kind == "sharded" else "")
            return
        spark = Spark(Path(room))
        try:
            spark.start()
            yield spark.address("company")
        finally:
            spark.stop()


if __name__ == "__main__":
    said = [word for word in sys.argv[2:] if word not in ("sharded", "spark")]
    kind = sys.argv[-1]
    with served(kind) as address:
        sys.exit(main(Path(sys.argv[1]), float(said[0]) if said else 1.0, address, sharded=kind == "sharded"))
