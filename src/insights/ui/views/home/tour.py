"""The tour of the sample company: what was planted in it, what a hasty reader would say, what equal cases say."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts import Bar
from insights.filters import Filters
from insights.stats.intervals import Z
from insights.ui.cards.card import Body, Card, Study, nothing
from insights.ui.cards.layout import link
from insights.ui.kinds.findings import answer, asked
from insights.ui.run import data, names, t
from insights.ui.run.marks import SAMPLE

Truth = Mapping[str, Any]
Found = tuple[float | None, float | None, float | None]
"""A difference with the ends of its interval."""


@dataclass(frozen=True)
class Step:
    """One planted effect: what it looks like, what equal cases say, what is true; and the page that shows it."""

    key: str
    page: str
    naive: float | None
    fair: Found
    true: float
    named: str = ""

    @property
    def recovered(self) -> bool:
        """Tell whether what is true lies in the interval."""
        _, low, high = self.fair
        return low is not None and high is not None and low <= self.true <= high


def truths() -> list[Truth]:
    """Return what is true of the sample company; nothing where its record is not there."""
    path = SAMPLE / "truth.json"
    return json.loads(path.read_text("utf-8"))["truths"] if path.exists() else []


def steps(desk: Desk, planted: Sequence[Truth]) -> list[Step]:
    """Return the steps of the tour in the order of the record; a truth no page tells is no step."""
    return [step for truth in planted if truth["key"] in _STEPS for step in _STEPS[truth["key"]](desk, truth)]


def _speed(desk: Desk, truth: Truth) -> Iterator[Step]:
    rows = {r["compared"]: r for r in answer(desk, SHOWN_BY[truth["key"]]).rows}
    yield Step(truth["key"], "speed", rows["as_it_stands"]["value"], _of(rows["alike"]), truth["population"])


def _channel(desk: Desk, truth: Truth) -> Iterator[Step]:
    rows = answer(desk, SHOWN_BY[truth["key"]]).rows
    chat = next(r for r in rows if r["channel"] == truth["channel"])
    others = [r for r in rows if r is not chat and r["n"] is not None]
    rest = sum(r["share"] * r["n"] for r in others) / sum(r["n"] for r in others)
    fair = chat["gap"], chat["gap_low"], chat["gap_high"]
    yield Step(truth["key"], "channels", chat["share"] - rest, fair, truth["population"])


def _agent(desk: Desk, truth: Truth) -> Iterator[Step]:
    found = answer(desk, SHOWN_BY[truth["key"]])
    called = data.agent_names(desk)
    one = next((r for r in found.rows if truth["agent"] in (r["agent_id"], called.get(r["agent_id"]))), None)
    if one is None:  # a reader who may not know agents
        return
    value, overall = one["share"] - one["expected_share"], found.facts["share"]
    half = Z * abs(value / one["z"]) if one["z"] else 0.0
    fair = value, value - half, value + half
    yield Step(truth["key"], "agents", one["share"] - overall, fair, truth["population"], truth["agent"])


def _forgotten(desk: Desk, truth: Truth) -> Iterator[Step]:
    rows = {r["compared"]: r for r in answer(desk, SHOWN_BY[truth["key"]]).rows}
    yield Step(truth["key"], "care", rows["as_it_stands"]["value"], _of(rows["alike"]), truth["population"])


def _training(desk: Desk, truth: Truth) -> Iterator[Step]:
    one = next(r for r in answer(desk, SHOWN_BY[truth["key"]]).rows if r["course"] == truth["course"])
    naive = one["share_after"] - one["share_before"]
    yield Step(truth["key"], "agents", naive, _of(one), truth["population"], truth["course"])


def _campaign(desk: Desk, truth: Truth) -> Iterator[Step]:
    rows = answer(desk, SHOWN_BY[truth["key"]]).rows
    one = next(r for r in rows if r["campaign_id"] == truth["campaign"])
    naive = truth["observed_openers"] - truth["observed_non_openers"]
    fair = one["lift"], one["lift_low"], one["lift_high"]
    yield Step(truth["key"], "campaigns", naive, fair, truth["population"], truth["name"])


def _of(row: Mapping[str, Any]) -> Found:
    return row["value"], row["low"], row["high"]


_STEPS: Mapping[str, Callable[[Desk, Truth], Iterator[Step]]] = {
    "fast_answer_keeps": _speed,
    "worse_channel": _channel,
    "agent_with_hard_cases": _agent,
    "forgotten_customers": _forgotten,
    "training_helps": _training,
    "campaign_with_effect": _campaign,
    "campaign_without_effect": _campaign,
}


def month(desk: Desk, truth: Truth) -> dict[str, int]:
    """Return the complaints of the month before the bad one and of the bad one: all, and those of its cause."""
    bad = dt.date.fromisoformat(f"{truth['month']}-01")
    since, until = (bad - dt.timedelta(days=1)).replace(day=1), (bad + dt.timedelta(days=31)).replace(day=1)
    there = desk.with_filters(Filters(since=since, until=until - dt.timedelta(days=1))).narrow("kind", "complaint")
    found = data.values(there, ["created"], by=["category"], grain="month")
    counts = {"before": 0, "after": 0, "cause_before": 0, "cause_after": 0}
    for number in found:
        when, n = "after" if number.period == bad else "before", int(number.value or 0)
        counts[when] += n
        counts[f"cause_{when}"] += n if number.member("category") == CAUSE else 0
    return counts


SHOWN_BY: Mapping[str, Study] = {
    "fast_answer_keeps": asked("speed_to_kept", exposure="response", hours=4.0),
    "worse_channel": asked("channels", figure="csat"),
    "agent_with_hard_cases": asked("agents"),
    "forgotten_customers": asked("neglected"),
    "training_helps": asked("trainings"),
    "campaign_with_effect": asked("campaigns"),
    "campaign_without_effect": asked("campaigns"),
}
"""The study whose rows stand behind a step."""
CAUSE = "Kargo gecikmesi"
"""The category of the complaints the new carrier brought."""


def cards(desk: Desk) -> Iterator[Card]:
    """Yield a card for each planted effect, in words and as a picture, and for the month with one cause."""
    for place, step in enumerate(steps(desk.with_filters(Filters()), planted := truths())):
        yield _card(desk, place, step)
    for truth in planted:
        if truth["key"] == "bad_month":
            yield _month(desk.with_filters(Filters()), truth)


def _card(desk: Desk, place: int, step: Step) -> Card:
    title = t(desk, f"pages.tour.{step.key}", named=step.named)

    def make(_: str) -> Body:
        value, low, high = step.fair
        if value is None or low is None or high is None:
            return nothing(desk, t(desk, "pages.tour.nothing_fair"))
        told = {"naive": step.naive, "fair": value, "low": low, "high": high, "true": step.true}
        said = {name: charts.difference(of, "share", desk.language) for name, of in told.items()}
        verdict = t(desk, f"pages.tour.{'recovered' if step.recovered else 'missed'}")
        bars = [
            Bar(t(desk, "pages.tour.naive"), _points(step.naive), 1000),
            Bar(t(desk, "pages.tour.fair"), value * 100, 1000, low * 100, high * 100),
        ]
        figure = charts.dots(bars, "difference", desk.language, overall=step.true * 100)
        text = t(desk, f"pages.tour.{step.key}_said", **said)
        rows = [{"step": step.key, **told}]
        numbers = t(desk, "pages.tour.numbers", verdict=verdict, **said)
        return Body(
            figure,
            text=text,
            alt=f"{title}: {text}",
            rows=rows,
            tall=True,
            notes=[numbers],
            upwards=True,
            groups=[(("reading", word),) for word in ("naive", "fair")],
            below=lambda: _lead(desk, step.page),
        )

    return Card(f"tour_{place}", desk, f"{place + 1}. {title}", make, filed=title, study=SHOWN_BY[step.key])


def _points(share: float | None) -> float | None:
    return None if share is None else share * 100


def _lead(desk: Desk, page: str) -> None:
    link(page, t(desk, "pages.tour.to_page", page=t(desk, f"pages.{page}.title")))


def _month(desk: Desk, truth: Truth) -> Card:
    title = t(desk, "pages.tour.bad_month")

    def make(_: str) -> Body:
        found = month(desk, truth)
        counts = {name: names.count(desk, n) for name, n in found.items()}
        cause = truth["cause_tr"] if desk.language == "tr" else truth["cause_en"]
        when = texts.month(dt.date.fromisoformat(f"{truth['month']}-01"), desk.language)
        text = t(desk, "pages.tour.bad_month_said", month=when, cause=cause, **counts)
        return Body(text=text, alt=title, rows=[found], below=lambda: _lead(desk, "complaints"))

    return Card("tour_month", desk, title, make)
