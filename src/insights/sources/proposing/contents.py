"""How well the cells of a column fit a canonical column: from -1 (cannot be) over 0 (says nothing) to 0.3 (looks just so)."""

import re
from collections.abc import Callable

from insights import schema
from insights.sources.folding import fold
from insights.sources.profile import common_words
from insights.sources.proposing.glance import Facts
from insights.sources.proposing.questions import worth

NEVER = -1.0
_ENOUGH_ROWS, _MANY_ROWS, _FEW_PEOPLE = 8, 20, 3
"""So many rows say something of what repeats."""
_DECIDED, _A_COUNT = 0.2, re.compile(r"1?\d")
_REPEATED, _A_LIST = 0.35, -0.08
"""Texts of fewer different ones than this are words of a list."""
_LETTERS = re.compile(r"[^\W\d_]{2}")
_LETTER = re.compile(r"[^\W\d_]\d?")
_SENTENCE = re.compile(r"[^\W\d_]{3,}\s[^\W\d_]{3,}")
_PHONE = re.compile(r"\+?[\d\s().*xX/-]{7,20}")
_COUNTRY = re.compile(r"[^\W\d_][^\d]*")
_FRACTION, _ACCOUNT = re.compile(r"[-+]?\d{1,8}[.,](?!0\b)\d{1,2}"), re.compile(r"\d{3}\.\d{1,3}")
_HUNDREDTHS, _A_FEW = re.compile(r"\d+[.,]\d[1-9]"), 0.1
_OWED, _GIVEN_BACK = re.compile(r"\(?[^\w(]*[-−]"), 0.25
"""How money that goes out is written, and the share of it that gives back may be."""
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def by_content(table: str, column: str, facts: Facts) -> float:
    """Return how well the cells fit; 0 for an empty column, which says nothing but that it numbers nothing."""
    if not facts.cells:
        return NEVER if column.endswith("_id") else 0.0
    declared = schema.declared[table].columns[column]
    if column == "amount" and facts.share(_OWED.match) > _GIVEN_BACK:
        return NEVER  # money that goes both ways is an account's
    if special := _SPECIAL.get(column):
        return special(facts)
    if column.endswith("_id"):
        return _as_id(table, column, facts)
    match schema.kind_of(declared):
        case "time":
            return _as_time(facts, required=schema.REQUIRED_TIMES.get(table) == column)
        case "words":
            return _as_words(declared.info["words"], facts)
        case "flag":
            return 0.2 if facts.flag >= 0.9 or facts.words.get("flag", 0) else NEVER
        case "seconds":
            return 0.2 if max(facts.number, facts.duration) >= 0.8 and facts.time < 0.5 else NEVER
        case "number" | "money" | "count":
            return 0.1 if facts.number >= 0.9 and facts.time < 0.9 else NEVER
    return _as_text(facts)


def has_clock(facts: Facts) -> bool:
    """Tell whether times say the hour, not the day alone."""
    return facts.share(lambda c: re.search(r"\d:\d\d", c) and not re.search(r"\b00:00(:00)?\b", c)) > 0.5


def _as_time(facts: Facts, *, required: bool) -> float:
    if max(facts.time, facts.epoch) < 0.9 or facts.share(_CLOCK.fullmatch) > 0.5 or (required and facts.filled < 0.9):
        return NEVER
    return 0.2


def _as_id(table: str, column: str, facts: Facts) -> float:
    if facts.time >= 0.5 or facts.length > 60 or (facts.flag >= 0.9 and facts.rows >= _ENOUGH_ROWS):
        return NEVER
    if facts.share(_FRACTION.fullmatch) > 0.5 and facts.share(_ACCOUNT.fullmatch) < 0.9:
        return NEVER
    if is_key(table, column):
        if table == "tickets" and facts.share(_SENTENCE.search) > 0.5:
            return NEVER
        return 0.2 if facts.unique > 0.97 and facts.filled > 0.9 else NEVER
    if column.endswith("agent_id") and facts.is_score and facts.share(_FRACTION.fullmatch) > 0:
        return NEVER  # how good they were
    if column.endswith("agent_id") and facts.rows >= _MANY_ROWS and min(facts.unique, facts.filled) > 0.9:
        return NEVER  # as many agents as there are rows
    if column in ("customer_id", "referred_by") and facts.rows >= _MANY_ROWS and facts.share(_A_COUNT.fullmatch) > 0.9:
        return NEVER  # how many they were
    few = column == "customer_id" and facts.rows >= _MANY_ROWS and facts.distinct <= _FEW_PEOPLE
    return _A_LIST if few else 0.1


def _as_referrer(facts: Facts) -> float:
    """Judge who recommended somebody: a number or an address; a page of the web, a channel or a count is nobody."""
    told = facts.email >= 0.8 or facts.share(lambda c: any(x.isdigit() for x in c) and "/" not in c) >= 0.8
    return _as_id("customers", "referred_by", facts) if told else NEVER


def is_key(table: str, column: str) -> bool:
    """Tell whether a column alone is the id of each row of its table."""
    return [k for k in schema.declared[table].info["key"] if k != "source"] == [column]


_KNOWN = 0.3
"""Where fewer cells are words of ours, a column of states is none we know."""


def strange(table: str, column: str, facts: Facts) -> bool:
    """Tell whether a column of states holds hardly a word of ours."""
    declared = schema.declared[table].columns[column]
    of_words = schema.kind_of(declared) == "words" and bool(facts.cells)
    return of_words and facts.words.get(declared.info["words"], 0.0) < _KNOWN


def is_won(cell: str) -> bool:
    """Tell whether a word says that a deal was won."""
    return not cell.isdigit() and common_words()["outcome"].get(fold(cell)) == "won"


