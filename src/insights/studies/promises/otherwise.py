"""What other promises or hours would have meant for the tickets a reader chose: the same history, replayed."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights import sql, timing
from insights.filters import conditions
from insights.metrics.core import flag, why_excluded
from insights.schema import tickets
from insights.sql import Column
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Options, Row, Shape, Study
from insights.studies.core import Column as Shown
from insights.studies.options import Option
from insights.studies.promises.clocks import BROKEN, Fetch, fetch_from, like_clocks
from insights.timing import Replay

KEY = ("source", "ticket_id", "metric", "cycle")
PARTS = ("then", "now")
LISTED = 10_000
"""Flips kept of each direction, for tables and downloads."""


def what_if(asker: Asker, options: Options) -> Answer:
    """Replay the promises and calendars of the settings over the counted tickets created in the period.

    The history runs up to the newest moment. `kept` and `broken` count clocks that flip; `load` is the clocks due per
    local weekday and hour, then and now; `differing` counts clocks that differ in any field from the stored ones.
    """
    settings = timing.read_policies(options["policy"], asker.settings) if options["policy"] else asker.settings
    done = timing.replay(
        asker.warehouse.file, settings, asker.warehouse.as_of, only=asker.file_statement(_chosen(asker))
    )
    try:
        fetch = fetch_from(asker, done.con)
        compliance = [_bounded(row) for row in done.compliance()]
        return Answer(_tables(asker, fetch, compliance, done), _facts(fetch, compliance, done))
    finally:
        done.con.close()


def _chosen(asker: Asker) -> sa.Select[Any]:
    t = tickets
    chosen = conditions(t, t.c.created_day, asker.filters)
    return sa.select(t.c.source, t.c.ticket_id).where(why_excluded(t).is_(None), *chosen)


def _tables(asker: Asker, fetch: Fetch, compliance: Sequence[Row], done: Replay) -> dict[str, Sequence[Row]]:
    stored, now = _both_clocks()
    load = _together(*(fetch(_load(of, asker)) for of in (stored, now)))
    return {"what_if": compliance, "flips": fetch(_flips(stored, now)), "load": load, "all_flips": done.flips()}


def _facts(fetch: Fetch, compliance: Sequence[Row], done: Replay) -> dict[str, Any]:
    stored, now = _both_clocks()
    flipped = {row["now"]: int(row["n"]) for row in fetch(_flipped(stored, now))}
    counts = {"tickets": _count(fetch, sa.table("chosen")), "clocks": _count(fetch, now)}
    turned = {word: flipped.get(word, 0) for word in ("kept", "broken")}
    return counts | {"differing": done.differences()} | turned | _overall(compliance)


def _both_clocks() -> tuple[sa.Table, sa.Table]:
    return like_clocks("stored"), like_clocks("sla_clocks")


def _count(fetch: Fetch, of: sa.FromClause) -> int:
    return int(fetch(sa.select(sa.func.count().label("n")).select_from(of))[0]["n"])


def _bounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a promise's shares kept with their 95 % intervals."""
    return dict(row) | {
        k: v for part in PARTS for k, v in _interval(part, row[f"value_{part}"], row[f"n_{part}"]).items()
    }


def _interval(part: str, share: float | None, n: int) -> dict[str, float | None]:
    low, high = (None if share is None else wilson(round(share * n), n)) or (None, None)
    return {f"low_{part}": low, f"high_{part}": high}


