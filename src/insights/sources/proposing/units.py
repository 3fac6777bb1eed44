"""The unit of bare numbers a duration's header names."""

from insights.sources.proposing.lexicon import words

_UNITS = {
    "ms": ("ms", "msec", "milisaniye", "milliseconds"),
    "min": ("dk", "dakika", "min", "mins", "minutes"),
    "h": ("saat", "sa", "hour", "hours", "hrs", "h"),
    "s": ("sn", "saniye", "sec", "secs", "seconds", "s"),
}


def unit_in(header: str) -> str:
    """Return the unit of bare numbers a duration's header names; minutes when it names none."""
    said = set(words(header))
    return next((unit for unit, names in _UNITS.items() if said & set(names)), "min")
