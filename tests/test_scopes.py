"""Whatever is asked under a scope is what a warehouse would say that never held other rows, to the last digit."""

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from cluster_answers import same

from insights import schema
from insights.asking import Desk
from insights.asking.rewrites import rewritten
from insights.asking.rewrites.beside import always_beside
from insights.dimensions import DIMENSIONS
from insights.errors import InsightsError
from insights.filters import EVERYTHING, Filters, Scope
from insights.metrics import METRICS
from insights.studies import STUDIES
from insights.warehouse import open_current
from insights.warehouse.engine import literal
from insights.warehouse.reader import Warehouse, close

OF_TICKETS = ("ticket_events", "status_spans", "ticket_holders", "reply_cycles", "sla_clocks", "ticket_as_loaded")
OF_CUSTOMERS = ("customers", "customer_aliases", "campaign_members")
FREE = ("agents", "campaigns", "calendar_days", "calendar_segments", "facts", "loads", "verdicts")


def cut(con: duckdb.DuckDBPyConnection, dimension: str, values: tuple[str, ...]) -> None:
    """Delete by hand what a reader of some values of a ticket's dimension may not see."""
    listed = ", ".join(f"'{value}'" for value in values)
    tables = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for name in sorted(tables - {*FREE, *OF_TICKETS, *OF_CUSTOMERS}):
        columns = {column for (column, *_) in con.execute(f"DESCRIBE {name}").fetchall()}
        keep = f"coalesce({dimension} IN ({listed}), false)" if dimension in columns else "false"
        con.execute(f"DELETE FROM {name} WHERE NOT {keep}")
    for name in OF_TICKETS:
        con.execute(f"DELETE FROM {name} WHERE (source, ticket_id) NOT IN (SELECT (source, ticket_id) FROM tickets)")
    seen = "tickets WHERE customer_id IS NOT NULL"
    for name in OF_CUSTOMERS:
        con.execute(f"DELETE FROM {name} WHERE (source, customer_id) NOT IN (SELECT (source, customer_id) FROM {seen})")


@pytest.fixture(scope="module")
def teams(small: Warehouse) -> tuple[str, ...]:
    """Return the teams of the reader: all but one, so that something is cut and something left."""
    rows = small.fetch(sa.select(schema.tickets.c.team).distinct().order_by(schema.tickets.c.team))
    return tuple(row["team"] for row in rows if row["team"])[:2]


@pytest.fixture(scope="module")
def both(
    small_directory: Path, teams: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Warehouse, Warehouse]]:
    """Return the small warehouse, and its copy without the rows of other teams."""
    found = []
    for name in ("whole", "cut"):
        directory = tmp_path_factory.mktemp(name)
        path = directory / "warehouse-1.duckdb"
        shutil.copy(open_current(small_directory).path, path)
        path.chmod(0o600)
        with duckdb.connect(str(path)) as con:
            if name == "cut":
                cut(con, "team", teams)
        (directory / "CURRENT").write_text(f"{path.name}\n", "ascii")
        found.append(open_current(directory))
    yield found[0], found[1]
    for held in found:
        close(held.path.parent)


def said(desk: Desk, ask: Callable[[Desk], Any]) -> object:
    """Return an answer, or why there is none."""
    try:
        return ask(desk)
    except InsightsError as refused:
        return repr(refused)


def first(desk: Desk, study: str) -> object:
    """Return the first table of a study."""
    return next(iter(desk.study(study).tables.values()))


def differing(desks: tuple[Desk, Desk], ask: Callable[[Desk], Any]) -> bool:
    """Tell whether two desks say another thing."""
    mine, true = (said(desk, ask) for desk in desks)
    return mine != true


def test_a_scope_answers_as_if_there_were_no_other_rows(
    both: tuple[Warehouse, Warehouse], teams: tuple[str, ...]
) -> None:
    dice, (whole, left) = random.Random(14), both
    for _ in range(50):
        since = dt.date(2025, 1, 1) + dt.timedelta(days=dice.randrange(300))
        filters = Filters(since, since + dt.timedelta(days=dice.randrange(20, 200)))
        if dice.random() < 0.5:
            filters = filters.choose(dice.choice(("channel", "priority", "team")), dice.choice((*teams, "high")))
        key, by = dice.choice(sorted(METRICS)), dice.sample(sorted(DIMENSIONS), dice.choice([0, 0, 1]))
        asked = (by, dice.choice([None, None, "week", "month"]), dice.choice([None, "previous"]))
        desks = Desk(whole, filters, Scope((("team", teams),))), Desk(left, filters, EVERYTHING)
        assert not differing(desks, lambda d, k=key, a=asked: d.numbers([k], *a)), (key, asked, filters)
        assert not differing(desks, lambda d, k=key: sorted(map(repr, (*d.rows(k), *d.left_out(k))))), (key, filters)


