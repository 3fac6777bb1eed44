"""`insights serve`: the dashboard on one port."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from insights import texts
from insights.cli import Context, app
from insights.errors import NotWritable


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port")] = 8501,
    host: Annotated[
        str, typer.Option(help="Address to listen on; this machine only unless you say otherwise")
    ] = "127.0.0.1",
) -> None:
    """Serve the dashboard; with nothing loaded it builds the sample company first."""
    chosen: Context = context.obj
    root = next((p for p in (Path.cwd(), Path(__file__).parents[3]) if (p / "app.py").exists()), None)
    if root is None:
        raise NotWritable("app_not_found", directory=str(Path.cwd()))
    directory = chosen.settings.warehouse.absolute()
    os.environ["INSIGHTS_WAREHOUSE"] = str(directory)
    if config := context.parent and context.parent.params.get("config"):
        os.environ["INSIGHTS_CONFIG"] = str(Path(config).absolute())
    os.chdir(root)
    if not any(directory.glob("warehouse-*.duckdb")):
        print(texts.t("serve.building", chosen.language), file=sys.stderr)
        load = (sys.executable, "-m", "insights", "load", "data/sample", "--sample")
        subprocess.run(load, check=False, stdout=subprocess.DEVNULL)  # the page tries again, and says what is wrong
    command = [sys.executable, "-m", "insights.ui", "app.py", f"--server.port={port}", f"--server.address={host}"]
    os.execv(sys.executable, command)
