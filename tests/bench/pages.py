"""What the pages of a warehouse cost: each look beside the same questions put by hand, and beside an empty page."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import nan
from pathlib import Path
from statistics import median

from bench.bare import QUESTIONS, Bare, overview, timed
from bench.server import Cost, Server, dashboard, serving

PAGES = ("overview", *sorted(set(QUESTIONS) - {"overview"}), "whatif", "channels", "agents", "speed", "value", "care")
CUT = {"retention": ("segment", "orders"), "value": ("segment", "orders"), "care": ("segment", "orders")}
"""Pages without tickets are filtered by what their customers are."""
LOOKS = 3
PERIODS, MOST = ("30d", "90d", "ytd"), 6
"""What readers of different rights are compared under: periods of so many channels, the first of these uncounted."""
SIGNED_IN = """
[sign_in]
way = "proxy"
proxies = ["127.0.0.1", "::1"]
[roles.admin]
people = ["boss@x.example"]
[roles.lead]
people = ["lead@x.example"]
rows.team = [{teams}]
"""


@dataclass
class Page:
    """What looks at one page cost, one entry a look: server CPU new and seen, its bare SQL, wall seconds of a new."""

    new: list[Cost] = field(default_factory=list)
    seen: list[Cost] = field(default_factory=list)
    bare_s: list[float] = field(default_factory=list)

    @property
    def new_s(self) -> float:
        """Return the median CPU of a look under a new filter."""
        return median(cost.cpu_s for cost in self.new)

    @property
    def seen_s(self) -> float:
        """Return the median wall time of a look already seen."""
        return median(cost.wall_s for cost in self.seen)

    @property
    def seen_cpu_s(self) -> float:
        """Return the median CPU of a look already seen."""
        return median(cost.cpu_s for cost in self.seen)

    @property
    def ratio(self) -> float | None:
        """Return the median ratio of a look to its bare SQL, pair by pair."""
        pairs = zip(self.new, self.bare_s, strict=False)
        return median(cost.cpu_s / bare for cost, bare in pairs) if self.bare_s else None


@dataclass
class Measured:
    """One warehouse: its pages, and what they are measured by."""

    pages: dict[str, Page]
    empty_cpu_s: float
    empty_wall_s: float
    pandas: float
    signed_in: float
    scoped: float
    resident_mb: int
    peak_mb: int
    up_s: float


def measure(warehouse: Path, names: Sequence[str]) -> Measured:
    """Measure pages of a warehouse."""
    from insights.warehouse.publishing import versions

    bare = Bare(versions.require_current(warehouse))
    with serving(*dashboard(warehouse)) as server:
        pages = {page: _page(server, page, bare) for page in names}
        resident, peak = server.resident_mb(), server.resident_mb("VmHWM")
        up_s = server.up_s
    empty = _empty()
    signed_in, scoped = _people(warehouse, bare)
    in_pandas = pages["overview"].new_s / _in_pandas(bare) if "overview" in pages else nan
    return Measured(
        pages,
        median(c.cpu_s for c in empty),
        median(c.wall_s for c in empty),
        in_pandas,
        signed_in,
        scoped,
        resident,
        peak,
        up_s,
    )


def _cuts(page: str, bare: Bare) -> list[tuple[str, str]]:
    dimension, table = CUT.get(page, ("channel", "tickets"))
    values = bare.values(dimension, table)
    return [(dimension, values[place % len(values)]) for place in range(LOOKS + 1)]


def _page(server: Server, page: str, bare: Bare) -> Page:
    """Look at a page under filters it has not seen, the first uncounted; and once more under each."""
    found = Page()
    for place, (dimension, value) in enumerate(_cuts(page, bare)):
        with server.session() as tab:
            query = f"period=90d&lang=en&{dimension}={value}"
            new, _, seen = (tab.look(page, query) for _ in range(3))
        bare_s = timed(lambda: bare.ask(page, bare.chosen(dimension, value))) if page in QUESTIONS else None  # noqa: B023
        if place:
            found.new.append(new)
            found.seen.append(seen)
            found.bare_s += [bare_s] if bare_s else []
    print(f"  {page:14} {found.new_s * 1000:8.0f} ms, ratio {found.ratio or 0:6.2f}", file=sys.stderr, flush=True)
    return found


def _empty() -> list[Cost]:
    with serving(sys.executable, "-m", "streamlit", "run", "tests/bench/empty.py") as server, server.session() as tab:
        return [tab.look("", "") for _ in range(LOOKS + 10)][3:]


def _in_pandas(bare: Bare) -> float:
    """Return the median CPU of the overview's questions put to frames in memory."""
    frames = bare.frames()
    cuts = [bare.chosen(*cut) for cut in _cuts("overview", bare)]
    return median([timed(lambda: overview(frames, cut)) for cut in cuts][1:])  # noqa: B023


def _people(warehouse: Path, bare: Bare) -> tuple[float, float]:
    """Return what signing in adds to a look, and what seeing some teams alone adds to that: medians of pairs.

    All three look at the same under filters nobody has seen, one after the other, in turns of either order.
    """
    teams = ", ".join(f'"{team}"' for team in bare.values("team", "tickets")[:2])
    with (
        _config(SIGNED_IN.format(teams=teams)) as config,
        serving(*dashboard(warehouse)) as plain,
        serving(*dashboard(warehouse), INSIGHTS_CONFIG=str(config)) as server,
    ):
        asks = {"anybody": partial(_look, plain)} | {
            who: partial(_look, server, **{"X-Forwarded-Email": f"{who}@x.example"}) for who in ("boss", "lead")
        }
        looks = [_in_turn(asks, cut, place) for place, cut in enumerate(_views(bare))][len(PERIODS) :]
    return tuple(median(of[a] / of[b] for of in looks) for a, b in (("boss", "anybody"), ("lead", "boss")))  # type: ignore[return-value]


def _views(bare: Bare) -> list[str]:
    """Return the filters each reader looks under."""
    values = bare.values("channel", "tickets")[:MOST]
    return [f"period={period}&lang=en&channel={value}" for value in values for period in PERIODS]


def _in_turn(asks: Mapping[str, Callable[[str], float]], query: str, place: int) -> dict[str, float]:
    return {who: asks[who](query) for who in list(asks)[:: -1 if place % 2 else 1]}


def _look(server: Server, query: str, **headers: str) -> float:
    with server.session(**headers) as tab:
        return tab.look("overview", query).cpu_s


@contextmanager
def _config(text: str) -> Iterator[Path]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "insights.toml"
        path.write_text(text, "utf-8")
        yield path
