"""Commands that print numbers: query, rows, sql, metrics, cohorts."""

import datetime as dt
import sys
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from insights import query as road
from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit
from insights.errors import BadFilter, UnknownName
from insights.filters import EVERYTHING, Filters, read_values
from insights.metrics import METRICS
from insights.warehouse import Warehouse, open_current

SHOWN = ("metric", "unit", "period", "value", "n", "low", "high", "previous")
Where = Annotated[list[str] | None, typer.Option("--where", metavar="DIM=V,…", help="Only these values; repeatable")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="First local day")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Last local day, included")]
Clock = Annotated[str, typer.Option(help="calendar or business")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="TIME", help="What was known then: a local day means its end, a time is UTC"),
]


def day(value: str | None) -> dt.date | None:
    """Return a local date; raises BadFilter."""
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise BadFilter("bad_date", value=value) from error


def moment(value: str | None, zone: ZoneInfo) -> dt.datetime | None:
    """Return a moment as naive UTC: a local day means its end, a time without offset is UTC. Raises BadFilter."""
    if not value:
        return None
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise BadFilter("bad_moment", value=value) from error
    if len(value) <= 10:
        at = (at + dt.timedelta(days=1, microseconds=-1)).replace(tzinfo=zone)
    return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at


def chosen(where: list[str] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return filter values from DIM=V,… words; raises BadFilter, UnknownName."""
    found: dict[str, tuple[str, ...]] = {}
    for word in where or []:
        dimension, equals, values = word.partition("=")
        if not (dimension and equals and values):
            raise BadFilter("bad_where", value=word)
        found[dimension] = tuple(dict.fromkeys((*found.get(dimension, ()), *read_values(values))))
    return tuple(sorted(found.items()))


def filters(
    warehouse: Warehouse, since: str | None, until: str | None, where: list[str] | None, clock: str, as_of: str | None
) -> Filters:
    """Return the filters the options describe."""
    if clock not in ("calendar", "business"):
        raise UnknownName("bad_clock", name=clock)
    zone = ZoneInfo(warehouse.fact("time_zone") or "UTC")
    return Filters(
        day(since),
        day(until),
        moment(as_of, zone),
        "business" if clock == "business" else "calendar",
        values=chosen(where),
    )


def _opened(context: typer.Context) -> Warehouse:
    of: Context = context.obj
    return open_current(of.settings.warehouse, of.settings.engine)


def _dimensions(by: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (by or "").split(",")))


@app.command()
def query(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY…")],
    by: Annotated[str | None, typer.Option(metavar="DIM,…", help="Split by these dimensions")] = None,
    grain: Annotated[str | None, typer.Option(help="day, week, month, quarter or year")] = None,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    compare: Annotated[str | None, typer.Option(help="previous or year")] = None,
    clock: Clock = "calendar",
    as_of: AsOf = None,
    format: FormatOption = Format.table,
) -> None:
    """Print metrics: value, n and 95 % interval."""
    warehouse = _opened(context)
    asked = filters(warehouse, since, until, where, clock, as_of)
    found = road.query(warehouse, keys, asked, scope=EVERYTHING, by=_dimensions(by), grain=grain, compare=compare)
    own = {*_dimensions(by), *(d for key in keys for d in METRICS[key].always_by)}
    for key in keys:
        if deaf := road.meta(key, asked)["ignored"]:
            said = texts.t("ui.ignored_here", context.obj.language, dimensions=", ".join(deaf), metrics=key)
            print(said, file=sys.stderr)
    emit([{k: v for k, v in r.items() if k in SHOWN or k in own} for r in found], format)


@app.command()
def rows(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    excluded: Annotated[bool, typer.Option("--excluded", help="Those left out instead, with the reason")] = False,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    clock: Clock = "calendar",
    as_of: AsOf = None,
    format: FormatOption = Format.table,
) -> None:
    """Print the rows behind a number: as many as its n."""
    warehouse = _opened(context)
    asked = filters(warehouse, since, until, where, clock, as_of)
    emit(road.rows(warehouse, key, asked, scope=EVERYTHING, excluded=excluded), format)


@app.command()
def sql(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY")],
    by: Annotated[str | None, typer.Option(metavar="DIM,…", help="Split by these dimensions")] = None,
    grain: Annotated[str | None, typer.Option(help="day, week, month, quarter or year")] = None,
    since: Since = None,
    until: Until = None,
    where: Where = None,
    clock: Clock = "calendar",
    as_of: AsOf = None,
    format: FormatOption = Format.table,
) -> None:
    """Print the SQL that makes a number."""
    warehouse = _opened(context)
    asked = filters(warehouse, since, until, where, clock, as_of)
    text = road.sql(warehouse, key, asked, scope=EVERYTHING, by=_dimensions(by), grain=grain)
    if format is Format.table:
        print(text)
    else:
        emit([{"metric": key, "sql": text}], format)


@app.command()
def metrics(context: typer.Context, format: FormatOption = Format.table) -> None:
    """Print the catalogue: key, name, unit, better, date anchor, definition."""
    language = context.obj.language
    listed: list[dict[str, Any]] = [
        {
            "key": key, "name": texts.t(f"metrics.{key}.name", language), "unit": of.unit, "better": of.better,
            "anchor": texts.t(f"metrics.{key}.anchor", language),
            "definition": texts.t(f"metrics.{key}.definition", language),
        }
        for key, of in METRICS.items()
    ]  # fmt: skip
    emit(listed, format)


@app.command()
def cohorts(
    context: typer.Context,
    grain: Annotated[str, typer.Option(help="month or quarter")] = "month",
    mode: Annotated[str, typer.Option(help="on or on_or_after")] = "on",
    measure: Annotated[str, typer.Option(help="customers or revenue")] = "customers",
    since: Since = None,
    until: Until = None,
    where: Where = None,
    as_of: AsOf = None,
    format: FormatOption = Format.table,
) -> None:
    """Print retention by month of the first purchase; `complete` is false while a period still runs."""
    warehouse = _opened(context)
    asked = filters(warehouse, since, until, where, "calendar", as_of)
    found = road.cohorts(warehouse, asked, scope=EVERYTHING, grain=grain, mode=mode, measure=measure)
    emit(found, format)
