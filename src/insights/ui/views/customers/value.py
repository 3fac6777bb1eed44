"""What customers are worth: segments and moves, the most valuable, how much hangs on how few, what may still come."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.studies import StudyResult
from insights.studies.customers.segmenting.scores import SEGMENTS
from insights.studies.customers.segmenting.segment_moves import NOT_YET
from insights.ui.cards import studied
from insights.ui.cards.card import Body, Card, Column, Study, Table, nothing
from insights.ui.kinds.findings import answer, asked, found_by, missing, shown
from insights.ui.kinds.target_list import maker
from insights.ui.run import names, t

Row = Mapping[str, Any]


def _named(desk: Desk, segment: str | None) -> str:
    return texts.word("rfm_segment", segment, desk.language)


def segments(desk: Desk) -> Card:
    """Return the card of the segments: what share of customers and of revenue each is, and how they buy."""
    study, title = asked("segments"), t(desk, "studies.segments.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        if not found.rows or found.sentence:
            return missing(desk, study)
        columns = found.shapes[0].columns
        named = {_named(desk, r["segment"]): partial(_members, desk, r["segment"]) for r in found.rows}
        return Body(
            table=shown(desk, columns, found.rows), alt=title, rows=found.rows, below=maker(desk, "segments", named)
        )

    return Card("segments", desk, title, make, t(desk, "pages.value.segments_reading"), study=study)


def _members(desk: Desk, segment: str) -> list[str]:
    return [row["customer_id"] for row in desk.study_rows("segments") if row["segment"] == segment]


def moves(desk: Desk, study: Study) -> Card:
    """Return the card of who moved from one segment to another between the days picked."""
    title = t(desk, "studies.segment_moves.name")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows = [r for r in found.rows if r["segment_before"] and r["segment_now"] and r["n"] is not None]
        if not rows:
            return missing(desk, study)
        order = [_named(desk, s) for s in (*SEGMENTS, NOT_YET)]
        moved = [(_named(desk, r["segment_before"]), _named(desk, r["segment_now"]), r["n"]) for r in rows]
        most = max((m for m in moved if m[0] != m[1]), key=lambda m: m[2], default=moved[0])
        facts = {"first": names.day(desk, found.facts["from"]), "last": names.day(desk, found.facts["to"])}
        facts |= {name: names.count(desk, found.facts[name]) for name in ("stayed", "n")}
        alt = f"{title}: {most[0]} → {most[1]} {names.count(desk, most[2])}"
        note = t(desk, "pages.value.moves_note", **facts)
        groups = [tuple((side, r[side]) for side in ("segment_before", "segment_now")) for r in rows]
        return Body(
            charts.flows(moved, order, desk.language),
            shown(desk, found.shapes[0].columns, rows),
            alt=alt,
            rows=found.rows,
            notes=[note],
            tall=True,
            least_width=520,
            groups=groups,
        )

    return Card("moves", desk, title, make, t(desk, "pages.value.moves_reading"), study=study)


def concentration(desk: Desk) -> Card:
    """Return the card of which share of the revenue the best customers brought."""
    study, title = asked("value"), t(desk, "pages.value.concentration")

    def make(_: str) -> Body:
        found = answer(desk, study)
        points = {r["top"]: r["value"] for r in found.tables["concentration"]}
        if not points:
            return missing(desk, study)
        tenth = t(
            desk,
            "pages.value.tenth",
            share=names.percent(desk, points[0.1]),
            gini=texts.decimal_text(found.facts["gini"], desk.language, 2),
        )
        figure = charts.concentration(points, desk.language)
        groups = [(("top", top),) for top in (0, *points)]
        return Body(figure, alt=f"{title}: {tenth}", rows=found.tables["concentration"], notes=[tenth], groups=groups)

    return Card("concentration", desk, title, make, t(desk, "pages.value.concentration_reading"), study=study)


def valuable(desk: Desk) -> Card:
    """Return the card of the customers who brought most in the period, with what serving them cost."""
    study, title = asked("value"), t(desk, "studies.value.name")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        said = studied.said(desk, study)
        notes = [f":material/info: {said}"] if said else []
        return Body(table=_over_time(desk, found), alt=title, rows=found.rows, notes=notes)

    return Card("valuable", desk, title, make, t(desk, "pages.value.valuable_reading"), study=study)


def _over_time(desk: Desk, found: StudyResult) -> Table:
    """Return the customers, each with what they brought by quarter as a line."""
    table = shown(desk, found.shapes[0].columns, found.rows)
    lines: dict[str, list[float]] = {}
    for row in found.tables["quarters"]:
        lines.setdefault(row["customer_id"], []).append(row["revenue"])
    said = t(desk, "pages.value.quarters", n=names.count(desk, max(map(len, lines.values()))))
    rows = [{**cells, "quarters": lines[row["customer_id"]]} for cells, row in zip(table.rows, found.rows, strict=True)]
    return replace(table, columns={**table.columns, "quarters": Column(said, "area")}, rows=rows)


def expected(desk: Desk) -> Card:
    """Return the card of what may still come of each customer; an assumption that fails is said instead."""
    study, title = asked("value_model"), t(desk, "studies.value_model.name")
    told = (
        "customer_id",
        "repeats",
        "alive",
        "expected",
        "expected_low",
        "expected_high",
        "value",
        "value_low",
        "value_high",
    )

    def make(_: str) -> Body:
        found = answer(desk, study)
        said = studied.said(desk, study)
        if not found.rows:
            return nothing(desk, said, "block")
        columns = [c for c in found.shapes[0].columns if c.name in told]
        table = shown(desk, columns, found.rows)
        return Body(table=table, alt=title, rows=found.rows, warnings=[said] if said else [])

    return Card("expected", desk, title, make, t(desk, "pages.value.expected_reading"), study=study)


def holdout(desk: Desk) -> Card:
    """Return the card of what the model expected of the second half of the history against what came."""
    study, title = asked("value_model"), t(desk, "pages.value.holdout")

    def make(_: str) -> Body:
        found = answer(desk, study)
        rows: Sequence[Row] = found.tables["holdout"]
        if not rows:
            return missing(desk, study)
        heads = [names.count(desk, r["repeats"]) for r in rows]
        both = (t(desk, "pages.value.expected"), t(desk, "pages.value.came"))
        figure = charts.pairs(heads, [r["expected"] for r in rows], [r["actual"] for r in rows], both, desk.language)
        note = names.finding(desk, "pages.value.holdout_note", found.facts)
        groups = [(("repeats", r["repeats"]),) for r in rows]
        return Body(figure, alt=f"{title}: {note}", rows=rows, notes=[note], groups=groups)

    return Card("holdout", desk, title, make, t(desk, "pages.value.holdout_reading"), study=study)


def alone(desk: Desk) -> Card:
    """Return the card of the customers not to chase, with the reason."""
    study, title = asked("leave_alone"), t(desk, "studies.leave_alone.name")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        parts = [
            f"{texts.word('leave_alone', r['why'], desk.language)} **{names.count(desk, r['n'])}**" for r in found.rows
        ]
        columns = next(s.columns for s in found.shapes if s.name == "customers")
        rows = found.tables["customers"]
        return Body(text=" · ".join(parts), table=shown(desk, columns, rows), alt=title, rows=rows)

    return Card("alone", desk, title, make, t(desk, "pages.value.alone_reading"), study=study)
