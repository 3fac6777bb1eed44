"""`insights load`, `sources`, `status`, `undo`: what goes in and what is there."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit
from insights.cli.asking import moment
from insights.cli.keeping import published

if TYPE_CHECKING:
    from insights.settings import Settings
    from insights.warehouse import Event, FileReport, LoadReport, Progress

_SUMMARY = ("rows_read", "rows_inserted", "rows_updated", "rows_unchanged", "rows_rejected", "warnings")


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, archives or folders, as exported")],
    source: Annotated[
        str | None,
        typer.Option(help="Name of the profile, when it is not recognised; any other names your own desk"),
    ] = None,
    profile: Annotated[Path | None, typer.Option(help="A profile of your own (TOML)")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA zone the times of the file are written in")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="When it was exported: a local day means its end, a time is UTC")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding, when the one found is wrong")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Delimiter, when the one found is wrong")] = None,
    date_order: Annotated[Literal["dmy", "mdy", "ymd"] | None, typer.Option(help="Order in ambiguous dates")] = None,
    decimal: Annotated[Literal[",", "."] | None, typer.Option(help="Decimal mark in ambiguous numbers")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook")] = None,
    mend: Annotated[
        bool, typer.Option("--mend-letters", help="Put letters right that were broken before the export (MÃ¼ÅŸteri)")
    ] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="These files are everything: open tickets missing from them are gone")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and change nothing")] = False,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Refuse while another load runs instead of waiting")
    ] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Mark as the sample company", hidden=True)] = False,
    format: FormatOption = Format.table,
) -> None:
    """Recognise each file and load it; all of them become one new version, or nothing changes."""
    from insights import sources, warehouse
    from insights.sources import ReadOptions

    chosen: Context = context.obj
    options = ReadOptions(
        timezone=timezone,
        encoding=encoding,
        delimiter=_unescaped(delimiter),
        date_order=date_order,
        decimal=decimal,
        sheet=sheet,
        mend=mend,
        complete=complete,
    )
    own = sources.own_profile(profile, chosen.settings.profiles) if profile else None
    with _progress(chosen.language) as listener:
        report = warehouse.load(
            paths,
            _waiting(chosen.settings, not no_wait),
            source=source,
            profile=own,
            options=options,
            as_of=moment(as_of, chosen.settings.company.zone),
            dry_run=dry_run,
            sample=sample,
            progress=listener,
        )
    if report.version is not None:
        published(context, "load", files=[Path(file.path).name for file in report.files], version=report.version)
    if format is Format.json:
        print(json.dumps(report.as_json() | {"left_out": _left_out(report, chosen.language)}, ensure_ascii=False))
        return
    emit(_summary(report, chosen.language if format is Format.table else None), format)
    if format is Format.table:
        _conclude(report, chosen.language)


def _waiting(settings: "Settings", wait: bool) -> "Settings":
    loading = settings.loading.model_copy(update={"wait": wait and settings.loading.wait})
    return settings.model_copy(update={"loading": loading})


def _summary(report: "LoadReport", language: str | None) -> Iterator[dict[str, Any]]:
    """Return one line per file, headed in the reader's language (None: by the names of the JSON)."""
    for file in report.files:
        row: dict[str, Any] = {"file": Path(file.path).name, "source": file.source}
        row |= {name: getattr(file, name) for name in _SUMMARY} | {"warnings": sum(file.warnings.values())}
        yield {texts.t(f"loading.{k}", language): v for k, v in row.items()} if language else row


def _noticed(file: "FileReport", language: str) -> Iterator[str]:
    """Return a sentence for each thing to know of a file."""
    name = Path(file.path).name
    for notice in file.notices:
        yield texts.t(f"notices.{notice.kind}", language, file=name, column=notice.column or "", **notice.shown)
    if file.columns_unused:
        yield texts.t("notices.columns_unused", language, file=name, columns=", ".join(file.columns_unused))


def _left_out(report: "LoadReport", language: str) -> list[dict[str, str]]:
    """Return the files of a folder that were refused, each with the sentence why."""
    terminal = not os.environ.get("INSIGHTS_PROGRESS")
    return [
        {"file": r.file, "class": r.kind, "message": texts.error(r, language, paths=terminal)} for r in report.left_out
    ]


