"""Mapping the words of an export to canonical ones; what no map knows becomes `other`, the profile's default, or unknown."""

import duckdb

from insights import schema
from insights.sources.folding import fold, sql_text
from insights.sources.plan import Plan
from insights.sources.profile import Profile, common_words


class Vocabulary:
    """Maps the words of one file."""

    def __init__(self, profile: Profile, plan: Plan) -> None:
        self.profile, self.plan = profile, plan

    def map(
        self, con: duckdb.DuckDBPyConnection, relation: str, value: str, cells: tuple[int, ...], vocabulary: str
    ) -> str:
        """Return the SQL of `value` in canonical words; words without one are noted in the plan (`strange`)."""
        known = self.known(vocabulary)
        seen = con.execute(f"SELECT DISTINCT v FROM {relation} WHERE v IS NOT NULL ORDER BY v").fetchall()
        words = [str(row[0]) for row in seen]
        mapped = {word: known[fold(word)] for word in words if fold(word) in known}
        instead = self.profile.defaults.get(vocabulary) or ("other" if "other" in schema.WORDS[vocabulary] else None)
        strange = [word for word in words if word not in mapped]
        if instead and strange:
            mapped |= dict.fromkeys(strange, instead)
            self.plan.strange[value] = cells, strange
        cases = " ".join(f"WHEN {sql_text(w)} THEN {sql_text(c)}" for w, c in mapped.items())
        return f"CASE {value} {cases} END" if cases else f"CASE WHEN {value} IS NULL THEN '' END"

    def known(self, vocabulary: str) -> dict[str, str]:
        """Return the words of this CRM on top of the common ones, folded."""
        return common_words().get(vocabulary, {}) | self.profile.words.get(vocabulary, {})
