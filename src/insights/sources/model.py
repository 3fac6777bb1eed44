"""What goes into reading an export, and what comes out."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from insights.sources.notices import Notice
from insights.sources.profile import Profile

DateOrder = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True)
class Limits:
    """Sizes above which a cell is set aside or a file refused."""

    max_cell: int = 1_000_000
    max_columns: int = 2_000
    max_unpacked: int = 20_000_000_000
    max_members: int = 1_000


@dataclass(frozen=True)
class ReadOptions:
    """What the user said about the files; everything left None is inferred and reported.

    `source` forces a profile by name, `profile` one from a file. `timezone` wins over the profile's; `default_timezone`
    (the company's) is used where neither says. `as_of`, `earliest` and `now` (else the clock) are naive UTC.
    """

    source: str | None = None
    profile: Profile | None = None
    timezone: str | None = None
    default_timezone: str = "UTC"
    encoding: str | None = None
    delimiter: str | None = None
    date_order: DateOrder | None = None
    decimal: Literal[",", "."] | None = None
    sheet: str | None = None
    mend: bool = False
    """Put letters right that were read in another encoding than they were written in before the export."""
    earliest: dt.datetime = dt.datetime(2000, 1, 1)
    as_of: dt.datetime | None = None
    now: dt.datetime | None = None
    limits: Limits = Limits()
    complete: bool = False
    """The files of a source hold all its tickets: open ones that are missing are gone."""


@dataclass(frozen=True)
class StagedFile:
    """One file (or member of an archive, or sheet) in typed temporary tables.

    `tables` maps canonical tables to temp tables holding `schema.loaded_columns` (those the source fills; the rest
    are absent) plus `_line BIGINT`; rows set aside are in no table. `rejects` is a temp table with the columns of
    `schema.rejects` except load_id. `rows_read` counts every data row, the rejected ones included.
    """

    path: str
    name: str
    sha256: str
    source: str
    profile_hash: str
    encoding: str | None
    delimiter: str | None
    date_order: str | None
    decimal: str | None
    as_of: dt.datetime | None
    rows_read: int
    rows_rejected: int
    main: str
    tables: dict[str, str] = field(default_factory=dict)
    rejects: str = ""
    read_as: dict[str, str] = field(default_factory=dict)
    """How it was read, in words a file of its corrected rows begins with."""
    uses: dict[str, list[str]] = field(default_factory=dict)
    """The canonical columns each header was read for."""
    unused: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    complete: bool = False
    """The files of its source hold all its tickets."""

    @property
    def columns(self) -> list[str]:
        """Return every header of the file."""
        return [*self.uses, *self.unused]