def test_every_metric_and_study_answers_as_if_there_were_no_other_rows(
    both: tuple[Warehouse, Warehouse], teams: tuple[str, ...]
) -> None:
    whole, left = both
    desks = Desk(whole, Filters(), Scope((("team", teams),))), Desk(left, Filters(), EVERYTHING)
    assert [key for key in METRICS if differing(desks, lambda d, k=key: d.numbers([k]))] == []
    past = Filters(as_of=whole.as_of - dt.timedelta(days=40))
    then = desks[0].with_filters(past), desks[1].with_filters(past)
    assert [key for key in METRICS if differing(then, lambda d, k=key: d.numbers([k]))] == []
    answered = [key for key in STUDIES if said(desks[1], lambda d, k=key: first(d, k))]
    assert len(answered) > 15  # the others lack orders, which have no team: there, what is not held is not asked for
    tables = {key: [said(desk, lambda d, k=key: first(d, k)) for desk in desks] for key in answered}
    assert [key for key, (mine, true) in tables.items() if not same(mine, true)] == []  # sums of fractions: any order


def test_parts_are_looked_for_among_visible_tickets_unless_they_stand_beside_them_everywhere() -> None:
    t, clocks, spans = schema.tickets, schema.sla_clocks, schema.status_spans
    same = sa.and_(clocks.c.source == t.c.source, clocks.c.ticket_id == t.c.ticket_id)
    beside = sa.select(clocks.c.state, t.c.team).select_from(clocks.join(t, same))
    sure = [
        beside,
        sa.select(t.c.team).select_from(t.outerjoin(clocks, same)),
        sa.select(sa.func.count()).select_from(beside.subquery("x")),
        sa.select(t.c.team).where(t.c.ticket_id.in_(sa.select(clocks.c.ticket_id).select_from(clocks.join(t, same)))),
    ]
    another = clocks.alias("another")
    unsure = [
        sa.select(clocks.c.state),
        sa.select(clocks.c.state).select_from(clocks.outerjoin(t, same)),
        sa.select(clocks.c.state).select_from(clocks.join(t, same, full=True)),
        sa.select(clocks.c.state).select_from(clocks.join(t, clocks.c.ticket_id == t.c.ticket_id)),
        sa.select(clocks.c.state).select_from(clocks.join(t, sa.or_(*same.clauses))),
        sa.select(clocks.c.state).select_from(clocks.join(t, sa.not_(same))),
        sa.select(clocks.c.state).where(same),
        sa.select(clocks.c.state).join(t, same),
        sa.select(clocks.c.state).select_from(clocks.join(t.alias("u"), clocks.c.source == t.c.source)),
        sa.select(another.c.state).select_from(another.join(t, another.c.ticket_id == t.c.ticket_id)),
        sa.union_all(beside, sa.select(clocks.c.state, clocks.c.team)),
        sa.select(t.c.team).where(sa.exists(sa.select(clocks.c.state).where(clocks.c.team == t.c.team))),
        sa.select(beside.subquery("x").c.state, sa.select(clocks.c.state).limit(1).scalar_subquery()),
        sa.select(clocks.c.state).select_from(clocks.join(spans, clocks.c.source == spans.c.source)),
    ]
    assert [always_beside(one, t) for one in sure] == [{"sla_clocks"}] * len(sure)
    assert [always_beside(one, t) & {"sla_clocks"} for one in unsure] == [set()] * len(unsure)
    scope = Scope((("team", ("x",)),))
    among = "IN (SELECT tickets.source, tickets.ticket_id"
    assert [among in literal(rewritten(one, scope)) for one in (*sure, *unsure)] == [False] * 4 + [True] * len(unsure)


def test_one_shape_is_seen_through_each_scope_apart() -> None:
    t = schema.tickets
    texts = set()
    for scope in (Scope((("team", ("x",)),)), Scope((("team", ("y",)),)), Scope(masked=frozenset({"text"}))):
        for channel in ("email", "phone"):
            texts.add(literal(rewritten(sa.select(t.c.subject).where(t.c.channel == channel), scope)))
    assert len(texts) == 6
