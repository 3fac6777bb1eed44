"""Where a canonical column comes from: which headers, cleaned of blanks and of words that mean "unknown"."""

import duckdb

from insights.errors import FileRefused
from insights.sources.folding import fold, sql_in, sql_text
from insights.sources.profile import Aliases, Profile, Spec
from insights.sources.profile.aliases import named
from insights.sources.profile.recognise import bare
from insights.sources.staging.plan import Plan

UNKNOWN = ("?", "-", "--", "—", "N/A", "n/a", "None", "NULL", "null", "nan", "NaN", "(none)", "(null)", r"\N")
UNKNOWN_NAME = ("?", "-", "--", "—", "N/A")
_ODD = ("\t", "\r", "\n", "\u00a0", "\u200b", "\u2060", "\ufeff")
_GROUPS = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
"""Blanks that stand between the thousands of an id shown as a number."""
_BLANKS = "' \t\r\n\u00a0\u200b\u2060\ufeff'"


class Cells:
    """Finds and cleans the cells of one file."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, profile: Profile, file: str) -> None:
        self.con, self.plan, self.raw, self.profile, self.file = con, plan, plan.raw, profile, file
        self.reading = ""
        self.uses: dict[int, list[str]] = {}
        """What each column of the file is read for."""
        self.places: dict[str, list[int]] = {}
        for index, header in enumerate(self.raw.headers):
            self.places.setdefault(fold(bare(header)), []).append(index)

    def place(self, aliases: Aliases) -> int | None:
        """Return the file's column behind the first alias present; raises FileRefused (duplicate_column)."""
        found = next((p for a in aliases if (p := self._named(a))), None)
        if not found:
            return None
        for place in found:
            uses = self.uses.setdefault(place, [])
            uses += [self.reading] if self.reading not in uses else []
        return found[0] if len(found) == 1 else self._one_of(found)

    def _named(self, alias: str) -> list[int] | None:
        header = named(alias, self.places)
        return self.places[header] if header is not None else None

    def _one_of(self, found: list[int]) -> int:
        """Of repeated headers take the first; two with different content are a refusal."""
        first = f"c{found[0]}"
        for other in found[1:]:
            differ = f"coalesce(c{other}, {first}, '') <> coalesce({first}, '')"
            if self.con.execute(f"SELECT 1 FROM {self.raw.sql} WHERE {differ} LIMIT 1").fetchall():
                raise FileRefused("duplicate_column", file=self.file, column=self.raw.headers[found[0]])
        return found[0]

    def clean(self, index: int, unknown: tuple[str, ...] = UNKNOWN) -> str:
        """Return a cell without blanks around it, NULL where it means unknown.

        Few cells need trimming by all blanks there are, and it is slow, so it is done only where an end looks odd.
        """
        c = f"c{index}"
        if self.profile.apostrophe:
            c = f"regexp_replace({c}, '^''', '')"
        odd = f"{c} < '!' OR ends_with({c}, ' ')"
        if self.raw.odd_blanks:
            odd += f" OR {c} > '~' OR {sql_in(f'right({c}, 1)', _ODD)}"
        words = ("", *unknown)
        # A lambda, because an expression written twice would be computed ahead for every row.
        trimmed = f"list_filter([trim({c}, {_BLANKS})], lambda _x: NOT {sql_in('_x', words)})[1]"
        plain = f"CASE {c} {' '.join(f'WHEN {sql_text(w)} THEN NULL' for w in words)} ELSE {c} END"
        longer = f"WHEN strlen({c}) > {max(len(w.encode()) for w in words)} THEN {c}"
        return self.plan.cell(f"CASE WHEN {c} IS NULL THEN NULL WHEN {odd} THEN {trimmed} {longer} ELSE {plain} END")

    def source(self, spec: Spec, unknown: tuple[str, ...] = UNKNOWN) -> tuple[str | None, tuple[int, ...]]:
        """Return SQL for the cell(s) of a column, and their places; None when the file has none of them."""
        if spec.constant is not None:
            return sql_text(spec.constant), ()
        places = tuple(p for a in spec.wanted if (p := self.place(a)) is not None)
        if not places:
            return None, ()
        cells = [self.clean(p, unknown) for p in places]
        value = cells[0]
        if spec.first:
            value = f"coalesce({', '.join(cells)})"
        elif len(cells) > 1:
            value = f"nullif(concat_ws({sql_text(spec.join)}, {', '.join(cells)}), '')"
        return self._shaped(spec, value), places

    def _shaped(self, spec: Spec, value: str) -> str:
        if spec.extract:
            value = f"nullif(regexp_extract({value}, {sql_text(spec.extract)}, 1), '')"
        if spec.float_id:
            value = f"regexp_replace({value}, '^(-?\\d+)\\.0+$', '\\1')"
            grouped = f"regexp_full_match(_x, '\\d{{1,3}}([ {_GROUPS}]\\d{{3}})+')"
            whole = f"CASE WHEN {grouped} THEN translate(_x, ' {_GROUPS}', '') ELSE _x END"
            value = f"list_transform([{value}], lambda _x: {whole})[1]"
        if spec.object_id:
            value = f"CAST(try_cast('0x' || regexp_extract({value}, '^([0-9a-fA-F]{{8}})[0-9a-fA-F]{{16}}$', 1) AS BIGINT) AS VARCHAR)"
        if spec.unless:
            value = f"CASE WHEN NOT {sql_in(folded(value), [fold(w) for w in spec.unless])} THEN {value} END"
        if spec.map:
            cases = " ".join(f"WHEN {sql_text(w)} THEN {sql_text(t)}" for w, t in spec.map.items())
            rest = value if spec.default is None else sql_text(spec.default)
            value = f"nullif(CASE {folded(value)} {cases} ELSE {rest} END, '')"
        elif spec.default is not None:
            value = f"coalesce({value}, {sql_text(spec.default)})"
        return f"{sql_text(spec.prefix)} || {value}" if spec.prefix else value


def folded(value: str) -> str:
    """Return the SQL twin of `fold`."""
    plain = f"strip_accents(lower(translate({value}, 'İIı', 'iii')))"
    return f"trim(regexp_replace({plain}, '[\\s_]+', ' ', 'g'), ' \"'':*')"
