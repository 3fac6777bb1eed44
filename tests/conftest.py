"""Shared fixtures: a small warehouse of seeded random cases, and one in a directory for the command line."""

import atexit
import gc
import os
import sys
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from small_company import Tables, open_tables, publish, random_tables

from insights.warehouse.reader import Warehouse

# A test never depends on the clock: no example is too slow, and a failure comes back with the same examples.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Return the rows of the shared small warehouse."""
    return random_tables(7)


@pytest.fixture(scope="session")
def small(tables: Tables) -> Warehouse:
    """Return the shared small warehouse: 400 tickets, surveys, orders and clocks, seeded."""
    return open_tables(tables)


@pytest.fixture(scope="session")
def small_directory(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse directory that serves the same rows."""
    directory = tmp_path_factory.mktemp("small")
    publish(directory, tables)
    return directory


@pytest.fixture(scope="session", autouse=True)
def packages_are_asked_once() -> Iterator[None]:
    """Have Streamlit ask what is installed for components once: it asks every package anew for each app opened here."""
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit.testing.v1" in sys.modules:
            from streamlit.components.v2 import manifest_scanner

            patch.setattr(
                manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
            )
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Give files out in another way than one by one, where whole files are given out."""
    from sharing import Sharing

    return Sharing(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_unconfigure() -> None:
    """Ask for silence at the very end last, so that it comes before all that others asked for at exit."""
    atexit.register(end_quietly)


def end_quietly() -> None:
    """Let the suite's own last line stand last: what the engine's binding says of itself at exit goes nowhere.

    As late as this, because the capture of the tests' output puts the console back after every hook.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Import and collect without looking for garbage, and never look at what was collected: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
