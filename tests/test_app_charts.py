"""Figures: valid for Plotly, labelled in the reader's language, harmless whatever the data says."""

import datetime as dt
import json
import tomllib
from pathlib import Path

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights import charts, texts
from insights.charts import Around, Bar, Point, Scale, look
from insights.charts.axes import ticks_between, value_axis
from insights.charts.look import Figure, plain
from insights.ui.cards.drawn import accepted

START = dt.date(2026, 8, 24)
UNITS = ("share", "score", "points", "seconds", "count", "money")


def weeks(values: list[float | None], complete: int) -> list[Point]:
    return [Point(START + dt.timedelta(weeks=i), v, 40, None, None, i < complete) for i, v in enumerate(values)]


def bars(*values: float | None) -> list[Bar]:
    return [Bar(f"<b>{i}</b>", v, 50, v and v * 0.9, v and v * 1.1) for i, v in enumerate(values)]


def figures(language: str) -> list[Figure]:
    points = weeks([0.8, None, 0.7, 0.9, 0.85], complete=4)
    share = Scale("share", language)
    return [
        charts.trend(points, share, Around([0.7, 0.8, None, 0.6, 0.7], 0.9, events={2: "<i>"})),
        charts.trend(points[:1], Scale("seconds", language), band=True),
        charts.lines({"a": points, "b": points}, share, Around(target=0.5)),
        charts.bullets(bars(0.2, 0.5, 0.9), "share", language, target=0.6),
        charts.bullets(bars(100.0), "count", language),
        charts.dots(bars(0.2, None, 0.9), "share", language, overall=0.5),
        charts.columns(["x", "y"], [1.0, None], "count", language, shares=True),
        charts.stacked(["a", "b"], {"5": [1.0, 2.0], "1": [0.0, 3.0]}, language),
        charts.week_heatmap({(1, 9): 3.0, (7, 23): 0.5}, "count", language),
        charts.cohort_triangle(["Oca"], [5], {(0, 0): (0.5, True), (0, 1): (0.2, False)}, ["M1", "M2"], language),
    ]


def test_a_value_between_unknown_ones_is_a_mark_for_there_is_no_line_to_it() -> None:
    points = weeks([None, 5.0, None, 3.0, 4.0, None], complete=6)
    (line,) = charts.lines({"a": points}, Scale("count", "en"))["data"]
    assert line["marker"]["opacity"] == [0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_plotly_accepts_every_figure(language: str) -> None:
    for figure in figures(language):
        checked = go.Figure(figure).to_dict()  # it raises what plotly does not know
        assert accepted(figure).to_dict() == checked


def test_no_figure_carries_markup_of_the_data_or_a_colour_of_one_theme() -> None:
    for figure in figures("tr"):
        text = json.dumps(figure)
        assert "<b>0</b>" not in text
        assert "<i>" not in text or "*</i>" in text


def fonts(part: object) -> list[dict[str, object]]:
    """Return every font a figure names, and an empty one for a colour scale that leaves its own to the library."""
    if isinstance(part, list | tuple):
        return [font for one in part for font in fonts(one)]
    if not isinstance(part, dict):
        return []
    own = [of for name, of in part.items() if name.endswith("font")]
    scales = [bar.get("tickfont", {}) for name, bar in part.items() if name == "colorbar"]
    return [*own, *scales, *(font for of in part.values() for font in fonts(of))]


def test_no_word_of_a_figure_is_left_to_the_librarys_faint_grey() -> None:
    found = [font for figure in figures("tr") for font in fonts(figure)]
    assert found
    assert [font for font in found if "color" not in font] == []


def test_a_category_named_like_a_placeholder_colour_stays_text() -> None:
    assert "#000001" not in plain("#000001")


def test_the_running_period_is_dashed_and_hollow() -> None:
    figure = charts.trend(weeks([0.8, 0.7, 0.9], complete=2), Scale("share", "tr"))
    solid, tail = figure["data"][-2:]
    assert solid["y"] == [0.8, 0.7, None]
    assert tail["line"]["dash"] == "dash"
    assert tail["y"] == [0.7, 0.9]


def test_bars_start_at_zero_and_miss_the_target_in_another_colour() -> None:
    figure = charts.bullets(bars(0.5, 0.95), "share", "en", target=0.9)
    assert figure["layout"]["xaxis"]["range"][0] == 0
    low, high = figure["data"][1]["marker"]["color"][::-1]
    assert low != high


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from(UNITS))
def test_ticks_are_few_even_steps_inside_the_axis(low: float, width: float, unit: str) -> None:
    ticks = ticks_between((low, low + width), unit)
    assert len(ticks) <= 8
    assert all(low - width * 1e-6 <= t <= low + width * (1 + 1e-6) for t in ticks)
    assert ticks == sorted(set(ticks))


