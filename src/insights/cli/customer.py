"""The command that prints one customer as the page shows it, as JSON."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from insights.cli import app, plain
from insights.cli.asking import asks

if TYPE_CHECKING:
    from insights.asking import Desk


@app.command()
@asks("as_of")
def customer(
    desk: "Desk", customer: Annotated[str, typer.Argument(metavar="ID", help="The customer's number")]
) -> None:
    """Print a customer as JSON: standing, timeline, products, next step."""
    found = desk.study("customer", customer=customer)
    print(json.dumps(found.record(), ensure_ascii=False, default=plain))
    if not found.rows:
        raise typer.Exit(1)
