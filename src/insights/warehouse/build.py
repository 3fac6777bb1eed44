"""A load: copy the current version, bring the files in, derive, check, publish; or leave everything as it was."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import duckdb

from insights import sources, timing
from insights.errors import FileRefused, WarehouseMissing
from insights.settings import Settings
from insights.sources import Limits, Profile, ReadOptions, StagedFile
from insights.warehouse import checks, ddl, facts, ledger, sending
from insights.warehouse.deriving import copies, money, people, verdicts
from insights.warehouse.deriving.unsaid import complete_events
from insights.warehouse.engine import open_builder, translated
from insights.warehouse.failpoints import failpoint
from insights.warehouse.merging import exclusions, other_ids
from insights.warehouse.merging.merge import drop_staged, merge_file
from insights.warehouse.personal import arrivals
from insights.warehouse.preparing import prepare
from insights.warehouse.progress import Progress, Steps
from insights.warehouse.publishing import lock, versions
from insights.warehouse.report import FileReport, LoadReport

Stage = Callable[[duckdb.DuckDBPyConnection], Iterable[StagedFile]]
"""Reads one path into temporary tables of the connection."""


def load(
    paths: Sequence[Path],
    settings: Settings,
    *,
    source: str | None = None,
    profile: Profile | None = None,
    options: ReadOptions | None = None,
    as_of: dt.datetime | None = None,
    dry_run: bool = False,
    sample: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Load files in one go: all of them become one new version, or one is refused and nothing changes.

    Of a folder's files those that are refused are left out and said, where any other can be read.

    `as_of` is naive UTC. `sample` marks the sample company, which the first real load replaces.
    """
    given = options or ReadOptions()
    chosen = replace(
        given,
        source=source or given.source,
        profile=profile or given.profile,
        as_of=as_of or given.as_of,
        default_timezone=settings.company.time_zone,
        earliest=dt.datetime.combine(settings.loading.earliest, dt.time()),
        limits=Limits(
            max_cell=settings.loading.max_cell,
            max_columns=settings.loading.max_columns,
            max_unpacked=int(settings.loading.max_unpacked_gb * 1e9),
        ),
    )
    known = sources.profiles(settings.profiles)
    left_out: list[FileRefused] = []
    stages = [_stage(path, known, chosen, left_out) for path in paths]
    report = load_staged(stages, settings, as_of=chosen.as_of, dry_run=dry_run, sample=sample, progress=progress)
    return replace(report, left_out=tuple(left_out))


def _stage(path: Path, known: Sequence[Profile], options: ReadOptions, left_out: list[FileRefused]) -> Stage:
    # The same content read in another way (zone, date order, ...) is not the same content.
    said = asdict(replace(options, profile=None, as_of=None, now=None))
    if not options.complete:
        del said["complete"]
    way = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]

    def read(con: duckdb.DuckDBPyConnection) -> Iterator[StagedFile]:
        for file in sources.stage(con, path, known, options, left_out):
            yield replace(file, profile_hash=f"{file.profile_hash}-{way}", complete=options.complete)

    return read


def recompute(settings: Settings, *, progress: Progress | None = None) -> LoadReport:
    """Compute whatever rests on the settings again, from the rows already held; no version when nothing changed."""
    if versions.current(settings.warehouse) is None:
        raise WarehouseMissing("no_warehouse", directory=str(settings.warehouse))
    return load_staged([], settings, progress=progress)


