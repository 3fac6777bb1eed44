"""What analysts ask, ready with the version: a file for each role that may write SQL and sees less than everything."""

import contextlib
from collections.abc import Iterator

import duckdb

from insights.access import Visitor, scope_at
from insights.asking.role_file import role_file
from insights.errors import InsightsError
from insights.filters import EVERYTHING, NOTHING, Scope
from insights.settings import OWN, Settings
from insights.warehouse import Warehouse, open_current


def build_role_files(settings: Settings) -> None:
    """Build them, where people sign in; else nobody has another role than the one that sees everything.

    What a reader's own rows are is known when they ask. A file that cannot be built now is built at the first question,
    which says what is wrong: a load that is published stays so.
    """
    if settings.sign_in.way == "none":
        return
    with contextlib.suppress(InsightsError, OSError, duckdb.Error):
        held = open_current(settings.warehouse, settings.engine)
        for scope in set(_shared(held, settings)) - {EVERYTHING, NOTHING}:
            role_file(held, scope, settings.engine)


def _shared(held: Warehouse, settings: Settings) -> Iterator[Scope]:
    """Yield what each role with SQL sees, where it is the same for everybody who has it."""
    for name, role in settings.roles.items():
        if "sql" in role.may and not any(OWN in values for values in role.rows.values()):
            yield scope_at(Visitor(role=name), held, settings)
