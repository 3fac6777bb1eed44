"""What is asked on the explore page: metrics, splits, periods and shape, as codes in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from insights.asking import Desk
from insights.metrics import METRICS
from insights.sql import Grain
from insights.studies.changes.parts import known_dimensions
from insights.ui.run import data
from insights.ui.run.places import ANSWERS
from insights.ui.run.state import quote, unquote

SHAPES = ("table", "pivot", "line", "bar", "heatmap", "distribution")
GRAINS: tuple[Grain, ...] = get_args(Grain)
FIRST = "created"
STARTS = ("category", "channel", "product", "team", "priority", "kind", "segment")
MOST_METRICS, MOST_SPLITS = 6, 2
PARTS = ("metrics", "cut", "grain", "shape", "versus")


@dataclass(frozen=True)
class Asked:
    """One question: at least one metric, at most two splits, one member the others are seen against."""

    metrics: tuple[str, ...] = (FIRST,)
    cut: tuple[str, ...] = ()
    grain: Grain | None = None
    shape: str = SHAPES[0]
    versus: str = ""

    @property
    def first(self) -> str:
        """Return the metric of shapes that show one alone."""
        return self.metrics[0]


def offered() -> list[str]:
    """Return the metrics that are one number for a group: not those that are many by themselves."""
    return [key for key, metric in METRICS.items() if not metric.always_by]


def splits(desk: Desk, keys: Sequence[str]) -> list[str]:
    """Return what every one of these metrics can be split by."""
    each = [(*known_dimensions(desk, key), *dict(METRICS[key].base.extras)) for key in keys]
    return [name for name in dict.fromkeys(each[0]) if all(name in known for known in each)]


def start(desk: Desk) -> Asked:
    """Return the question of who has asked nothing yet: what there is most of here, by what it has most kinds of."""
    key = next((key for key in (FIRST, "orders", *ANSWERS) if data.ever(desk, key)), FIRST)
    known = splits(desk, [key])
    cut = next((name for name in STARTS if name in known and len(data.options(desk, name, key)) > 1), None)
    return Asked((key,), (cut,) if cut else ())


def read(desk: Desk, address: Mapping[str, str]) -> tuple[Asked, list[str]]:
    """Return what an address asks, and the words of it that nothing here is called by."""
    if not any(address.get(part) for part in PARTS):
        return start(desk), []
    wanted = {part: _listed(address.get(part, "")) for part in PARTS}
    metrics = tuple(key for key in wanted["metrics"] if key in offered())[:MOST_METRICS] or (FIRST,)
    cut = tuple(name for name in wanted["cut"] if name in splits(desk, metrics))[:MOST_SPLITS]
    grain = next((g for g in GRAINS if [g] == wanted["grain"]), None)
    shape = next((s for s in SHAPES if [s] == wanted["shape"]), SHAPES[0])
    versus = next((v for v in wanted["versus"] if v in members(desk, cut)), "")
    found = Asked(metrics, cut, grain, shape, versus)
    kept = {*metrics, *cut, grain, shape, versus}
    return found, [word for part in PARTS for word in wanted[part] if word not in kept]


def members(desk: Desk, cut: Sequence[str]) -> tuple[str, ...]:
    """Return the members one can be seen against: those of the first split that are filtered by."""
    return data.options(desk, cut[0]) if cut and cut[0] in known_dimensions(desk, FIRST) else ()


def written(asked: Asked) -> dict[str, str]:
    """Return the address of a question: what is as at first is left out."""
    found = {
        "metrics": asked.metrics,
        "cut": asked.cut,
        "grain": (asked.grain,),
        "shape": (asked.shape,),
        "versus": (asked.versus,),
    }
    first = {"metrics": (FIRST,), "shape": (SHAPES[0],)}
    return {
        part: ",".join(quote(word) for word in words if word)
        for part, words in found.items()
        if any(words) and words != first.get(part)
    }


def _listed(text: str) -> list[str]:
    return [unquote(word) for word in text.split(",") if word]
