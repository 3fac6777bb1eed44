"""Every answer of the command line over metrics × dimensions × grains, one digest each: what must not move.

`python tests/answers.py WAREHOUSE` compares with tests/answers.json, `--write` records anew; `--few` records anew
what every run of the suite compares. A definition that changes
on purpose is recorded anew in the commit that changes it, so that the history says which answers moved, and why.
"""

import hashlib
import io
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any

from small_company import publish, random_tables
from typer.main import get_command

from insights import cli
from insights.dimensions import DIMENSIONS
from insights.errors import InsightsError
from insights.metrics import METRICS

RECORD = Path(__file__).with_name("answers.json")
FEW = Path(__file__).with_name("answers_few.json")
"""Some sixty questions over the seeded rows of `small_company`, compared in every run: tests/test_answers.py."""
GRAINS = (None, "day", "week", "month", "quarter", "year")
OTHERS = (
    ("cohorts", "--grain", "month"),
    ("cohorts", "--grain", "quarter", "--mode", "on_or_after"),
    ("cohorts", "--measure", "revenue"),
    ("sla", "queue"),
    ("reconcile",),
)


def _steady(value: Any) -> Any:
    """Return a value that does not depend on the order in which an engine adds."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {k: _steady(v) for k, v in value.items()}
    return [_steady(v) for v in value] if isinstance(value, list) else value


@cache
def command() -> Callable[..., Any]:
    """Return the whole command line, built once: to build it takes longer than most answers."""
    cli.gather()
    return get_command(cli.app)


def answer(warehouse: Path, *words: str) -> str:
    """Return the digest of what a command prints, or how it refuses."""
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(io.StringIO()), suppress(SystemExit):
            command()(["--warehouse", str(warehouse), "--lang", "en", *words, "--format", "json"])
    except InsightsError as error:
        return f"refused:{error.kind}"
    rows = _steady(json.loads(said.getvalue()))
    rows = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows) if words[0] != "sla" else rows
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:10]


def questions(dimensions: tuple[str, ...] = tuple(DIMENSIONS)) -> list[tuple[str, ...]]:
    """Return the words of every question."""
    asked = [
        ("query", key, *(("--by", by) if by else ()), *(("--grain", grain) if grain else ()))
        for key in METRICS
        for by in (None, *dimensions)
        for grain in (GRAINS if by in (None, "channel") else (None, "month"))
    ]
    clocks = [("query", key, "--clock", "business", "--grain", "month") for key in METRICS]
    past = [("query", key, "--as-of", "2026-06-30", "--by", "channel") for key in METRICS]
    compared = [
        ("query", key, "--since", "2026-07-01", "--until", "2026-07-31", "--compare", c)
        for key in METRICS
        for c in ("previous", "year")
    ]
    listed = [
        ("rows", key, *more, "--since", "2026-07-01", "--until", "2026-07-31")
        for key in METRICS
        for more in ((), ("--excluded",))
    ]
    return [*asked, *clocks, *past, *compared, *listed, *OTHERS]


def few(warehouse: Path) -> dict[str, str]:
    """Return the answers of the small warehouse to the questions of the record; to some sixty where there is none."""
    asked = json.loads(FEW.read_text("utf-8")) if FEW.exists() else [" ".join(words) for words in questions()[::41]]
    return {words: answer(warehouse, *words.split()) for words in asked}


def write(record: Path, found: dict[str, str]) -> None:
    """Record answers."""
    record.write_text(json.dumps(found, indent=0, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(found)} answers recorded")


def main() -> None:
    """Compare or record."""
    if "--few" in sys.argv:
        with tempfile.TemporaryDirectory() as directory:
            publish(Path(directory), random_tables(7))
            write(FEW, few(Path(directory)))
        return
    warehouse = Path(next(a for a in sys.argv[1:] if not a.startswith("--")))
    found = {" ".join(words): answer(warehouse, *words) for words in questions()}
    if "--write" in sys.argv:
        write(RECORD, found)
        return
    held = json.loads(RECORD.read_text("utf-8"))
    moved = sorted(k for k in held.keys() | found.keys() if held.get(k) != found.get(k))
    print("\n".join(moved[:200]), f"\n{len(moved)} of {len(held)} answers moved", sep="")
    sys.exit(bool(moved))


if __name__ == "__main__":
    main()
