"""What was asked before: results per metric, so that parts of a page that ask for the same number share one query."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import streamlit as st

Rows = list[dict[str, Any]]
Ask = Callable[[list[str]], Rows]
MOST = 5000


class Memo:
    """Results by question and metric, least recently used forgotten first; shared by all sessions, never changed."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def numbers(self, question: Hashable, keys: Sequence[str], compare: str | None, intervals: bool, ask: Ask) -> Rows:
        """Return the results of these metrics, asking for all unknown ones at once.

        A result with comparison and interval answers the same question without them.
        """
        enough = [(c, i) for c in ((compare,) if compare else (None, "previous")) for i in {intervals, True}]
        found = {key: self._find([(question, key, *e) for e in enough]) for key in keys}
        if missing := [key for key, rows in found.items() if rows is None]:
            news = ask(missing)
            for key in missing:
                found[key] = [row for row in news if row["metric"] == key]
                self._keep((question, key, compare, intervals), found[key] or [])
        return [row for key in dict.fromkeys(keys) for row in found[key] or []]

    def _find(self, names: Sequence[Hashable]) -> Rows | None:
        with self._lock:
            for name in names:
                if name in self._held:
                    self._held.move_to_end(name)
                    return self._held[name]
        return None

    def _keep(self, name: Hashable, rows: Rows) -> None:
        with self._lock:
            self._held[name] = rows
            while len(self._held) > MOST:
                self._held.popitem(last=False)


@st.cache_resource(show_spinner=False)
def memo() -> Memo:
    """Return this process's memo."""
    return Memo()
