"""A stranger's trials (`make trials`, minutes): what it takes to add a KPI, a page, a dimension or a setting.

Each is added to a copy of the project by its parts alone, and the gates pass; then once without each part, and a gate
fails that names what is missing. A CRM is tried in tests/test_trials.py, a third language in tests/test_texts.py.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "build", "sample", "answers*.json")
SECOND = "test_a_second_computation_agrees"
"""Asked of what is tried alone: of every KPI it takes long."""
GATES = (
    "tests/test_promises.py",
    "tests/test_texts.py",
    "tests/test_dimensions.py",
    "tests/test_settings.py",
    "tests/test_metrics.py::test_every_metric_is_worded_in_both_languages",
    f"tests/test_metrics.py::{SECOND}",
)
SOURCE = "src/insights"


@dataclass(frozen=True)
class Part:
    """One thing to write: after the first `after` of a file, else at its end, else as a new file."""

    file: str
    text: str
    after: str = ""

    def write(self, root: Path) -> None:
        """Write it into a copy of the project."""
        path = root / self.file
        held = path.read_text("utf-8") if path.exists() else ""
        assert self.after in held, f"{self.file} no longer has {self.after!r}"
        at = held.index(self.after) + len(self.after) if self.after else len(held)
        path.write_text(held[:at] + self.text + held[at:], "utf-8")


@dataclass(frozen=True)
class Trial:
    """What is added, by its parts, and the name a gate says when one of them is missing."""

    what: str
    name: str
    parts: tuple[Part, ...]
    careless: tuple[Part, ...] = ()
    """The same in one part, with what it must say of itself left out."""


def words(file: str, turkish: str, english: str, after: str = "") -> tuple[Part, Part]:
    """Return the words of a thing in both languages."""
    return (
        Part(f"{SOURCE}/texts/tr/{file}.toml", turkish, after),
        Part(f"{SOURCE}/texts/en/{file}.toml", english, after),
    )


KPI = """
[metrics.untouched]
name = "{0}"
short = "{2}"
definition = "{0}."
anchor = "{1}"
"""


def setting(field: str) -> tuple[Part]:
    """Return the line of a setting."""
    after = '"""How the queue of open promises is shown."""\n'
    return (Part(f"{SOURCE}/settings/desks.py", f"\n    patience_days: int = Field({field})\n", after),)


PAGE = '\n[pages.greeting]\ntitle = "{0}"\nquestion = "{0}?"\n'
TRIALS = (
    Trial(
        "a KPI",
        "untouched",
        (
            Part(
                f"{SOURCE}/metrics/definitions/volume.py",
                '    Metric("untouched", "share", "down", "created", TICKETS, "share", column("created_day"),\n'
                "           lambda t, _: sa.case((t.c.replies == 0, 1), else_=0), _ever),\n",
                "METRICS = (\n",
            ),
            *words(
                "metrics",
                KPI.format("Yanıtsız kayıtlar", "açılış gününe göre", "Yanıtsız"),
                KPI.format("Tickets without a reply", "by date created", "No reply"),
            ),
            Part("pages/service/resolution.py", '"untouched", ', "ui.tiles(desk, "),
            Part(
                "tests/oracles.py",
                "    def untouched(self) -> Answer:\n"
                '        return share(t["replies"] == 0 for t in self.tickets("created_day"))\n\n',
                "    # what customers say\n",
            ),
        ),
    ),
    Trial(
        "a page",
        "greeting",
        (
            Part(
                "pages/service/greeting.py",
                '"""A page of a stranger."""\n\nfrom insights import ui\n\nui.tiles(ui.desk(), "created")\n',
            ),
            Part(
                f"{SOURCE}/ui/run/places.py",
                '\n    Place("service/greeting", "waving_hand"),',
                '    Place("service/channels", "hub"),',
            ),
            *words("pages", PAGE.format("Selam"), PAGE.format("Greeting")),
        ),
    ),
    Trial(
        "a dimension",
        "city",
        (
            Part(
                f"{SOURCE}/dimensions.py",
                '    Dimension("city", "customers"),\n',
                '    Dimension("region", "customers"),\n',
            ),
            *words("app", 'city = "Şehir"\n', 'city = "City"\n', "[dimensions]\n"),
        ),
    ),
    Trial("a setting", "patience_days", setting('3, ge=0, description="Days somebody waits"'), setting("3, ge=0")),
)


def said(name: str, parts: tuple[Part, ...]) -> str:
    """Return what the gates say of a copy of the project with these parts; nothing when all pass."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "project"
        shutil.copytree(ROOT, root, ignore=LEFT)
        for part in parts:
            part.write(root)
        environment = {**os.environ, "PYTHONPATH": str(root / "src")}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            f"not {SECOND} or {name}",
            *GATES,
        ]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout


def forgotten(trial: Trial) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Yield what of a trial can be forgotten, with the parts that are left."""
    for part in trial.parts if len(trial.parts) > 1 else ():
        yield part.file, tuple(p for p in trial.parts if p is not part)
    if trial.careless:
        yield "what it must say of itself", trial.careless


def main(asked: list[str]) -> int:
    """Try everything, or those named, say how each went, and return how many trials went wrong."""
    wrong = 0
    for trial in (trial for trial in TRIALS if not asked or trial.name in asked):
        whole = said(trial.name, trial.parts)
        print(f"{trial.what}: {len(trial.parts)} parts, {'accepted' if not whole else 'REFUSED'}")
        print(whole, end="")
        wrong += bool(whole)
        for missing, parts in forgotten(trial):
            named = trial.name in said(trial.name, parts)
            print(f"  without {missing}: {'said by a gate' if named else 'NOT SAID'}")
            wrong += not named
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
