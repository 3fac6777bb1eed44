"""How many rows of a metric have a value up to each edge: a whole distribution instead of one quantile."""

from insights.metrics import selects
from insights.stats.intervals import wilson
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option

HOURS = (0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 72, 120, 168)


def within(asker: Asker, options: Options) -> Answer:
    """Return the share of a metric's rows up to each edge, by group."""
    asked, edges = asker.question([options["metric"]], options["by"]), options["edges"]
    records = asker.fetch(selects.within(asked, edges))
    points = [_point(r, asked.dimensions, place, edge) for r in records for place, edge in enumerate(edges)]
    return Answer({"within": points})


def _point(record: Row, names: tuple[str, ...], place: int, edge: float) -> Row:
    hits, n = int(record[f"within_{place}"] or 0), record["n"]
    low, high = wilson(hits, n) or (None, None)
    group = {name: record[name] for name in names}
    return group | {"edge": edge, "value": hits / n if n else None, "n": n, "low": low, "high": high}


STUDIES = (
    Study(
        "within",
        ("tickets",),
        answer=within,
        behind=lambda asker, options: asker.rows(options["metric"]),
        options=(
            Option("metric", "text", "frt_p50"),
            Option("by", "dimensions", ()),
            Option("edges", "numbers", tuple(hours * 3600 for hours in HOURS)),
        ),
        shapes=(
            Shape(
                "within",
                (
                    Column("edge", "seconds"),
                    Column("value", "share"),
                    Column("n", "count"),
                    Column("low", "share"),
                    Column("high", "share"),
                ),
                open=True,
            ),
        ),
    ),
)