@given(st.floats(-60, 60), st.floats(0.2, 90), st.sampled_from(["difference", "points", "share"]))
def test_a_label_of_an_axis_stands_where_it_says(low: float, width: float, unit: str) -> None:
    size = 100 if unit == "share" else 1
    ends = [abs(low) / 100, abs(low + width) / 100] if unit == "share" else [low, low + width]
    drawn = value_axis(ends, unit, "en")
    said = [float(text.strip("+%")) for text in drawn["ticktext"]]
    assert said == pytest.approx([tick * size for tick in drawn["tickvals"]], abs=1e-3)


def test_words_of_events_that_would_run_into_others_are_left_to_the_pointer() -> None:
    many = dict.fromkeys(range(10, 18), "x" * 30)
    figure = charts.trend(weeks([0.5] * 40, complete=40), Scale("share", "en"), Around(events=many))
    assert [note["x"] for note in figure["layout"]["annotations"]] == [10, 11, 12]
    assert len(figure["layout"]["shapes"]) == len(many)
    assert all(figure["data"][0]["text"][at].endswith(many[at]) for at in many)


def test_a_band_is_not_drawn_where_nothing_is_known() -> None:
    points = weeks([0.5, 0.6, None, 0.7], complete=4)
    bands = charts.trend(points, Scale("share", "en"), band=True)["data"][:-1]
    assert [len(edge["x"]) for edge in bands] == [2, 2, 1, 1]


def test_a_legend_of_a_figure_is_not_pressed() -> None:
    legends = [of["layout"]["legend"] for of in figures("en") if of["layout"]["showlegend"]]
    assert legends
    assert not any(one["itemclick"] or one["itemdoubleclick"] for one in legends)


@pytest.mark.parametrize(
    ("value", "unit", "turkish", "english"),
    [
        (0.026, "share", "+2,6 puan", "+2.6 pts"),
        (-120, "seconds", "-2 dk", "-2 m"),
        (0, "count", "0", "0"),
        (-3.0, "points", "-3,0 puan", "-3.0 pts"),
        (None, "share", "—", "—"),
        (-250.0, "money", "-₺250", "-₺250"),
    ],
)
def test_differences_are_said_in_points_or_units(value: float | None, unit: str, turkish: str, english: str) -> None:
    assert charts.difference(value, unit, "tr") == turkish
    assert charts.difference(value, unit, "en").replace("TRY", "₺") == english


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_colours_are_legible_in_both_themes(theme: str) -> None:
    of = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][theme]
    shown = dict(
        zip((*look.SERIES, look.GOOD, look.BAD, look.WARN, look.MUTED), of["chartCategoricalColors"], strict=True)
    )
    shown |= dict(zip(look.SEQUENTIAL, of["chartSequentialColors"], strict=True))
    shown |= {look.TEXT: of["textColor"], look.PAGE: of["backgroundColor"]}
    written = {*look.SERIES, look.GOOD, look.BAD, look.WARN, *(c for n in range(2, 8) for c in look.ramp(n))}
    pairs = [(look.ink(colour), colour) for colour in written]
    pairs += [(colour, look.PAGE) for colour in (look.TEXT, look.MUTED, look.GOOD)]
    for ink, ground in pairs:
        one, other = sorted((luminance(shown.get(c, c)) for c in (ink, ground)), reverse=True)
        assert (one + 0.05) / (other + 0.05) >= 4.5, (ink, ground)
