"""What is proposed for files no profile knows is right or left empty: measured on labelled samples, and printed."""

import labelled
import pytest

SAMPLES = labelled.read()
LEARNT = [s for n, s in enumerate(SAMPLES) if n % 3 != 2]
HELD_OUT = [s for n, s in enumerate(SAMPLES) if n % 3 == 2]


@pytest.mark.parametrize("samples", [LEARNT, HELD_OUT], ids=["learnt", "held out"])
def test_hardly_a_column_is_proposed_wrong_and_no_table(
    samples: list[labelled.Labelled], request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    score = labelled.fares(samples)
    with capsys.disabled():
        print(f"\nproposals, {len(samples)} files {request.node.callspec.id}: {score}")
    assert score.tables == []
    assert score.precision >= 0.98, "\n".join(score.wrong)
    assert score.recall >= 0.85, "\n".join(score.missed)


def test_there_are_many_samples_of_every_table_and_of_files_that_hold_nothing_of_ours() -> None:
    tables = [s.table for s in SAMPLES]
    assert len(SAMPLES) >= 80
    assert len({s.name for s in SAMPLES}) == len(SAMPLES)
    assert min(tables.count(t) for t in set(tables)) >= 2
    assert tables.count("nothing") >= 10


def test_every_column_is_as_sure_as_a_line_demands_or_empty() -> None:
    for sample in SAMPLES:
        for proposal in sample.proposals:
            assert all(0.7 <= sure <= 1 for sure in proposal.sure.values()), sample.name
