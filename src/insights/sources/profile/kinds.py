"""What kind of value a profile expects under each header, and which values fit there."""

from typing import Any

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile.language import Profile


def may_hold(kinds: set[str] | None, value: Any) -> bool:
    """Tell whether a column the profile reads as `kinds` may hold a value other than a text or a whole number."""
    if not kinds:
        return True
    if isinstance(value, bool):
        return not kinds & {"id", "time", "money", "number", "count", "seconds"}
    if isinstance(value, float):
        return "id" not in kinds
    return isinstance(value, list) and kinds <= {"text"}


def kinds(profile: Profile) -> dict[str, set[str]]:
    """Return, by folded header, the kinds of value the profile expects there."""
    found: dict[str, set[str]] = {}
    for table, spec in profile.tables.items():
        declared = schema.declared[table]
        for column, source in spec.columns.items():
            needed = table == profile.main and (
                column in declared.info["key"] or column == schema.REQUIRED_TIMES.get(table)
            )
            kind = "id" if schema.is_id(column) else schema.kind_of(declared.columns[column])
            for header in (h for aliases in source.wanted for h in aliases):
                found.setdefault(fold(header), set()).update({kind, "needed"} if needed else {kind})
    return found
