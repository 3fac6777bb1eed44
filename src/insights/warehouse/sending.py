"""Whether a new version goes on to a database server: asked for by hand, and after whatever publishes one here."""

from insights.errors import DatabaseAway, DatabaseCannot
from insights.settings import Settings
from insights.warehouse.publishing import lock
from insights.warehouse.publishing.versions import number, require_current


def publish(settings: Settings) -> int:
    """Send the version this machine serves to the database of the settings and return its number.

    Raises WarehouseMissing, DatabaseAway, DatabaseCannot.
    """
    if settings.database is None:
        raise DatabaseCannot("no_database")
    with lock.locked(settings.warehouse, waiting=(lambda _: None) if settings.loading.wait else None):
        return _sent(settings, settings.database)


def follow(settings: Settings) -> None:
    """Let the database of the settings, if there is one, serve and keep what this machine serves and keeps.

    What was done here stays done when the server refuses; raises DatabaseAway, which says so.
    """
    if settings.database is None:
        return
    try:
        _sent(settings, settings.database)
    except (DatabaseAway, DatabaseCannot) as error:
        version = number(require_current(settings.warehouse))
        raise DatabaseAway("not_sent", version=version, host=error.details.get("host", "")) from error


def _sent(settings: Settings, address: str) -> int:
    from insights.warehouse.cluster.sending import send

    return send(settings, address)
