"""Which answers on satisfaction count as good is said of every scale answered, as the answers were judged."""

from pathlib import Path

import sqlalchemy as sa
from staged_rows import small_settings

from insights import schema, warehouse
from insights.asking import Desk
from insights.filters import EVERYTHING, Filters
from insights.settings import Satisfaction

SCALES = {"thumbs": (1, 2), "stars": (1, 5), "mood": (1, 3), "ten": (1, 10)}
BACKWARDS = "survey_id,kind,answered_at,score,scale_min,scale_max\n" + "".join(
    f"s{n},csat,2025-03-01T10:00:00Z,{n},5,1\n" for n in range(1, 6)
)


def test_the_lowest_good_answer_of_each_scale_is_the_lowest_answer_that_was_judged_good(tmp_path: Path) -> None:
    lines = ["survey_id,kind,channel,answered_at,score,scale_min,scale_max"]
    lines += [
        f"{name}{score},csat,email,2025-03-0{1 + score % 9}T10:00:00Z,{score},{low},{high}"
        for name, (low, high) in SCALES.items()
        for score in range(low, high + 1)
    ]
    (tmp_path / "surveys.csv").write_text("\n".join(lines))
    own = small_settings(tmp_path).model_copy(update={"csat": Satisfaction(sources={"generic": {3: 2}})})
    warehouse.load([tmp_path / "surveys.csv"], own)
    opened = warehouse.open_current(own.warehouse)
    found = Desk(opened, Filters(), EVERYTHING, settings=own).study("csat_scales").rows
    s = schema.surveys
    rows = opened.fetch(sa.select(s.c.scale_max, s.c.score, s.c.good))
    lowest = {top: min(r["score"] for r in rows if r["scale_max"] == top and r["good"]) for _, top in SCALES.values()}
    said = {row["best"]: (row["worst"], row["good_from"], row["answers"]) for row in found}
    assert said == {2: (1, 2, 2), 5: (1, 4, 5), 3: (1, 2, 3), 10: (1, 8, 10)}
    assert {best: good for best, (_, good, _) in said.items()} == lowest
    warehouse.close(own.warehouse)


def test_answers_on_a_scale_written_with_its_best_answer_first_count_from_that_end(tmp_path: Path) -> None:
    (tmp_path / "surveys.csv").write_text(BACKWARDS)
    own = small_settings(tmp_path)
    warehouse.load([tmp_path / "surveys.csv"], own)
    desk = Desk(warehouse.open_current(own.warehouse), Filters(), EVERYTHING, settings=own)
    assert desk.one("csat").value == 2 / 5
    warehouse.close(own.warehouse)
