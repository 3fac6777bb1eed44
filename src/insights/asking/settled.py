"""Settings as a part of what answers are remembered by: written out once, not again for every question."""

from insights.settings import Settings

_last: tuple[Settings, str] | None = None


def said(settings: Settings) -> str:
    """Return settings as text; a run of a page asks for the same ones hundreds of times."""
    global _last
    held = _last
    if held is None or held[0] is not settings:
        _last = held = (settings, settings.model_dump_json())
    return held[1]
