"""What another promise would have meant: the same history replayed under other policies and calendars."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pydantic import Field, ValidationError

from insights.errors import SettingsWrong
from insights.settings import Calendar, Part, Policy, Settings
from insights.timing import calendars, history, sla
from insights.timing.hours import ALWAYS

BROKEN = "state IN ('breached', 'breached_open')"
DECIDED = "state IN ('met', 'breached', 'breached_open')"
KEY = "source, ticket_id, metric, cycle"


class PolicyFile(Part):
    """What a policy file may hold: promises, and calendars on top of those of the settings."""

    sla: tuple[Policy, ...] = Field(description="SLA policies")
    calendars: dict[str, Calendar] = Field(default_factory=dict, description="Calendars by name")


@dataclass(frozen=True)
class Replay:
    """A finished replay: an in-memory database with `sla_clocks` as replayed and `w.sla_clocks` as stored."""

    con: duckdb.DuckDBPyConnection

    def compliance(self) -> list[dict[str, Any]]:
        """Return per metric and policy the decided clocks and the share kept, as stored and as replayed."""
        return self._rows(f"""
        WITH counted AS (
            SELECT metric, policy, sum(before) AS n_then, sum(met_before) AS met_then, sum(after) AS n_now,
                sum(met_after) AS met_now
            FROM (SELECT metric, policy, ({DECIDED})::INT AS before, (state = 'met')::INT AS met_before, 0 AS after,
                0 AS met_after
                FROM stored UNION ALL SELECT metric, policy, 0, 0, ({DECIDED})::INT, (state = 'met')::INT
                    FROM sla_clocks)
            GROUP BY metric, policy)
        SELECT metric, policy, met_then / nullif(n_then, 0) AS value_then, n_then::BIGINT AS n_then,
            met_now / nullif(n_now, 0) AS value_now, n_now::BIGINT AS n_now
        FROM counted ORDER BY metric, policy""")

    def flips(self) -> list[dict[str, Any]]:
        """Return the clocks that are broken under one set of promises only: `now` is kept or broken."""
        return self._rows(f"""
        SELECT {KEY}, o.policy AS policy_then, n.policy AS policy_now, o.state AS state_then, n.state AS state_now,
            CASE WHEN n.{BROKEN} THEN 'broken' ELSE 'kept' END AS now
        FROM stored AS o JOIN sla_clocks AS n USING ({KEY})
        WHERE (o.{BROKEN}) <> (n.{BROKEN}) AND o.state <> 'cancelled' AND n.state <> 'cancelled' ORDER BY {KEY}""")

    def differences(self) -> int:
        """Return how many clocks differ in any field from the stored ones: 0 when today's promises are replayed."""
        found = self._rows("""
        SELECT count(*) AS n FROM ((FROM stored EXCEPT FROM sla_clocks) UNION ALL (FROM sla_clocks EXCEPT
            FROM stored))""")
        return int(found[0]["n"])

    def _rows(self, query: str) -> list[dict[str, Any]]:
        found = self.con.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def read_policies(path: Path, settings: Settings) -> Settings:
    """Return `settings` with the promises and calendars of a policy file; raises SettingsWrong."""
    try:
        read = PolicyFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsWrong("settings_unreadable", file=str(path), problem=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        option, allowed = ".".join(str(part) for part in first["loc"]), first["msg"].removeprefix("Value error, ")
        raise SettingsWrong(
            "settings_wrong", file=str(path), option=option, found=repr(first["input"])[:80], allowed=allowed
        ) from error
    known = settings.calendars | read.calendars
    for policy in read.sla:
        if policy.calendar not in {*known, ALWAYS}:
            allowed = f"must be one of {', '.join(sorted({*known, ALWAYS}))}"
            option = f"sla.{policy.name}.calendar"
            raise SettingsWrong("settings_wrong", file=str(path), option=option, found=policy.calendar, allowed=allowed)
    return settings.model_copy(update={"sla": read.sla, "calendars": known})


def replay(
    version: Path,
    settings: Settings,
    as_of: dt.datetime,
    policies: Sequence[Policy] | None = None,
    only: str | None = None,
) -> Replay:
    """Replay `policies` (None: those of the settings) over a warehouse version, in memory, the version read-only.

    `settings` brings the calendars. `only` is the SQL of a select of (source, ticket_id); without it, all tickets.
    """
    con = duckdb.connect(config={"memory_limit": settings.engine.memory_limit, "threads": settings.engine.threads})
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    con.execute(f"ATTACH '{str(version).replace(chr(39), chr(39) * 2)}' AS w (READ_ONLY)")
    con.execute("USE w")
    con.execute(f"CREATE TEMP TABLE chosen AS {only or 'SELECT source, ticket_id FROM tickets'}")
    con.execute("USE memory")
    for table in ("calendar_days", "calendar_segments", "sla_clocks"):
        con.execute(f"CREATE TABLE {table} AS FROM w.{table} LIMIT 0")
    mine = "SEMI JOIN chosen USING (source, ticket_id)"
    # Whoever looks from a past moment still sees what was deleted only after it.
    con.execute(
        f"""
    CREATE TABLE tickets AS
    SELECT source, ticket_id, created_at, kind, channel, segment, priority, team, merged_into,
        CASE WHEN excluded <> 'deleted' OR (source, ticket_id) NOT IN (
            SELECT (source, ticket_id) FROM w.status_spans WHERE status = 'deleted' AND started_at > $1)
            THEN excluded END AS excluded
        FROM w.tickets {mine}""",
        [as_of],
    )
    con.execute(f"CREATE TABLE ticket_events AS FROM w.ticket_events {mine} WHERE field IN ('priority', 'team')")
    con.execute(f"CREATE TABLE stored AS FROM w.sla_clocks {mine}")
    history.recall(con)
    calendars.build(con, settings, calendars.first_day(con, as_of), calendars.horizon(as_of))
    sla.clocks(con, settings, settings.sla if policies is None else policies, as_of)
    return Replay(con)