def _as_words(vocabulary: str, facts: Facts) -> float:
    known = facts.words.get(vocabulary, 0.0)
    few = facts.distinct <= 25 and facts.length <= 45 and (facts.rows < _ENOUGH_ROWS or facts.unique < 0.6)
    if facts.time >= 0.5 or not few or (facts.flag >= 0.9 and known < 0.5):
        return NEVER
    if known < _KNOWN:
        return NEVER if vocabulary in ("kind", "survey_kind", "direction", "actor", "arm", "outcome") else -0.05
    return 0.25 * known


def _as_text(facts: Facts) -> float:
    if facts.time >= 0.5 or facts.flag >= 0.9 or facts.share(_LETTERS.search) < 0.6:
        return NEVER
    return 0.05


def _as_name(facts: Facts) -> float:
    few = facts.rows >= _ENOUGH_ROWS and facts.distinct < 4
    return NEVER if few or facts.length > 60 or facts.email > 0.2 else _as_text(facts)


def _as_group(facts: Facts) -> float:
    """Judge what groups rows: a category, a team, a product, a city: words that come again."""
    if (facts.rows >= _ENOUGH_ROWS and facts.unique > 0.8) or facts.length > 60:
        return NEVER
    return max(_as_text(facts), _as_letters(facts))


def _as_lifecycle(facts: Facts) -> float:
    """Judge how far somebody has come with us: where rows are won or lost they are deals."""
    decided = facts.share(lambda c: common_words()["outcome"].get(fold(c)) in ("won", "lost"))
    return NEVER if decided > _DECIDED else _as_group(facts)


def _as_letters(facts: Facts) -> float:
    """Judge groups called A, B and C, or N1, N2 and Networks."""
    few = facts.flag < 0.9 and facts.distinct > 1 and facts.unique < _REPEATED
    return 0.05 if few and facts.share(lambda c: _LETTER.fullmatch(c) or _LETTERS.search(c)) > 0.9 else NEVER


def _as_subject(facts: Facts) -> float:
    """Judge what a case is about in its own words: where few words come again and again, they are a category."""
    return min(_as_text(facts), _A_LIST if facts.rows >= _ENOUGH_ROWS and facts.unique < _REPEATED else 1)


def _as_email(facts: Facts) -> float:
    return 0.3 if facts.email >= 0.8 else NEVER


def _as_phone(facts: Facts) -> float:
    return 0.2 if facts.share(_PHONE.fullmatch) >= 0.8 and facts.time < 0.5 and facts.length >= 7 else NEVER


def _as_score(facts: Facts) -> float:
    if facts.share(_HUNDREDTHS.fullmatch) > _A_FEW:
        return NEVER  # hours and money are told that finely, answers are not
    if worth(tuple(facts.counted)):
        return 0.3
    return 0.2 if facts.number >= 0.9 and facts.distinct <= 101 and facts.high <= 100 and facts.flag < 0.9 else NEVER


def _as_seq(facts: Facts) -> float:
    return 0.1 if facts.number >= 0.95 and facts.time < 0.9 else NEVER


def _as_place(facts: Facts) -> float:
    if facts.words.get("status", 0.0) > 0.5:
        return NEVER  # a state of a case, not of a country
    return _as_group(facts) if facts.share(_COUNTRY.match) >= 0.9 else NEVER


def _as_quantity(facts: Facts) -> float:
    return 0.1 if facts.number >= 0.9 and facts.flag < 1 else NEVER


def _as_line(facts: Facts) -> float:
    return 0.2 if facts.share(lambda c: re.fullmatch(r"\d{1,4}", c)) >= 0.95 and facts.unique < 0.9 else NEVER


def _as_product(facts: Facts) -> float:
    """Judge what products are called: in words, or by a model such as K200."""
    if facts.words.get("kind", 0.0) > 0.5:
        return NEVER  # what the rows are, not what they are about
    modelled = facts.time < 0.5 and facts.share(lambda c: c[:1].isalpha() and any(x.isdigit() for x in c)) > 0.9
    return max(_as_text(facts), 0.0 if modelled else NEVER)


def _as_product_id(facts: Facts) -> float:
    coded = facts.share(lambda c: any(x.isdigit() for x in c) or (" " not in c and c == c.upper())) > 0.5
    return NEVER if facts.time > 0.5 else 0.1 if coded else 0.0


def _as_value(facts: Facts) -> float:
    return 0.05 if facts.length <= 60 else NEVER


_SPECIAL: dict[str, Callable[[Facts], float]] = {
    "name": _as_name,
    "subject": _as_subject,
    "email": _as_email,
    "phone": _as_phone,
    "score": _as_score,
    "seq": _as_seq,
    "line": _as_line,
    "category": _as_group,
    "team": _as_group,
    "product": lambda f: _as_product(f) if f.length <= 80 else NEVER,
    "segment": _as_group,
    "city": _as_place,
    "country": _as_place,
    "region": _as_place,
    "root_cause": _as_group,
    "loyalty_tier": _as_group,
    "lifecycle_stage": _as_lifecycle,
    "acquisition_channel": _as_group,
    "stage": _as_group,
    "tier": lambda f: NEVER if f.time >= 0.5 or (f.unique > 0.8 and f.rows >= _ENOUGH_ROWS) else 0.05,
    "old": _as_value,
    "new": _as_value,
    "quantity": _as_quantity,
    "currency": lambda f: 0.2 if f.length <= 12 and f.number < 0.1 else NEVER,
    "tags": lambda f: NEVER if f.time > 0.5 or f.number > 0.9 else 0.05,
    "product_id": _as_product_id,
    "referred_by": _as_referrer,
}
