"""Commands that print numbers: query, rows, sql, metrics."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from insights import texts
from insights.cli import Format, FormatOption, app, emit
from insights.cli.asking import asks

if TYPE_CHECKING:
    from insights.asking import Desk

Keys = Annotated[list[str], typer.Argument(metavar="KEY…")]
Key = Annotated[str, typer.Argument(metavar="KEY")]
By = Annotated[str | None, typer.Option(metavar="DIM,…", help="Split by these dimensions")]
Grain = Annotated[str | None, typer.Option(help="day, week, month, quarter or year")]
Compare = Annotated[str | None, typer.Option(help="previous or year")]
Excluded = Annotated[bool, typer.Option("--excluded", help="Those left out instead, with the reason")]


def _dimensions(by: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (by or "").split(",")))


@app.command()
@asks()
def query(
    desk: "Desk",
    keys: Keys,
    by: By = None,
    grain: Grain = None,
    compare: Compare = None,
    format: FormatOption = Format.table,
) -> None:
    """Print metrics: value, n and 95 % interval."""
    found = desk.numbers(keys, _dimensions(by), grain, compare)
    for key in keys:
        if deaf := desk.about(key).ignored:
            said = texts.t("ui.ignored_here", desk.language, dimensions=", ".join(deaf), metrics=key)
            print(said, file=sys.stderr)
    emit((number.record() for number in found), format)


@app.command()
@asks()
def rows(desk: "Desk", key: Key, excluded: Excluded = False, format: FormatOption = Format.table) -> None:
    """Print the rows behind a number: as many as its n."""
    emit(desk.rows(key, excluded=excluded), format)


@app.command()
@asks()
def sql(desk: "Desk", key: Key, by: By = None, grain: Grain = None, format: FormatOption = Format.table) -> None:
    """Print the SQL that makes a number."""
    text = desk.sql(key, _dimensions(by), grain)
    if format is Format.table:
        print(text)
    else:
        emit([{"metric": key, "sql": text}], format)


@app.command()
def metrics(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Print the catalogue: key, name, unit, better, date anchor, definition."""
    from insights.metrics import METRICS

    def said(key: str, part: str) -> str:
        return texts.t(f"metrics.{key}.{part}", context.obj.language)

    emit(
        (
            {
                "key": key,
                "name": said(key, "name"),
                "unit": of.unit,
                "better": of.better,
                "anchor": said(key, "anchor"),
                "definition": said(key, "definition"),
            }
            for key, of in METRICS.items()
        ),
        format,
    )
