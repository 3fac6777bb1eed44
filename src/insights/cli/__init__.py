"""The command line: global options, output formats, and how a refusal ends.

What a command rests on is imported when it runs, not with its module: to list the commands or refuse a word must not
take as long as loading a file.
"""

import datetime as dt
import decimal
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from insights import texts
from insights.errors import BadFilter, InsightsError, UnknownName
from insights.spreadsheet import write_csv

if TYPE_CHECKING:
    from insights.access import Visitor
    from insights.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="CRM Insights: exports in, numbers that can prove themselves out.",
)


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    csv = "csv"


@dataclass(frozen=True)
class Context:
    """What the global options chose."""

    settings: "Settings"
    language: str
    visitor: "Visitor"


AS_A_ROLE = frozenset({"cohorts", "metrics", "query", "report", "rows", "select", "sla", "sql", "studies", "study"})
"""Commands that ask a desk, and so can answer as a role sees it."""
CHANGING = frozenset({"backup", "erase", "load", "recompute", "restore", "retention", "serve", "undo"})
"""Commands that first finish an erasure that was cut short."""
FormatOption = Annotated[Format, typer.Option("--format", help="table, json or csv; json goes to stdout alone")]


@app.callback()
def options(
    context: typer.Context,
    warehouse: Annotated[Path | None, typer.Option(help="Warehouse directory", envvar="INSIGHTS_WAREHOUSE")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file", envvar="INSIGHTS_CONFIG")] = None,
    lang: Annotated[str | None, typer.Option(help=f"Language of messages: {', '.join(texts.languages())}")] = None,
    role: Annotated[str | None, typer.Option(help="Answer as this role sees it; without it, everything")] = None,
    agent: Annotated[str, typer.Option(help="With --role: the agent they are, by id or name")] = "",
) -> None:
    """Read the settings once, for every command."""
    from insights.access import ANYBODY, Visitor
    from insights.settings import load_settings, strays

    if lang and lang not in texts.languages():
        raise UnknownName("language_unknown", found=lang, known=", ".join(texts.languages()))
    _state.language = lang or texts.FALLBACK  # before anything can be refused
    settings = load_settings(config)
    if not os.environ.get("INSIGHTS_PROGRESS"):  # the dashboard's loader is not the one to be told
        for name in strays():
            print(texts.t("warnings.variable_unknown", _state.language, name=name), file=sys.stderr)
    if warehouse is not None:
        settings = settings.model_copy(update={"warehouse": warehouse})
    if role is not None and role not in settings.roles:
        raise UnknownName("role_unknown", name=role, known=", ".join(settings.roles))
    if role and context.invoked_subcommand not in AS_A_ROLE:
        raise BadFilter("role_not_here", command=context.invoked_subcommand, known=", ".join(sorted(AS_A_ROLE)))
    asked = " ".join(filter(None, (role, context.invoked_subcommand)))
    _state.trail = None if settings.sign_in.way == "none" else (settings.warehouse, asked)
    if context.invoked_subcommand in CHANGING:
        _finish_erasing(settings, goes_on=context.invoked_subcommand == "serve")
    context.obj = Context(settings, _state.language, Visitor("", role, (agent,)) if role else ANYBODY)


def _finish_erasing(settings: "Settings", *, goes_on: bool) -> None:
    """Finish an erasure that was cut short; where that fails, refuse what would change more, and say it to a server."""
    from insights.warehouse.publishing import unfinished

    if unfinished.noted(settings.warehouse) is None:
        return
    from insights import keeping

    try:
        finished = keeping.finish(settings)
    except InsightsError as error:
        if not goes_on:
            raise
        print(texts.error(error, _state.language), file=sys.stderr)
    else:
        if finished and not os.environ.get("INSIGHTS_PROGRESS"):
            print(texts.t("person.finished", _state.language), file=sys.stderr)


@dataclass
class _State:
    language: str = texts.FALLBACK
    trail: "tuple[Path, str] | None" = None
    """Where people sign in: the warehouse whose trail is told what was printed, and of which command."""


_state = _State()


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: ISO times, numbers for money."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float) and value != value:
        return None
    return value


def emit(rows: Iterable[Mapping[str, Any]], format: Format, *, columns: Sequence[str] | None = None) -> None:
    """Print rows as a table, a JSON list or CSV; exit 1 when there are none."""
    listed = [{k: plain(v) for k, v in row.items()} for row in rows]
    shown(listed)
    names = list(columns or dict.fromkeys(k for row in listed for k in row))
    if format is Format.json:
        print(json.dumps(listed, ensure_ascii=False))
    elif format is Format.csv:
        write_csv(listed, sys.stdout, columns=names)
    elif listed:
        show(names, ([row.get(name) for name in names] for row in listed))
    if not listed:
        raise typer.Exit(1)


def shown(rows: Iterable[Mapping[str, Any]]) -> None:
    """Where people sign in: write down whose rows are about to be printed, as a page does."""
    people = {str(row["customer_id"]) for row in rows if row.get("customer_id") is not None}
    if _state.trail and people:
        from insights.access import Trail

        directory, command = _state.trail
        Trail(directory).add("(command line)", "rows", people=sorted(people), command=command)


def show(headers: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table: long cells go on below in a terminal, and everything else gets the width it needs."""
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(*(Column(header, overflow="fold") for header in headers))
    for row in rows:
        table.add_row(*(Text("—" if value is None else str(value)) for value in row))
    console = Console()
    if not console.is_terminal:
        whole = Measurement.get(console, console.options.update(max_width=100_000), table).maximum
        console = Console(width=max(console.width, whole))
    console.print(table)


def gather() -> None:
    """Import every module of commands: each registers its own on `app`."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def _asks_for_json(words: Sequence[str]) -> bool:
    return "--format=json" in words or ("--format", "json") in pairwise(words)


@cache
def _command() -> Callable[..., Any]:
    gather()
    return get_command(app)


def main() -> None:
    """Run the command line; a refusal prints one sentence and exits 2."""
    try:
        _command()(standalone_mode=True)
    except InsightsError as error:
        said = texts.error(error, _state.language, paths=not os.environ.get("INSIGHTS_PROGRESS"))
        if _asks_for_json(sys.argv):
            file = getattr(error, "file", None)
            refusal = {"class": error.kind, "file": file, "message": said}
            print(json.dumps({"refused": refusal}, ensure_ascii=False))
        print(said, file=sys.stderr)
        sys.exit(2)


__all__ = ["Context", "Format", "FormatOption", "app", "emit", "gather", "main", "plain", "replace", "show", "shown"]
