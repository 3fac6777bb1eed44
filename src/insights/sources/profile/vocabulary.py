"""The canonical words a profile may name, and those of the user's own that stand for them."""

from collections.abc import Mapping

from pydantic import RootModel, field_validator

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile.spelling import refused


class Words(RootModel[dict[str, dict[str, str]]]):
    """Words of the user's own that hold in every export, by vocabulary; read, they are folded."""

    @field_validator("root")
    @classmethod
    def _vocabularies(cls, given: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        return {vocabulary: words_of(vocabulary, words, f"{vocabulary}.") for vocabulary, words in given.items()}


def words_of(vocabulary: str, words: Mapping[str, str], above: str = "") -> dict[str, str]:
    """Return canonical words by folded ones; raises where a vocabulary or a word of it does not exist."""
    if vocabulary not in schema.WORDS:
        raise refused("one_of", vocabulary, vocabulary, schema.WORDS)
    return {fold(given): word(vocabulary, of, f"{above}{given}") for given, of in words.items()}


def word(vocabulary: str, of: str, place: str) -> str:
    """Return a word that its vocabulary has."""
    allowed = schema.WORDS.get(vocabulary, ())
    if of not in allowed:
        raise refused("one_of", place, of, allowed or schema.WORDS)
    return of
