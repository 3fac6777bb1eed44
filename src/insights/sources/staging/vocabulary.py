"""Mapping the words of an export to canonical ones; what no map knows becomes `other`, the profile's default, or unknown."""

import duckdb

from insights import schema
from insights.sources.folding import fold, sql_text
from insights.sources.profile import Profile, common_words
from insights.sources.staging.cells import folded
from insights.sources.staging.plan import Plan


class Vocabulary:
    """Maps the words of one file."""

    def __init__(self, profile: Profile, plan: Plan) -> None:
        self.profile, self.plan = profile, plan

    def map(
        self,
        con: duckdb.DuckDBPyConnection,
        relation: str,
        value: str,
        cells: tuple[int, ...],
        vocabulary: str,
        *,
        whole: bool,
    ) -> str:
        """Return the SQL of `value` in canonical words; words without one are noted in the plan (`strange`).

        `relation` holds the `whole` column or its first cells: what comes later is then looked up as it is met.
        """
        known = self.known(vocabulary)
        seen = con.execute(f"SELECT DISTINCT v FROM {relation} WHERE v IS NOT NULL ORDER BY v").fetchall()
        words = [str(row[0]) for row in seen]
        mapped = {word: known[fold(word)] for word in words if fold(word) in known}
        instead = self.profile.defaults.get(vocabulary) or ("other" if "other" in schema.WORDS[vocabulary] else None)
        strange = [word for word in words if word not in mapped]
        if instead and strange:
            mapped |= dict.fromkeys(strange, instead)
            self.plan.strange[value] = cells, strange
        if whole:
            return f"CASE {value} {_cases(mapped)} END" if mapped else f"CASE WHEN {value} IS NULL THEN '' END"
        # A lambda, because an operand written once is still computed for every branch.
        later = f"list_transform([{folded(value)}], lambda _w: CASE _w {_cases(known)} END)[1]"
        return f"CASE WHEN {value} IS NULL THEN NULL {_cases(mapped, f'{value} = ')} ELSE {later} END"

    def known(self, vocabulary: str) -> dict[str, str]:
        """Return the words of this CRM on top of the common ones, folded."""
        return canonical_words(self.profile, vocabulary)


def canonical_words(profile: Profile, vocabulary: str) -> dict[str, str]:
    """Return the words of a CRM on top of the common ones, folded."""
    return common_words().get(vocabulary, {}) | profile.words.get(vocabulary, {})


def _cases(words: dict[str, str], operand: str = "") -> str:
    return " ".join(f"WHEN {operand}{sql_text(w)} THEN {sql_text(c)}" for w, c in words.items())
