"""Cards of studies: what is found in words, its tables as they are declared, differences with their intervals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Bar
from insights.studies import StudyResult
from insights.studies.core import Column as Declared
from insights.ui.cards import studied, tables
from insights.ui.cards.card import Body, Card, Column, Study, Table, nothing
from insights.ui.run import data, local, names, steps, t

Row = Mapping[str, Any]
TALL = 420


def asked(key: str, /, **options: Any) -> Study:
    """Return a study with its options, as a card holds it."""
    return key, tuple(sorted(options.items()))


def answer(desk: Desk, study: Study) -> StudyResult:
    """Return what a study answers; asked once a page."""
    return data.study(desk, study[0], **dict(study[1]))


def missing(desk: Desk, study: Study) -> Body:
    """Return the body of a card whose study has nothing to show: why, or what to load."""
    return nothing(desk, studied.said(desk, study))


def found_by(desk: Desk, study: Study) -> Callable[[Callable[[StudyResult], Body]], Callable[[str], Body]]:
    """Decorate what makes a body of a study's answer: where the study found nothing, the body says why."""

    def decorate(say: Callable[[StudyResult], Body]) -> Callable[[str], Body]:
        def make(_: str) -> Body:
            found = answer(desk, study)
            return say(found) if found.rows else missing(desk, study)

        return make

    return decorate


def listing(
    desk: Desk, study: Study, table: str = "", *, title: str = "", reading: str = "", only: Sequence[str] = ()
) -> Card:
    """Return the card of a table of a study, its columns as the study declares them (`only` these)."""
    heading = title or t(desk, f"studies.{study[0]}.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        name = table or found.shapes[0].name
        rows, shape = found.table(name), next(s for s in found.shapes if s.name == name)
        if not rows:
            # What the study found speaks of its first table: of another one it would be said in the wrong place.
            none = f"studies.{study[0]}.no_{name}"
            said = t(desk, none) if texts.has(none, desk.language) else ""
            return nothing(desk, said) if found.rows else missing(desk, study)
        columns = [c for c in shape.columns if not only or c.name in only]
        return Body(table=shown(desk, columns, rows), alt=heading, rows=rows)

    return Card(f"{study[0]}_{table or 'main'}", desk, heading, make, reading, study=study)


def shown(desk: Desk, columns: Sequence[Declared], rows: Sequence[Row]) -> Table:
    """Return rows as readers of the language read them, by the units their columns declare; amounts sort as numbers."""
    used = [c for c in columns if any(row[c.name] is not None for row in rows)]
    made = {c.name: _column(desk, c, [row[c.name] for row in rows]) for c in used}
    cells = [{name: held[place] for name, (_, held) in made.items()} for place in range(len(rows))]
    leads = rows if rows and steps.leads(rows[0]) else ()
    height: int | Literal["content"] = "content" if len(rows) <= 10 else TALL
    return Table({name: column for name, (column, _) in made.items()}, cells, height, leads=leads)


def _column(desk: Desk, column: Declared, values: Sequence[Any]) -> tuple[Column, Sequence[Any]]:
    """Return a declared column and its cells."""
    label = tables.heading(desk, column.words if column.unit == "member" and column.words else column.name)
    match column.unit:
        case "share" | "money" | "count":
            return tables.measured(desk, label, column.unit, values)
        case "seconds":
            return tables.measured(desk, label.removesuffix(f" ({t(desk, 'app.unit_hour')})"), "seconds", values)
        case "difference":
            return tables.changed(desk, label, "share", values)
        case "number" | "points":
            return tables.measured(desk, label, "number", values)
        case "day" | "moment":
            return Column(label, column.unit), [cell(desk, column, value) for value in values]
    return Column(label), [cell(desk, column, value) for value in values]


def cell(desk: Desk, column: Declared, value: Any) -> Any:
    """Return one value of words or of time as it is written."""
    if value is None:
        return None
    match column.unit:
        case "flag":
            return t(desk, "ui.yes" if value else "ui.no")
        case "word":
            return texts.word(column.words, value, desk.language)
        case "member":
            return names.member(desk, column.words or column.name, value)
        case "moment":
            return local(desk, value).replace(tzinfo=None)
    return names.called(desk, column.name, value) if isinstance(value, str) else value


def differing(desk: Desk, title: str, bars: Sequence[Bar], body: Body) -> Body:
    """Return a card's body with differences of shares drawn as points, and said in words for who does not see them."""
    figure = _differences(desk, bars) if bars else None
    return replace(body, figure=figure, alt=f"{title}: {_in_points(desk, bars)}", tall=True, upwards=True)


def effect(name: str, row: Row) -> Bar:
    """Return how customers with something differ from those without it, under a name."""
    return Bar(name, row["value"], row["n_with"] + row["n_without"], row["low"], row["high"])


def _differences(desk: Desk, bars: Sequence[Bar]) -> charts.Figure:
    """Return differences of shares as points with their intervals and the line of no difference."""
    points = [Bar(b.name, _points(b.value), b.n, _points(b.low), _points(b.high)) for b in bars]
    return charts.dots(points, "difference", desk.language, overall=0.0)


def _points(share: float | None) -> float | None:
    return None if share is None else share * 100


def _in_points(desk: Desk, bars: Sequence[Bar]) -> str:
    """Return differences in words: what a picture of them shows."""
    return "; ".join(f"{b.name}: {charts.difference(b.value, 'share', desk.language)}" for b in bars)
