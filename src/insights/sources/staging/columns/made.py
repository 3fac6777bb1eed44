"""Columns no cell holds: products of cells, numbers among equal rows, digests."""

from collections.abc import Callable

from insights.sources.folding import sql_text
from insights.sources.profile import Spec
from insights.sources.staging.columns import numbers
from insights.sources.staging.columns.evidence import Evidence

Maker = Callable[[Evidence, Spec, str, str | None], str | None]


def maker(spec: Spec) -> Maker | None:
    """Return what makes such a column, None for one that is read."""
    if spec.occurrence:
        return _occurrence
    return _product if spec.product else _digest if spec.digest else None


def _product(e: Evidence, spec: Spec, _kind: str, name: str | None) -> str | None:
    """Add the product of the numbers of several cells; none where the file lacks one of them."""
    places = [p for a in spec.product if (p := e.cells.place(a)) is not None]
    if len(places) < len(spec.product):
        return None
    factors = [numbers.typed(e, e.cells.clean(p), (p,), "DECIMAL(18, 4)") for p in places]
    return e.plan.add(name, f"try_cast({' * '.join(factors)} AS DECIMAL(18, 2))", ())


def _occurrence(e: Evidence, spec: Spec, kind: str, name: str | None) -> str | None:
    """Add the number of a row among equal ones: a line number, or with their cells an id."""
    places = [p for a in spec.occurrence if (p := e.cells.place(a)) is not None]
    if not places:
        return None
    cells = ", ".join(f"trim(c{p})" for p in places)
    nth = f"row_number() OVER (PARTITION BY {cells} ORDER BY _line)"
    made = f"concat_ws('-', {cells}, {nth})"
    made = f"{sql_text(spec.prefix)} || {made}" if spec.prefix else made
    return e.plan.add(name, e.plan.cell(nth if kind == "count" else made), ())


def _digest(e: Evidence, spec: Spec, kind: str, name: str | None) -> str | None:
    """Add a number made of cells, the same in every export; none where the file lacks one of them."""
    places = [p for a in spec.digest if (p := e.cells.place(a)) is not None]
    if len(places) < len(spec.digest):
        return None
    cells = ", ".join(f"trim(c{p})" for p in places)
    number = f"CAST(md5_number_lower(concat_ws('|', {cells})) >> 11 AS BIGINT)"
    made = e.plan.cell(f"CAST({number} AS VARCHAR)" if kind == "text" else number)
    return e.plan.add(name, made, tuple(places))
