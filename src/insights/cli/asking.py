"""The filters of the command line, in one place: a command that asks is given the desk they describe."""

import datetime as dt
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from insights import texts
from insights.cli import Context
from insights.errors import BadFilter, UnknownName

if TYPE_CHECKING:
    from insights.asking import Desk
    from insights.filters import Filters
    from insights.warehouse import Warehouse

Command = Callable[..., None]
_AS_OF = "What was known then: a local day means its end, a time is UTC"
OPTIONS: Mapping[str, tuple[Any, Any]] = {
    "since": (Annotated[str | None, typer.Option(metavar="DATE", help="First local day")], None),
    "until": (Annotated[str | None, typer.Option(metavar="DATE", help="Last local day, included")], None),
    "where": (
        Annotated[list[str] | None, typer.Option(metavar="DIM=V,…", help="Only these values; repeatable")],
        None,
    ),
    "clock": (Annotated[str, typer.Option(help="calendar or business")], "calendar"),
    "as_of": (Annotated[str | None, typer.Option("--as-of", metavar="TIME", help=_AS_OF)], None),
}
"""The options of filters, and their defaults."""


def asks(*names: str) -> Callable[[Command], Command]:
    """Make a function of a desk a command with these filter options (none named: all), after its own parameters."""
    wanted = names or tuple(OPTIONS)

    def made(command: Command) -> Command:
        def run(context: typer.Context, **given: Any) -> None:
            chosen = {name: given.pop(name) for name in wanted}
            desk = desk_of(context.obj, chosen)
            _say_strange(desk)
            command(desk, **given)

        return shaped(
            run,
            command,
            [p for p in inspect.signature(command).parameters.values() if p.name != "desk"],
            [parameter(name, *OPTIONS[name]) for name in wanted],
        )

    return made


def shaped(
    run: Callable[..., None], like: Callable[..., None], *groups: list[inspect.Parameter]
) -> Callable[..., None]:
    """Give `run` the name and help of a function, and the parameters a command line reads."""
    first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    parameters = [first, *(p for group in groups for p in group)]
    run.__name__, run.__doc__ = like.__name__, like.__doc__
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def parameter(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    """Return a parameter as a command line reads it."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def desk_of(of: Context, chosen: Mapping[str, Any]) -> "Desk":
    """Return the desk the options describe, as the role asked for sees it; without one, every row."""
    from insights.access import scope_at
    from insights.asking import Desk
    from insights.metrics.targets import require_possible
    from insights.warehouse import opened
    from insights.warehouse.publishing import versions

    require_possible(of.settings)
    held = opened(of.settings)
    if held.instead_since or versions.fallback(of.settings.warehouse):
        _say_instead(of, held)
    zone = ZoneInfo(held.fact("time_zone") or "UTC")
    scope = scope_at(of.visitor, held, of.settings)
    return Desk(held, filters(chosen, zone), scope, of.language, of.settings)


def _say_instead(of: Context, held: "Warehouse") -> None:
    from insights.warehouse import served_instead

    for key, found in served_instead(held, of.settings):
        print(texts.t(f"warnings.{key}", of.language, **found), file=sys.stderr)


def _say_strange(desk: "Desk") -> None:
    """Say which chosen values no row has, where nothing else would tell a slip from a number of nothing."""
    from insights.asking.strange import strange

    for dimension, values in strange(desk):
        said = texts.t("ui.value_of_no_row", desk.language, dimension=dimension, values=", ".join(values))
        print(said, file=sys.stderr)


def filters(chosen: Mapping[str, Any], zone: ZoneInfo) -> "Filters":
    """Return the filters options describe; raises BadFilter, UnknownName."""
    from insights.filters import Filters

    clock = chosen.get("clock", "calendar")
    if clock not in ("calendar", "business"):
        raise UnknownName("bad_clock", name=clock)
    return Filters(
        day(chosen.get("since")),
        day(chosen.get("until")),
        moment(chosen.get("as_of"), zone),
        clock,
        values=values(chosen.get("where")),
    )


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


def values(where: list[str] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return filter values from DIM=V,… words; raises BadFilter, UnknownName."""
    from insights.filters import read_values

    found: dict[str, tuple[str, ...]] = {}
    for word in where or []:
        dimension, equals, text = word.partition("=")
        if not (dimension and equals and text):
            raise BadFilter("bad_where", value=word)
        found[dimension] = tuple(dict.fromkeys((*found.get(dimension, ()), *read_values(text))))
    return tuple(sorted(found.items()))
