"""The registry: every KPI by key."""

import difflib

from insights.errors import UnknownName
from insights.metrics.core import Context, Metric, Refusal
from insights.metrics.definitions import promises, resolution, response, satisfaction, value, volume
from insights.metrics.number import Number

_THEMES = (satisfaction, response, volume, resolution, promises, value)
THEMES: dict[str, tuple[str, ...]] = {
    theme.__name__.rpartition(".")[2]: tuple(metric.key for metric in theme.METRICS) for theme in _THEMES
}
"""Keys by what they are about: how a catalogue of them is laid out."""
METRICS: dict[str, Metric] = {metric.key: metric for theme in _THEMES for metric in theme.METRICS}


def metric(key: str) -> Metric:
    """Return the metric of this key; raises UnknownName with the nearest keys."""
    if key not in METRICS:
        near = difflib.get_close_matches(key, METRICS, n=3, cutoff=0.4) or list(METRICS)[:3]
        raise UnknownName("unknown_metric", name=key, near=", ".join(near))
    return METRICS[key]


__all__ = ["METRICS", "THEMES", "Context", "Metric", "Number", "Refusal", "metric"]
