"""What the command line answers does not move unless a definition does: some sixty answers against their record."""

import json
from pathlib import Path

import answers

from insights import cli


def test_answers_stay_what_they_were(small_directory: Path) -> None:
    """Where a definition changed on purpose: `python tests/answers.py --few` records them anew."""
    cli.gather()
    found, held = answers.few(small_directory), json.loads(answers.FEW.read_text("utf-8"))
    assert len(held) >= 50
    assert {words for words in held if held[words] != found[words]} == set()
