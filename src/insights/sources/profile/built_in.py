"""One profile per canonical table for files whose headers are our own column names; and all built-in profiles."""

import hashlib
from functools import cache
from pathlib import Path

from insights import schema
from insights.errors import Called
from insights.kept import kept
from insights.sources.folding import fold
from insights.sources.profile import Profile, Spec, TableSpec, read_profile

_NEEDS: dict[str, tuple[str, ...]] = {
    "tickets": ("ticket_id", "customer_id", "status", "created_at"),
    "ticket_events": ("ticket_id", "seq", "at", "field"),
    "surveys": ("survey_id", "kind"),
    "orders": ("order_id", "customer_id", "ordered_at"),
    "order_lines": ("order_id", "line"),
    "interactions": ("interaction_id", "customer_id", "at"),
    "campaigns": ("campaign_id", "name"),
    "campaign_members": ("campaign_id", "customer_id", "arm"),
    "opportunities": ("opportunity_id", "customer_id", "stage"),
    "agents": ("agent_id", "name"),
    "trainings": ("training_id", "agent_id"),
}
_HERE = Path(__file__).parent
_FOLDER = _HERE.parent / "profiles"
_CODE = (_HERE, Path(schema.__file__).parent)
_SHARE = 0.5
"""Of a file recognised by one or two common headers, so much must be known: a stranger is not taken for ours."""


@cache
def built_in() -> tuple[Profile, ...]:
    """Return the profiles that ship with the product."""
    written = sorted(_FOLDER.glob("*.toml"))
    ours = (file for code in _CODE for file in code.glob("*.py"))
    return kept(
        _HERE,
        "profiles",
        (*written, *ours),
        lambda: (
            *(read_profile(f.read_text("utf-8"), f.name) for f in written),
            *(_generic(t) for t in schema.canonical_tables()),
        ),
    )


def _generic(table: schema.Table) -> Profile:
    columns = schema.loaded_columns(table)
    needs = _NEEDS.get(table.name, tuple(k for k in table.info["key"] if k != "source"))
    return Profile(
        name=f"generic_{table.name}",
        family="generic",
        label=Called({"en": f"Generic {table.name.replace('_', ' ')}", "tr": f"Genel tablo: {table.name}"}),
        main=table.name,
        tables={table.name: TableSpec({c: Spec(column=(c,), required=c in needs) for c in columns})},
        required=tuple((n,) for n in needs),
        timezone="UTC",
        known=frozenset(fold(c) for c in columns),
        share=_SHARE if len(needs) < 4 else 0.0,
        hash=hashlib.sha256(repr((table.name, columns, needs)).encode()).hexdigest()[:16],
    )