def load_staged(
    stages: Sequence[Stage],
    settings: Settings,
    *,
    as_of: dt.datetime | None = None,
    dry_run: bool = False,
    sample: bool = False,
    progress: Progress | None = None,
) -> LoadReport:
    """Do what `load` does with files that `stages` read."""
    directory, steps = settings.warehouse, Steps(len(stages), progress)
    with lock.locked(directory, waiting=steps.wait if settings.loading.wait else None):
        failpoint("locked")
        base = versions.current(directory)
        stages = [arrivals.forgetting(stage, settings) for stage in stages]
        building: Path | None = None
        try:
            steps.at("copy")
            building = versions.begin(directory, base)
            if base is None:
                ddl.lay_out(building)
            failpoint("copied")
            report = _build(building, base, stages, settings, as_of, dry_run, sample, steps)
            if report.version is not None:
                steps.at("publish")
                versions.publish(building)
                versions.prune(directory, settings.loading.keep_versions, base)
                failpoint("pruned")
        except OSError as error:
            raise versions.translated(error, directory) from error
        except duckdb.Error as error:
            if (refusal := translated(error, directory / versions.name_of(base or 0))) is None:
                raise
            raise refusal from error
        finally:
            if building is not None:
                versions.discard(building)
        if report.version is not None:
            sending.follow(settings)
    steps.at("done")
    return report


def _build(
    building: Path,
    base: int | None,
    stages: Sequence[Stage],
    settings: Settings,
    asked: dt.datetime | None,
    dry_run: bool,
    sample: bool,
    steps: Steps,
) -> LoadReport:
    con = open_builder(building, settings.engine)
    try:
        before = ledger.prepare(con)
        sample = sample or (not stages and before.get("sample") == "true")
        if before.get("sample") == "true" and not sample:  # a real company does not start among made-up customers
            ddl.drop_all(con)
            before = ledger.prepare(con)
        people.forget(con)
        exclusions.forget(con)
        exclusions.prepare(con)
        timing.exported(con)
        load_id = ledger.next_load(con)
        reports = _merge(con, stages, load_id, asked, steps)
        gone = exclusions.mark_gone(con)
        at = ledger.latest_as_of(con, settings) if stages else dt.datetime.fromisoformat(before["as_of"])
        said = facts.stated(settings, at, sample=sample)
        earlier = [r.already_loaded_in for r in reports]
        news = None in earlier
        held_by = max((e for e in earlier if e is not None), default=load_id - 1)
        report = LoadReport(
            load_id=load_id if news else held_by,
            version=versions.number(building),
            as_of=max((r.as_of for r in reports if r.as_of), default=None),
            dry_run=dry_run,
            files=tuple(reports),
            gone=gone,
        )
        if dry_run or (base and not news and said.items() <= before.items()):
            return replace(report, version=None)
        _finish(con, settings, said, reports, steps)
    finally:
        con.close()
    failpoint("closed")
    return report


def _merge(
    con: duckdb.DuckDBPyConnection, stages: Sequence[Stage], load_id: int, asked: dt.datetime | None, steps: Steps
) -> list[FileReport]:
    reports = []
    for place, stage in enumerate(stages, 1):
        started = ledger.now()
        steps.at("read", place)
        for file in stage(con):
            steps.at("merge", place, file.name)
            reports.append(merge_file(con, file, load_id, asked, started))
            drop_staged(con, file)
    return reports


def derive_again(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Compute everything derived again in a file that was built from another version's rows."""
    before = ledger.prepare(con)
    people.forget(con)
    exclusions.forget(con)
    at = dt.datetime.fromisoformat(before["as_of"])
    said = facts.stated(settings, at, sample=before.get("sample") == "true")
    _finish(con, settings, said, [], Steps(0, None), anew=True)


def _finish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    said: dict[str, str],
    reports: list[FileReport],
    steps: Steps,
    *,
    anew: bool = False,
) -> None:
    steps.at("derive")
    other_ids.settle(con)
    complete_events(con)
    people.resolve(con, settings)
    exclusions.apply(con, settings)
    copies.copy_to_tickets(con)
    timing.derive(
        con,
        settings,
        dt.datetime.fromisoformat(said["as_of"]),
        anew=anew,
        told=lambda done: steps.within("derive", done),
    )
    exclusions.end_stretches(con, settings.company.time_zone)
    copies.derive(con, settings)
    verdicts.judge(con)
    steps.at("check")
    checks.check(con, reports)
    said |= {"currency": money.currency_of(con, settings)}
    facts.write(con, said | prepare(con, said, settings.engine.prepare_from))
    failpoint("checked")
    con.execute("CHECKPOINT")
