"""`insights users`: accounts of our own, for a company without a sign-in service."""

import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from insights.cli import Context, Format, FormatOption, app, emit
from insights.errors import UnknownName

if TYPE_CHECKING:
    from insights.access import Accounts

users = typer.Typer(no_args_is_help=True, help="Accounts of people who sign in with a name and a password.")
app.add_typer(users, name="users")
Name = Annotated[str, typer.Argument(help="Name they sign in with, such as an e-mail address")]
RoleOption = Annotated[str, typer.Option(help="Role, as the settings name it")]


def _accounts(context: typer.Context) -> "Accounts":
    from insights.access import Accounts

    chosen: Context = context.obj
    return Accounts(chosen.settings.warehouse)


def _known(context: typer.Context, role: str) -> str:
    chosen: Context = context.obj
    if role not in chosen.settings.roles:
        raise UnknownName("role_unknown", name=role, known=", ".join(chosen.settings.roles))
    return role


def _written(context: typer.Context, what: str, name: str, role: str | None = None) -> None:
    from insights.access import Trail

    chosen: Context = context.obj
    Trail(chosen.settings.warehouse).add("(command line)", "account", change=what, account=name, role=role)


def _password() -> str:
    """Return a password: asked for twice at a terminal, else the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while (first := getpass("Password / Parola: ")) != getpass("Again / Yeniden: "):
        print("≠", file=sys.stderr)
    return first


@users.command()
def add(
    context: typer.Context,
    name: Name,
    role: RoleOption,
    agent: Annotated[str | None, typer.Option(help="The agent they are, by id or name: for roles of own work")] = None,
) -> None:
    """Add an account; the password is asked for, or read from standard input."""
    _accounts(context).add(name, _password(), _known(context, role), agent)
    _written(context, "add", name, role)


@users.command(name="list")
def listed(context: typer.Context, format: FormatOption = Format.table) -> None:
    """List accounts with their roles."""
    found = _accounts(context).listed()
    rows = [{"name": a.name, "role": a.role, "agent": a.agent, "disabled": a.disabled} for a in found]
    emit(rows, format, columns=("name", "role", "agent", "disabled"))


@users.command()
def disable(
    context: typer.Context,
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again")] = False,
) -> None:
    """Let somebody in no more, at once: their open sessions end."""
    _accounts(context).change(name, disabled=not undo)
    _written(context, "enable" if undo else "disable", name)


@users.command()
def password(context: typer.Context, name: Name) -> None:
    """Set a new password and end open sessions."""
    _accounts(context).change(name, password=_password())
    _written(context, "password", name)


@users.command()
def role(context: typer.Context, name: Name, role: Annotated[str, typer.Argument(help="The new role")]) -> None:
    """Give somebody another role; they sign in again."""
    _accounts(context).change(name, role=_known(context, role))
    _written(context, "role", name, role)
