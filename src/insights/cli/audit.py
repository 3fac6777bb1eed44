"""`insights audit`: who looked at what, whether the trail is whole, and who was shown a person's data."""

import datetime as dt
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit
from insights.cli.asking import moment
from insights.errors import BadFilter, UnknownName, WarehouseMissing

if TYPE_CHECKING:
    from insights.access import Trail

audit = typer.Typer(no_args_is_help=True, help="The trail of looks, exports, sign-ins and changes.")
app.add_typer(audit, name="audit")
COLUMNS = ("at", "who", "what", "page")
FIRST = "1970-01-01"


def _trail(context: typer.Context) -> "Trail":
    from insights.access import Trail

    chosen: Context = context.obj
    return Trail(chosen.settings.warehouse)


def _between(context: typer.Context, since: str | None, until: str | None) -> tuple[dt.datetime, dt.datetime]:
    """Return two moments with their zone: local days mean their beginning and their end."""
    chosen: Context = context.obj
    zone = chosen.settings.company.zone
    low, high = (moment(given, zone) for given in (since or FIRST, until or "9999-12-30"))
    if low is None or high is None:
        raise BadFilter("bad_moment", value=str(since or until))
    if since is None or len(since) <= 10:
        low -= dt.timedelta(days=1, microseconds=-1)
    return low.replace(tzinfo=dt.UTC), high.replace(tzinfo=dt.UTC)


SinceOption = Annotated[str | None, typer.Option(metavar="TIME", help="From then on: a local day, or a time in UTC")]
UntilOption = Annotated[str | None, typer.Option(metavar="TIME", help="Until then: a local day with its end")]


@audit.command()
def show(
    context: typer.Context,
    since: SinceOption = None,
    until: UntilOption = None,
    who: Annotated[str | None, typer.Option(help="This person's entries alone")] = None,
    person: Annotated[
        str | None, typer.Option(help="Looks at this customer's data alone: id, e-mail address or telephone number")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Show the trail, oldest first; with --person, who was shown that person's data."""
    low, high = _between(context, since, until)
    trail = _trail(context)
    found = trail.shown(_ids(context.obj, person), low, high) if person else trail.between(low, high)
    rows = [entry for entry in found if who in (None, entry.get("who"))]
    names = dict.fromkeys((*COLUMNS, *(k for row in rows for k in row)))
    emit(rows, format, columns=tuple(names))


def _ids(of: Context, asked: str) -> set[str]:
    """Return every id a person stands under, also as who may not know it sees it; of an erased one what is asked."""
    from insights.access import salt
    from insights.personal import word_for
    from insights.warehouse.personal import forgetting

    found = {asked}
    with suppress(UnknownName, WarehouseMissing):
        found |= {one for _, one in forgetting.look_up(of.settings, asked).person.ids}
    return found | {word_for(one, salt(of.settings.warehouse)) for one in found}


@audit.command()
def verify(context: typer.Context) -> None:
    """Check that nothing in the trail was changed, removed or cut off; exit 2 and the line where it was."""
    chosen: Context = context.obj
    held, broken = _trail(context).verify()
    if broken:
        print(texts.t(f"audit.{broken.reason}", chosen.language, line=broken.line), file=sys.stderr)
        raise typer.Exit(2)
    print(texts.t("audit.whole", chosen.language, count=held))
