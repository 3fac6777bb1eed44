"""`insights select`: an analyst's own SELECT over the rows and columns of a role."""

import sys
from typing import Annotated

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit

Statement = Annotated[str, typer.Argument(metavar="SELECT", help='One SELECT, in quotes; "-" reads it from the input')]


@app.command("select")
def select_(context: typer.Context, statement: Statement, format: FormatOption = Format.table) -> None:
    """Answer one SELECT over what a role sees (insights --role analyst select …), or over everything.

    It runs in a process of its own, for five seconds and 10,000 rows at most; every statement is in the trail.
    """
    from insights import sandbox, warehouse

    chosen: Context = context.obj
    held = warehouse.open_current(chosen.settings.warehouse, chosen.settings.engine)
    text = sys.stdin.read() if statement == "-" else statement
    found = sandbox.select(chosen.visitor, text, held, chosen.settings)
    if found.more:
        print(texts.t("sql_page.more", chosen.language, most=sandbox.MOST_ROWS), file=sys.stderr)
    names = found.names
    emit((dict(zip(names, row, strict=True)) for row in found.rows), format, columns=names)
