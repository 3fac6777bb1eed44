"""Whether answering complaints fast goes together with customers who stay: alike complaints, from a landmark on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from insights.stats.comparing import Cells, Difference, e_value, overlap, standardised
from insights.stats.landmark import Read, at_mix, more_needed, naive, shares
from insights.studies.core import ENDS, Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.service.at_stake import OPEN, at_stake
from insights.studies.service.complaints import STRATA, Complaints, stratum
from insights.studies.service.curves import curves, hazard
from insights.studies.service.exposures import BANDS, HOURS, USUAL_HOURS


def speed_to_kept(asker: Asker, options: Options) -> Answer:
    """Return how many more of those answered in time stayed, as it stands and at an equal mix of complaints.

    Who is still watched for less than `gone_days` is in the curves alone. The sentence claims nothing that chance, a
    difference from before the complaint or too few alike complaints may explain.
    """
    exposure, hours = options["exposure"], options["hours"] or USUAL_HOURS[options["exposure"]]
    of, edges = Complaints(asker, exposure, options["gone_days"]), BANDS.get(exposure, ())
    others = [other for other in HOURS.get(exposure, ()) if other != hours]
    asked = [_tally(of.at(hours), "days", "gone", "before")]
    asked += [_tally(of.at(other, placebo=False)) for other in others]
    asked += [_by_band(of.at(edges[-1], placebo=False), edges)] if edges else []
    tally, *found = asker.fetch_each(*asked)
    moments = dict(zip(others, found, strict=False))
    counted = [r for r in tally if r["reason"] is None]
    after, before = _cells(counted, "kept"), _cells(counted, "before")
    read = Read(standardised(after), standardised(before), overlap(after))
    compared = [
        _difference("as_it_stands", naive(after)),
        _difference("alike", read.adjusted),
        _difference("before", read.before),
    ]
    chosen = {"exposure": exposure, "hours": hours, "gone_days": options["gone_days"]}
    facts = chosen | _counts(tally) | _facts(after, read)
    queue, stake = at_stake(asker, read) if exposure == "response" else ([], {})
    tables = {
        "speed_to_kept": [row for row in compared if row],
        "bands": _bands(found[-1], edges) if edges else [],
        "curves": curves(counted),
        "moments": _moments(exposure, moments, compared[1]),
        "open": queue,
    }
    return Answer(tables, facts | hazard(counted) | stake, read.verdict)


def _difference(compared: str, found: Difference | None) -> Row | None:
    names = ("value", "low", "high", "n_with", "n_without", "real")
    return {"compared": compared, **{name: getattr(found, name) for name in names}} if found else None


TOLD = ("reason", "exposed", *STRATA, "kept")
"""What tells complaints apart wherever shares are compared."""


def _tally(c: sa.Subquery, *further: str) -> sa.Select[Any]:
    """Return how many complaints there are of each kind that a part of the answer tells apart, always in one order."""
    keys = [c.c[name] for name in (*TOLD, *further)]
    return sa.select(*keys, sa.func.count().label("n")).group_by(*keys).order_by(*keys)


def _cells(counted: Sequence[Row], of: str) -> Cells:
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for record in counted:
        if record[of] is not None:
            cell, place = found[stratum(record)], 0 if record["exposed"] else 2
            cell[place] += record["n"] * record[of]
            cell[place + 1] += record["n"]
    return [(a, b, c, d) for a, b, c, d in found.values()]


def _counts(tally: Sequence[Row]) -> dict[str, int]:
    def n(*of: bool) -> int:
        return sum(r["n"] for r, one in zip(tally, of, strict=True) if one)

    left = {word: n(*(r["reason"] == word for r in tally)) for word in REASONS}
    running = n(*(r["reason"] is None and r["kept"] is None for r in tally))
    return {"n": n(*(r["reason"] is None for r in tally)), "running": running, **left}


def _facts(cells: Cells, read: Read) -> dict[str, Any]:
    found, (with_, without) = read.adjusted, shares(cells) or (None, None)
    ends = {name: getattr(found, name, None) for name in ("value", "low", "high")}
    ratio = (1 - without) / (1 - with_) if with_ is not None and without not in (None, 1) and with_ < 1 else None
    return ends | {
        "kept_with": with_,
        "kept_without": without,
        "overlap": read.overlap,
        "more_needed": more_needed(found) if found else None,
        "e_value": e_value(ratio) if ratio else None,
    }


def _by_band(c: sa.Subquery, edges: Sequence[float]) -> sa.Select[Any]:
    """Return how many complaints of each kind stayed by speed band, watched from the last band's end on."""
    band = sa.case(*((c.c.taken_s <= edge * 3600, place) for place, edge in enumerate(edges)), else_=len(edges))
    keys = (band.label("band"), *(c.c[name] for name in STRATA))
    columns = (*keys, sa.func.count().label("n"), sa.func.count().filter(c.c.kept).label("hits"))
    counted = sa.select(*columns).where(c.c.reason.is_(None), c.c.kept.is_not(None))
    return counted.group_by(*keys).order_by(*keys)


