"""Our figures beside those a vendor reports: which tickets differ, and the reading that explains each."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters, conditions
from insights.settings import Settings
from insights.timing import history, macros, readings, slices, tickets, voices
from insights.timing.calendars import BY
from insights.timing.readings import by_rule, column
from insights.timing.rules import FIGURES, REASONS, RULES, Reading, Rule
from insights.timing.statements import run

TOLERANCE_S = 60
"""Vendors report whole minutes or hundredths of an hour: two figures so near are the same."""
CLOCKS = {"calendar": "_s", "business": "_business_s"}
_CALENDAR_BY = ("agent_id", "customer_id", *(name for name in BY if name not in ("source", "agent")))
PLAIN = (*_CALENDAR_BY, "status", "created_at", "closed_at", "updated_at", "excluded", "merged_into")
_REPORTED = [f"reported_{figure}{unit}" for figure in FIGURES for unit in CLOCKS.values()]
_COMPARED = "reported_s IS NOT NULL AND ours_s IS NOT NULL"
Row = dict[str, Any]


@dataclass(frozen=True)
class Reconciliation:
    """A finished comparison: an in-memory database with the table `compared`, one row per ticket, figure and clock."""

    con: duckdb.DuckDBPyConnection

    def summary(self) -> list[Row]:
        """Return per source, figure and clock the counts, both medians and the differing tickets by reason.

        `equal` and the sum of `reasons` are `compared`. `only_ours` and `only_theirs` know the figure on one side;
        `not_ours` are those we have from the report alone. Medians are over the compared tickets.
        """
        reasons = ", ".join(f"'{r}': count(*) FILTER ({_COMPARED} AND reason = '{r}')" for r in REASONS)
        rows = self._rows(f"""
        SELECT source, figure, clock, count(*) FILTER ({_COMPARED}) AS compared,
            count(*) FILTER ({_COMPARED} AND reason IS NULL) AS equal,
            count(*) FILTER ({_COMPARED} AND reason IS NOT NULL) AS differing,
            count(*) FILTER (reported_s IS NULL) AS only_ours,
            count(*) FILTER (ours_s IS NULL AND NOT not_ours) AS only_theirs,
            count(*) FILTER (not_ours) AS not_ours,
            median(ours_s) FILTER ({_COMPARED}) AS ours_p50_s, median(reported_s) FILTER ({_COMPARED}) AS theirs_p50_s,
            {{{reasons}}} AS reasons
        FROM compared GROUP BY source, figure, figure_no, clock ORDER BY source, figure_no, clock DESC""")
        return [row | {"reasons": {k: n for k, n in row["reasons"].items() if n}} for row in rows]

    def rows(
        self,
        *,
        source: str | None = None,
        figure: str | None = None,
        clock: str | None = None,
        limit: int | None = None,
    ) -> list[Row]:
        """Return the differing tickets, largest difference (ours less theirs) first within a figure.

        Those that know the figure on one side only come last: with the reading that would explain it, else
        `only_ours` or `only_theirs`.
        """
        return self._rows(
            """
        SELECT source, ticket_id, figure, clock, reported_s, ours_s, ours_s - reported_s AS difference_s, reason
        FROM compared WHERE reason IS NOT NULL AND source = coalesce($1, source) AND figure = coalesce($2, figure)
            AND clock = coalesce($3, clock)
        ORDER BY source, figure_no, clock DESC, abs(difference_s) DESC NULLS LAST, ticket_id LIMIT $4""",
            [source, figure, clock, limit],
        )

    def _rows(self, query: str, values: list[Any] | None = None) -> list[Row]:
        with self.con.cursor() as cursor:
            found = cursor.execute(query, values)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def comparable(filters: Filters) -> sa.Select[Any]:
    """Return the select of the tickets under filters (period: created) that count: not spam, test, merged, deleted."""
    t = schema.tickets
    counts = (t.c.excluded.is_(None), t.c.merged_into.is_(None), t.c.status.is_distinct_from("deleted"))
    return sa.select(t.c.source, t.c.ticket_id).where(*counts, *conditions(t, t.c.created_day, filters))


def reconcile(
    version: Path, settings: Settings, as_of: dt.datetime, *, rules: str | None = None, only: str | None = None
) -> Reconciliation:
    """Compare the figures of a warehouse version by `rules` (None: those of the settings) with the reported ones.

    The history is read again as a load reads it, in memory, the version read-only. `only` is the SQL of a select of
    (source, ticket_id); without it, all tickets. Raises UnknownName.
    """
    name = rules or settings.rules
    if name not in RULES:
        raise UnknownName("unknown_rules", name=name, known=", ".join(RULES))
    con = duckdb.connect(config={"memory_limit": settings.engine.memory_limit, "threads": settings.engine.threads})
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    _bring_in(con, version, settings, only)
    tickets.compute(con, settings, as_of)
    readings.read(con, as_of, FIGURES)
    con.execute(_compared(RULES[name], settings.company.time_zone))
    history.forget(con)
    for table in ("tickets", "ticket_events", "calendar_days", "agents", "customers"):
        con.execute(f"DROP TABLE {table}")
    con.execute("DETACH w")
    return Reconciliation(con)


def _bring_in(con: duckdb.DuckDBPyConnection, version: Path, settings: Settings, only: str | None) -> None:
    """Bring in the tickets as their sources exported them, of the sources that report figures, and their history."""
    con.execute(f"ATTACH '{str(version).replace(chr(39), chr(39) * 2)}' AS w (READ_ONLY)")
    con.execute("USE w")
    con.execute(f"CREATE TEMP TABLE chosen AS {only or 'SELECT source, ticket_id FROM tickets'}")
    con.execute("USE memory")
    own = ", ".join(f"CASE WHEN own.ticket_id IS NULL THEN held.{c} ELSE own.{c} END AS {c}" for c in tickets.OWN)
    con.execute(f"""
    CREATE TABLE tickets AS
    SELECT held.source, held.ticket_id, EXISTS (
        FROM w.tickets AS other WHERE other.source = held.source AND other.merged_into = held.ticket_id) AS took_over,
        {", ".join(f"held.{c}" for c in (*PLAIN, *_REPORTED))}, {own}
    FROM w.tickets AS held LEFT JOIN w.ticket_as_loaded AS own USING (source, ticket_id)""")
    con.execute("CREATE VIEW ticket_events AS FROM w.ticket_events")
    macros.make(con)
    con.execute("CREATE TEMP VIEW timing_exported AS FROM tickets")
    run(con, "sources")
    con.execute("DROP VIEW ticket_events")
    con.execute(f"""
    CREATE OR REPLACE TABLE tickets AS FROM tickets SEMI JOIN chosen USING (source, ticket_id)
    WHERE source IN (SELECT source FROM tickets WHERE coalesce({", ".join(_REPORTED)}) IS NOT NULL)""")
    con.execute("CREATE TABLE ticket_events AS FROM w.ticket_events SEMI JOIN tickets USING (source, ticket_id)")
    for table in ("calendar_days", "agents", "customers"):
        con.execute(f"CREATE TABLE {table} AS FROM w.{table}")
    voices.name_robots(con, settings)
    slices.take(con)
    history.tell(con, settings)


def _compared(rule: Rule, zone: str) -> str:
    """Return the statement for every figure known on either side, of the sources that report that figure at all."""
    parts = " UNION ALL ".join(
        f"""SELECT own.source, own.ticket_id, '{figure}' AS figure, {no} AS figure_no, '{clock}' AS clock,
            reading.{figure}_not_ours AS not_ours,
            not_negative(own.reported_{figure}{unit}) AS reported_s,
            CASE WHEN NOT not_ours THEN {by_rule(rule, figure, rule.unit(figure, unit))} END AS ours_s,
            CASE WHEN NOT not_ours THEN {_reason(rule, figure, unit, zone)} END AS reason
        FROM timing_read AS reading
        JOIN timing_derived AS derived USING (ticket_no)
        JOIN tickets AS own ON own.rowid = reading.ticket_no
        WHERE own.source IN (SELECT source FROM tickets WHERE reported_{figure}{unit} >= 0)"""
        for no, figure in enumerate(FIGURES)
        for clock, unit in CLOCKS.items()
    )
    return f"CREATE TABLE compared AS FROM ({parts}) WHERE reported_s IS NOT NULL OR ours_s IS NOT NULL"


def _reason(rule: Rule, figure: str, unit: str, zone: str) -> str:
    """Return why the two sides of a figure differ: the first other reading that lands on the reported one."""
    measured = rule.unit(figure, unit)
    other = "_business_s" if measured == "_s" else "_s"
    own = rule.reading(figure)
    found = [
        (*_difference(own, r), _near(f"reading.{column(figure, r)}{measured}")) for r in FIGURES[figure] if r != own
    ]
    clock = _near(by_rule(rule, figure, other))
    found.append((REASONS.index("business_clock"), "'business_clock'", clock))
    if measured != unit:
        found.append((REASONS.index("business_clock"), "'business_clock'", _near(f"derived.{figure}{unit}")))
    if unit == "_business_s" and measured != rule.unit(figure, "_s"):
        # The calendar figures agree, so both sides took the same moments: only their working hours differ.
        agree = f"abs(not_negative(own.reported_{figure}_s) - {by_rule(rule, figure, '_s')}) <= {TOLERANCE_S}"
        word = f"CASE WHEN {clock} THEN 'business_clock' ELSE 'other_hours' END"
        found.append((REASONS.index("other_hours"), word, agree))
    if measured == "_s" and figure in tickets.MOMENTS:
        found.append((REASONS.index("zone"), "'zone'", _shifted(zone)))
    found.sort(key=lambda f: f[0])
    explained = " ".join(f"WHEN {lands} THEN {reason}" for _, reason, lands in found)
    return f"""CASE WHEN {_near("ours_s")} THEN NULL WHEN reported_s IS NULL THEN 'only_ours' {explained}
        WHEN ours_s IS NULL THEN 'only_theirs' WHEN own.took_over THEN 'merged' ELSE 'unexplained' END"""


def _near(expression: str) -> str:
    return f"abs(reported_s - ({expression})) <= {TOLERANCE_S}"


def _difference(own: Reading, other: Reading) -> tuple[int, str]:
    """Return (place in the order of reasons, reason) of what sets two readings apart.

    A reading that both pauses and starts anew differs by the pause alone where the ticket was never reopened.
    """
    traits = sorted((own.traits ^ other.traits) or other.traits or own.traits, key=REASONS.index)
    if traits == ["reopened", "paused"]:
        return REASONS.index("paused"), "CASE WHEN reading.solves > 1 THEN 'reopened' ELSE 'paused' END"
    return REASONS.index(traits[0]), f"'{traits[0]}'"


def _shifted(zone: str) -> str:
    """Return whether the difference is the zone's offset at either end, or what a clock change between them moves."""

    def offset(at: str) -> str:
        return f"(whole_seconds(local_time({at}, '{zone}')) - ({at}))"

    start, end = offset("reading.created"), offset("(reading.created + ours_s)")
    away = "abs(reported_s - ours_s)"
    return " OR ".join(
        f"({shift} <> 0 AND abs({away} - abs({shift})) <= {TOLERANCE_S})"
        for shift in (start, end, f"({end} - {start})")
    )