def _conclude(report: "LoadReport", language: str) -> None:
    for said in (s for file in report.files for s in _noticed(file, language)):
        print(said)
    for out in _left_out(report, language):
        print(texts.t("loading.left_out", language, file=out["file"], problem=out["message"]))
    if report.dry_run:
        print(texts.t("loading.dry_run", language))
    elif report.version is None:
        print(texts.t("loading.unchanged", language))
    else:
        said = "published" if report.as_of else "published_timeless"
        print(texts.t(f"loading.{said}", language, version=report.version, as_of=report.as_of))
    if report.gone:
        said = "gone_dry" if report.dry_run else "gone"
        print(texts.t(f"loading.{said}", language, count=report.gone))
    if not report.dry_run and any(f.rejects or f.warnings for f in report.files):
        print(texts.t("loading.see_rejects", language, load=report.load_id))


@app.command()
def recompute(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Compute everything that rests on the settings again: calendars, promises, tiers; the rows stay as loaded."""
    from insights import warehouse

    chosen: Context = context.obj
    with _progress(chosen.language) as listener:
        report = warehouse.recompute(chosen.settings, progress=listener)
    if report.version is not None:
        published(context, "recompute", version=report.version)
    if format is Format.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    elif report.version is None:
        print(texts.t("loading.as_it_was", chosen.language))
    else:
        print(texts.t("loading.recomputed", chosen.language, version=report.version))


@app.command("sources")
def list_sources(context: typer.Context, format: FormatOption = Format.table) -> None:
    """List the known profiles with the headers they look for."""
    from insights import sources

    chosen: Context = context.obj
    known = sources.profiles(chosen.settings.profiles)
    rows = (
        {
            "name": p.name,
            "label": texts.called(p.label, chosen.language),
            "fills": ", ".join(p.tables),
            "headers": ", ".join(p.headers),
        }
        for p in known
    )
    emit(rows, format)


@app.command()
def status(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Show the current warehouse file, its version, tables and rows, the last load, as_of and warnings."""
    from insights import warehouse

    chosen: Context = context.obj
    found = warehouse.status(chosen.settings)
    said = [texts.t(f"warnings.{key}", chosen.language, **values) for key, values in found.warnings]
    shown = found.as_json() | {"warnings": said}
    if format is Format.json:
        print(json.dumps(shown, ensure_ascii=False, default=str))
        return
    lines = {k: shown[k] for k in ("database", "version", "as_of")} | found.tables
    emit(({"name": k, "value": v} for k, v in lines.items()), format)
    for warning in said if format is Format.table else ():
        print(warning)


@app.command()
def undo(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Serve the version before the last load again."""
    from insights import warehouse

    chosen: Context = context.obj
    version = warehouse.undo(chosen.settings)
    published(context, "undo", version=version)
    _say_version(chosen, "loading.undone", version, format)


@app.command()
def publish(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Send the current version to the database of the settings: checked there, then served as a whole."""
    from insights import warehouse

    chosen: Context = context.obj
    _say_version(chosen, "loading.sent", warehouse.publish(chosen.settings), format)


def _say_version(of: Context, key: str, version: int, format: Format) -> None:
    if format is Format.table:
        print(texts.t(key, of.language, version=version))
    else:
        emit([{"version": version}], format)


def _unescaped(delimiter: str | None) -> str | None:
    return {"\\t": "\t", "tab": "\t"}.get(delimiter or "", delimiter)


@contextmanager
def _progress(language: str) -> Iterator["Progress | None"]:
    """Show a bar on a terminal, JSON lines when INSIGHTS_PROGRESS=json, else nothing."""
    if os.environ.get("INSIGHTS_PROGRESS") == "json":
        from insights.warehouse import progress

        yield progress.to_stderr
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)

            def show(event: "Event") -> None:
                said = texts.t(f"loading.stage_{event.stage}", language, name=event.name)
                bar.update(task, completed=event.share, description=said)

            yield show
    else:
        yield None
