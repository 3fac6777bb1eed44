"""From who somebody is to what they see: the one place a scope is made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.settings import OWN, Right, Role, Settings, SignIn

if TYPE_CHECKING:
    from insights.filters import Scope


@dataclass(frozen=True)
class Visitor:
    """Who reads: the name they signed in with, their role's name, and the names they may stand under as an agent."""

    name: str = ""
    role: str = ""
    known_as: tuple[str, ...] = ()


ANYBODY = Visitor(role="admin")
"""Whoever comes where nobody has to sign in: the server then listens to this machine alone."""


def role_of(visitor: Visitor, settings: Settings) -> Role | None:
    """Return a visitor's role; None for one the settings do not know."""
    return settings.roles.get(visitor.role)


def may(visitor: Visitor, right: Right, settings: Settings) -> bool:
    """Tell whether a visitor has a right."""
    role = role_of(visitor, settings)
    return role is not None and right in role.may


def shows(role: Role, page: str, section: str) -> bool:
    """Tell whether a role shows a page, by its name or by its section's."""
    names = {page, section, f"{section}/{page}"}
    return not names & set(role.hidden) and ("*" in role.pages or bool(names & set(role.pages)))


def scope_of(visitor: Visitor, settings: Settings, teams: Collection[str] = (), salt: str = "") -> "Scope":
    """Return what a visitor sees; `teams` are those of the agent they are. Nothing for an unknown role."""
    from insights.filters import NOTHING, Scope  # who only loads is asked for no rows

    role = role_of(visitor, settings)
    if role is None:
        return NOTHING
    own: Mapping[str, tuple[str, ...]] = {"agent": visitor.known_as, "team": tuple(sorted(teams))}
    values = {name: _said(listed, own.get(name, ())) for name, listed in role.rows.items()}
    if not all(values.values()):
        return NOTHING
    rows = tuple(sorted(values.items()))
    return Scope(rows, role.masked, salt if role.masked else "", role.small_groups if role.masked else 0)


def _said(listed: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for value in listed for v in (own if value == OWN else (value,))))


def role_named(name: str, groups: Collection[str], settings: Settings) -> str:
    """Return the role of who a sign-in service or a proxy names: by e-mail, then by group, in the settings' order."""
    roles, asked = settings.roles.items(), name.casefold()
    by_name = (key for key, role in roles if asked in {p.casefold() for p in role.people})
    by_group = (key for key, role in roles if set(groups) & set(role.groups))
    return next(by_name, None) or next(by_group, None) or _otherwise(settings.sign_in)


def _otherwise(sign_in: SignIn) -> str:
    return sign_in.otherwise
