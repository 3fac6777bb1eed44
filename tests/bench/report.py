"""The table of the last run, written into docs/performance.md between its marks."""

import datetime as dt
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.__main__ import Size

PLACE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- begin measured -->", "<!-- end measured -->"


def write(sizes: Sequence["Size"], machine: str) -> str:
    """Write the tables of a run and return them."""
    text = "\n".join([f"Measured {dt.date.today()} on {machine}.", "", *_pages(sizes), "", *_others(sizes)])
    before, _, rest = PLACE.read_text("utf-8").partition(BEGIN)
    PLACE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", "utf-8")
    return text


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _pages(sizes: Sequence["Size"]) -> Iterator[str]:
    names = [f"{size.tickets:,}" for size in sizes]
    heads = [f"{name}: {what}" for name in names for what in ("new, ms CPU", "over its SQL", "seen, ms CPU")]
    yield _row("page", *heads, "growth exponent")
    yield _row("---", *["---:"] * (len(heads) + 1))
    for page in sizes[0].looked.pages:
        yield _row(f"`{page}`", *(cell for size in sizes for cell in _cells(size, page)), _growth(sizes, page))


def _cells(size: "Size", page: str) -> Iterator[str]:
    found = size.looked.pages[page]
    yield f"{found.new_s * 1000:,.0f}" + (" (failed)" if any(cost.failed for cost in found.new) else "")
    yield f"{found.ratio:.2f}" if found.ratio else ""
    yield f"{found.seen_cpu_s * 1000:,.0f}"


def _growth(sizes: Sequence["Size"], page: str) -> str:
    """Return by which power of the rows a look grows from the last size but one to the last."""
    if len(sizes) < 2:
        return ""
    small, large = sizes[-2:]
    growth = log(large.looked.pages[page].new_s / small.looked.pages[page].new_s)
    return f"{growth / log(large.tickets / small.tickets):.2f}"


def _others(sizes: Sequence["Size"]) -> Iterator[str]:
    yield _row("what", *(f"{size.tickets:,}" for size in sizes))
    yield _row("---", *("---:" for _ in sizes))
    for name, of in OTHERS.items():
        yield _row(name, *(of(size) for size in sizes))


def _seen_over_empty(size: "Size") -> str:
    pages = size.looked.pages.values()
    return f"{max(page.seen_s for page in pages) / size.looked.empty_wall_s:.1f}"


def _company(size: "Size") -> str:
    cost = size.loaded.company if size.loaded else None
    return f"{cost.cpu_s:,.0f} s, {cost.peak_mb:,} MB" if cost else "kept from before"


def _increment(size: "Size") -> str:
    if size.loaded is None:
        return ""
    company, part = size.loaded.company, size.loaded.increment
    share = f", 1/{company.cpu_s / part.cpu_s:.1f} of everything" if company else ""
    return f"{part.cpu_s:,.1f} s{share}"


OTHERS = {
    "empty rerun, ms CPU": lambda size: f"{size.looked.empty_cpu_s * 1000:.1f}",
    "slowest look already seen over an empty rerun, wall": _seen_over_empty,
    "overview over the same questions in pandas, CPU": lambda size: f"{size.looked.pandas:.2f}",
    "overview signed in over anybody, CPU": lambda size: f"{size.looked.signed_in:.2f}",
    "overview with a scope over without, CPU": lambda size: f"{size.looked.scoped:.2f}",
    "server after all pages, MB (peak)": lambda size: f"{size.looked.resident_mb} ({size.looked.peak_mb})",
    "server up, s": lambda size: f"{size.looked.up_s:.1f}",
    "tickets loaded over bare read_csv, CPU": lambda size: f"{size.loaded.tickets_ratio:.1f}" if size.loaded else "",
    "everything loaded, CPU and peak memory": _company,
    "one ticket of a hundred loaded again, CPU": _increment,
}
