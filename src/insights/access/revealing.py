"""One person shown by name to a reader who sees none, for a reason that is written down first."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from insights import schema, sql
from insights.access.policy import Visitor, may, role_of
from insights.access.trail import Trail
from insights.asking import Desk
from insights.personal import Kind

OPENED: frozenset[Kind] = frozenset({"name", "email", "phone"})
LEAST_REASON = 10
"""Letters a reason has at least: a word alone says nothing to whoever reads the trail."""
_SHOWN = ("name", "company", "email", "phone")


def can_reveal(desk: Desk, visitor: Visitor) -> bool:
    """Tell whether something is hidden from this reader that they may open for a reason."""
    role = role_of(visitor, desk.settings)
    return role is not None and bool(role.masked & OPENED) and may(visitor, "reveal", desk.settings)


def revealed(desk: Desk, customer_id: str, reason: str, visitor: Visitor) -> dict[str, Any]:
    """Return who stands behind an id as this reader sees it; empty for nobody among the rows they may see.

    The trail has the reason before anything is shown. Empty too without the right or for a reason that says nothing.
    """
    if not can_reveal(desk, visitor) or len(reason.strip()) < LEAST_REASON:
        return {}
    of = schema.customers.c
    hidden = sql.pseudonym(of.customer_id, desk.scope.salt, "c-")
    wanted = sa.or_(of.customer_id == customer_id, hidden == customer_id)
    open_desk = replace(desk, scope=replace(desk.scope, masked=desk.scope.masked - OPENED))
    found = open_desk.fetch(sa.select(of.customer_id, *(of[name] for name in _SHOWN)).where(wanted).limit(1))
    if not found:
        return {}
    Trail(desk.settings.warehouse).add(
        visitor.name, "reveal", people=[str(found[0]["customer_id"])], role=visitor.role, reason=reason.strip()
    )
    return found[0]
