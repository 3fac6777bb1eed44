"""What was asked before: answers by question, so that parts of a page that ask for the same share one query."""

from collections.abc import Callable, Hashable, Sequence
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from insights.asking import Desk
from insights.metrics import Number
from insights.warehouse.remembered import NONE, Remembered

Ask = Callable[[list[str]], list[Number]]
P = ParamSpec("P")
T = TypeVar("T")


class Memo(Remembered):
    """Numbers by question, besides other answers."""

    def numbers(
        self, question: Hashable, keys: Sequence[str], compare: str | None, intervals: bool, ask: Ask
    ) -> list[Number]:
        """Return the numbers of these metrics, asking for all unknown ones at once.

        A number with comparison and interval answers the same question without them.
        """
        enough = [(c, i) for c in ((compare,) if compare else (None, "previous")) for i in {intervals, True}]
        found = {key: self.find([(question, key, *e) for e in enough]) for key in keys}
        if missing := [key for key, numbers in found.items() if numbers is NONE]:
            news = ask(missing)
            for key in missing:
                found[key] = [number for number in news if number.metric == key]
                self.keep((question, key, compare, intervals), found[key])
        return [number for key in dict.fromkeys(keys) for number in found[key]]


_memo = Memo()


def memo() -> Memo:
    """Return this process's memo."""
    return _memo


def kept(ask: Callable[Concatenate[Desk, P], T]) -> Callable[Concatenate[Desk, P], T]:
    """Let a question to a desk be answered once."""

    def asked(desk: Desk, /, *args: P.args, **options: P.kwargs) -> T:
        question = (ask.__module__, ask.__qualname__, desk.key, args, tuple(sorted(options.items())))
        return memo().answer(question, lambda: ask(desk, *args, **options))

    update_wrapper(asked, ask)
    return asked
