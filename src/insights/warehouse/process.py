"""Loading in a process of its own, so that a load that dies or fills the disk never takes the dashboard with it."""

import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from insights.errors import InsightsError
from insights.settings import Settings
from insights.warehouse.progress import Event, Progress

log = logging.getLogger(__name__)
_NICER = 5
_REFUSED = 2
_KIND = re.compile(r"[\w.]+(?=:)")
"""The kind of an error at the beginning of the line that says it."""


class LoadRefused(InsightsError):
    """What the loader process refused, in its own words; `kind` is the class of the refusal."""

    def __init__(self, kind: str, key: str, /, **details: object) -> None:
        super().__init__(key, **details)
        self.kind = kind


def load_in_process(
    paths: Sequence[Path],
    settings: Settings,
    *,
    options: Mapping[str, str | None] | None = None,
    language: str = "en",
    dry_run: bool = False,
    sample: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run `insights load` on `paths` and return its JSON report; raises LoadRefused with its sentence in `language`.

    `options` are flags of the command by name: source, profile, timezone, as-of, encoding, delimiter, date-order, ...;
    an empty one is a flag without a value, such as complete.
    """
    flags = [
        f"--{name}={value}" if value else f"--{name}" for name, value in (options or {}).items() if value is not None
    ]
    flags += ["--dry-run"] * dry_run + ["--sample"] * sample
    words = ["load", *flags, "--format", "json", "--", *(str(p.absolute()) for p in paths)]
    return _run(words, settings, language, progress)


def recompute_in_process(settings: Settings, *, language: str, progress: Progress | None = None) -> dict[str, Any]:
    """Run `insights recompute` and return its JSON report; raises LoadRefused with its sentence in `language`."""
    return _run(["recompute", "--format", "json"], settings, language, progress)


def _run(words: Sequence[str], settings: Settings, language: str, progress: Progress | None) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "insights",
        "--warehouse",
        str(settings.warehouse.absolute()),
        "--lang",
        language,
        *words,
    ]
    environment = os.environ | {"INSIGHTS_PROGRESS": "json", "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryFile() as stdout:  # a pipe nobody reads yet could fill up and stop the loader
        with subprocess.Popen(
            command, stdout=stdout, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        ) as process:
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICER)
            said = _listen(process, progress)
        stdout.seek(0)
        printed = stdout.read().decode()
    if process.returncode == 0:
        report: dict[str, Any] = json.loads(printed)
        return report
    refused = json.loads(printed or "{}").get("refused", {})
    if process.returncode == _REFUSED:
        message = refused.get("message") or said
        raise LoadRefused(refused.get("class", "refused"), "load_refused", message=message, file=refused.get("file"))
    kind = _KIND.match(said)  # what follows it may quote the data
    log.error("the loader ended with exit %s: %s", process.returncode, kind[0] if kind else "")
    raise LoadRefused("died", "loader_died", code=process.returncode)


def _listen(process: "subprocess.Popen[str]", progress: Progress | None) -> str:
    """Pass on progress lines as they come and return the last line that was none."""
    said = ""
    for line in process.stderr or ():
        try:
            event = Event(**json.loads(line))
        except (ValueError, TypeError):
            said = line.strip() or said
            continue
        if progress:
            progress(event)
    return said
