"""An unknown file between two runs of the page: looked at once, gone with the session."""

import datetime as dt
import hashlib
import shutil
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from insights import scratch, sources
from insights.errors import FileRefused, InsightsError
from insights.settings import Settings
from insights.sources import ReadOptions
from insights.sources.proposing.glance import Preview, Sample, glance
from insights.sources.proposing.propose import Proposal, best

Options = Mapping[str, str | None]


@dataclass
class Held:
    """An unknown file between two runs of the page; its folder goes when the session does."""

    digest: str
    folder: Path
    sample: Sample
    proposals: list[Proposal]
    previews: dict[str, Preview | InsightsError] = field(default_factory=dict)

    def sure(self, table: str) -> dict[str, float]:
        """Return how sure each column of a table was proposed, as `table.column`."""
        found = next((p.sure for p in self.proposals if p.table == table), {})
        return {f"{table}.{column}": share for column, share in found.items()}

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.folder, True)


def widget_key(held: Held, *parts: str) -> str:
    """Return the key of a widget: another file begins anew."""
    return "_".join(("wizard", held.digest[:12], *parts))


def file_name(file: Any) -> str:
    """Return the name of an upload without any folder; one that is empty is called by its content."""
    name = Path(file.name.replace("\\", "/")).name.replace("\x00", "")
    return name[-150:] or hashlib.sha256(file.getvalue()).hexdigest()


def read_options(settings: Settings, options: Options) -> ReadOptions:
    """Return how the page was told to read files."""
    limits = sources.Limits(
        max_cell=settings.loading.max_cell,
        max_columns=settings.loading.max_columns,
        max_unpacked=int(settings.loading.max_unpacked_gb * 1e9),
    )
    return ReadOptions(
        encoding=options.get("encoding"),
        default_timezone=settings.company.time_zone,
        limits=limits,
        earliest=dt.datetime.combine(settings.loading.earliest, dt.time()),
        mend=options.get("mend-letters") is not None,
    )


def hold(file: Any, shown: str, options: ReadOptions) -> Held:
    """Return the file as held since the run before, or look at it now; it lies under its hash, not its name."""
    content = file.getvalue()
    digest = hashlib.sha256(content + shown.encode() + str(options.encoding).encode()).hexdigest()
    held: Held | None = st.session_state.get("wizard")
    if held is None or held.digest != digest:
        folder = scratch.kept("wizard")
        path = folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        try:
            sample = glance(path, shown, folder, options)
        except FileRefused:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        held = st.session_state["wizard"] = Held(digest, folder, sample, _proposed(sample))
    return held


def _proposed(sample: Sample) -> list[Proposal]:
    """Return the proposals; below the floor each is empty: a wrong column is worse than none."""
    found = best(sample)
    return found if found[0].known else [Proposal(p.table, {}, p.score) for p in found]
