"""Who asks, over which file: the right, the role's rows and columns, how often, and the trail of each statement."""

import threading
import time
from collections import deque

from insights.access import Trail, Visitor, may, scope_at
from insights.asking.role_file import role_file
from insights.sandbox.runner import Answer, Refused, run
from insights.settings import Settings
from insights.warehouse import Warehouse

A_MINUTE = 10
"""Questions one reader may ask in a minute."""
COMMAND_LINE = "(command line)"
_asked: dict[str, deque[float]] = {}
_lock = threading.Lock()


def select(visitor: Visitor, text: str, held: Warehouse, settings: Settings) -> Answer:
    """Return what a SELECT says over what its asker sees; raises Refused. Either way the statement is in the trail."""
    began, outcome, rows = time.monotonic(), "ok", 0
    try:
        _admit(visitor, settings)
        found = run(role_file(held, scope_at(visitor, held, settings), settings.engine), text)
        rows = len(found.rows)
        return found
    except Refused as refused:
        outcome = refused.key
        raise
    finally:
        Trail(settings.warehouse).add(
            visitor.name or COMMAND_LINE,
            "select",
            role=visitor.role,
            sql=text[:2_000],
            outcome=outcome,
            rows=rows,
            ms=round(1000 * (time.monotonic() - began)),
            version=held.version,
        )


def _admit(visitor: Visitor, settings: Settings) -> None:
    """Refuse who may not ask, or asks too often."""
    if not may(visitor, "sql", settings):
        raise Refused("select_not_allowed")
    with _lock:
        mine, now = _asked.setdefault(visitor.name, deque(maxlen=A_MINUTE)), time.monotonic()
        if len(mine) == A_MINUTE and now - mine[0] < 60:
            raise Refused("select_often", most=A_MINUTE)
        mine.append(now)
