"""The dashboard: served on one port, or its pages written as one file."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insights import texts
from insights.cli import Context, app
from insights.cli.asking import asks
from insights.errors import NotWritable

if TYPE_CHECKING:
    from insights.asking import Desk
    from insights.settings import Server

Pages = Annotated[list[str], typer.Argument(metavar="PAGE…", help="Names of pages, as addresses say them")]
Out = Annotated[Path, typer.Option(metavar="FILE", help="Where to write it; .pdf makes it a PDF")]

LOCAL = ("localhost", "127.0.0.1", "::1")


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int | None, typer.Option(help="Port; else that of the settings")] = None,
    address: Annotated[
        str | None,
        typer.Option("--address", "--host", help="Address to listen on; another than this machine's needs a sign-in"),
    ] = None,
    unguarded: Annotated[
        bool, typer.Option("--open", help="Listen on another address although nobody has to sign in")
    ] = False,
) -> None:
    """Serve the dashboard; with nothing loaded it builds the sample company first."""
    chosen: Context = context.obj
    root = next((p for p in (Path.cwd(), Path(__file__).parents[3]) if (p / "app.py").exists()), None)
    if root is None:
        raise NotWritable("app_not_found", directory=str(Path.cwd()))
    asked = chosen.settings.server
    address = address or asked.address
    signed_in = chosen.settings.sign_in.way != "none"
    if not (unguarded or signed_in or address in LOCAL):
        raise NotWritable("open_server", address=address)
    os.environ["INSIGHTS_OPEN"] = "1" if unguarded and not signed_in and address not in LOCAL else ""
    directory = chosen.settings.warehouse.absolute()
    os.environ["INSIGHTS_WAREHOUSE"] = str(directory)
    if config := context.parent and context.parent.params.get("config"):
        os.environ["INSIGHTS_CONFIG"] = str(Path(config).absolute())
    os.chdir(root)
    if not any(directory.glob("warehouse-*.duckdb")):
        print(texts.t("serve.building", chosen.language), file=sys.stderr)
        load = (sys.executable, "-m", "insights", "load", "data/sample", "--sample")
        subprocess.run(load, check=False, stdout=subprocess.DEVNULL)  # the page tries again, and says what is wrong
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *_server(port or asked.port, address, asked)]
    os.execv(sys.executable, command)


@app.command()
@asks()
def report(desk: "Desk", pages: Pages, out: Out = Path("report.html")) -> None:
    """Write pages of the dashboard as one file: HTML that needs nothing else, or PDF where a Chromium is installed."""
    from insights.ui.report import document, pdf

    logging.disable(logging.WARNING)  # of each element it would be said that there is no screen to draw it on
    made = document.of(desk, pages)
    out.write_bytes(pdf.printed(made) if out.suffix.lower() == ".pdf" else made)
    print(texts.t("report.written", desk.language, file=out), file=sys.stderr)


def _server(port: int, address: str, asked: "Server") -> list[str]:
    """Return the options of Streamlit's server."""
    hosts = [f"--server.allowedHosts={name}" for name in (*LOCAL, *asked.hosts)]
    limit = f"--server.maxUploadSize={asked.upload_mb}"  # what the page says beside the drop field
    return [f"--server.port={port}", f"--server.address={address}", limit, *hosts]
