"""What was asked before: answers by question, so that parts of a page that ask for the same share one query."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from insights.asking import Desk
from insights.metrics import Number

Ask = Callable[[list[str]], list[Number]]
P = ParamSpec("P")
T = TypeVar("T")
MOST = 5000
_NONE = object()


class Memo:
    """Answers by question, least recently used forgotten first; shared by all sessions, never changed."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def numbers(
        self, question: Hashable, keys: Sequence[str], compare: str | None, intervals: bool, ask: Ask
    ) -> list[Number]:
        """Return the numbers of these metrics, asking for all unknown ones at once.

        A number with comparison and interval answers the same question without them.
        """
        enough = [(c, i) for c in ((compare,) if compare else (None, "previous")) for i in {intervals, True}]
        found = {key: self._find([(question, key, *e) for e in enough]) for key in keys}
        if missing := [key for key, numbers in found.items() if numbers is _NONE]:
            news = ask(missing)
            for key in missing:
                found[key] = [number for number in news if number.metric == key]
                self._keep((question, key, compare, intervals), found[key])
        return [number for key in dict.fromkeys(keys) for number in found[key]]

    def answer(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer to a question, asked once."""
        found = self._find([question])
        if found is _NONE:
            found = ask()
            self._keep(question, found)
        return cast(T, found)

    def _find(self, names: Sequence[Hashable]) -> Any:
        with self._lock:
            for name in names:
                if name in self._held:
                    self._held.move_to_end(name)
                    return self._held[name]
        return _NONE

    def _keep(self, name: Hashable, answer: Any) -> None:
        with self._lock:
            self._held[name] = answer
            while len(self._held) > MOST:
                self._held.popitem(last=False)


@st.cache_resource(show_spinner=False)
def memo() -> Memo:
    """Return this process's memo."""
    return Memo()


def kept(ask: Callable[Concatenate[Desk, P], T]) -> Callable[Concatenate[Desk, P], T]:
    """Let a question to a desk be answered once."""

    def asked(desk: Desk, /, *args: P.args, **options: P.kwargs) -> T:
        question = (ask.__module__, ask.__qualname__, desk.key, args, tuple(sorted(options.items())))
        return memo().answer(question, lambda: ask(desk, *args, **options))

    update_wrapper(asked, ask)
    return asked
