"""The colours of the light theme in place of the placeholders figures are made with: paper is white."""

import json
import tomllib
from functools import cache
from typing import Any

from insights.charts.look import BAD, GOOD, GRID, MUTED, PAGE, SEQUENTIAL, SERIES, TEXT, WARN, Figure
from insights.ui.run.gather import ROOT

FONT = "Inter, 'Helvetica Neue', Arial, sans-serif"


@cache
def _colours() -> dict[str, str]:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]["light"]
    named = dict(zip((*SERIES, GOOD, BAD, WARN, MUTED), theme["chartCategoricalColors"], strict=True))
    named |= dict(zip(SEQUENTIAL, theme["chartSequentialColors"], strict=True))
    return named | {TEXT: theme["textColor"], PAGE: theme["backgroundColor"], GRID: theme["borderColor"]}


def coloured(figure: Figure) -> dict[str, Any]:
    """Return a figure in the colours of paper, without what only a screen can do."""
    text = json.dumps(figure, ensure_ascii=False, default=str)
    for placeholder, colour in _colours().items():
        text = text.replace(placeholder, colour)
    made: dict[str, Any] = json.loads(text)
    for name, axis in made["layout"].items():
        if name.startswith(("xaxis", "yaxis")):
            axis["automargin"] = True  # on the screen the theme says so
    made["layout"] |= {
        "font": {"family": FONT, "color": _colours()[TEXT]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "autosize": True,
    }
    return made
