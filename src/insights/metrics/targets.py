"""Targets a metric can reach at all: a share of 90 is meant as 0.9, and nobody would know why it is never met."""

from insights.errors import SettingsWrong
from insights.metrics import METRICS
from insights.settings import Settings, settings_path

_WITHIN = {"share": (0.0, 1.0), "points": (-100.0, 100.0), "score": (0.0, None), "seconds": (0.0, None)}
"""The least and the most a metric of a unit can be; counts and amounts may be anything."""


def require_possible(settings: Settings) -> None:
    """Raise SettingsWrong for the first target outside of what its metric can be."""
    for key, target in settings.targets.items():
        least, most = _WITHIN.get(METRICS[key].unit, (None, None))
        said = {"file": settings_path().name, "option": f"targets.{key}", "found": f"{target:g}"}
        if least is not None and target < least:
            raise SettingsWrong("settings_wrong_least", bound=f"{least:g}", **said)
        if most is not None and target > most:
            raise SettingsWrong("settings_wrong_most", bound=f"{most:g}", **said)
