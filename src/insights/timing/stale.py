"""Only what is another than last time is derived again: a ticket keeps a fingerprint of all its figures rest on.

One whose figures may change with time alone (it is open, it waits, a clock runs) keeps none.
"""

import datetime as dt
import hashlib
import json
from functools import cache
from pathlib import Path

import duckdb

from insights.kept import kept
from insights.settings import Settings
from insights.timing.statements import run

_RESTS_ON = {"answers", "resolutions", "robots", "calendars", "calendar", "calendar_for", "sla", "rules"}
"""The settings a derivation reads, the company's time zone apart."""
_OF_TICKETS = ("status_spans", "ticket_holders", "reply_cycles", "sla_clocks", "ticket_as_loaded")


def find(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: dt.datetime, *, anew: bool) -> None:
    """Find the tickets to derive again: all where `anew`, or where what is known ends earlier than last time."""
    held = con.execute("SELECT value FROM facts WHERE name = 'as_of'").fetchone()
    back = held is not None and dt.datetime.fromisoformat(held[0]) > as_of
    said = settings.model_dump(mode="json", include=_RESTS_ON)
    basis = json.dumps([duckdb.__version__, _statements(), settings.company.time_zone, said], sort_keys=True)
    run(con, "stale_tickets", anew=anew or back, basis=basis)


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what was derived of the stale tickets."""
    stale, tickets = con.execute("SELECT (SELECT count(*) FROM timing_stale), count(*) FROM tickets").fetchall()[0]
    for table in _OF_TICKETS:
        theirs = f"stale.source = {table}.source AND stale.ticket_id = {table}.ticket_id"
        which = f"USING timing_stale AS stale WHERE {theirs}" if stale < tickets else ""
        con.execute(f"DELETE FROM {table} {which}")


@cache
def _statements() -> str:
    """Return the fingerprint of whatever says how tickets are derived."""
    here = Path(__file__).parent
    files = sorted((*here.glob("*.py"), *here.glob("sql/*.sql")))
    return kept(here, "fingerprint", files, lambda: hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest())
