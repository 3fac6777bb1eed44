"""`insights person`, `erase`, `retention`: what is held on one person, shown or erased, and what is kept too long."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insights import texts
from insights.cli import Context, Format, FormatOption, app, emit, plain
from insights.cli.keeping import noted

if TYPE_CHECKING:
    from insights.warehouse.personal import forgetting

Who = Annotated[str, typer.Argument(metavar="ID", help="Customer id, e-mail address or telephone number")]
From = Annotated[
    list[str] | None, typer.Option("--source", help="Where the id means the person; several: it does in each of them")
]


@app.command()
def person(context: typer.Context, id: Who, source: From = None, format: FormatOption = Format.table) -> None:
    """Show everything that is held on one person, under every id that is theirs; what was set aside too."""
    from insights import keeping
    from insights.warehouse.personal import forgetting
    from insights.warehouse.personal.held import shown

    chosen: Context = context.obj
    found = forgetting.look_up(chosen.settings, id, source or ())
    ids = [one for _, one in found.person.ids]
    noted(context, "person", people=ids, rows=sum(map(len, found.rows.values())))
    tables = {name: list(shown(rows)) for name, rows in found.rows.items()}
    if format is Format.json:
        of = [{"source": source, "customer_id": one} for source, one in found.person.ids]
        files = [path.name for path in keeping.telling(chosen.settings, found)]
        held = {name: [{k: plain(v) for k, v in row.items()} for row in rows] for name, rows in tables.items()}
        print(
            json.dumps(
                {"ids": of, "agents_of_the_name": found.namesakes, "raw_files": files, "tables": held},
                ensure_ascii=False,
                default=str,
            )
        )
    elif format is Format.csv:
        emit(_cells(tables), format)
    else:
        print("\n".join(_page(found, tables, chosen.language)))


def _cells(tables: Mapping[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for table, rows in tables.items():
        for place, row in enumerate(rows, 1):
            yield from ({"table": table, "row": place, "column": k, "value": v} for k, v in row.items())


def _page(found: "forgetting.Found", tables: Mapping[str, list[dict[str, Any]]], language: str) -> Iterator[str]:
    """Yield the lines of a page a person can read: what each table is for, and what each row says."""
    from insights import schema

    ids = ", ".join(f"{one} ({source})" for source, one in found.person.ids)
    yield texts.t("person.title", language, ids=ids)
    for name, rows in tables.items():
        yield f"\n{name} · {schema.metadata.tables[name].comment} · {len(rows)}"
        for row in rows:
            yield "  - " + "; ".join(f"{k}: {plain(v)}" for k, v in row.items() if k != "source")
    if found.namesakes:
        yield "\n" + texts.t("person.namesakes", language, agents=", ".join(found.namesakes))


@app.command()
def erase(
    context: typer.Context,
    id: Who,
    source: From = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased and change nothing")] = False,
    format: FormatOption = Format.table,
) -> None:
    """Erase one person from every place, for good: rows stay and count, nothing in them tells who they are about.

    The warehouse is built anew, versions before are removed (undo has nothing to go back to), raw exports that name the
    person are deleted, and an export that brings them again is loaded without them.
    """
    from insights import keeping
    from insights.warehouse.personal import forgetting

    chosen: Context = context.obj
    if dry_run:
        found = forgetting.look_up(chosen.settings, id, source or ())
        listed = [{"place": name, "rows": len(rows)} for name, rows in found.rows.items()]
        listed += [{"place": str(path), "rows": None} for path in keeping.telling(chosen.settings, found)]
        emit(listed, format)
        return
    done = keeping.erase(chosen.settings, id, source or ())
    noted(context, "erase", people=list(done.erased.ids.values()), rows=sum(done.erased.rows.values()))
    listed = [{"place": name, "rows": rows} for name, rows in done.erased.rows.items()]
    listed += [{"place": str(path), "rows": None} for path in (*done.removed, *done.rewritten)]
    emit(listed, format)
    if format is Format.table:
        print(texts.t("person.erased", chosen.language, version=done.erased.version))
        if done.erased.namesakes:
            print(texts.t("person.namesakes", chosen.language, agents=", ".join(done.erased.namesakes)))


@app.command()
def retention(
    context: typer.Context,
    apply: Annotated[bool, typer.Option("--apply", help="Remove it; without this nothing changes")] = False,
    format: FormatOption = Format.table,
) -> None:
    """Count what is kept longer than the settings allow (personal.keep_days), and remove it with --apply.

    Removed from every version: undo has nothing to go back to. Open cases stay, however old.
    """
    from insights.warehouse.personal import retention as keeping_days

    chosen: Context = context.obj
    found = keeping_days.apply(chosen.settings) if apply else keeping_days.due(chosen.settings)
    if apply:
        noted(context, "retention", rows=sum(one.rows for one in found))
    rows = [{"table": d.table, "days": d.days, "before": d.before.date(), "rows": d.rows} for d in found]
    if format is Format.table:
        said = "none" if not found else "applied" if apply else "due"
        print(texts.t(f"person.retention_{said}", chosen.language))
    if rows or format is not Format.table:
        emit(rows, format)
