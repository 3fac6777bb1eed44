"""Comparisons against published figures, by simulation, and the parts of a change against their sum."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from insights.stats import comparing
from insights.stats.intervals import Z, newcombe
from insights.stats.parts import Cell, change_parts

CELL = some.tuples(some.integers(0, 40), some.integers(0, 40))


@given(some.lists(some.tuples(CELL, CELL), min_size=1, max_size=6))
def test_the_parts_add_up_to_the_change(listed: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    def cells(side: int) -> dict[str | None, Cell]:
        found: dict[str | None, Cell] = {}
        for i, pair in enumerate(listed):
            hits, misses = pair[side]
            n = hits + misses
            p = hits / n if n else 0.0
            found[f"v{i}" if i else None] = Cell(n, p, p * (1 - p))
        return found

    before, now = cells(0), cells(1)
    parts = change_parts(before, now)
    n0, n1 = sum(c.n for c in before.values()), sum(c.n for c in now.values())
    if not n0 or not n1:
        assert parts == []
        return
    rate0, rate1 = (sum(c.n * c.mean for c in of.values()) / n for of, n in ((before, n0), (now, n1)))
    assert sum(p.total for p in parts) == pytest.approx(rate1 - rate0, abs=1e-12)
    assert all(p.own_low <= p.own <= p.own_high and p.mix_low <= p.mix <= p.mix_high for p in parts)


def test_a_planted_cause_is_the_first_part() -> None:
    before = {"cargo": Cell(100, 0.8, 0.16), "other": Cell(900, 0.8, 0.16)}
    now = {"cargo": Cell(250, 0.5, 0.25), "other": Cell(900, 0.8, 0.16)}
    first, second = change_parts(before, now)
    assert first.value == "cargo"
    assert first.real
    assert first.own == pytest.approx((0.1 + 250 / 1150) / 2 * -0.3)
    assert abs(second.total) < abs(first.total)


def test_strata_held_equal_undo_a_confounder() -> None:
    """Simpson: the trait helps by 10 points in both strata, and the crude comparison says the opposite."""
    cells = [(90, 100, 720, 900), (270, 900, 20, 100)]
    crude = 360 / 1000 - 740 / 1000
    found = comparing.standardised(cells)
    assert found
    assert crude < 0 < found.low
    assert found.value == pytest.approx(0.1)
    assert comparing.overlap([*cells, (5, 10, 0, 0)]) == pytest.approx(2000 / 2010)
    assert comparing.standardised([(1, 2, 0, 0)]) is None


def test_the_standardised_interval_covers_the_truth() -> None:
    draw = random.Random(8)
    covered = 0
    for _ in range(400):
        cells = []
        for base, n, m in ((0.2, 40, 90), (0.5, 60, 50), (0.8, 90, 30)):
            hits = sum(draw.random() < base + 0.08 for _ in range(n))
            cells.append((hits, n, sum(draw.random() < base for _ in range(m)), m))
        found = comparing.standardised(cells)
        assert found
        covered += found.low <= 0.08 <= found.high
    assert 0.92 <= covered / 400 <= 0.98


def test_baseball_is_shrunk_as_efron_and_morris_did() -> None:
    hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
    found = comparing.shrunk(hits, [45] * 18)
    assert found
    a, b = found
    assert 0.27 < (18 + a) / (45 + a + b) < 0.32, "0.400 is pulled most of the way to the mean of 0.265"
    assert comparing.shrunk([10, 10, 10], [40] * 3) is None, "no spread beyond chance"


def test_shuffled_labels_flag_nobody() -> None:
    draw = random.Random(3)
    runs = flagged = 0
    for _ in range(300):
        p = [[draw.uniform(0.3, 0.9) for _ in range(80)] for _ in range(12)]
        observed = [sum(draw.random() < x for x in unit) for unit in p]
        found = comparing.funnel(observed, [sum(u) for u in p], [sum(x * (1 - x) for x in u) for u in p])
        runs, flagged = runs + 1, flagged + any(f.stands_out for f in found)
    assert flagged / runs <= 0.05


def test_published_and_textbook_figures() -> None:
    assert comparing.e_value(3.9) == pytest.approx(7.26, abs=0.01)
    assert comparing.cases_needed(0.5, 0.1) == pytest.approx(385, abs=5)
    assert comparing.benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == [True, False, False, False]
    assert comparing.benjamini_hochberg([]) == []
    mismatch = comparing.ratio_mismatch([500, 500], [1, 1])
    assert mismatch == pytest.approx(1)
    broken = comparing.ratio_mismatch([600, 400], [1, 1])
    assert broken
    assert broken < 0.001
    assert comparing.log_odds(10, 100, 10, 100, 1, 10).value == pytest.approx(0)


@pytest.mark.parametrize(
    ("visits", "n", "share", "low", "high"),
    [(3894, 21_307, 0.18276, 0.0710, 0.0822), (3238, 21_387, 0.15140, 0.0399, 0.0506)],
)
def test_a_real_experiment_by_e_mail_shows_both_versions_at_work(
    visits: int, n: int, share: float, low: float, high: float
) -> None:
    """Hillstrom's challenge (2008): 64,000 customers in three arms by lot, visits of 18.28, 15.14 and 10.62 %.

    The counts are the only whole numbers that give the published shares to five digits; shares, effects with their
    intervals and the check of the split (p = 0.904) are as several published readings of the file print them.
    """
    held_out, m = 2262, 21_306
    assert (round(visits / n, 5), round(held_out / m, 5)) == (share, 0.10617)
    assert [k for k in range(visits - 5, visits + 6) if round(k / n, 5) == share] == [visits]
    assert comparing.ratio_mismatch((21_306, 21_307, 21_387), (1 / 3, 1 / 3, 1 / 3)) == pytest.approx(0.904, abs=5e-4)
    ends = newcombe(visits, n, held_out, m)
    middle, half = (low + high) / 2, (high - low) / 2 * Z / 1.6449  # published at 90 %
    assert ends == pytest.approx((middle - half, middle + half), abs=2e-4)
    assert ends[0] > 0  # type: ignore[index]
