"""Commands that print studies: `insights study KEY` with the options each declares, `insights studies`, `cohorts`."""

import inspect
import json
import sys
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from insights import texts
from insights.cli import Format, FormatOption, app, emit, plain, shown
from insights.cli.asking import asks, parameter

if TYPE_CHECKING:
    from insights.asking import Desk
    from insights.studies import Option, Study, StudyResult


class _Studies(TyperGroup):
    """The studies as commands, made when one of them is asked for."""

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Return the command of every study."""
        return commands()

    @commands.setter
    def commands(self, given: MutableMapping[str, Any]) -> None:
        """Take nothing: which studies there are is said by the studies."""


app.add_typer(
    typer.Typer(cls=_Studies, no_args_is_help=True, help="Print a study; `insights studies` lists them."), name="study"
)
_OWN: Mapping[str, tuple[Any, Any]] = {
    "rows": (Annotated[bool, typer.Option("--rows", help="The rows behind it instead")], False),
    "excluded": (
        Annotated[bool, typer.Option("--excluded", help="The rows set aside instead, with the reason")],
        False,
    ),
    "sql": (Annotated[bool, typer.Option("--sql", help="The SQL that makes it instead")], False),
    "table": (Annotated[str | None, typer.Option("--table", help="Only this table of it")], None),
    "format": (FormatOption, Format.table),
}
_FILTERS = {"period": ("since", "until"), "values": ("where",), "as_of": ("as_of",)}


@cache
def commands() -> dict[str, Any]:
    """Return a command for every study."""
    from insights.studies import STUDIES

    of_key = typer.Typer()
    for study in STUDIES.values():
        of_key.command(study.key)(asks(*_heeded(study))(_command(study)))
    return get_command(of_key).commands  # type: ignore[attr-defined, no-any-return]


def _heeded(study: "Study") -> tuple[str, ...]:
    return tuple(name for heed in study.heeds for name in _FILTERS[heed])


def _command(study: "Study") -> Callable[..., None]:
    """Return what the command of one study does, with the parameters it declares."""

    def run(desk: "Desk", **given: Any) -> None:
        own = {name: given.pop(name) for name in _OWN}
        asked = {o.name: o.read(given[o.name]) for o in study.options if given[o.name] is not None}
        _print(desk, study, asked, own)

    run.__name__, run.__doc__ = study.key, texts.t(f"studies.{study.key}.definition", texts.FALLBACK)
    declared = [parameter(option.name, _annotation(option)) for option in study.options]
    parameters = [parameter("desk", Any), *declared, *(parameter(name, *of) for name, of in _OWN.items())]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _annotation(option: "Option") -> Any:
    said = texts.t(f"studies.options.{option.name}", texts.FALLBACK)
    allowed = f": {', '.join(option.allowed)}" if option.allowed else ""
    return Annotated[str | None, typer.Option(f"--{option.name}", help=f"{said}{allowed}")]


def _print(desk: "Desk", study: "Study", asked: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    if own["sql"]:
        from insights.asking.recorder import study_sql

        print(";\n\n".join(study_sql(desk, study.key, **asked)))
    elif own["excluded"]:
        emit(desk.study_left_out(study.key, **asked), own["format"])
    elif own["rows"]:
        emit(desk.study_rows(study.key, **asked), own["format"])
    else:
        _print_answer(desk, desk.study(study.key, **asked), own)


def _say_lacks(desk: "Desk", found: "StudyResult") -> None:
    if found.lacks:
        print(texts.t("studies.lacks", desk.language, tables=", ".join(found.lacks)), file=sys.stderr)


def _print_answer(desk: "Desk", found: "StudyResult", own: Mapping[str, Any]) -> None:
    _say_lacks(desk, found)
    if found.sentence:
        key = f"studies.{found.study}.{found.sentence}"
        print(texts.finding(key, desk.language, found.facts, desk.currency), file=sys.stderr)
    if found.ignored:
        said = texts.t("ui.ignored_here", desk.language, dimensions=", ".join(found.ignored), metrics=found.study)
        print(said, file=sys.stderr)
    if own["table"]:
        emit(found.table(own["table"]), own["format"])
    elif own["format"] is Format.json:
        shown(row for table in found.tables.values() for row in table)
        print(json.dumps(found.record(), ensure_ascii=False, default=plain))
    else:
        _print_tables(found, own["format"])


def _print_tables(found: "StudyResult", format: Format) -> None:
    """Print the main table; for people also the facts beside it and how to see the other tables."""
    if format is Format.table and found.facts:
        emit([{"fact": name, "value": value} for name, value in found.facts.items()], format)
    emit(found.rows, format)


@app.command()
def studies(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Print every study: key, name, definition, options, tables."""
    from insights.studies import STUDIES

    language = context.obj.language
    emit(
        (
            {
                "key": key,
                "name": texts.t(f"studies.{key}.name", language),
                "definition": texts.t(f"studies.{key}.definition", language),
                "options": ", ".join(option.name for option in of.options),
                "tables": ", ".join(shape.name for shape in of.shapes),
            }
            for key, of in STUDIES.items()
        ),
        format,
    )


@app.command()
@asks("since", "until", "where", "as_of")
def cohorts(
    desk: "Desk",
    grain: Annotated[str, typer.Option(help="day, week, month or quarter")] = "month",
    mode: Annotated[str, typer.Option(help="on, on_or_after or bracket")] = "on",
    measure: Annotated[str, typer.Option(help="customers, revenue (NRR) or gross (GRR)")] = "customers",
    start: Annotated[
        str, typer.Option(help="first_order, first_contact, first_complaint or first_breach")
    ] = "first_order",
    by: Annotated[
        str | None, typer.Option(help="Split by an attribute of the customer, or a dimension of what it begins with")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Print retention by month of the first purchase; `complete` is false while a period still runs."""
    asked = {"grain": grain, "mode": mode, "measure": measure, "start": start, "by": by}
    found = desk.study("cohorts", **asked)
    _say_lacks(desk, found)
    emit(found.rows, format)
