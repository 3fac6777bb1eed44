"""`insights reconcile`: our figures beside those a vendor reports, and why each ticket differs."""

from typing import Annotated, Any

import typer

from insights import texts, timing
from insights.cli import Context, Format, FormatOption, app, emit
from insights.cli.query import Since, Until, Where, filters
from insights.errors import UnknownName
from insights.filters import EVERYTHING
from insights.timing.rules import FIGURES
from insights.warehouse import open_current


@app.command()
def reconcile(
    context: typer.Context,
    rules: Annotated[str | None, typer.Option(help="own, zendesk, jira, freshdesk or servicenow")] = None,
    metric: Annotated[str | None, typer.Option(help="Only this figure, such as first_response")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source")] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Each differing ticket with both figures and the reason")
    ] = False,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    format: FormatOption = Format.table,
) -> None:
    """Compare our figures with those a vendor reports: equal, differing by reason, both medians."""
    given: Context = context.obj
    held = open_current(given.settings.warehouse, given.settings.engine)
    if metric is not None and metric not in FIGURES:
        raise UnknownName("unknown_figure", name=metric, known=", ".join(FIGURES))
    asked = filters(held, since, until, where, "calendar", None)
    asked = asked.choose("source", source) if source else asked
    only = held.sql(timing.comparable(asked, EVERYTHING))
    done = timing.reconcile(held.path, given.settings, held.as_of, rules=rules, only=only)
    if rows:
        emit(done.rows(figure=metric), format)
        return
    lines = [line for line in done.summary() if metric in (None, line["figure"])]
    if not lines and format is Format.table:
        print(texts.t("reconcile_page.nothing", given.language))
    emit(lines if format is Format.json else [_flat(line) for line in lines], format)


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line whose reasons are one cell of text."""
    return line | {"reasons": ", ".join(f"{reason} {n}" for reason, n in line["reasons"].items())}
