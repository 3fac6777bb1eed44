"""From which answer on satisfaction counts as good, on each scale answered here."""

import sqlalchemy as sa

from insights import schema
from insights.filters import conditions
from insights.schema import USUAL_SCALES
from insights.studies.core import Answer, Asker, Column, Options, Shape, Study

_LOW, _HIGH = (sa.literal(end) for end in USUAL_SCALES["csat"])


def scales(asker: Asker, options: Options) -> Answer:
    """Return each source's scales with the lowest good answer and how many answers were judged by it."""
    s = schema.surveys
    ends = sa.func.coalesce(s.c.scale_min, _LOW), sa.func.coalesce(s.c.scale_max, _HIGH)
    worst, best = sa.func.least(*ends).label("worst"), sa.func.greatest(*ends).label("best")
    columns = (s.c.source, worst, best, s.c.good_from, sa.func.count().label("answers"))
    judged = sa.select(*columns).where(
        s.c.kind == "csat", s.c.good.is_not(None), *conditions(s, s.c.answered_day, asker.filters)
    )
    by = (s.c.source, worst, best, s.c.good_from)
    return Answer({"csat_scales": asker.fetch(judged.group_by(*by).order_by(*by))})


_COLUMNS = (
    Column("source", "member", "source"),
    Column("worst", "number"),
    Column("best", "number"),
    Column("good_from", "number"),
    Column("answers", "count"),
)
_SHAPE = Shape("csat_scales", _COLUMNS)
STUDIES = (Study("csat_scales", ("surveys",), answer=scales, heeds=("period", "values"), shapes=(_SHAPE,)),)