def _bands(records: Sequence[Row], edges: Sequence[float]) -> list[Row]:
    """Return the share that stayed by speed band at an equal mix."""
    sizes: dict[Any, int] = defaultdict(int)
    for r in records:
        sizes[stratum(r)] += r["n"]
    return [
        _band([r for r in records if r["band"] == place], sizes, until) for place, until in enumerate((*edges, None))
    ]


def _band(mine: Sequence[Row], sizes: Mapping[Any, int], until: float | None) -> Row:
    counts = {stratum(r): (r["hits"], r["n"]) for r in mine}
    found = at_mix([counts.get(one, (0, 0)) for one in sizes], list(sizes.values()))
    share, low, high = found or (None, None, None)
    return {
        "until_s": until * 3600 if until else None,
        "n": sum(n for _, n in counts.values()),
        "share": share,
        "low": low,
        "high": high,
    }


def _moments(exposure: str, tallies: Mapping[float, Sequence[Row]], own: Row | None) -> list[Row]:
    """Return the same difference for other landmarks: what hangs on the one chosen."""
    found: list[Row] = []
    for hours in HOURS.get(exposure, ()):
        row = own
        if hours in tallies:
            cells = _cells([r for r in tallies[hours] if r["reason"] is None], "kept")
            row = _difference("alike", standardised(cells))
        if row:
            found.append({"hours": hours, **{name: of for name, of in row.items() if name != "compared"}})
    return found


def _rows(asker: Asker, options: Options, *, aside: bool = False) -> Sequence[Row]:
    hours = options["hours"] or USUAL_HOURS[options["exposure"]]
    c = Complaints(asker, options["exposure"], options["gone_days"]).at(hours)
    chosen = c.c.reason.is_not(None) if aside else c.c.reason.is_(None)
    columns = [column for column in c.c if aside or column.name != "reason"]
    return asker.fetch(sa.select(*columns).where(chosen).order_by(c.c.created_at, c.c.customer_id))


REASONS = ("before_landmark", "left_before", "not_known")
STUDIES = (
    Study(
        "speed_to_kept",
        ("tickets", "orders"),
        answer=speed_to_kept,
        behind=_rows,
        aside=lambda asker, options: _rows(asker, options, aside=True),
        options=(
            Option("exposure", "word", "response", tuple(USUAL_HOURS)),
            Option("hours", "number"),
            Option("gone_days", "whole", 180),
        ),
        shapes=(
            Shape("speed_to_kept", (Column("compared", "word", "compared"), *ENDS)),
            Shape(
                "bands",
                (
                    Column("until_s", "seconds"),
                    Column("n", "count"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                ),
            ),
            Shape(
                "curves",
                (
                    Column("exposed", "flag"),
                    Column("days", "number"),
                    Column("share", "share"),
                    Column("low", "share"),
                    Column("high", "share"),
                    Column("at_risk", "number"),
                ),
            ),
            Shape("moments", (Column("hours", "number"), *ENDS)),
            Shape("open", OPEN),
        ),
    ),
)
