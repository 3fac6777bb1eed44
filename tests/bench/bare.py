"""The pages' questions put to the fact tables by hand: SQL in `questions/`, the overview's again in pandas."""

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

QUESTIONS = {path.stem: path.read_text("utf-8") for path in sorted((Path(__file__).parent / "questions").glob("*.sql"))}
DAYS = 90
COLUMNS = {
    "tickets": "source, ticket_id, created_day, first_response_day, solved_day, first_response_s, reopens, category, "
    "product, region, team, channel, priority, segment, kind, status, excluded, created_hour, created_weekday",
    "surveys": "answered_day, kind, answered, good, channel, category, team, ticket_excluded",
    "sla_clocks": "source, ticket_id, state, started_day, decided_day, due_at, priority",
    "status_spans": "source, ticket_id, status, started_day, ended_day",
    "customer_purchases": "first_day, second_day",
    "customer_months": "cohort_month, month, orders",
}
"""What the frames hold: the columns asked for alone, words as categories."""
UNSOLVED = ["new", "open", "pending", "hold"]
Frames = Mapping[str, pd.DataFrame]


def timed(ask: Callable[[], object]) -> float:
    """Return the CPU seconds of this process, over all threads."""
    start = time.process_time()
    ask()
    return time.process_time() - start


class Bare:
    """A plain connection to a version, and its tables as frames when asked for."""

    def __init__(self, path: Path) -> None:
        self.con = duckdb.connect(str(path), read_only=True, config={"threads": 2})
        found = dict(self.con.execute("SELECT name, value FROM facts").fetchall())
        last = dt.datetime.fromisoformat(found["as_of"]) + dt.timedelta(hours=3)  # the sample company is in Istanbul
        self.until = last.date()

    def values(self, dimension: str, table: str) -> list[str]:
        """Return the values of a dimension, most frequent first."""
        sql = f"SELECT {dimension} FROM {table} WHERE {dimension} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1"
        return [value for (value,) in self.con.execute(sql).fetchall()]

    def chosen(self, dimension: str, value: str) -> dict[str, Any]:
        """Return what the questions are asked with: the last days, as many before, and one value of a dimension."""
        since, day = self.until - dt.timedelta(days=DAYS - 1), dt.timedelta(days=1)
        before = since - dt.timedelta(days=DAYS)
        return {"since": since, "until": self.until, "before": before, "before_until": since - day, dimension: value}

    def ask(self, page: str, chosen: Mapping[str, Any]) -> None:
        """Put the questions of a page."""
        for statement in QUESTIONS[page].split(";"):
            if names := set(re.findall(r"\$(\w+)", statement)):
                self.con.execute(statement, {name: chosen[name] for name in names}).fetchall()

    def frames(self) -> Frames:
        """Return the tables as frames."""
        return {
            table: _categorical(self.con.execute(f"SELECT {columns} FROM {table}").df())
            for table, columns in COLUMNS.items()
        }


def _categorical(frame: pd.DataFrame) -> pd.DataFrame:
    words = [name for name in frame if frame[name].dtype in ("object", "str") and name not in ("source", "ticket_id")]
    return frame.astype(dict.fromkeys(words, "category"))


def overview(frames: Frames, chosen: Mapping[str, Any]) -> None:
    """Put the overview's questions to frames in memory."""
    day = {name: pd.Timestamp(value) for name, value in chosen.items() if name != "channel"}
    tickets = frames["tickets"]
    mine = tickets[(tickets.channel == chosen["channel"]) & tickets.excluded.isna()]
    _tickets(mine, day)
    _surveys(frames["surveys"], chosen["channel"], day)
    keys = ["source", "ticket_id"]
    clocks = frames["sla_clocks"].merge(mine[[*keys, "kind", "priority"]], on=keys, suffixes=("", "_now"))
    _clocks(clocks, day)
    spans, complaints = frames["status_spans"], mine[mine.kind == "complaint"][keys]
    for end in (day["until"], day["before_until"]):
        over = spans[spans.status.isin(UNSOLVED) & (spans.started_day <= end) & ~(spans.ended_day <= end)]
        len(over.merge(complaints, on=keys))
    bought = _within(frames["customer_purchases"], "first_day", day["before"], day["until"])
    again = bought.second_day <= bought.first_day + pd.Timedelta(days=90)
    again.groupby(bought.first_day >= day["since"]).mean()
    months = frames["customer_months"]
    kept = months[(months.cohort_month >= day["until"] - pd.DateOffset(months=12)) & (months.orders > 0)]
    kept.groupby(["cohort_month", "month"]).size()


def _within(frame: pd.DataFrame, at: str, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    return frame[(frame[at] >= since) & (frame[at] <= until)]


def _tickets(mine: pd.DataFrame, day: Mapping[str, pd.Timestamp]) -> None:
    replied = mine.assign(at=mine.first_response_day.fillna(mine.created_day))
    for since, until in ((day["since"], day["until"]), (day["before"], day["before_until"])):
        _within(replied, "at", since, until).first_response_s.quantile([0.5, 0.9])
        part = _within(mine, "created_day", since, until)
        part = part.assign(fast=part.first_response_s <= 14_400, reopened=part.reopens > 0)
        for by in ("category", "product", "region", "team", "channel", "priority", "segment"):
            part.groupby(by, observed=True)[["fast", "reopened"]].agg(["sum", "count"])
    now = _within(mine, "created_day", day["since"], day["until"])
    now.groupby("created_day").size()
    _within(mine, "solved_day", day["since"], day["until"]).groupby("solved_day").size()
    now.groupby(["created_weekday", "created_hour"]).size()
    now.groupby("category", observed=True).first_response_s.median()


def _surveys(surveys: pd.DataFrame, channel: str, day: Mapping[str, pd.Timestamp]) -> None:
    counted = surveys[(surveys.channel == channel) & surveys.ticket_excluded.isna() & (surveys.kind == "csat")]
    counted = counted[counted.answered.astype(bool)]
    for since, until in ((day["since"], day["until"]), (day["before"], day["before_until"])):
        part = _within(counted, "answered_day", since, until)
        part.good.mean()
        for by in ("category", "team", "channel"):
            part.groupby(by, observed=True).good.agg(["sum", "count"])


def _clocks(clocks: pd.DataFrame, day: Mapping[str, pd.Timestamp]) -> None:
    clocks = clocks.assign(at=clocks.decided_day.fillna(clocks.started_day), met=clocks.state == "met")
    clocks[clocks.kind == "complaint"].state.value_counts()
    decided = clocks[clocks.state.isin(["met", "breached", "breached_open"])]
    now = _within(decided, "at", day["since"], day["until"])
    _within(decided, "at", day["before"], day["before_until"]).met.mean()
    now.groupby(pd.Grouper(key="at", freq="W-MON")).met.mean()
    now.groupby("priority", observed=True).met.mean()
    clocks[clocks.state.isin(["breached_open", "at_risk", "on_track"])].nsmallest(10, "due_at")
