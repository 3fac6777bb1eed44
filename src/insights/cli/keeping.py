"""`insights backup`, `restore`: copies to fall back on."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit


def noted(context: typer.Context, what: str, **more: Any) -> None:
    """Write what was done into the trail."""
    from insights.access import Trail

    Trail(context.obj.settings.warehouse).add("(command line)", what, **more)


def published(context: typer.Context, what: str, **more: Any) -> None:
    """Where people sign in: write down what made another version current, and build what analysts ask of it."""
    settings = context.obj.settings
    if settings.sign_in.way == "none":
        return
    from insights.sandbox import build_role_files

    if not os.environ.get("INSIGHTS_PROGRESS"):  # the dashboard writes down who asked it
        noted(context, what, **more)
    build_role_files(settings)


def config_of(context: typer.Context) -> Path | None:
    """Return the settings file the command was told of."""
    found: Path | None = context.parent.params.get("config") if context.parent else None
    return found


@app.command()
def backup(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Folder the backup is written to")],
    format: FormatOption = Format.table,
) -> None:
    """Write the version served, settings, mappings, saved views, trail and accounts into one file, and read it back."""
    from insights import keeping

    chosen: Context = context.obj
    path = keeping.back_up(directory, chosen.settings, config_of(context))
    noted(context, "backup", file=path.name)
    if format is Format.table:
        print(texts.t("keeping.backed_up", chosen.language, file=path))
    else:
        emit([{"file": str(path), "bytes": path.stat().st_size}], format)


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that insights backup wrote")],
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Accounts of the backup take the place of those there are")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Check a backup whole, then serve it: readers move on to it like to a load, and undo goes back."""
    from insights import keeping
    from insights.sandbox import build_role_files

    chosen: Context = context.obj
    done = keeping.restore(file, chosen.settings, config_of(context), accounts=accounts)
    noted(context, "restore", file=file.name, version=done.version)
    build_role_files(chosen.settings)
    if format is not Format.table:
        emit([{"version": done.version, "made_at": done.made_at, "kept": ", ".join(done.kept)}], format)
        return
    print(texts.t("keeping.restored", chosen.language, version=done.version, made_at=done.made_at))
    for name in done.kept:
        print(texts.t(f"keeping.kept_{name.split('.')[0]}", chosen.language))
