"""Scores of surveys on their scale: written down, usual for their kind, or proved by the answers."""

from insights import schema
from insights.sources.notices import Notice
from insights.sources.profile import Spec
from insights.sources.staging.columns.evidence import Evidence
from insights.sources.staging.plan import Check

_SCALES = (2, 3, 4, 5, 6, 7, 10)
_A_GOOD_PART = 0.05


def read(e: Evidence, columns: dict[str, str], top: Spec | None) -> None:
    """Set scores outside their scale aside; a survey without a written scale has its kind's usual one."""
    main = e.profile.main == "surveys"
    kind = e.plan.fields[columns["kind"]].sql if "kind" in columns else "'csat'"
    for column in ("scale_min", "scale_max"):
        said = f"{e.plan.fields[columns[column]].sql}, " if column in columns else ""
        usual = f"coalesce({said}CAST({schema.usual_scale(column, kind, 'csat')} AS DOUBLE))"
        columns[column] = e.plan.add(column if main else None, usual, ())
    _proved(e, columns, top)
    score, low, high = (e.plan.fields[columns[c]] for c in ("score", "scale_min", "scale_max"))
    ends = f"({low.sql}, {high.sql})"  # some scales are written with their best answer first
    outside = f"({score.sql} < least{ends} OR {score.sql} > greatest{ends})"
    e.plan.check(Check(outside, "'score_out_of_range'", score.cells))
    kept = f"CASE WHEN NOT coalesce({outside}, false) THEN {score.sql} END"
    columns["score"] = e.plan.add("score" if main else None, kept, score.cells)


def _proved(e: Evidence, columns: dict[str, str], top: Spec | None) -> None:
    """Take the scale the answers prove where a good part of them lies above the one the profile has written down."""
    score = e.plan.fields[columns["score"]]
    if top is None or top.constant is None or not score.cells:
        return
    limit = float(top.constant)
    answers = e.relation(score.sql, score.cells, whole=True)
    count, above, most = e.con.execute(
        f"SELECT count(v), count(v) FILTER (v > {limit}), quantile_disc(v, 0.98) FROM {answers}"
    ).fetchall()[0]
    proved = next((s for s in _SCALES if most is not None and s >= most), None)
    if proved is not None and proved > limit and above >= max(2, _A_GOOD_PART * count):
        e.plan.add(columns["scale_max"], f"CAST({proved} AS DOUBLE)", ())
        said = {"scale": proved, "said": int(limit)}
        e.plan.notices.append(Notice("scale_proved", e.plan.header(score.cells), said))
