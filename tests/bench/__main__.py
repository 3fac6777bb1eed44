"""Measure the sizes asked for and write docs/performance.md: python tests/bench [--keep FOLDER] [TICKETS ...]."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import loads, pages, report

SIZES = (40_000, 1_000_000)
TICKETS_PER_CUSTOMER = 5


@dataclass(frozen=True)
class Size:
    """One size of the sample company, loaded and looked at."""

    tickets: int
    loaded: loads.Loaded | None
    looked: pages.Measured


def measured(tickets: int, work: Path, only: Sequence[str]) -> Size:
    """Write the company, load it and look at its pages; what stands in the folder already is taken as it is.

    With `only` some pages no load is measured.
    """
    exports, warehouse = work / "exports", work / "w"
    work.mkdir(parents=True, exist_ok=True)
    print(f"{tickets:,} tickets", file=sys.stderr, flush=True)
    if not exports.exists():
        customers = str(tickets // TICKETS_PER_CUSTOMER)
        loads.run(*loads.INSIGHTS, "demo", "--customers", customers, "--out", str(exports))
    company = None if warehouse.exists() else loads.company(exports, warehouse)
    looked = pages.measure(warehouse, only or pages.PAGES)
    if only:
        return Size(tickets, None, looked)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        ratio = loads.tickets(exports, Path(folder), tickets)
        increment = loads.increment(exports, Path(folder), warehouse)
    return Size(tickets, loads.Loaded(ratio, company, increment), looked)


def machine() -> str:
    """Return what it was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {name}, Python {platform.python_version()}"


def main() -> None:
    """Measure every size asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=lambda text: int(text.replace("_", "")), default=SIZES)
    asked.add_argument("--keep", type=Path, help="folder in which each size is kept, and found again")
    asked.add_argument("--only", nargs="*", default=(), help="pages looked at, without loads", choices=pages.PAGES)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="insights-bench-") as folder:
        sizes = [measured(tickets, (given.keep or Path(folder)) / str(tickets), given.only) for tickets in given.sizes]
    print(report.write(sizes, machine()))


if __name__ == "__main__":
    main()
