"""The memo: what was asked before is not asked again, and never answers another question."""

from insights.metrics import Number
from insights.ui.run import memo as memory
from insights.ui.run.memo import Memo
from insights.warehouse.remembered import MOST


def asker(asked: list[list[str]]) -> memory.Ask:
    def ask(missing: list[str]) -> list[Number]:
        asked.append(missing)
        return [Number(metric=key, unit="share", value=len(asked), n=1) for key in missing]

    return ask


def test_only_unknown_metrics_are_asked_for_and_the_order_is_the_caller_s() -> None:
    memo, asked = Memo(), list[list[str]]()
    memo.numbers("q", ["csat"], None, True, asker(asked))
    found = memo.numbers("q", ["nps", "csat"], None, True, asker(asked))
    assert asked == [["csat"], ["nps"]]
    assert [number.metric for number in found] == ["nps", "csat"]


def test_more_answers_less_but_less_never_answers_more() -> None:
    memo, asked = Memo(), list[list[str]]()
    memo.numbers("q", ["csat"], "previous", True, asker(asked))
    memo.numbers("q", ["csat"], None, False, asker(asked))
    assert len(asked) == 1
    memo.numbers("p", ["csat"], None, False, asker(asked))
    memo.numbers("p", ["csat"], None, True, asker(asked))
    memo.numbers("p", ["csat"], "previous", True, asker(asked))
    memo.numbers("p", ["csat"], "year", True, asker(asked))
    assert len(asked) == 5


def test_another_question_is_asked_again() -> None:
    memo, asked = Memo(), list[list[str]]()
    memo.numbers(("v1", "tr"), ["csat"], None, True, asker(asked))
    memo.numbers(("v2", "tr"), ["csat"], None, True, asker(asked))
    assert len(asked) == 2


def test_the_oldest_are_forgotten_first() -> None:
    memo, asked = Memo(), list[list[str]]()
    for i in range(MOST + 1):
        memo.numbers(i, ["csat"], None, True, asker(asked))
    memo.numbers(MOST, ["csat"], None, True, asker(asked))
    assert len(asked) == MOST + 1
    memo.numbers(0, ["csat"], None, True, asker(asked))
    assert len(asked) == MOST + 2
