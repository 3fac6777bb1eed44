"""Words and themes of comments that go with bad and with good ratings, beyond chance or not, and the comments behind.

A word counts once a comment. Its log-odds are shrunk by how often it stands in all comments; whether it stands is asked
of all words at once by an exact test.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from insights.stats.comparing import benjamini_hochberg, log_odds
from insights.stats.exact import fisher
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.options import Option
from insights.studies.voice.ratings import counted
from insights.studies.voice.stems import Stems, lexicon

PRIOR = 0.1
"""Weight of what all comments say together: as if a tenth of them had been said again on either side."""


@dataclass
class Said:
    """In how many bad and good comments each stem stands, as what word, and how many comments there are."""

    bad: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    written: dict[str, Counter[str]] = field(default_factory=dict)
    n: tuple[int, int] = (0, 0)


def comment_words(asker: Asker, options: Options) -> Answer:
    """Return the words and the themes with their log-odds of standing in a bad comment against a good one."""
    comments = _comments(asker)
    if comments and all(set(c["comment"]) == {"*"} for c in comments):
        return Answer({}, {"n": len(comments)}, "hidden")
    stems = Stems(asker.settings.company.language)
    each = [stems.of(c["comment"]) for c in comments]
    good = [bool(c["value"]) for c in comments]
    words = judged(counts(each, good), options["least"])[: options["limit"]]
    named = themes(stems, asker.settings.voice.themes)
    found = judged(counts([_themes(found, named) for found in each], good), options["least"])
    facts = {
        "n": len(comments),
        "bad": good.count(False),
        "good": good.count(True),
        "standing": sum(r["stands"] for r in (*words, *found)),
    }
    sentence = None if not comments else "some" if facts["standing"] else "none" if words else "few"
    return Answer({"words": words, "themes": found}, facts, sentence)


def _comments(asker: Asker) -> Sequence[Row]:
    of = counted(asker, "csat")
    return asker.fetch(
        sa.select(of)
        .where(of.c.comment.is_not(None), of.c.comment != "")
        .order_by(of.c.value, of.c.day.desc(), of.c.source, of.c.survey_id)
    )


def counts(each: Sequence[Mapping[str, str]], good: Sequence[bool]) -> Said:
    """Return in how many bad and good comments each stem stands."""
    said = Said(n=(good.count(False), good.count(True)))
    for found, is_good in zip(each, good, strict=True):
        (said.good if is_good else said.bad).update(found.keys())
        for stem, word in found.items():
            said.written.setdefault(stem, Counter())[word] += 1
    return said


def judged(said: Said, least: int) -> list[Row]:
    """Return the stems of enough comments, those that stand first, those of bad comments before those of good ones."""
    both = said.bad + said.good
    stems = sorted(stem for stem, n in both.items() if n >= least) if all(said.n) else []
    p = [fisher(said.bad[s], said.n[0], said.good[s], said.n[1]) for s in stems]
    rows = [_row(said, stem, stands) for stem, stands in zip(stems, benjamini_hochberg(p), strict=True)]
    return sorted(rows, key=lambda r: (not r["stands"], -r["value"], r["stem"]))


def _row(said: Said, stem: str, stands: bool) -> Row:
    bad, good, (bad_n, good_n) = said.bad[stem], said.good[stem], said.n
    odds = log_odds(bad, bad_n, good, good_n, PRIOR * (bad + good) + 0.5, PRIOR * (bad_n + good_n) + 1)
    (written, _), *_ = said.written[stem].most_common(1)
    beyond = stands and not odds.low <= 0 <= odds.high
    return {
        "stem": stem,
        "word": written,
        "n": bad + good,
        "n_bad": bad,
        "n_good": good,
        "share_bad": bad / bad_n,
        "share_good": good / good_n,
        "value": odds.value,
        "low": odds.low,
        "high": odds.high,
        "stands": beyond,
    }


def themes(stems: Stems, ours: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Return the stems each theme is known by: those that ship, changed and added to by the settings."""
    words: dict[str, Sequence[str]] = {**lexicon()["themes"], **ours}
    return {name: {stem for word in of for stem in stems.one(word)} for name, of in words.items() if of}


def _themes(found: Mapping[str, str], named: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: name for name, stems in named.items() if stems & found.keys()}


def _rows(asker: Asker, options: Options) -> Sequence[Row]:
    """Return the comments, all or those with the word or the theme asked for, bad ones first."""
    comments, wanted = _comments(asker), options["word"]
    if not wanted:
        return comments
    stems = Stems(asker.settings.company.language)
    known = themes(stems, asker.settings.voice.themes).get(wanted) or {wanted, *stems.one(wanted)}
    return [c for c in comments if known & stems.of(c["comment"]).keys()]


_COUNTED = (
    Column("n", "count"),
    Column("n_bad", "count"),
    Column("n_good", "count"),
    Column("share_bad", "share"),
    Column("share_good", "share"),
    Column("value", "number"),
    Column("low", "number"),
    Column("high", "number"),
    Column("stands", "flag"),
)
STUDIES = (
    Study(
        "comment_words",
        ("surveys",),
        answer=comment_words,
        behind=_rows,
        options=(Option("word", "text"), Option("least", "whole", 5), Option("limit", "whole", 60)),
        shapes=(
            Shape("words", (Column("stem", "text"), Column("word", "text"), *_COUNTED)),
            Shape("themes", (Column("stem", "text"), Column("word", "word", "theme"), *_COUNTED)),
        ),
    ),
)
