"""Commands about customers: one printed as the page shows it, numbers joined or kept apart, a decision taken back."""

import datetime as dt
import getpass
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit, plain, shown
from insights.cli.asking import asks
from insights.cli.keeping import noted

if TYPE_CHECKING:
    from insights.asking import Desk
    from insights.settings.customers import Verdict

One = Annotated[str, typer.Argument(metavar="ID", help="The customer's number")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The number it means, or never means")]
Source = Annotated[str, typer.Option("--source", help="Where the first number means this customer; else everywhere")]

people = typer.Typer(no_args_is_help=True, help="Join numbers of one customer, or keep them apart.")
app.add_typer(people, name="people")


@app.command()
@asks("as_of")
def customer(
    desk: "Desk", customer: Annotated[str, typer.Argument(metavar="ID", help="The customer's number")]
) -> None:
    """Print a customer as JSON: standing, timeline, products, next step, what it may still bring, what fits it."""
    found = desk.study("customer", customer=customer)
    more = {key: desk.study(key, customer=customer).rows for key in ("worth", "offers")} if found.rows else {}
    shown(found.rows)
    print(json.dumps({**found.record(), **more}, ensure_ascii=False, default=plain))
    if not found.rows:
        raise typer.Exit(1)


@people.command("list")
def list_(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Print what was decided, oldest first; `insights study identities` prints who is joined and whom to look at."""
    from insights.settings.customers import decisions

    emit((vars(one) for one in decisions(context.obj.settings.merged_people)), format)


@people.command()
def join(context: typer.Context, id: One, other: Other, source: Source = "") -> None:
    """Say that two numbers are one customer, now and after later loads."""
    _decided(context, id, other, "same", source)


@people.command()
def split(context: typer.Context, id: One, other: Other) -> None:
    """Say that two numbers are two customers, whatever an export or a shared address says."""
    _decided(context, id, other, "different")


@people.command()
def undo(context: typer.Context, id: One, other: Other) -> None:
    """Take back what was decided of two numbers: every figure is again what it was."""
    from insights.settings.customers import take_back

    chosen: Context = context.obj
    if not take_back(chosen.settings.merged_people, [frozenset((id, other))]):
        print(texts.t("people.undecided", chosen.language, one=id, other=other))
        raise typer.Exit(1)
    _computed(context, "undo", id, other)


def _decided(context: typer.Context, one: str, other: str, verdict: "Verdict", source: str = "") -> None:
    from insights.settings.customers import Decision, decide

    at = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    made = Decision(one, other, source, verdict, at, getpass.getuser())
    decide(context.obj.settings.merged_people, [made])
    _computed(context, verdict, one, other)


def _computed(context: typer.Context, done: str, one: str, other: str) -> None:
    """Compute again what rests on who is who, where there is something."""
    from insights import warehouse

    chosen: Context = context.obj
    report: Any = warehouse.recompute(chosen.settings)
    noted(context, "people", decision=done, people=[one, other])
    print(texts.t(f"people.{done}", chosen.language, one=one, other=other, version=report.version or "–"))
