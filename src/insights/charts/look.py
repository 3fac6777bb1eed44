"""One palette and one layout for every figure.

Streamlit's front end replaces these placeholder colours by the ones of the theme the reader has chosen
(`chartCategoricalColors`, `chartSequentialColors` in .streamlit/config.toml): one figure serves both themes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Figure = dict[str, Any]

ACCENT, SECOND, THIRD, FOURTH, FIFTH, SIXTH = (f"#00000{i}" for i in range(1, 7))
GOOD, BAD, WARN, MUTED = "#000007", "#000008", "#000009", "#000010"
SEQUENTIAL = tuple(f"#0000{i}" for i in range(11, 21))
TEXT, GRID, PAGE, TRACK = "#000037", "#000039", "#000038", "#000012"
SERIES = (ACCENT, SECOND, THIRD, FOURTH, FIFTH, SIXTH)


_DARK, _WHITE = "#0E1726", "#FFFFFF"
_INK = {SECOND: _DARK, FIFTH: _DARK, FOURTH: _WHITE, **dict.fromkeys(SEQUENTIAL[:6], TEXT)}


def ink(color: str) -> str:
    """Return the colour of words written on a colour: legible (4.5:1) in both themes."""
    return _INK.get(color, PAGE)


def ramp(parts: int) -> tuple[str, ...]:
    """Return colours from best to worst: blues, paler towards the middle, then warning and bad for the lowest."""
    reach = 4 if parts <= 5 else 6  # few parts need not go as pale as the page
    blues = [SEQUENTIAL[7 - round(i * reach / max(1, parts - 3))] for i in range(parts - 2)]
    return (*blues, WARN, BAD)[-parts:]


CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "responsive": True}
SMALL = 12
ONE_LINE, TWO_LINES = 13, 26
"""Letters of a name that stand on one line beside a bar, and on two."""
LEGEND = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "itemclick": False,
    "itemdoubleclick": False,
}
"""A legend above the plot that only names: one whose entries do something is drawn as buttons."""


def plain(text: str) -> str:
    """Return text of the data as text: no markup, and nothing the colour replacement could take for a colour."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("#0000", "#\u20600000")


def shorten(text: str, length: int = 22) -> str:
    """Return a label that fits beside a bar."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def beside_bars(text: str) -> str:
    """Return a name that leaves room for the bars on a phone: on two lines where it is long."""
    words = shorten(text, TWO_LINES).split(" ")
    cuts = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    if len(text) <= ONE_LINE or not cuts:
        return shorten(text)
    return "<br>".join(min(cuts, key=lambda cut: max(map(len, cut))))


def axis(**options: Any) -> dict[str, Any]:
    """Return an axis without zoom, title or zero line, faint grid."""
    base = {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": GRID,
        "tickfont": {"size": SMALL, "color": MUTED},
    }
    return {**base, "ticks": "", **options}


def layout(*, height: int = 310, **options: Any) -> dict[str, Any]:
    """Return the common layout: no legend, no drag, tight margins."""
    base = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"align": "left"},
    }
    return {name: of for name, of in {**base, **options}.items() if of != []}


def hovers(said: Iterable[str]) -> dict[str, Any]:
    """Return what stands beside the pointer, a text for each mark and nothing else."""
    return {"customdata": list(said), "hovertemplate": "%{customdata}<extra></extra>"}


def note(text: str, **options: Any) -> dict[str, Any]:
    """Return an annotation without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": SMALL, "color": TEXT}, **options}


def spaced(count: int, most: int = 8) -> list[int]:
    """Return at most `most` evenly spaced positions, the last one among them."""
    step = max(1, -(-count // most))
    return list(range(count - 1, -1, -step))[::-1]


def spread(values: Sequence[float | None], *, zero: bool = False) -> tuple[float, float] | None:
    """Return an axis range with air around the known values; `zero` starts it at 0."""
    known = [v for v in values if v is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    air = (high - low) * 0.18 or abs(high) * 0.1 or 1.0
    return (0.0, high + air) if zero else (low - air, high + air)
