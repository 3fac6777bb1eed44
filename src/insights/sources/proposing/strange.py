"""Words of a file that no common map knows, and what they seem to mean."""

from insights.sources.folding import fold
from insights.sources.profile import common_words
from insights.sources.proposing.glance import Sample
from insights.sources.proposing.lexicon import words


def suggest(vocabulary: str, word: str) -> str | None:
    """Return the canonical word an unknown one seems to mean: the longest known word it contains."""
    text = f" {' '.join(words(word))} "
    known = common_words().get(vocabulary, {})
    inside = [w for w in known if len(w) > 2 and f" {w} " in text]
    return known[max(inside, key=len)] if inside else None


def strange_words(sample: Sample, header: str, vocabulary: str) -> list[str]:
    """Return the words of a column that no common map knows, the most frequent first."""
    counted = sample.facts[header].counted if header in sample.facts else {}
    return [w for w in counted if fold(w) not in common_words().get(vocabulary, {})]
