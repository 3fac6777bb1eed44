"""Which version a reader gets: the server's, where a database is set, else this machine's."""

import datetime as dt
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from insights.errors import DatabaseAway
from insights.settings import Settings
from insights.warehouse.reader import Warehouse, open_current

if TYPE_CHECKING:
    from insights.warehouse.cluster.reading import Reader

_ASKED_AGAIN_S = 20
"""How long a server that did not answer is left alone while this machine stands in for it."""


@dataclass
class _Away:
    since: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    tried: float = field(default_factory=time.monotonic)


_lock = threading.Lock()
_readers: "dict[str, Reader]" = {}
_away: dict[str, _Away] = {}


def opened(settings: Settings) -> Warehouse:
    """Return the version to read; raises WarehouseMissing, WarehouseCorrupt, DatabaseAway.

    With `fallback` the last version of this machine stands in for a server that does not answer, and says since when.
    """
    if settings.database is None:
        return open_current(settings.warehouse, settings.engine)
    away = _away.get(settings.database)
    if away and settings.fallback and time.monotonic() - away.tried < _ASKED_AGAIN_S:
        return _instead(settings, away)
    try:
        found = _reader(settings.database).current(settings.warehouse)
    except DatabaseAway:
        away = _away.setdefault(settings.database, _Away())
        away.tried = time.monotonic()
        if not settings.fallback:
            raise
        return _instead(settings, away)
    _away.pop(settings.database, None)
    return found


def _instead(settings: Settings, away: _Away) -> Warehouse:
    return replace(open_current(settings.warehouse, settings.engine), instead_since=away.since)


def _reader(address: str) -> "Reader":
    from insights.warehouse.cluster.reading import Reader

    with _lock:
        return _readers.setdefault(address, Reader(address))
