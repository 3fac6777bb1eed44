"""Who may sign in, how, and what each role sees and may do."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from insights.dimensions import DIMENSIONS
from insights.personal import Kind
from insights.settings.parts import Part
from insights.settings.refusing import refused

Way = Literal["none", "accounts", "oidc", "proxy"]
Right = Literal["export", "load", "settings", "sql", "reveal", "audit"]
RIGHTS: tuple[Right, ...] = ("export", "load", "settings", "sql", "reveal", "audit")
OWN = "@own"
"""Among the values of a role's rows: the reader's own, as the agent they are."""


def _dimension(name: str) -> str:
    if name not in DIMENSIONS:
        raise refused("one_of", allowed=", ".join(DIMENSIONS))
    return name


class Role(Part):
    """What people of one role see and may do."""

    pages: tuple[str, ...] = Field(("*",), description="Pages or sections shown, by name; * for all")
    hidden: tuple[str, ...] = Field((), description="Pages or sections not shown after all")
    rows: dict[Annotated[str, AfterValidator(_dimension)], tuple[str, ...]] = Field(
        default_factory=dict, description='Rows seen, by dimension; "@own" means the reader\'s own agent or team'
    )
    masked: frozenset[Kind] = Field(frozenset(), description="Columns masked: name, email, phone, text, agent")
    may: frozenset[Right] = Field(frozenset(), description="Rights: export, load, settings, sql, reveal, audit")
    small_groups: int = Field(
        5, ge=0, description="With masked columns: smaller groups are not shown, counts are rounded to multiples of it"
    )
    people: tuple[str, ...] = Field((), description="E-mail addresses of who has this role")
    groups: tuple[str, ...] = Field((), description="Groups, as the sign-in service names them, who have this role")


class SignIn(Part):
    """How people say who they are."""

    way: Way = Field("none", description="none, accounts (our own), oidc (a sign-in service) or proxy (its headers)")
    hours: float = Field(8.0, gt=0, description="Hours after which one has to sign in again")
    proxies: tuple[str, ...] = Field((), description="Addresses of the proxies whose headers are believed")
    user_header: str = Field("X-Forwarded-Email", description="Header in which a proxy says who asks")
    groups_header: str = Field("X-Forwarded-Groups", description="Header in which a proxy says their groups")
    groups_claim: str = Field("groups", description="Claim in which a sign-in service says their groups")
    otherwise: str = Field("", description="Role of who signs in and has none; empty: they see nothing")


_CUSTOMERS: frozenset[Kind] = frozenset({"name", "email", "phone", "text"})
ROLES = {
    "admin": Role(may=frozenset(RIGHTS)),
    "manager": Role(masked=_CUSTOMERS, may=frozenset({"export", "reveal"})),
    "lead": Role(
        pages=("home", "service", "customers", "definitions", "calendars"),
        rows={"team": (OWN,)},
        may=frozenset({"export"}),
    ),
    "agent": Role(pages=("overview", "complaints", "satisfaction", "response", "definitions"), rows={"agent": (OWN,)}),
    "analyst": Role(masked=_CUSTOMERS | {"agent"}, may=frozenset({"export", "sql"})),
}
"""The roles there are when settings name none; naming one of them replaces it."""
