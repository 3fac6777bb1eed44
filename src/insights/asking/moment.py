"""What metrics need to know of a question: the moment looked from, the zone, the period, what settings chose."""

from insights import schema
from insights.errors import UnknownName
from insights.filters import Filters
from insights.metrics import Context, Refusal, moment
from insights.sql import GRAINS
from insights.warehouse import Warehouse


def context_of(warehouse: Warehouse, filters: Filters, grain: str | None = None) -> Context:
    """Return what metrics need to know; the only place where a past moment turns into what was known then."""
    known = next((one for one in GRAINS if one == grain), None)
    if grain is not None and known is None:
        raise UnknownName("unknown_grain", name=grain, known=", ".join(GRAINS))

    def made() -> Context:
        return moment.context(warehouse.fact, filters, known, _refusals(warehouse, filters))

    return warehouse.remembered.answer(("context", filters, known), made)


def _refusals(warehouse: Warehouse, filters: Filters) -> tuple[Refusal, ...]:
    """Return which chosen sources are left out of which metrics because they contradict themselves, gravest first."""
    chosen = filters.chosen("source")
    refusals = [Refusal(**row) for row in warehouse.whole(schema.verdicts) if not chosen or row["source"] in chosen]
    return tuple(sorted(refusals, key=lambda r: (r.metric, r.source, -r.share, r.reason)))
