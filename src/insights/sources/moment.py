"""The moment a file speaks of: the export time in its name, else the latest time in it."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

_DAY = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[T_ -]?([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?)?(?!\d)"
)
_EXPORT = re.compile(r"export|extract|snapshot|dump|backup|as.?of|aktar|rapor|report", re.IGNORECASE)


def in_name(name: str, zone: str) -> dt.datetime | None:
    """Return the export time written in a file's name as naive UTC: export_2023_06_15; a day means its end."""
    last = name.rsplit("/", 1)[-1]
    found = _DAY.search(last)
    if not found or not _EXPORT.search(last):
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        local = dt.datetime(
            int(year), int(month), int(day), int(hour or 23), int(minute or 59), int(second or (0 if hour else 59))
        )
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).replace(tzinfo=None)
