"""The reference of the command line, read off the commands themselves."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from insights import cli


def commands() -> list[tuple[str, Any]]:
    """Return every command by its whole name, in alphabetical order."""
    cli.gather()
    return sorted(_inside(get_command(cli.app), "insights"), key=lambda pair: pair[0])


def _inside(of: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(of, "commands", None)
    if not inner:
        yield name, of
    for word, command in (inner or {}).items():
        yield from _inside(command, f"{name} {word}")


def options(of: Any) -> Iterator[tuple[object, ...]]:
    """Yield the arguments and options of a command, those meant for people."""
    for param in of.params:
        if not getattr(param, "hidden", False) and param.name != "help":
            said = param.opts[-1] if param.param_type_name == "option" else (param.name or "").upper()
            yield f"`{said}`", getattr(param, "help", None) or ""
