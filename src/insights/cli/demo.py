"""`insights demo`: write the sample company's exports and what is true of them."""

from pathlib import Path
from typing import Annotated

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit


@app.command()
def demo(
    context: typer.Context,
    customers: Annotated[
        int, typer.Option(help="Size of the company; 8,000 customers have about 40,000 tickets")
    ] = 8_000,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes")] = 2026,
    out: Annotated[Path, typer.Option(help="Directory to write into")] = Path("data/sample"),
    format: FormatOption = Format.table,
) -> None:
    """Write the sample company's exports and its truth.json."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from insights import demo as sample

    chosen: Context = context.obj
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(texts.t("demo.writing", chosen.language), total=customers)
        written = sample.write(out, customers, seed, lambda done, total: bar.update(task, completed=done, total=total))
    files = [{"file": name, "rows": rows, "bytes": (out / name).stat().st_size} for name, rows in written.rows.items()]
    emit(files, format)
    print(texts.t("demo.next", chosen.language, directory=str(out)), file=console.file)
