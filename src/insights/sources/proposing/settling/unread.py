"""The columns no name explains, and what their headers say all the same."""

from collections.abc import Mapping

from insights.sources.proposing.glance import Sample
from insights.sources.proposing.lexicon import Concepts, tokens
from insights.sources.proposing.naming import meanings
from insights.sources.proposing.proposal import LINE, Fit

SURE, FEW = LINE, 3
PLAIN: Concepts = frozenset({"id", "name", "time", "type", "filler", "record", "field"})
"""What a header may speak of and still say nothing of which column it is."""


def left(sample: Sample, chosen: Mapping[str, Fit]) -> list[str]:
    """Return the headers nothing is read from yet."""
    used = {f.header for f in chosen.values()}
    return [h for h in sample.headers if h not in used]


def unsaid(header: str) -> bool:
    """Tell whether a header has a word nobody knows and none that means something else."""
    said = tokens(header)
    return bool(said) and any(not t for t in said) and all(not t or t & PLAIN for t in said)


def foreign(table: str) -> Concepts:
    """Return what the rows of other tables are called."""
    others = frozenset().union(*(m.about for t, m in meanings().items() if t != table), {"purchase"})
    return others - (meanings()[table].about | ({"purchase"} if table == "orders" else set()))
