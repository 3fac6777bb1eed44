"""The numbers behind the explore page's answer, and how single ones are shown and said."""

from collections.abc import Sequence
from dataclasses import replace

from insights.asking import Desk
from insights.metrics import Number
from insights.metrics.number import Member
from insights.ui.run import data, names, steps, t
from insights.ui.views.home.asked import Asked

MOST_MEMBERS = 12


def answer(desk: Desk, asked: Asked) -> list[Number]:
    """Return the numbers asked for, each with what it is seen against: the period before, or one member."""
    if asked.versus and asked.cut:
        return [n for member in _seen(desk, asked) for n in _against(desk, asked, member)]
    return data.numbers(desk, asked.metrics, by=asked.cut, grain=asked.grain, compare=data.comparable(desk))


def _seen(desk: Desk, asked: Asked) -> Sequence[str]:
    return [m for m in data.options(desk, asked.cut[0]) if m != asked.versus][:MOST_MEMBERS]


def _against(desk: Desk, asked: Asked, member: str) -> list[Number]:
    split = asked.cut[0]
    found = data.against(desk.narrow(split, member), desk.narrow(split, asked.versus), asked.metrics)
    return [replace(number, group=((split, member),)) for number in found]


def few(desk: Desk, found: Sequence[Number]) -> list[str]:
    """Say how many groups rest on few cases, and how many on too few to be shown."""
    least, thin = desk.settings.thresholds.hide_below, desk.settings.thresholds.grey_below
    rates = [n for n in found if n.unit != "count" and n.n]
    few, too_few = sum(least <= n.n < thin for n in rates), sum(n.n < least for n in rates)
    if not few and not too_few:
        return []
    said = t(
        desk, "pages.explore.few", few=names.count(desk, few), thin=thin, hidden=names.count(desk, too_few), least=least
    )
    return [f":material/grain: {said}"]


def shown(desk: Desk, number: Number | None) -> float | None:
    """Return a value, unknown where it rests on too few cases."""
    if number is None or (number.unit != "count" and number.n < desk.settings.thresholds.hide_below):
        return None
    return number.value


def said(desk: Desk, name: str, member: Member) -> str:
    """Return a member of a split as readers say it."""
    return names.split(desk, name, steps.code(member))
