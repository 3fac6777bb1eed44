"""The tables on a server the company runs: sent there version by version, read there by the same desk.

One database a version, and beside them one small table that says which is the current one: adding a row to it switches
all tables at once, a reader stays with the version it opened, and going back is one more row.
"""

from importlib.util import find_spec

from insights.errors import DatabaseCannot


def require_driver() -> None:
    """Raise DatabaseCannot unless the driver is installed, which a company on one machine does not need."""
    if find_spec("clickhouse_connect") is None:
        raise DatabaseCannot("no_driver")
