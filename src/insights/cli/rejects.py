"""`insights rejects`: what was set aside, as a list or in the shape of the file it came from."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insights.cli import Context, Format, FormatOption, app, emit
from insights.errors import BadFilter, NotWritable, UnknownName

if TYPE_CHECKING:
    from insights.warehouse import Warehouse


@app.command()
def rejects(
    context: typer.Context,
    load: Annotated[int | None, typer.Option(help="Only this load")] = None,
    original: Annotated[
        bool, typer.Option("--original", help="As CSV in the shape of the file, to correct and load again")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --original: file to write, or folder when rows come from several files")
    ] = None,
    warnings: Annotated[
        bool, typer.Option("--warnings", help="With --original: rows that were loaded but for a cell, too")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """List every row or cell set aside: file, line, column, value, reason and the whole row.

    With --original, print the rejected rows of the last load (or of --load) with the headers and cells of their file:
    correct what is wrong and load them again.
    """
    import sqlalchemy as sa

    from insights import schema, warehouse
    from insights.sources import corrections

    chosen: Context = context.obj
    held = warehouse.opened(chosen.settings)
    _require(held, load)
    r = schema.rejects.c
    select = sa.select(schema.rejects).order_by(r.load_id, r.file, r.line, r.column.nulls_first())
    if load is not None:
        select = select.where(r.load_id == load)
    rows = held.fetch(select)
    if not original:
        emit(rows, format, columns=[c.name for c in schema.rejects.columns])
        return
    loads = held.fetch(sa.select(schema.loads))
    files = corrections.files([r for r in rows if warnings or r["row_rejected"]], loads)
    if out is None and len(files) == 1:
        sys.stdout.write(next(iter(files.values())).decode("utf-8-sig"))
        return
    if out is None and files:
        raise BadFilter("rejects_of_several_files", count=len(files))
    written = _write(files, out or Path()) if files else []
    emit(written, format, columns=["file"])


def _require(held: "Warehouse", load: int | None) -> None:
    import sqlalchemy as sa

    from insights import schema

    ids = sa.select(schema.loads.c.load_id).distinct().order_by(schema.loads.c.load_id)
    known = [row["load_id"] for row in held.fetch(ids)]
    if load is not None and load not in known:
        raise UnknownName("unknown_load", load=load, known=", ".join(map(str, known)))


def _write(files: Mapping[str, bytes], out: Path) -> list[dict[str, str]]:
    folder = len(files) > 1 or out.is_dir()
    written = []
    for name, content in files.items():
        path = out / name if folder else out
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise NotWritable("file_not_written", file=str(path), problem=error.strerror or str(error)) from error
        written.append({"file": str(path)})
    return written
