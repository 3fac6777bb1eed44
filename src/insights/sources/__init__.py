"""Reading any export into typed staging tables: bytes → raw text → canonical columns, with rejects as data."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import duckdb

from insights import scratch
from insights.errors import FileRefused, UnknownName
from insights.kept import time_zones
from insights.sources import corrections, moment
from insights.sources.markup.plain import plain_members
from insights.sources.model import Limits, ReadOptions, StagedFile
from insights.sources.profile import WORDS_FILE, Profile, load_profile, load_words
from insights.sources.profile.built_in import built_in
from insights.sources.profile.recognise import forced
from insights.sources.reading.delimited import NAMES
from insights.sources.road import Read, read

_TOMORROW = dt.timedelta(days=1)
_DESK = re.compile(r"\w[\w.-]{0,39}")
_MISSPELT = 0.8


def profiles(settings_dir: Path | None = None) -> list[Profile]:
    """Return the built-in profiles and those in `settings_dir`, which win over a built-in one of the same name.

    Words of `settings_dir`/words.toml hold in all of them.
    """
    found = sorted(settings_dir.glob("*.toml")) if settings_dir and settings_dir.is_dir() else []
    own = [load_profile(f) for f in found if f.name != WORDS_FILE]
    words = load_words(f) if (f := next((f for f in found if f.name == WORDS_FILE), None)) else {}
    names = {p.name for p in own}
    return [p.knowing(words) for p in (*own, *(p for p in built_in() if p.name not in names))]


def own_profile(path: Path, settings_dir: Path | None = None) -> Profile:
    """Return the profile in a file of the user's, with the words of `settings_dir`/words.toml; raises MappingWrong."""
    words = settings_dir / WORDS_FILE if settings_dir else None
    return load_profile(path).knowing(load_words(words) if words and words.is_file() else {})


def stage(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    profiles: Sequence[Profile],
    options: ReadOptions,
    left_out: list[FileRefused] | None = None,
) -> Iterator[StagedFile]:
    """Read one path (file, archive, workbook or folder) into typed temp tables of `con`; raises FileRefused.

    One file after another, so that the caller can take over and drop a file's tables before the next is read.
    A file of a folder that is refused joins `left_out`, where that is given, unless none of its neighbours can be read.
    """
    refused: list[FileRefused] = []
    _refuse_nonsense(options)
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = true")  # the place of a row in its table tells its line
    chosen, rows = _chosen(profiles, options), 0
    with scratch.folder() as folder:
        for member in plain_members(path, folder, options):
            again = corrections.said(member.path)
            given, known = corrections.as_before(again, options, chosen) if again else (options, chosen)
            given = replace(given, encoding=member.encoding or given.encoding)
            hint = given.as_of or moment.in_name(member.name, given.timezone or given.default_timezone)
            now = options.now or dt.datetime.now(dt.UTC).replace(tzinfo=None)
            latest = given.as_of or min(hint or now, now) + _TOMORROW
            try:
                for one in read(con, member, known, given, latest):
                    rows += one.staged.rows_read
                    yield _staged_file(path, one, hint, given)
            except FileRefused as reason:
                if left_out is None or not path.is_dir():
                    raise
                refused.append(reason)
    if not rows:
        raise next(iter(refused), FileRefused("empty_file", file=path.name))
    if left_out is not None:
        left_out += refused


def _chosen(profiles: Sequence[Profile], options: ReadOptions) -> Sequence[Profile]:
    """Return the profiles to try: the forced one alone, else all."""
    if options.profile:
        return [forced(options.profile)]
    if options.source is None:
        return profiles
    named = [p for p in profiles if options.source in (p.name, p.source)]
    return named or _second_desk(options.source, profiles)


def _second_desk(name: str, profiles: Sequence[Profile]) -> list[Profile]:
    """Return our own format under the name of a desk of the user's; a misspelt profile is no desk."""
    known = list(dict.fromkeys(p.name for p in profiles))
    near = get_close_matches(name, [*known, *(p.source for p in profiles)], n=1, cutoff=_MISSPELT)
    if near or not _DESK.fullmatch(name):
        raise UnknownName("unknown_source", name=name, known=", ".join(known))
    return [replace(p, family=name) for p in profiles if p.family]


def _refuse_nonsense(options: ReadOptions) -> None:
    """Raise UnknownName for a time zone or delimiter that cannot be one, before any file is looked at."""
    if options.timezone and options.timezone not in time_zones():
        raise UnknownName("unknown_zone", name=options.timezone)
    if options.delimiter and (len(NAMES.get(options.delimiter, options.delimiter)) > 1 or options.delimiter in '"\r\n'):
        raise UnknownName("unknown_delimiter", name=options.delimiter)


def _staged_file(path: Path, one: Read, hint: dt.datetime | None, options: ReadOptions) -> StagedFile:
    staged, profile = one.staged, one.profile
    read_as = corrections.read_as(profile, options, staged.date_order, staged.decimal)
    return StagedFile(
        path=str(path),
        name=one.name,
        sha256=one.sha256,
        source=profile.source,
        profile_hash=profile.hash,
        encoding=one.encoding,
        delimiter=one.delimiter,
        date_order=staged.date_order,
        decimal=staged.decimal,
        as_of=hint or staged.latest,
        rows_read=staged.rows_read,
        rows_rejected=staged.rows_rejected,
        main=profile.main,
        tables=staged.tables,
        rejects=staged.rejects,
        read_as=read_as,
        uses=staged.uses,
        unused=staged.unused,
        notices=(*one.notices, *staged.notices),
    )


__all__ = ["Limits", "Profile", "ReadOptions", "StagedFile", "load_profile", "own_profile", "profiles", "stage"]
