"""Answers by question, least recently used forgotten first; shared by all who ask, never changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")
MOST = 5000
NONE = object()


class Remembered:
    """What was answered; safe to be asked by many threads at once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer to a question, asked once."""
        found = self.find([question])
        if found is NONE:
            found = ask()
            self.keep(question, found)
        return cast(T, found)

    def find(self, names: Sequence[Hashable]) -> Any:
        """Return the answer to the first of some questions that has one, else NONE."""
        with self._lock:
            for name in names:
                if name in self._held:
                    self._held.move_to_end(name)
                    return self._held[name]
        return NONE

    def keep(self, name: Hashable, answer: Any) -> None:
        """Remember an answer."""
        with self._lock:
            self._held[name] = answer
            while len(self._held) > self._most:
                self._held.popitem(last=False)
