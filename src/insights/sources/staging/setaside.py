"""Rows and cells that could not be kept, as data: which, why, and the whole row; and which rows are not loaded for it."""

from collections.abc import Sequence

import duckdb

from insights import schema
from insights.sources.folding import sql_name, sql_text
from insights.sources.profile import Profile
from insights.sources.raw import repeated, unique
from insights.sources.staging.plan import Check, Plan

_COLUMNS = (
    'file VARCHAR, line BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR, row VARCHAR, row_rejected BOOLEAN'
)


class SetAside:
    """Fills the rejects table of one file from its wide table; `lines` is the table of lines not loaded."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, wide: str, rejects: str, file: str) -> None:
        self.con, self.plan, self.wide, self.rejects, self.file = con, plan, wide, rejects, file
        self.held, self.lines = f"{rejects}_held", f"{rejects}_lines"
        self.con.execute(f"CREATE TEMP TABLE {rejects} ({_COLUMNS})")
        self.con.execute(f"CREATE TEMP TABLE {self.lines} (line BIGINT)")

    def _count(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0] or 0)

    def take_over(self) -> int:
        """Take the rows and cells the reader set aside; return how many rows."""
        aside = self.plan.raw.set_aside
        if not aside:
            return 0
        columns = f'{sql_text(self.file)}, line, "column", value, reason, row, "column" IS NULL'
        self.con.execute(f"INSERT INTO {self.rejects} SELECT {columns} FROM {aside}")
        self.con.execute(f"DROP TABLE {aside}")
        return self._count(f"SELECT count(*) FROM {self.rejects} WHERE row_rejected")

    def cells(self) -> None:
        """Record every cell and row the checks set aside; a rejected row is recorded once, with its first reason."""
        if not self._count(f"SELECT count(*) FROM {self.wide} WHERE _bad"):
            return
        self._hold(f"SELECT _line FROM {self.wide} WHERE _bad")
        rejecting = [c for c in self.plan.checks if c.rejects]
        for number, check in enumerate(rejecting):
            earlier = "".join(f" AND NOT coalesce({c.when}, false)" for c in rejecting[:number])
            self._record(check, f"({check.when}){earlier}")
        hit = " OR ".join(f"coalesce({c.when}, false)" for c in rejecting) or "false"
        self.con.execute(f"INSERT INTO {self.lines} SELECT _line FROM {self.held} WHERE {hit}")
        for check in (c for c in self.plan.checks if not c.rejects):
            self._record(check, f"({check.when}) AND NOT ({hit})")
        self.con.execute(f"DROP TABLE {self.held}")

    def fired(self) -> frozenset[int]:
        """Return the places of the cells whose checks fired in the first bad rows: what a sample may have misjudged."""
        self._hold(f"SELECT _line FROM {self.wide} WHERE _bad LIMIT 5000")
        counted = ", ".join(f"count(*) FILTER ({c.when})" for c in self.plan.checks)
        counts = self.con.execute(f"SELECT {counted} FROM {self.held}").fetchall()[0]
        self.con.execute(f"DROP TABLE {self.held}")
        return frozenset(p for c, n in zip(self.plan.checks, counts, strict=True) if n for p in c.cells)

    def strange_words(self) -> None:
        """Warn once of each word no map knows that became `other` or the profile's default: at its first line."""
        for value, (cells, words) in self.plan.strange.items():
            listed = ", ".join(sql_text(w) for w in words)
            source = self.plan.layers(self.plan.source())
            first = f"SELECT min(_line) AS _line FROM ({source}) WHERE {value} IN ({listed}) GROUP BY {value}"
            self._hold(first)
            self._record(Check("true", "'unknown_status'", cells), f"{value} IN ({listed})")
            self.con.execute(f"DROP TABLE {self.held}")

    def conflicts(self, profile: Profile) -> None:
        """Of rows with one id, no newer update time and other content keep the last, set the earlier aside."""
        columns = self.plan.tables.get(profile.main, {})
        keys = [sql_name(k) for k in schema.declared[profile.main].info["key"] if k in columns]
        several = profile.main in self.plan.histories or any(t.changes for t in profile.tables.values())
        if not keys or several:  # a row is a change there, not the thing itself
            return
        good = f"NOT _bad OR _line NOT IN (SELECT line FROM {self.lines})"
        key = ", ".join(keys)
        twice = f"SELECT {key} FROM {self.wide} WHERE {good} GROUP BY ALL HAVING count(*) > 1"
        if not (repeated(self.con, self.wide, key, good) and self._count(f"SELECT count(*) FROM ({twice})")):
            return
        content = f"hash({', '.join(sql_name(f) for f in self.plan.fields)})"
        same = f"{key}, updated_at" if "updated_at" in columns else key
        whole = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        last = f"last_value({content}) OVER (PARTITION BY {same} ORDER BY _line {whole})"
        among = f"SELECT _line, {content} <> {last} AS other FROM {self.wide} WHERE ({good}) AND ({key}) IN ({twice})"
        older = f"{self.rejects}_older"
        self.con.execute(f"CREATE TEMP TABLE {older} AS SELECT _line FROM ({among}) WHERE other")
        self._hold(f"SELECT _line FROM {older}")
        cells = tuple(dict.fromkeys(c for k in keys for c in self.plan.fields[k.strip('"')].cells))
        self._record(Check("true", "'duplicate_id_conflict'", cells, rejects=True), "true")
        self.con.execute(f"INSERT INTO {self.lines} SELECT _line FROM {older}")
        self.con.execute(f"UPDATE {self.wide} SET _bad = true WHERE _line IN (SELECT _line FROM {older})")
        self.con.execute(f"DROP TABLE {self.held}")
        self.con.execute(f"DROP TABLE {older}")

    def _hold(self, lines: str) -> None:
        """Fetch the raw rows of these lines, with all layers over them."""
        source = f"(SELECT * FROM {self.plan.source()} WHERE _line IN ({lines}))"
        windows = [n for n, e in self.plan.v.items() if "OVER (" in e]
        layers = self.plan.layers(source)
        for name in windows:  # counted over all rows, so of no meaning here
            layers = layers.replace(f", {self.plan.v[name]} AS {name}", f", '' AS {name}")
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {self.held} AS {layers}")

    def _record(self, check: Check, where: str) -> None:
        headers = self.plan.raw.headers
        entries = ", ".join(f"({sql_text(n)}, c{i})" for i, n in enumerate(unique(headers)))
        header = sql_text(self.plan.header(check.cells)) if check.cells else "NULL"
        value = f"concat_ws(' + ', {', '.join(f'c{i}' for i in check.cells)})" if check.cells else "NULL"
        self.con.execute(
            f"INSERT INTO {self.rejects} SELECT {sql_text(self.file)}, _line, {header}, {value}, {check.reason}, "
            f"to_json(map_from_entries([{entries}])), {str(check.rejects).lower()} FROM {self.held} WHERE {where}"
        )


__all__: Sequence[str] = ["SetAside"]