def _overall(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the share kept over all promises, then and now, with its interval."""
    found: dict[str, Any] = {}
    for part in PARTS:
        n = sum(r[f"n_{part}"] for r in rows)
        share = sum((r[f"value_{part}"] or 0) * r[f"n_{part}"] for r in rows) / n if n else None
        found |= {f"value_{part}": share, f"n_{part}": n, **_interval(part, share, n)}
    return found


def _changed(stored: sa.Table, now: sa.Table) -> tuple[sa.Join, list[Column], Column]:
    same = sa.and_(*(stored.c[k] == now.c[k] for k in KEY))
    was, is_ = stored.c.state.in_(BROKEN), now.c.state.in_(BROKEN)
    where = [was != is_, stored.c.state != "cancelled", now.c.state != "cancelled"]
    return stored.join(now, same), where, sa.case((is_, "broken"), else_="kept").label("now")


def _flipped(stored: sa.Table, now: sa.Table) -> sa.Select[Any]:
    joined, where, word = _changed(stored, now)
    found = sa.select(word).select_from(joined).where(*where).subquery("flipped")
    return sa.select(found.c.now, sa.func.count().label("n")).group_by(found.c.now)


def _flips(stored: sa.Table, now: sa.Table) -> sa.Select[Any]:
    """Return the newest clocks of each direction with what their reader knows them by."""
    joined, where, word = _changed(stored, now)
    t = sa.Table("tickets", sa.MetaData(), *(sa.Column(c.name, c.type) for c in tickets.c), schema="w")
    joined = joined.join(t, sa.and_(t.c.source == now.c.source, t.c.ticket_id == now.c.ticket_id))
    order = [now.c.started_at.desc(), *(now.c[k] for k in KEY)]
    place = sa.func.row_number().over(partition_by=word.element, order_by=order).label("place")
    known_by = (t.c[name] for name in ("customer_id", "segment", "priority", "team", "agent_id", "category"))
    columns = (word, *_then_and_now(stored, now), *known_by, place)
    found = sa.select(*columns).select_from(joined).where(*where).subquery("flips")
    kept = [c for c in found.c if c.name != "place"]
    return sa.select(*kept).where(found.c.place <= LISTED).order_by(found.c.now, found.c.place)


def _then_and_now(stored: sa.Table, now: sa.Table) -> list[Column]:
    columns = ("policy", ""), ("target", "_s"), ("elapsed", "_s"), ("state", "")
    return [
        now.c.source,
        now.c.ticket_id,
        now.c.metric.label("promise"),
        now.c.cycle,
        now.c.started_at,
        *(
            of.c[f"{name}{unit}"].label(f"{name}_{part}{unit}")
            for name, unit in columns
            for part, of in zip(PARTS, (stored, now), strict=True)
        ),
    ]


def _load(of: sa.Table, asker: Asker) -> sa.Select[Any]:
    moment = sql.local_time(of.c.due_at, asker.settings.company.time_zone, asker.warehouse.as_of)
    due = sa.select(sql.weekday(moment).label("weekday"), sql.hour(moment).label("hour")).where(
        of.c.state != "cancelled", of.c.due_at.is_not(None)
    )
    d = due.subquery("due").c
    return sa.select(d.weekday, d.hour, sa.func.sum(flag(sa.true())).label("n")).group_by(d.weekday, d.hour)


def _together(then: Sequence[Row], now: Sequence[Row]) -> list[Row]:
    """Return the clocks due per weekday and hour under both sets of promises."""
    counts = [{(int(r["weekday"]), int(r["hour"])): int(r["n"]) for r in rows} for rows in (then, now)]
    cells = [(d, h) for d in range(1, 8) for h in range(24)]
    return [
        {"weekday": d, "hour": h, "n_then": counts[0].get((d, h), 0), "n_now": counts[1].get((d, h), 0)}
        for d, h in cells
    ]


_SHARES = tuple(
    shown
    for part in PARTS
    for shown in (Shown(f"n_{part}", "count"), *(Shown(f"{name}_{part}", "share") for name in ("value", "low", "high")))
)
STUDIES = (
    Study(
        "what_if",
        ("tickets",),
        answer=what_if,
        options=(Option("policy", "path", None),),
        heeds=("period", "values"),
        behind=lambda asker, options: asker.rows("created"),
        shapes=(
            Shape("what_if", (Shown("metric", "word", "sla_metric"), Shown("policy", "text"), *_SHARES)),
            Shape(
                "flips",
                (
                    Shown("now", "word", "flip"),
                    Shown("source", "text"),
                    Shown("ticket_id", "text"),
                    Shown("promise", "word", "sla_metric"),
                    Shown("cycle", "number"),
                    Shown("started_at", "moment"),
                    *(Shown(f"policy_{part}", "text") for part in PARTS),
                    *(Shown(f"{name}_{part}_s", "seconds") for name in ("target", "elapsed") for part in PARTS),
                    *(Shown(f"state_{part}", "word", "sla_state") for part in PARTS),
                    Shown("customer_id", "text"),
                    *(Shown(name, "member", name) for name in ("segment", "priority", "team")),
                    Shown("agent_id", "member", "agent"),
                    Shown("category", "member", "category"),
                ),
            ),
            Shape(
                "load",
                (
                    Shown("weekday", "word", "weekday"),
                    Shown("hour", "number"),
                    Shown("n_then", "count"),
                    Shown("n_now", "count"),
                ),
            ),
            Shape(
                "all_flips",
                (
                    *(Shown(name, "text") for name in ("source", "ticket_id")),
                    Shown("metric", "word", "sla_metric"),
                    Shown("cycle", "number"),
                    *(Shown(f"policy_{part}", "text") for part in PARTS),
                    *(Shown(f"state_{part}", "word", "sla_state") for part in PARTS),
                    Shown("now", "word", "flip"),
                ),
            ),
        ),
    ),
)
