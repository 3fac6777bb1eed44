"""The facts of a version: what it says of itself, whatever its derived columns rest on, and how to read the file."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from insights.settings import Settings
from insights.warehouse.ddl import fingerprint


def stated(settings: Settings, at: dt.datetime, *, sample: bool) -> dict[str, str]:
    """Return the facts of a version: whatever the derived columns rest on, and how to read the file."""
    derived = {
        "calendar": settings.calendar,
        "rules": settings.rules,
        "calendars": {name: c.model_dump(mode="json") for name, c in settings.calendars.items()},
        "sla": [p.model_dump(mode="json") for p in settings.sla],
        "tiers": settings.tiers,
        "robots": settings.robots.model_dump(mode="json"),
        "answers": settings.answers.model_dump(mode="json"),
        "resolutions": settings.resolutions.model_dump(mode="json"),
        "calendar_for": [rule.model_dump(mode="json") for rule in settings.calendar_for],
        "currency": settings.company.currency,
        "rates": settings.model_dump(mode="json")["rates"],
        "csat": settings.csat.model_dump(mode="json"),
        "exclude": [rule.model_dump(mode="json") for rule in settings.exclude],
        "customers": settings.customers.model_dump(mode="json"),
        "merged": content_of(settings.merged_people),
    }
    return {
        "as_of": at.isoformat(sep=" "),
        "time_zone": settings.company.time_zone,
        "duckdb": duckdb.__version__,
        "schema": fingerprint(),
        "settings": hashlib.sha256(json.dumps(derived, sort_keys=True).encode()).hexdigest()[:16],
        "sample": str(sample).lower(),
        "rules": settings.rules,
        "starts": json.dumps(settings.company.starts),
        "thresholds": settings.thresholds.model_dump_json(),
        "tiers": json.dumps(settings.tiers),
        "warned": json.dumps([(p.metric, p.name, p.warn_at) for p in settings.sla]),
    }


def content_of(path: Path | None) -> str | None:
    """Return the fingerprint of a file the settings name, None where there is none."""
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path else None
    return None


def read(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the facts of an open version."""
    return dict(con.execute("SELECT name, value FROM facts").fetchall())


def write(con: duckdb.DuckDBPyConnection, facts: Mapping[str, str]) -> None:
    """Replace the facts."""
    con.execute("DELETE FROM facts")
    con.executemany("INSERT INTO facts VALUES (?, ?)", [list(pair) for pair in facts.items()])
