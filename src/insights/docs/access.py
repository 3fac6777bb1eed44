"""Who sees what, as the roles that ship have it: the matrix of docs/access.md."""

from collections.abc import Iterator

from insights.settings import RIGHTS, ROLES, Role
from insights.ui.run.places import PAGES, there_for

YES, NO = "yes", "–"


def pages() -> Iterator[tuple[object, ...]]:
    """Yield each page with what each role finds there."""
    for place in PAGES:
        yield f"`{place.path}`", *(YES if there_for(role, place) else NO for role in ROLES.values())


def rights() -> Iterator[tuple[object, ...]]:
    """Yield what rows and people each role sees, then each right."""
    yield "rows", *(_rows(role) for role in ROLES.values())
    yield "masked", *(", ".join(sorted(role.masked)) or NO for role in ROLES.values())
    yield "least group", *(role.small_groups if role.masked else NO for role in ROLES.values())
    for right in RIGHTS:
        yield f"may {right}", *(YES if right in role.may else NO for role in ROLES.values())


def _rows(role: Role) -> str:
    return "; ".join(f"{name} = {', '.join(values)}" for name, values in role.rows.items()) or "all"


def header(first: str) -> tuple[str, ...]:
    """Return the head of a table with a column for each role."""
    return first, *ROLES
