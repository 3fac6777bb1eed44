"""What is asked of the schema: which tables are loaded, which columns a source fills, what a column holds."""

from insights.schema.columns import Column, Table, declared


def canonical_tables() -> tuple[Table, ...]:
    """Return the tables exports are loaded into, in declaration order."""
    return tuple(t for t in declared.values() if t.info["canonical"])


def loaded_columns(of: Table) -> tuple[str, ...]:
    """Return the columns a source may fill: neither derived nor bookkeeping."""
    return tuple(c.name for c in of.columns if not c.info["derived"] and c.name not in ("source", "load_id"))


PREPARED = "prepared"
"""The engine's schema of the answers a load prepares."""
REQUIRED_TIMES = {"tickets": "created_at", "ticket_events": "at", "orders": "ordered_at", "interactions": "at"}
"""The time a row of a table is worth nothing without."""


USUAL_SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""Lowest and highest answer of a survey of which no scale is written down, by its kind."""


LENT = {"surveys": ("channel", "agent_id")}
"""Columns an export may fill that are otherwise their ticket's; `from_ticket` tells which were."""


def as_exported(table: str, name: str) -> str:
    """Return the SQL of what an export said of a stored column (alias t), not what its ticket has lent it since."""
    if name not in LENT.get(table, ()):
        return f't."{name}"'
    return f"CASE WHEN t.from_ticket IS NULL OR NOT contains(t.from_ticket, '{name}') THEN t.{name} END"


def usual_scale(end: str, kind: str, otherwise: str | None = None) -> str:
    """Return the SQL of an end (scale_min or scale_max) of the usual scale; `otherwise` is the kind of unknown ones."""
    place = ("scale_min", "scale_max").index(end)
    cases = " ".join(f"WHEN '{of}' THEN {ends[place]}" for of, ends in USUAL_SCALES.items())
    return f"CASE {kind} {cases}{f' ELSE {USUAL_SCALES[otherwise][place]}' if otherwise else ''} END"


_KINDS = {
    "TIMESTAMP WITHOUT TIME ZONE": "time",
    "BOOLEAN": "flag",
    "DOUBLE PRECISION": "number",
    "NUMERIC(18, 2)": "money",
    "BIGINT": "count",
}
"""What a column holds by its type."""


def kind_of(column: Column) -> str:
    """Return what a canonical column holds: words, time, flag, number, money, seconds, count or text."""
    if column.info.get("words"):
        return "words"
    kind = _KINDS.get(column.type, "text")
    return "seconds" if kind == "count" and column.name.endswith("_s") else kind
