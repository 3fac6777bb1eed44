"""What was dropped, before any button: each file's profile and columns, or the proposal for one nobody knows."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from insights import scratch, sources, texts
from insights.errors import FileRefused
from insights.sources.proposing.arrival import UNKNOWN, Arrival, arrive, is_archive
from insights.ui.cards import tables
from insights.ui.run import Run, t
from insights.ui.run.safe import literal
from insights.ui.views.data.loading.held import file_name, read_options
from insights.ui.views.data.loading.used import notices, say, used_and_unused
from insights.ui.views.data.loading.wizard import wizard

Options = Mapping[str, str | None]
Looked = Arrival | FileRefused | None
_SMALL = 20_000_000
"""Bytes; a larger file is looked at when it is loaded."""


def arrivals(run: Run, files: Sequence[Any], options: Options, load: Callable[[], None]) -> bool:
    """Draw what every file is; True when one of them waits for its mapping."""
    waiting = []
    for file in files if not options.get("source") else ():
        found = _looked(run, file, options)
        if isinstance(found, FileRefused):
            st.warning(literal(texts.error(found, run.language)), icon=":material/table:")
        elif found is not None and found.profile is not None:
            _known(run, file_name(file), found)
        elif found is not None:
            waiting.append(file)
    if waiting:
        wizard(run, waiting, {"kind": UNKNOWN[0], "file": file_name(waiting[0])}, options, load)
    return bool(waiting)


def _known(run: Run, name: str, found: Arrival) -> None:
    """Draw the profile that knows a file, and what it reads of it."""
    assert found.profile is not None
    what = tables.heading(run, f"table_{found.profile.main}")
    called = str(texts.called(found.profile.label, run.language))
    said = t(run, "arrival.known", file=literal(name), profile=literal(called), table=what)
    with st.container(border=True):
        st.markdown(f":material/task_alt: {said}")
        say(used_and_unused(run, found.uses, found.headers), notices(run, name, found.notices))


def _looked(run: Run, file: Any, options: Options) -> Looked:
    """Return what a file is, looked at once; None for one whose content is looked at when it is loaded."""
    held: dict[str, Looked] = st.session_state.setdefault("arrivals", {})
    known = sources.profiles(run.settings.profiles)
    content = file.getvalue()
    hashes = "".join(p.hash for p in known if p.own)
    key = hashlib.sha256(content + repr((file.name, sorted(options.items(), key=str), hashes)).encode()).hexdigest()
    if key not in held:
        held[key] = _look(run, file_name(file), content, options) if len(content) <= _SMALL else None
    return held[key]


def _look(run: Run, name: str, content: bytes, options: Options) -> Looked:
    with scratch.folder() as folder:
        path = folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        if is_archive(path, name):
            return None
        known = sources.profiles(run.settings.profiles)
        try:
            return arrive(path, name, folder, known, read_options(run.settings, options))
        except FileRefused as refused:
            return refused
