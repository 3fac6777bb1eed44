"""From a visitor and a warehouse to the scope every question is asked under."""

from dataclasses import replace

import sqlalchemy as sa

from insights import schema
from insights.access.policy import Visitor, role_of, scope_of
from insights.access.store import salt
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters, Scope
from insights.settings import OWN, Settings
from insights.warehouse import Warehouse


def scope_at(visitor: Visitor, warehouse: Warehouse, settings: Settings) -> Scope:
    """Return what a visitor sees in a warehouse: their own rows are those of the agent they are there."""
    role = role_of(visitor, settings)
    own = role is not None and any(OWN in values for values in role.rows.values())
    agents = _agents(visitor, warehouse) if own else []
    known = replace(visitor, known_as=tuple(sorted({a["agent_id"] for a in agents})))
    hidden = role is not None and bool(role.masked)
    teams = {a["team"] for a in agents if a["team"]}
    return scope_of(known, settings, teams, salt(settings.warehouse) if hidden else "")


def _agents(visitor: Visitor, warehouse: Warehouse) -> list[dict[str, str]]:
    """Return the agents a visitor is, by id or by name."""
    of, names = schema.agents.c, [n for n in visitor.known_as if n]
    if not names:
        return []
    found = sa.select(of.agent_id, of.team).where(sa.or_(of.agent_id.in_(names), of.name.in_(names)))
    return Desk(warehouse, Filters(), EVERYTHING).fetch(found.distinct())
