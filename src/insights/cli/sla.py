"""`insights sla`: the queue of open clocks, the replay under other promises, the early warning."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit, plain
from insights.cli.asking import asks, desk_of

if TYPE_CHECKING:
    from insights.asking import Desk

sla = typer.Typer(no_args_is_help=True, help="Promises: what is about to be late, and what another promise would mean.")
app.add_typer(sla, name="sla")
SHOWN = (
    "ticket_id",
    "customer",
    "policy",
    "metric",
    "state",
    "standing",
    "left_s",
    "due_at",
    "agent_id",
    "team",
    "priority",
    "segment",
)


@sla.command()
@asks("where", "as_of")
def queue(
    desk: "Desk",
    show: Annotated[str, typer.Option(help="all, at_risk, today, late or paused")] = "all",
    limit: Annotated[int | None, typer.Option(help="At most this many clocks")] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the open clocks by time left until due, paused ones last; overdue ones are negative."""
    emit(_open_clocks(desk, show, limit), format, columns=SHOWN if format is Format.table else None)


def _open_clocks(desk: "Desk", show: str = "all", limit: int | None = None) -> list[dict[str, Any]]:
    """Return the queue as the dashboard shows it; what is promised is called `metric` here."""
    found = desk.study("sla_queue", show=show, limit=limit).rows
    return [{"metric" if name == "promise" else name: value for name, value in row.items()} for row in found]


@sla.command()
@asks("where")
def replay(
    desk: "Desk",
    policy: Annotated[Path, typer.Option(help="TOML with [[sla]] promises and, if wanted, [calendars]")],
    format: FormatOption = Format.table,
) -> None:
    """Replay the same history under other promises: compliance now and then, and which clocks flip."""
    found = desk.study("what_if", policy=policy)
    compliance, flips = [_printed(row) for row in found.rows], found.tables["all_flips"]
    if format is Format.json:
        print(json.dumps({"compliance": compliance, "flips": flips}, ensure_ascii=False, default=plain))
        return
    emit(compliance if format is Format.table else flips, format)
    if format is Format.table:
        kept = sum(row["now"] == "kept" for row in flips)
        print(texts.t("sla_replay.flips", desk.language, kept=kept, broken=len(flips) - kept))


def _printed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith(("low_", "high_"))}


@sla.command()
def watch(
    context: typer.Context,
    email: Annotated[bool, typer.Option("--email", help="Print the text of an e-mail")] = False,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="POST the warnings as JSON to this address")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the clocks that crossed their warning line since the last pass, each once; exit 1 when there are none."""
    import sqlalchemy as sa

    from insights import schema
    from insights.delivery import watch as warnings
    from insights.delivery.webhook import post

    given: Context = context.obj
    desk = desk_of(given, {})
    state = given.settings.warehouse / "sla-watch.json"
    warned, clocks = warnings.read_state(state), _open_clocks(desk)
    listed = warnings.crossed(clocks, warned)
    if webhook and listed:
        body = {"as_of": desk.at, "warnings": listed}
        post(webhook, json.dumps(body, ensure_ascii=False, default=plain).encode())
    if email and listed:
        agents = {row["agent_id"]: row["name"] for row in desk.fetch(sa.select(schema.agents))}
        print(letter(listed, given, agents))
    # Remembered only once handed over: a failed delivery is tried again by the next pass.
    warnings.write_state(state, warnings.remembered(clocks, warned, listed))
    if email and not listed:
        raise typer.Exit(1)
    if not email:
        emit(listed, format, columns=SHOWN if format is Format.table else None)


def letter(listed: list[dict[str, Any]], given: Context, agents: Mapping[str, str | None]) -> str:
    """Return the warnings as an e-mail: a subject line, an empty line, one line per clock."""
    from insights.timing.hours import ALWAYS

    language = given.language
    late = sum(c["state"] == "breached_open" for c in listed)
    head = texts.t("sla_watch.subject", language, n=len(listed), late=late)
    lines = (
        texts.t(
            "sla_watch.late" if clock["left_s"] < 0 else "sla_watch.left",
            language,
            ticket=_line(clock["ticket_id"]),
            customer=_line(clock["customer"] or clock["customer_id"]),
            policy=_line(clock["policy"]),
            metric=texts.word("sla_metric", clock["metric"], language),
            left=texts.duration(abs(clock["left_s"]), language, days=clock["calendar"] == ALWAYS),
            agent=_line(agents.get(clock["agent_id"]) or clock["agent_id"]),
            team=_line(clock["team"]),
        )
        for clock in listed
    )
    return "\n".join([head, "", *lines])


def _line(value: object) -> str:
    """Return a cell as part of one line: text from files never starts a line or a header of its own."""
    return " ".join(str(value).split()) if value else texts.DASH
