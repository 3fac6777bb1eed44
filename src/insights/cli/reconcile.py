"""`insights reconcile`: our figures beside those a vendor reports, and why each ticket differs."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from insights import texts
from insights.cli import Format, FormatOption, app, emit
from insights.cli.asking import asks
from insights.errors import UnknownName

if TYPE_CHECKING:
    from insights.asking import Desk

Rules = Annotated[str | None, typer.Option(help="own, zendesk, jira, freshdesk or servicenow")]
Figure = Annotated[str | None, typer.Option(help="Only this figure, such as first_response")]
Source = Annotated[str | None, typer.Option(help="Only this source")]
Differing = Annotated[bool, typer.Option("--rows", help="Each differing ticket with both figures and the reason")]


@app.command()
@asks("since", "until", "where")
def reconcile(
    desk: "Desk",
    rules: Rules = None,
    metric: Figure = None,
    source: Source = None,
    rows: Differing = False,
    format: FormatOption = Format.table,
) -> None:
    """Compare our figures with those a vendor reports: equal, differing by reason, both medians."""
    from insights import timing

    if metric is not None and metric not in timing.FIGURES:
        raise UnknownName("unknown_figure", name=metric, known=", ".join(timing.FIGURES))
    asked = desk.narrow("source", source) if source else desk
    only = asked.file_statement(timing.comparable(asked.filters))
    done = timing.reconcile(desk.warehouse.file, desk.settings, desk.warehouse.as_of, rules=rules, only=only)
    if rows:
        emit(done.rows(figure=metric), format)
        return
    lines = [line for line in done.summary() if metric in (None, line["figure"])]
    if not lines and format is Format.table:
        print(texts.t("reconcile_page.nothing", desk.language))
    emit(lines if format is Format.json else [_flat(line) for line in lines], format)


def _flat(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line whose reasons are one cell of text."""
    return line | {"reasons": ", ".join(f"{reason} {n}" for reason, n in line["reasons"].items())}
