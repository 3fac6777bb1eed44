"""How a column of text is read as times: decided from the whole column by proof, never row by row by guess.

ISO times need no decision. For day/month order one value above 12 settles a column; two separators in one column must
each be settled, and settled alike. Dots mean day first (no locale writes M.D.Y). What stays open is taken from the
options or the profile; else the file is refused as ambiguous_dates, unless most cells are written in forms that need no
decision: then only the open ones are set aside (ambiguous_date). Other columns of the file prove nothing: real exports
mix orders.
"""

import datetime as dt
import re
from dataclasses import dataclass

import duckdb

from insights.sources.folding import fold, sql_in, sql_text

_MONTHS = {
    word: f"{number:02d}"
    for number, words in enumerate(
        (
            "jan january ocak oca januar janvier janv enero ene",
            "feb february subat sub februar fevrier fevr febrero",
            "mar march mart marz maerz mars marzo",
            "apr april nisan nis avril avr abril abr",
            "may mayis mai mayo",
            "jun june haziran haz juni juin junio",
            "jul july temmuz tem juli juillet juil julio",
            "aug august agustos agu aout agosto ago",
            "sep sept september eylul eyl septembre septiembre",
            "oct october ekim eki oktober okt octobre octubre",
            "nov november kasim kas novembre noviembre",
            "dec december aralik ara dezember dez decembre diciembre dic",
        ),
        1,
    )
    for word in words.split()
}
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = "mon|monday|tue|tues|tuesday|wed|wednesday|thu|thur|thurs|thursday|fri|friday|sat|saturday|sun|sunday|pazartesi|salı|sali|çarşamba|carsamba|perşembe|persembe|cuma|cumartesi|pazar|pzt|çar|per|cmt|paz"
_WEEKDAY = rf"(?i)(^|[\s,])({_WEEKDAYS})\.?(,|\s|$)"
_NEVER = ("1900-01-01", "0000-00-00", "0001-01-01", "9999-12-31", "01.01.1900", "01/01/1900", "31.12.9999")
_AWARE = r"^(.*\d:\d\d(?:[.,]\d+)?|\d{8}T\d{6})\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$"
_ISO = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]\d{1,2}:\d\d(:\d\d([.,]\d+)?)?)?$")
_TIME = (
    r"(?:[T ,-]+(?P<hour>\d{1,2})(?P<sep>[:.])\d\d(?P<second>[:.]\d\d)?(?P<fraction>\.\d+)?(?: ?(?P<half>[AP]M))?)?$"
)
_TRIPLE = re.compile(r"^(?P<a>\d{1,2})(?P<s>[-/. ])(?P<b>\d{1,2})(?P=s)(?P<c>\d{4}|\d{2})" + _TIME)
_YEAR_FIRST = re.compile(r"^\d{4}(?P<s>[-/.])\d{1,2}(?P=s)\d{1,2}" + _TIME)
_COMPACT = re.compile(r"^(19|20)\d{6}(?P<time>[ T]?\d{6}|[ T]\d{4}|[ T]\d\d:\d\d(:\d\d)?)?$")
_DAY = re.compile(r"^(19[5-9]|20[0-4])\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
"""A day written as eight digits; `20931000` is a number."""
_NAMED = re.compile(
    r"^(?P<a>\d{1,2}|[A-Z][a-z]{2})(?P<s1>\.?[-/ ,.]+)(?P<b>\d{1,2}|[A-Z][a-z]{2})(?P<s2>\.?[-/ ,.]+)(?P<c>\d{4}|\d{2})"
    + _TIME
)
_TIME_BEFORE_YEAR = re.compile(r"^[A-Z][a-z]{2} \d{1,2} \d{1,2}:\d\d:\d\d \d{4}$")
_OPEN = r"^(\d{1,2})[-/ ](\d{1,2})[-/ ]\d"
_MANY = 20_000
_EPOCH, _1970, _FUTURE = re.compile(r"\d{10}(\d{3})?(\.\d{1,6})?"), dt.datetime(1970, 1, 1), 2040


@dataclass(frozen=True)
class DatePlan:
    """How a column is read: `kind` iso, offset, formats, epoch_s, epoch_ms, serial or empty; `order` when it had to be decided.

    With `undecided`, the few cells whose day and month cannot be told apart are not read.
    """

    kind: str
    formats: tuple[str, ...] = ()
    order: str | None = None
    offsets: bool = False
    words: bool = False
    undecided: bool = False
    problem: str | None = None


def sql(plan: DatePlan, value: str, zone: str) -> str:
    """Return the SQL of `value` as a naive UTC TIMESTAMP, NULL where it cannot be read."""
    if plan.kind == "epoch_s":
        return f"make_timestamp(CAST(round(try_cast({value} AS DOUBLE) * 1e6) AS BIGINT))"
    if plan.kind == "epoch_ms":
        return f"make_timestamp(CAST(round(try_cast({value} AS DOUBLE) * 1e3) AS BIGINT))"
    if plan.kind == "serial":
        days = f"try_cast(replace({value}, ',', '.') AS DOUBLE)"
        return _utc(f"(TIMESTAMP '1899-12-30' + to_seconds(round({days} * 86400)))", zone)
    if plan.kind == "offset":
        joined = f"regexp_replace({value}, {sql_text(_AWARE)}, '\\1\\2')"
        fixed = f"regexp_replace(regexp_replace({joined}, '([+-]\\d\\d)(\\d\\d)$', '\\1:\\2'), '(UTC|GMT)$', 'Z')"
        aware, local = (
            f"timezone('UTC', try_cast({fixed} AS TIMESTAMPTZ))",
            _utc(f"try_cast({value} AS TIMESTAMP)", zone),
        )
        usual = f"strlen({value}) >= 22 AND substr({value}, -3, 1) = ':' AND substr({value}, -6, 1) IN ('+', '-')"
        return (  # the two usual ways to write an offset need no patterns, which take twenty times as long
            f"CASE WHEN ends_with({value}, 'Z') THEN try_cast({value} AS TIMESTAMP) "
            f"WHEN {usual} THEN timezone('UTC', try_cast({value} AS TIMESTAMPTZ)) "
            f"WHEN regexp_matches({value}, {sql_text(_AWARE)}) THEN {aware} ELSE {local} END"
        )
    if plan.kind == "formats":
        return _formats(plan, value, zone)
    naive = _utc(f"try_cast({value} AS TIMESTAMP)", zone)
    # The cast would drop an offset silently. (CASE, because both sides of an OR are computed.)
    aware = f"CASE WHEN strlen({value}) < 20 THEN false ELSE regexp_matches({value}, {sql_text(_AWARE)}) END"
    return f"CASE WHEN {aware} THEN NULL ELSE {naive} END"


def _formats(plan: DatePlan, value: str, zone: str) -> str:
    text = normal(value) if plan.words else value
    if plan.undecided:
        value = text = f"CASE WHEN NOT {undecided(value, plan)} THEN {text} END"
    formats = "[" + ", ".join(sql_text(f) for f in plan.formats) + "]"
    if not plan.offsets:
        return _utc(f"try_strptime({text}, {formats})", zone)
    offset = f"regexp_extract({text}, {sql_text(_AWARE)}, 2)"
    local = f"try_strptime(regexp_replace({text}, {sql_text(_AWARE)}, '\\1'), {formats})"
    hours = f"coalesce(try_cast(substr({offset}, 1, 3) AS INTEGER), 0)"
    minutes = (
        f"coalesce(try_cast(substr({offset}, 1, 1) || regexp_extract({offset}, '^...:?(\\d\\d)$', 1) AS INTEGER), 0)"
    )
    return f"CASE WHEN {offset} = '' THEN {_utc(local, zone)} ELSE {local} - to_minutes({hours} * 60 + {minutes}) END"


def _utc(naive: str, zone: str) -> str:
    return naive if zone in ("UTC", "Etc/UTC", "GMT") else f"timezone('UTC', timezone({sql_text(zone)}, {naive}))"


def never(value: str) -> str:
    """Return SQL that is true where a cell means "never" or "unknown" rather than a time."""
    return f"{sql_in(f'left({value}, 10)', _NEVER)} OR {sql_in(value, ('0', '0.0'))}"


def implausible(value: str, plan: DatePlan) -> str:
    """Return SQL that is true where the cast reads what is no date: a year of five digits."""
    return f"substr({value}, 5, 1) NOT IN ('-', '/')" if plan.kind in ("iso", "offset") else "false"


def undecided(value: str, plan: DatePlan) -> str:
    """Return SQL that is true where a cell could be read in two orders and the column does not tell which."""
    if not plan.undecided:
        return "false"
    text = normal(value) if plan.words else value
    day, month = (f"regexp_extract({text}, {sql_text(_OPEN)}, {place})" for place in (1, 2))
    return f"(regexp_matches({text}, {sql_text(_OPEN)}) AND try_cast({day} AS INT) <> try_cast({month} AS INT))"


def normal(value: str) -> str:
    """Return SQL that writes month names and half days in English and drops weekdays."""
    plain = f"trim(regexp_replace(regexp_replace({value}, {sql_text(_WEEKDAY)}, ' '), '\\s+', ' ', 'g'))"
    half = (
        f"regexp_replace(regexp_replace({plain}, '(?i)\\s?(ÖÖ|a\\.?m\\.?)$', ' AM'), '(?i)\\s?(ÖS|p\\.?m\\.?)$', ' PM')"
    )
    months = "MAP {" + ", ".join(f"{sql_text(w)}: {sql_text(_ENGLISH[int(n) - 1])}" for w, n in _MONTHS.items()) + "}"
    word = "regexp_extract(_half, '\\pL{3,}')"
    folded = f"strip_accents(lower(translate({word}, 'İIı', 'iii')))"
    replaced = f"replace(_half, {word}, coalesce({months}[{folded}], {word}))"
    return f"list_transform([{half}], lambda _half: CASE WHEN {word} = '' THEN _half ELSE {replaced} END)[1]"


def _normal(text: str) -> str:
    """Do in Python what `normal` does in SQL, for one example."""
    plain = re.sub(_WEEKDAY, " ", text, count=1)
    plain = re.sub(r"\s+", " ", plain).strip()
    plain = re.sub(r"(?i)\s?(ÖÖ|a\.?m\.?)$", " AM", plain)
    plain = re.sub(r"(?i)\s?(ÖS|p\.?m\.?)$", " PM", plain)
    word = next(iter(re.findall(r"[^\W\d_]{3,}", plain)), None)
    number = _MONTHS.get(fold(word)) if word else None
    return plain.replace(word, _ENGLISH[int(number) - 1]) if word and number else plain


def decide(
    con: duckdb.DuckDBPyConnection, relation: str, value: str, *, order: str | None, hint: str | None
) -> DatePlan:
    """Return how the column `value` of `relation` is to be read; `order` is the user's word, `hint` the profile's."""
    shape = f"translate({value}, '012345678', '999999999')"
    shapes = con.execute(
        f"SELECT min({value}), count(*) FROM {relation} WHERE {value} IS NOT NULL AND NOT ({never(value)}) "
        f"GROUP BY {shape} ORDER BY 2 DESC, 1 LIMIT {_MANY}"
    ).fetchall()
    if not shapes:
        return DatePlan("empty")
    total = sum(n for _, n in shapes)
    bodies = [(example, re.sub(_AWARE, r"\1", example), n) for example, n in shapes]
    if all(re.fullmatch(r"-?\d+([.,]\d+)?", e) and not _COMPACT.match(e) for e, _ in shapes):
        return _numeric(con, relation, value)
    iso = sum(n for _, body, n in bodies if _ISO.match(body))
    offsets = any(body != example for example, body, _ in bodies)
    if iso > 0.5 * total and not any(_format(_normal(b), "dmy") for _, b, _ in bodies if not _ISO.match(b)):
        return DatePlan("offset" if offsets else "iso")
    return _by_formats(con, relation, value, {b: n for _, b, n in bodies}, offsets, order, hint)


def _numeric(con: duckdb.DuckDBPyConnection, relation: str, value: str) -> DatePlan:
    low, high = con.execute(
        f"SELECT quantile_disc(d, 0.05), quantile_disc(d, 0.95) FROM (SELECT try_cast(replace({value}, ',', '.') AS DOUBLE) AS d "
        f"FROM {relation} WHERE NOT ({never(value)}))"
    ).fetchall()[0]
    if low is not None and low >= 1e8 and high < 1e11:
        return DatePlan("epoch_s")
    if low is not None and low >= 1e11 and high < 1e14:
        return DatePlan("epoch_ms")
    if low is not None and low > 1 and high < 110_000:
        return DatePlan("serial")
    return DatePlan("formats", ("%Y%m%d",))


def _by_formats(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    value: str,
    examples: dict[str, int],
    offsets: bool,
    order: str | None,
    hint: str | None,
) -> DatePlan:
    normals = {e: _normal(e) for e in examples}
    words = any(e != n for e, n in normals.items())
    triples = [m for n in normals.values() if (m := _TRIPLE.match(n))]
    decided, problem, undecided = None, None, False
    if triples:
        text = normal(value) if words else value
        decided, problem = _order(con, relation, text)
        if order:
            decided, problem = order, None
        elif decided is None and problem is None and hint:
            decided = hint
        elif decided is None and problem is None:
            unsettled = sum(n for e, n in examples.items() if _TRIPLE.match(normals[e]))
            undecided = sum(n for e, n in examples.items() if _format(normals[e], "dmy")) > 2 * unsettled
            problem = None if undecided else "ambiguous_dates"
    formats = dict.fromkeys(f for n in normals.values() if (f := _format(n, decided or "dmy")))
    if not formats:
        formats = {"%Y-%m-%d": None}
    return DatePlan("formats", tuple(formats), decided, offsets, words, undecided, problem)


def _order(con: duckdb.DuckDBPyConnection, relation: str, text: str) -> tuple[str | None, str | None]:
    """Return the order the column proves, and the problem when it proves two."""
    pattern = r"^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d+)"
    rows = con.execute(
        f"SELECT g.s, bool_or(try_cast(g.a AS INT) > 31 AND length(g.c) = 2), bool_or(try_cast(g.a AS INT) BETWEEN 13 AND 31), "
        f"bool_or(try_cast(g.b AS INT) > 12), bool_and(try_cast(g.a AS INT) = try_cast(g.b AS INT)) "
        f"FROM (SELECT regexp_extract({text}, {sql_text(pattern)}, ['a', 's', 'b', 'c']) AS g FROM {relation}) WHERE g.s <> '' GROUP BY 1"
    ).fetchall()
    proofs: dict[str, str | None] = {}
    for separator, year_first, day_first, month_first, equal in rows:
        proved = [
            o for o, seen in (("ymd", year_first), ("dmy", day_first), ("mdy", month_first and not year_first)) if seen
        ]
        if len(proved) > 1 and proved != ["ymd", "dmy"]:
            return None, "mixed_dates"
        proofs[separator] = proved[0] if proved else ("dmy" if separator == "." or equal else None)
    known = {p for p in proofs.values() if p}
    if len(known) > 1 or (known and None in proofs.values()):
        return None, "mixed_dates"
    return next(iter(known), None), None


def readable(text: str) -> bool:
    """Tell whether a cell is written as a date or time."""
    body = re.sub(_AWARE, r"\1", text)
    if _COMPACT.match(body):
        return bool(_DAY.match(body))
    return bool(_ISO.match(body) or _format(_normal(body), "dmy"))


def since_1970(text: str) -> dt.datetime | None:
    """Return the time a cell counts to in seconds, or thousandths, since 1970; None where none of our time."""
    if not _EPOCH.fullmatch(text):
        return None
    at = _1970 + dt.timedelta(seconds=int(text[:10]))
    return at if 2000 <= at.year < _FUTURE else None


def _format(text: str, order: str) -> str | None:
    """Return the strptime format of a normalised example."""
    if match := _YEAR_FIRST.match(text):
        return f"%Y{match['s']}%m{match['s']}%d" + _time(text, match)
    if match := _TRIPLE.match(text):
        year = "%Y" if len(match["c"]) == 4 else "%y"
        first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
        if order == "ymd" and year == "%y":
            return f"%y{match['s']}%m{match['s']}%d" + _time(text, match)
        return f"{first}{match['s']}{second}{match['s']}{year}" + _time(text, match)
    if match := _COMPACT.match(text):
        time = match["time"] or ""
        lead = time[:1] if time[:1] in " T" else ""
        clock = {0: "", 4: "%H%M", 5: "%H:%M", 6: "%H%M%S", 8: "%H:%M:%S"}
        return "%Y%m%d" + lead + clock[len(time) - len(lead)]
    if (match := _NAMED.match(text)) and match["a"].isdigit() != match["b"].isdigit():
        first, second = ("%d", "%b") if match["a"].isdigit() else ("%b", "%d")
        return f"{first}{match['s1']}{second}{match['s2']}{'%Y' if len(match['c']) == 4 else '%y'}" + _time(text, match)
    return "%b %d %H:%M:%S %Y" if _TIME_BEFORE_YEAR.match(text) else None


def _time(text: str, match: re.Match[str]) -> str:
    if match["hour"] is None:
        return ""
    lead = text[match.end("c") if "c" in match.re.groupindex else match.start("hour") - 1 : match.start("hour")]
    if "c" not in match.re.groupindex:
        lead = re.search(r"[T ,-]+$", text[: match.start("hour")])[0]  # type: ignore[index]
    hour = "%I" if match["half"] else "%H"
    second = f"{match['sep']}%S" if match["second"] else ""
    fraction = ".%f" if match["fraction"] else ""
    half = (" %p" if text[match.start("half") - 1] == " " else "%p") if match["half"] else ""
    return f"{lead}{hour}{match['sep']}%M{second}{fraction}{half}"
