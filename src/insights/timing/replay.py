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
from insights.settings.refusing import none_of, said
from insights.timing import calendars, clocks, history
from insights.timing.hours import ALWAYS
from insights.timing.statements import run


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
        return self._rows("compliance")

    def flips(self) -> list[dict[str, Any]]:
        """Return the clocks that are broken under one set of promises only: `now` is kept or broken."""
        return self._rows("flips")

    def differences(self) -> int:
        """Return how many clocks differ in any field from the stored ones: 0 when today's promises are replayed."""
        return int(self._rows("differences")[0]["differing"])

    def _rows(self, name: str) -> list[dict[str, Any]]:
        found = run(self.con, name)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def read_policies(path: Path, settings: Settings) -> Settings:
    """Return `settings` with the promises and calendars of a policy file; raises SettingsWrong."""
    try:
        read = PolicyFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsWrong("settings_unreadable", file=str(path), problem=str(error)) from error
    except ValidationError as error:
        raise said(error, str(path)) from error
    known = settings.calendars | read.calendars
    for policy in read.sla:
        if policy.calendar not in {*known, ALWAYS}:
            raise none_of(str(path), f"sla.{policy.name}.calendar", policy.calendar, sorted({*known, ALWAYS}))
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
    run(con, "replayed_tickets", as_of=as_of)
    con.execute(
        f"CREATE TABLE ticket_events AS FROM w.ticket_events {mine} WHERE field IN ('priority', 'team', 'agent')"
    )
    con.execute(f"CREATE TABLE stored AS FROM w.sla_clocks {mine}")
    history.recall(con, settings)
    calendars.build(con, settings, calendars.first_day(con, as_of), calendars.horizon(as_of))
    clocks.set_policies(con, settings, settings.sla if policies is None else policies)
    clocks.publish(con, settings, as_of)
    return Replay(con)
