"""Which profile a file fits, judged by what its headers prove, and what the nearest one lacks when none does."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from insights import schema
from insights.errors import FileRefused
from insights.kept import time_zones
from insights.sources.folding import fold, form
from insights.sources.profile.aliases import named
from insights.sources.profile.evidence import convinces, telling
from insights.sources.profile.language import Profile
from insights.sources.profile.spelling import Aliases

_VALUE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\d\d:\d\d|^[^@\s]+@[^@\s]+\.\w+$")
"""A date, a time or an e-mail address: no name of a column."""
_OF_A_PERSON = re.compile(r"@|\d{7}")
"""What a heading hardly holds and a person's row does."""
_NEAR = 0.5
"""A profile with no more of its needed headers is no neighbour worth naming."""


@dataclass(frozen=True)
class Fit:
    """A profile that matches, and how well (own profiles first, then needs met, then headers known)."""

    profile: Profile
    rank: tuple[int, int, int]
    told: int = 0
    """Headers that hardly another export has."""


def recognise(headers: Sequence[str], profiles: Sequence[Profile]) -> Fit | None:
    """Return the best profile whose needed headers are all there and prove it; None too when two prove the same."""
    fits = _fits(_folded(headers), profiles)
    return max(fits, key=lambda f: f.rank, default=None) if not _tied(fits) else None


def _folded(headers: Sequence[str]) -> frozenset[str]:
    return frozenset(fold(bare(h)) for h in headers if h.strip())


def _forbidden(profile: Profile, folded: Set[str]) -> bool:
    return any(named(n, folded) for n in profile.never)


def _complete(folded: Set[str], profiles: Sequence[Profile]) -> list[Profile]:
    """Return the profiles with every needed header and no forbidden one."""
    return [p for p in profiles if p.required and _all_there(p.required, folded) and not _forbidden(p, folded)]


def _all_there(needs: Sequence[Aliases], folded: Set[str]) -> bool:
    """Tell whether no needed header is absent; asked of every profile for every line a header could be."""
    return all(any(named(a, folded) for a in aliases) for aliases in needs)


def _fits(folded: Set[str], profiles: Sequence[Profile]) -> list[Fit]:
    return [
        Fit(p, (int(p.own), len(p.required), len(p.known & folded)), len(telling(p, folded)))
        for p in _complete(folded, profiles)
        if len(p.known & folded) >= p.share * len(folded) and (len(profiles) == 1 or convinces(p, folded))
    ]


def _tied(fits: Sequence[Fit]) -> tuple[Profile, Profile] | None:
    """Return two profiles of different vendors between which the headers do not decide."""
    best = max(fits, key=lambda f: f.rank, default=None)
    if best is None or best.profile.own:
        return None
    known = best.rank[-1]
    strangers = (f for f in fits if f.profile.source != best.profile.source and not f.profile.family)
    rival = next((f for f in strangers if f.told >= best.told and f.rank[-1] >= known), None)
    return (best.profile, rival.profile) if rival and not best.profile.family else None


def bare(header: str) -> str:
    """Return a header without the time zone some exports write into it: `Updated at (America/New_York)`."""
    return header[: header.rindex("(")].rstrip() if zone_in(header) else header


def zone_in(header: str) -> str | None:
    """Return the IANA zone written at the end of a header, if any."""
    inside = header[header.rindex("(") + 1 : -1] if header.endswith(")") and "(" in header else ""
    return inside if inside in time_zones() and ("/" in inside or inside in ("UTC", "GMT")) else None


def forced(profile: Profile) -> Profile:
    """Return a profile the user named as it must fit: without `[match]`, by the columns no row can do without."""
    needed = () if profile.header else profile.required or _needed(profile)
    return replace(profile, own=True, required=needed)


def _needed(profile: Profile) -> tuple[Aliases, ...]:
    key = schema.declared[profile.main].info["key"]
    specs = profile.tables[profile.main].columns
    first = [a for c in (*key, *specs) if c in specs for a in specs[c].wanted]
    keys = [a for c in key if c in specs for a in specs[c].wanted]
    return tuple(keys or first[:1])


def missing(needs: Sequence[Aliases], folded: Set[str]) -> list[str]:
    """Return the needed headers that are absent, by their first name."""
    return [aliases[0] for aliases in needs if not any(named(a, folded) for a in aliases)]


def refuse(headers: Sequence[str], profiles: Sequence[Profile], file: str) -> FileRefused:
    """Return the refusal of a file no profile fits: what was found, the nearest profile and what it lacks.

    Its `headers` are all that were found: what the mapping wizard starts from.
    """
    refused = _refused(headers, profiles, file)
    refused.details["headers"] = tuple(headers)
    return refused


def _refused(headers: Sequence[str], profiles: Sequence[Profile], file: str) -> FileRefused:
    folded = _folded(headers)
    if _looks_like_data(headers) and not any(len(p.known & folded) > 1 for p in profiles):
        return FileRefused("no_header", file=file, found=", ".join(map(form, filter(None, headers)))[:300])
    found = ", ".join(form(h) if _OF_A_PERSON.search(h) else h for h in headers if h)[:300]
    if tied := _tied(_fits(folded, profiles)):
        first, second = (p.label for p in tied)
        return FileRefused(
            "unrecognised_format", key="refused_two_fit", file=file, found=found, first=first, second=second
        )

    def share(p: Profile) -> tuple[float, int]:
        return 1 - len(missing(p.required, folded)) / len(p.required), len(p.known & folded)

    possible = [
        p
        for p in profiles
        if missing(p.required, folded) and not _forbidden(p, folded) and (len(profiles) == 1 or convinces(p, folded))
    ]
    near = max(possible, key=share, default=None)
    if near is not None and len(profiles) == 1:
        lacks = ", ".join(missing(near.required, folded))
        if near.own:
            return mapping_lacks(near, lacks, file, found)
        return FileRefused("missing_required_column", file=file, found=found, profile=near.label, column=lacks)
    whole = next(iter(_complete(folded, profiles)), None)
    if whole and (near is None or share(near)[0] <= _NEAR or not near.family):
        return FileRefused("unrecognised_format", key="refused_everyday", file=file, found=found, nearest=whole.label)
    if near is None or share(near)[0] <= _NEAR:
        return FileRefused("unrecognised_format", key="refused_unlike_any", file=file, found=found)
    absent = missing(near.required, folded)
    lacks = ", ".join(absent)
    known = len(near.known & folded)
    if len(near.required) - len(absent) >= 2 and known >= min(8, len(folded) / 3):
        return FileRefused("missing_required_column", file=file, found=found, profile=near.label, column=lacks)
    return FileRefused("unrecognised_format", file=file, found=found, nearest=near.label, lacks=lacks)


def mapping_lacks(profile: Profile, column: str, file: str, found: str) -> FileRefused:
    """Return the refusal of a file that lacks a column the user's own mapping cannot do without."""
    return FileRefused(
        "wrong_mapping", key="refused_mapping_lacks", file=file, profile=profile.name, column=column, found=found
    )


def _looks_like_data(headers: Sequence[str]) -> bool:
    cells = [h.strip() for h in headers if h.strip()]
    if any(_VALUE.search(c) for c in cells):
        return True
    return bool(cells) and 3 * sum(c[0].isdigit() or c[:1] == "-" for c in cells) >= len(cells)
