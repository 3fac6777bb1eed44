"""Survey scales: the usual one of each kind, which way it runs, and from which answer on it is good."""

from pathlib import Path

import duckdb

from insights import schema
from insights.kept import kept
from insights.schema import usual_scale
from insights.settings import Satisfaction

_LOW = f"coalesce(t.scale_min, {usual_scale('scale_min', 't.kind')})"
_HIGH = f"coalesce(t.scale_max, {usual_scale('scale_max', 't.kind')})"
_BEST, _WORST = f"greatest({_LOW}, {_HIGH})", f"least({_LOW}, {_HIGH})"
_SPAN = f"({_BEST} - {_WORST})"


def _upwards() -> str:
    import sqlalchemy as sa

    return str(schema.upwards(*(sa.literal_column(of) for of in ("t.score", _LOW, _HIGH))))


_CODE = (Path(__file__), *Path(schema.__file__).parent.glob("*.py"))
_UPWARDS = kept(Path(__file__).parent, "upwards", _CODE, _upwards)
# The old effort question (1-5, "how much effort") counts low as good.
_SCORE = f"CASE WHEN t.kind = 'ces' AND {_SPAN} = 4 THEN {_LOW} + {_HIGH} - t.score ELSE {_UPWARDS} END"
_VALID = f"t.score BETWEEN {_WORST} AND {_BEST}"
_TOP = f"""CASE t.kind WHEN 'csat' THEN coalesce(own_cut.boxes, usual_cut.boxes)
    WHEN 'ces' THEN CASE WHEN {_SPAN} = 6 THEN 3 WHEN {_SPAN} < 3 THEN 1 WHEN {_SPAN} <= 10 THEN 2 END
    WHEN 'nps' THEN CASE WHEN {_SPAN} < 3 THEN 1 WHEN {_SPAN} <= 10 THEN 2 END END"""

JOINS = f"""LEFT JOIN csat_cuts AS own_cut ON own_cut.source = t.source AND own_cut.points = {_SPAN} + 1
    LEFT JOIN csat_cuts AS usual_cut ON usual_cut.source IS NULL AND usual_cut.points = {_SPAN} + 1"""

CELLS = {
    "answered": "t.score IS NOT NULL",
    "good_from": f"{_BEST} - ({_TOP}) + 1",
    "good": f"CASE WHEN {_VALID} THEN {_SCORE} >= {_BEST} - ({_TOP}) + 1 END",
    "nps_group": f"""CASE WHEN t.kind <> 'nps' OR {_BEST} <> 10 OR NOT coalesce({_VALID}, false) THEN NULL
                          WHEN t.score >= 9 THEN 'promoter' WHEN t.score >= 7 THEN 'passive' ELSE 'detractor' END""",
    "score_5": f"CASE WHEN {_VALID} THEN 1 + 4 * ({_SCORE} - {_WORST}) / nullif({_SPAN}, 0) END",
}
"""Derived cells of a survey (alias t): what a score means on its own scale; `good_from` on the scale turned upwards."""


def write_cuts(con: duckdb.DuckDBPyConnection, settings: Satisfaction) -> None:
    """Write down how many top boxes are good, by source (none: any) and number of points."""
    con.execute("CREATE OR REPLACE TEMP TABLE csat_cuts (source TEXT, points DOUBLE, boxes DOUBLE)")
    listed: list[tuple[str | None, int, int]] = [(None, points, boxes) for points, boxes in settings.top_boxes.items()]
    listed += [(source, points, boxes) for source, cuts in settings.sources.items() for points, boxes in cuts.items()]
    if listed:
        con.executemany("INSERT INTO csat_cuts VALUES (?, ?, ?)", listed)


# Several ratings of one ticket: the newest by its own time counts, an answer before silence; the others are kept.
REPLACED = """
CREATE OR REPLACE TEMP TABLE replaced_ratings AS
SELECT source, survey_id, lead(survey_id) OVER in_time IS NOT NULL AS replaced,
    lead(coalesce(answered_at, sent_at)) OVER in_time AS replaced_at
FROM surveys WHERE ticket_id IS NOT NULL AND kind <> 'nps'
WINDOW in_time AS (PARTITION BY source, ticket_id, kind
    ORDER BY score IS NOT NULL, coalesce(answered_at, sent_at) NULLS FIRST, survey_id)"""
