"""What stands between a question and the engine: one concern a file, applied to every statement in this order."""

from collections.abc import Callable
from functools import reduce

from insights.asking.rewrites.visible import Statement, only_visible
from insights.filters import Scope

Rewrite = Callable[[Statement, Scope], Statement]
REWRITES: tuple[Rewrite, ...] = (only_visible,)


def rewritten(statement: Statement, scope: Scope) -> Statement:
    """Return a statement as it may be run for a reader."""
    return reduce(lambda so_far, rewrite: rewrite(so_far, scope), REWRITES, statement)


__all__ = ["REWRITES", "Rewrite", "Statement", "rewritten"]
