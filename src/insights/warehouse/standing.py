"""What is loaded now, and going back one version."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from insights import schema
from insights.errors import WarehouseCorrupt
from insights.settings import Engine, Settings, Thresholds
from insights.timing.hours import ends_a_minute_short
from insights.warehouse import facts, sending
from insights.warehouse.ddl import fingerprint
from insights.warehouse.older import open_any
from insights.warehouse.publishing import lock, versions
from insights.warehouse.reader import Local, Warehouse
from insights.warehouse.served import opened


@dataclass(frozen=True)
class Status:
    """The version served; `warnings` are text keys under [warnings] with their values."""

    database: Path
    version: int
    versions: tuple[int, ...]
    as_of: str
    sample: bool
    tables: dict[str, int]
    last_load: dict[str, Any] | None
    warnings: tuple[tuple[str, dict[str, Any]], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self) | {"database": str(self.database), "warnings": [key for key, _ in self.warnings]}


def status(settings: Settings) -> Status:
    """Return what is loaded; raises WarehouseMissing when nothing is."""
    held = opened(settings)
    counts = {
        t.name: held.fetch(sa.select(sa.func.count().label("n")).select_from(t))[0]["n"]
        for t in schema.metadata.tables.values()
    }
    loads = schema.loads
    last = held.fetch(sa.select(loads).order_by(loads.c.load_id.desc(), loads.c.file).limit(1))
    return Status(
        database=held.path,
        version=held.version,
        versions=tuple(versions.published(settings.warehouse)),
        as_of=held.as_of.isoformat(),
        sample=held.fact("sample") == "true",
        tables=counts,
        last_load=last[0] if last else None,
        warnings=tuple(_warnings(held, settings)),
    )


def undo(settings: Settings) -> int:
    """Serve the version before the current one again and return its number; raises WarehouseMissing when there is none.

    The file stepped back from is kept aside until the next load.
    """
    with lock.locked(settings.warehouse, waiting=(lambda _: None) if settings.loading.wait else None):
        try:
            version = versions.step_back(settings.warehouse)
        except OSError as error:
            raise versions.translated(error, settings.warehouse) from error
        sending.follow(settings)
    return version


def check_version(path: Path, engine: Engine) -> None:
    """Raise WarehouseCorrupt unless a file is a version of ours: it opens, and says what it is."""
    held = Warehouse(path, 0, Local(path, open_any(path, engine)))
    if held.fact("as_of") is None or held.fact("schema") is None:
        raise WarehouseCorrupt("warehouse_corrupt", file=path.name, directory="")


def settings_changed(held: Warehouse, settings: Settings) -> bool:
    """Tell whether what was computed at load rests on other settings than these."""
    wanted = facts.stated(settings, held.as_of, sample=False)
    thresholds = Thresholds.model_validate_json(held.fact("thresholds") or "{}")
    stored = any(held.fact(name) != wanted[name] for name in ("settings", "time_zone", "starts"))
    return stored or thresholds != settings.thresholds


def served_instead(held: Warehouse, settings: Settings) -> list[tuple[str, dict[str, Any]]]:
    """Return why another version than the one published last is served, as a text key under [warnings]; [] if none."""
    if held.instead_since:
        since = held.instead_since.astimezone(settings.company.zone)
        return [("served_from_here", {"version": held.version, "since": f"{since:%Y-%m-%d %H:%M}"})]
    if not isinstance(held.source, Local):
        return []
    if not versions.fallback(settings.warehouse):
        return []
    named = versions.pointed(settings.warehouse)
    there = named in versions.published(settings.warehouse)
    lost = "pointer_lost" if named is None else "version_damaged" if there else "version_lost"
    return [(lost, {"version": held.version, "named": named})]


def _warnings(held: Warehouse, settings: Settings) -> list[tuple[str, dict[str, Any]]]:
    found = served_instead(held, settings)
    if settings_changed(held, settings):
        found.append(("settings_changed", {}))
    if held.fact("schema") != fingerprint():
        found.append(("schema_changed", {}))
    short = (name for name, of in settings.calendars.items() if ends_a_minute_short(of))
    found += (("minute_short", {"calendar": name}) for name in short)
    if held.fact("sample") == "true":
        found.append(("sample", {}))
    return found
