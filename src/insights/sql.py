"""Every engine-specific word: the only module to change for another engine."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.sql.visitors import InternalTraversal

from insights.schema import calendar_days

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year")
Rows = sa.Table | sa.Subquery | sa.CTE
"""What a select reads: a table, or a subquery with the columns of one."""
Column = sa.ColumnElement[Any]
EARLIEST = dt.datetime(2000, 1, 1)
STORED = "main"
"""The schema of the tables themselves; on a server the database of the version."""
ASIDE = "temp"
"""The schema of tables that last as long as the connection that made them, and that no other one sees."""
APART = ("apart", "member")
"""Which of some columns a row is taken for, and what that holds."""
_ALL: Column = sa.literal_column("'g'")
"""Every match, not the first alone."""


@dataclass(frozen=True)
class Starts:
    """When a company's weeks and years begin; quarters count from the year's beginning."""

    week: int = 1
    """ISO weekday, 1 for Monday."""
    year: int = 1
    """Month, 1 for January."""


CALENDAR_YEAR = Starts()


def quantile(of: Column, share: float) -> Column:
    """Return the type-7 (linearly interpolated) quantile, of amounts too to a fraction of their last digit."""
    exact = isinstance(of.type, sa.Numeric) and not isinstance(of.type, sa.Float)
    of = sa.cast(of, sa.Double()) if exact else of
    return sa.func.quantile_cont(of, sa.literal_column(repr(share)), type_=sa.Double())


def order_statistic(of: Column, rank: int, n: int) -> Column:
    """Return the value of a rank (from 1) among the n known values."""
    return sa.func.quantile_disc(of, sa.literal_column(repr((rank - 0.5) / n)))


def sorted_values(of: Column) -> Column:
    """Return all known values of a group in ascending order, as one array."""
    return sa.func.list_sort(sa.func.list(of).filter(of.is_not(None)))


def element(of: Column, position: Column) -> Column:
    """Return the element at a position counted from 1; NULL outside the array."""
    return sa.func.list_extract(of, position, type_=sa.Double())


def rows_of(select: sa.Select[Any]) -> Column:
    """Return all rows of a SELECT as one value, in its order: an array of records; NULL without any."""
    part = select.subquery("part")
    return sa.select(sa.func.list(sa.literal_column("part"))).select_from(part).scalar_subquery()


def first_by(of: Column, order: Column) -> Column:
    """Return the value of the row that is first by an order within a group, unknown values kept."""
    return sa.func.arg_min_null(of, order, type_=of.type)


def last_by(of: Column, order: Column) -> Column:
    """Return the value of the row that is last by an order within a group, unknown values kept."""
    return sa.func.arg_max_null(of, order, type_=of.type)


def rank(*order: Any) -> Column:
    """Return the place of a row among all, from 1: equal rows share the lower place."""
    return sa.func.rank().over(order_by=order)


def variance(of: Column) -> Column:
    """Return the sample variance."""
    return sa.func.var_samp(of, type_=sa.Double())


def period(of: Column, grain: Grain, starts: Starts = CALENDAR_YEAR) -> Column:
    """Return the first day of the period a local date lies in, as the company's weeks and years begin."""
    if grain == "day":
        return of
    ahead = _ahead(grain, starts)
    start = sa.func.date_trunc(sa.literal_column(f"'{grain}'"), of if ahead is None else of + ahead)
    return sa.cast(start if ahead is None else start - ahead, sa.Date())


def _ahead(grain: Grain, starts: Starts) -> Column | None:
    """Return how far a day is moved for the company's periods to begin where the calendar's do; None for not at all."""
    days = (8 - starts.week) % 7 if grain == "week" else 0
    months = (13 - starts.year) % 12 if grain in ("quarter", "year") else 0
    if not (days or months):
        return None
    return sa.literal_column(f"INTERVAL {days} DAY" if days else f"INTERVAL {months} MONTH", sa.Interval())


def each_alone(rows: sa.Subquery, names: Sequence[str]) -> sa.Subquery:
    """Return each row once for each of some columns of text: which of them, counted from 0, and what it holds."""
    taken = sa.func.unnest(sa.func.range(sa.literal_column(str(len(names)))), type_=sa.Integer())
    many = sa.select(*rows.c, taken.label(APART[0])).subquery("many")
    held = ((many.c[APART[0]] == sa.literal_column(str(at)), many.c[name]) for at, name in enumerate(names))
    return sa.select(*many.c, sa.case(*held).label(APART[1])).subquery("each")


def seconds_between(start: Column, end: Column) -> Column:
    """Return whole seconds from start to end."""
    return sa.func.date_sub(sa.literal_column("'second'"), start, end, type_=sa.BigInteger())


def days_between(start: Column, end: Column) -> Column:
    """Return whole days from one date to another."""
    return sa.func.date_sub(sa.literal_column("'day'"), start, end, type_=sa.BigInteger())


def months_between(start: Column, end: Column) -> Column:
    """Return the months from the month of one date to the month of another."""
    return sa.func.date_diff(sa.literal_column("'month'"), start, end, type_=sa.BigInteger())


def round_up(of: Column, step: int) -> Column:
    """Return the next multiple of a step."""
    return sa.cast(sa.func.ceil(of / sa.literal_column(f"{step}.0")), sa.BigInteger()) * step


def plus_seconds(moment: Column, seconds: Column | int) -> Column:
    """Return the moment so many seconds later."""
    return moment + sa.func.to_seconds(seconds, type_=sa.Interval())


def local_time(moment: Column, zone: str, until: dt.datetime) -> Column:
    """Return the wall-clock time of a UTC moment; offsets are written out, so no engine needs time zones.

    Exact from 2000 to `until`. The newest offset comes first: it holds for most rows.
    """
    changes = offset_changes(zone, EARLIEST, until)
    branches = [(moment >= at, offset) for at, offset in reversed(changes[1:])]
    oldest = changes[0][1]
    return plus_seconds(moment, sa.case(*branches, else_=oldest) if branches else oldest)


@lru_cache(maxsize=256)
def offset_changes(zone: str, since: dt.datetime, until: dt.datetime) -> tuple[tuple[dt.datetime, int], ...]:
    """Return (UTC moment, offset in seconds from it on) of a zone between two moments."""
    place = ZoneInfo(zone)

    def offset(moment: dt.datetime) -> int:
        found = moment.replace(tzinfo=dt.UTC).astimezone(place).utcoffset()
        return int(found.total_seconds()) if found else 0

    changes = [(since, offset(since))]
    step = dt.timedelta(days=1)
    while since < until:
        if offset(since + step) != changes[-1][1]:
            low, high = 0, 86400
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (
                    (middle, high) if offset(since + dt.timedelta(seconds=middle)) == changes[-1][1] else (low, middle)
                )
            at = since + dt.timedelta(seconds=high)
            changes.append((at, offset(at)))
        since += step
    return tuple(changes)


def local_day(moment: Column, zone: str, until: dt.datetime) -> Column:
    """Return the local date of a UTC moment."""
    return sa.cast(local_time(moment, zone, until), sa.Date())


def about(moment: Column, since: dt.date | None, until: dt.date | None) -> list[Column]:
    """Return conditions that every UTC moment of some local days meets, in any zone: what does not is not looked at."""
    day = dt.timedelta(days=1)
    ends = ((since, -day, moment.__ge__), (until, 2 * day, moment.__lt__))
    return [holds(sa.literal(dt.datetime.combine(of, dt.time()) + more)) for of, more, holds in ends if of]


def hour(moment: Column) -> Column:
    """Return the hour, 0-23."""
    return sa.func.hour(moment, type_=sa.BigInteger())


def weekday(moment: Column) -> Column:
    """Return the ISO weekday, 1 for Monday."""
    return sa.func.isodow(moment, type_=sa.BigInteger())


def day_before(day: dt.date, days: int) -> dt.date:
    """Return the date so many days before."""
    return day - dt.timedelta(days=days)


@cache
def stored(table: sa.Table) -> sa.Table:
    """Return a table by its full name, which a common table expression of the same name does not hide."""
    return sa.Table(table.name, sa.MetaData(), *(sa.Column(c.name, c.type) for c in table.c), schema=STORED)


class _Known(sa.Values):
    """Rows written out that a statement is recognised by: days and their like, which are asked with again."""

    _traverse_internals = [
        (name, InternalTraversal.dp_plain_obj if name == "_data" else kind)
        for name, kind in sa.Values._traverse_internals
    ]


def constants(
    name: str, columns: list[sa.ColumnClause[Any]], rows: list[tuple[Any, ...]], *, once: bool = False
) -> sa.Subquery:
    """Return a small table of constants with their types written out; `once`: hardly asked with the same again."""
    if not rows:
        return sa.select(*(sa.cast(sa.null(), c.type).label(c.name) for c in columns)).where(sa.false()).subquery(name)
    listed = (sa.Values if once else _Known)(*columns, name="listed", literal_binds=True).data((*rows,))
    return sa.select(*(sa.cast(listed.c[c.name], c.type).label(c.name) for c in columns)).subquery(name)


def address_key(of: Column) -> Column:
    """Return an e-mail address as compared with others: without blanks around it, in small letters; empty is NULL."""
    return sa.func.nullif(sa.func.lower(sa.func.trim(of)), "")


def telephone_key(of: Column, digits: int) -> Column:
    """Return the last digits of a telephone number, however it was written; NULL when it has fewer."""
    bare = sa.func.regexp_replace(of, "[^0-9]", "", _ALL)
    return sa.case((sa.func.length(bare) >= digits, sa.func.right(bare, digits)))


def address_box(of: Column) -> Column:
    """Return the part of an e-mail address before the sign, without its tag; NULL for what is no address."""
    box = sa.func.split_part(sa.func.split_part(address_key(of), "@", 1), "+", 1)
    return sa.case((of.contains("@"), sa.func.nullif(box, "")))


def folded(of: Column) -> Column:
    """Return a name as names are compared: without case, accents and blanks around it."""
    return sa.func.strip_accents(small(sa.func.trim(of)))


def name_words(of: Column) -> Column:
    """Return the words of a name as they are compared, as one array; NULL without any."""
    bare = sa.func.trim(sa.func.regexp_replace(folded(of), sa.literal_column(r"'[^\p{L}]+'"), " ", _ALL))
    return sa.func.string_split(sa.func.nullif(bare, ""), " ")


def pseudonym(of: Column, salt: str, before: str) -> Column:
    """Return a word that is the same for the same value, and of which nobody without the salt can guess the value."""
    return sa.literal(before) + sa.func.left(sa.func.sha256(sa.literal(salt) + of), 10)


def tells_a_person(of: Column) -> Column:
    """Return whether an id is an e-mail, a name or a telephone number rather than a key."""
    return sa.func.regexp_matches(of, sa.literal_column(r"'@|\s|^[^0-9]{6,}$|^\+'"), type_=sa.Boolean())


def initials(of: Column) -> Column:
    """Return the first letter of each word."""
    return sa.func.regexp_replace(of, sa.literal_column(r"'(\S)\S*'"), sa.literal_column(r"'\1***'"), _ALL)


def masked_address(of: Column) -> Column:
    """Return an e-mail address with the first letters of its parts; stars for what is none."""
    parts: Column = sa.literal_column(r"'^(.)[^@]*@(.).*?(\.[^.]*)?$'")
    return sa.case(
        (of.contains("@"), sa.func.regexp_replace(of, parts, sa.literal_column(r"'\1***@\2***\3'"))),
        (of.is_not(None), sa.literal("***")),
    )


def masked_telephone(of: Column) -> Column:
    """Return a telephone number's first three and last two characters."""
    return sa.func.left(of, 3) + sa.literal(" *** ** ") + sa.func.right(of, 2)


def worked_until(moment: dt.datetime, calendar_no: Column) -> Column:
    """Return the working seconds of a calendar up to a moment: 0 counts every second, others by `calendar_days`."""
    second = int(moment.replace(tzinfo=dt.UTC).timestamp())
    day, of_day = divmod(second, 86_400)
    found = calendar_days
    stretches = (sa.func.greatest(0, sa.func.least(of_day, found.c[f"e{i}"]) - found.c[f"s{i}"]) for i in range(1, 5))
    here = (found.c.day - day) % 100_000 == 0  # looked up once, not by row: rows may lie on several machines
    number = sa.cast((found.c.day - day) / 100_000, sa.BigInteger())
    listed = (sa.func.list(of) for of in (number, sum(stretches, found.c.cum)))
    until = sa.select(sa.func.map(*listed)).where(here).scalar_subquery()
    worked = sa.func.map_extract_value(until, calendar_no, type_=sa.BigInteger())
    return sa.case((calendar_no == 0, sa.literal(second)), else_=worked)


def contains(of: Column, part: Column) -> Column:
    """Return whether a text holds a part, letter by letter."""
    return sa.func.contains(of, part, type_=sa.Boolean())


def holds(of: Column, part: str) -> Column:
    """Return whether a text holds a part, whatever their capitals."""
    return contains(small(of), small(sa.literal(part)))


def begins_with(of: Column, part: str) -> Column:
    """Return whether a text begins with a part, whatever their capitals."""
    return sa.func.starts_with(small(of), small(sa.literal(part)), type_=sa.Boolean())


def small(of: Column) -> Column:
    """Return a text in small letters, each of the four letters i as one: Işık, IŞIK and ışık are the same."""
    return sa.func.lower(sa.func.replace(of, "ı", "i"))


def weight(of: Column) -> Column:
    """Return a whole number that differs when the known values of a column do; NULL for floating ones."""
    if isinstance(of.type, sa.Float):
        return sa.null()
    return sa.func.sum(_weighed(of) if isinstance(of.type, sa.Numeric) else _weighed(of) % _PRIME)


_PRIME = 1_000_003
"""Sums of remainders by it stay within 64 bits."""


def _weighed(of: Column) -> Column:
    match of.type:
        case sa.DateTime():
            return sa.func.date_diff(sa.literal_column("'microsecond'"), EARLIEST, of, type_=sa.BigInteger())
        case sa.Date():
            return sa.func.date_diff(sa.literal_column("'day'"), EARLIEST.date(), of, type_=sa.BigInteger())
        case sa.Boolean():
            return sa.cast(of, sa.BigInteger())
        case sa.String():
            return sa.func.strlen(of, type_=sa.BigInteger())
        case _:
            return of


CLICKHOUSE = {
    "/": "toFloat64({0}) / toFloat64({1})",
    "avg": "avgOrNull({0})",
    "arg_max_null": "tupleElement(argMax(tuple({0}), {1}){filter}, 1)",
    "arg_min_null": "tupleElement(argMin(tuple({0}), {1}){filter}, 1)",
    "bool_and": "minOrNull({0})",
    "bool_or": "maxOrNull({0})",
    "contains": "(position({0}, {1}) > 0)",
    "date_diff": "dateDiff({0}, {1}, {2})",
    "distributed": "CREATE TABLE {0}{2} ({1}) ENGINE = Distributed({3}, {4}, {5}, cityHash64(coalesce({6}, '')))",
    "everywhere": "cluster({0}, {1}, {2})",
    "hour": "toInt64(toHour({0}))",
    "isodow": "toInt64(toDayOfWeek({0}))",
    "date_sub": "age({0}, {1}, {2})",
    "date_trunc": "dateTrunc({0}, {1})",
    "day": "toDate32('{0}')",
    "left": "leftUTF8({0}, {1})",
    "length": "lengthUTF8({0})",
    "list": "groupArray({0})",
    "list_extract": "arrayElementOrNull({0}, {1})",
    "list_sort": "arraySort({0})",
    "lower": "lowerUTF8(replaceAll({0}, 'İ', 'i'))",
    "map": "mapFromArrays(arrayMap(k -> assumeNotNull(k), {0}), {1})",
    "map_extract_value": "if(mapContains({0}, {1}), {0}[{1}], NULL)",
    "max": "maxOrNull({0})",
    "min": "minOrNull({0})",
    "moment": "toDateTime64('{0}', 6, 'UTC')",
    "on_cluster": " ON CLUSTER {0}",
    "quantile_cont": "quantileExactInclusiveOrNull({1})({0})",
    "quantile_disc": "arrayElementOrNull(arraySort(groupArray({0})), toInt64(ceil({1} * count({0}))))",
    "regexp_matches": "match({0}, {1})",
    "regexp_replace": "replaceRegexpAll({0}, {1}, {2})",
    "right": "rightUTF8({0}, {1})",
    "rows": "CREATE TABLE {0}{2} ({1}) ENGINE = MergeTree ORDER BY tuple() "
    "SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1",
    "sha256": "lower(hex(SHA256({0})))",
    "nullable": "Nullable({0})",
    "signed": "toInt64({0})",
    "strlen": "length({0})",
    "split_part": "splitByString({1}, assumeNotNull({0}))[{2}]",
    "starts_with": "startsWith({0}, {1})",
    "string_split": "if({0} IS NULL, NULL, CAST(splitByString({1}, assumeNotNull({0})) AS Variant(Array(String))))",
    "strip_accents": r"replaceRegexpAll(normalizeUTF8NFD({0}), '\\p{{Mn}}', '')",
    "sum": "sumOrNull({0})",
    "table": "CREATE TABLE IF NOT EXISTS {0}{2} ({1}) ENGINE = MergeTree ORDER BY tuple()",
    "to_seconds": "toIntervalSecond({0})",
    "unnest": "arrayJoin({0})",
    "var_samp": "varSampStableOrNull({0})",
}
"""How ClickHouse says what the functions above say to DuckDB; of nothing, sums and extremes are NULL. `{filter}` is
where a FILTER goes that is not to stand behind all of it.
"""
CLICKHOUSE_ONCE = (" AS \n(", " AS MATERIALIZED \n(")
"""How a common table expression begins, and how one does that is found once for all that read it."""
CLICKHOUSE_TYPES: dict[type[Any], str] = {
    sa.Boolean: "Bool",
    sa.Date: "Date32",
    sa.DateTime: "DateTime64(6, 'UTC')",
    sa.Float: "Float64",
    sa.Integer: "Int64",
    sa.Interval: "IntervalDay",
    sa.Numeric: "Decimal({precision}, {scale})",
    sa.String: "String",
    sa.types.NullType: "String",
}
CLICKHOUSE_SETTINGS = {
    "session_timezone": "UTC",
    "join_use_nulls": 1,
    "group_by_use_nulls": 1,
    "cast_keep_nullable": 1,
    "prefer_column_name_to_alias": 1,
    "union_default_mode": "DISTINCT",
    "distributed_product_mode": "global",
    "skip_unavailable_shards": 0,
    "distributed_foreground_insert": 1,
    "enable_materialized_cte": 1,
    "enable_extended_results_for_datetime_functions": 1,
}
"""What a session is told, so that it answers as DuckDB does and never without a part of the rows."""
_ACCENTED = {
    c: d[0]
    for c in map(chr, (*range(0xC0, 0x300), *range(0x370, 0x530), *range(0x1E00, 0x1F00)))
    if len(d := unicodedata.normalize("NFD", c)) > 1
}
"""Latin, Greek and Cyrillic letters with accents, and those without."""
SPARK = {
    "/": "CAST({0} AS DOUBLE) / {1}",
    "arg_max_null": "max_by({0}, {1})",
    "arg_min_null": "min_by({0}, {1})",
    "avg": "avg(CAST({0} AS DOUBLE))",
    "database": "CREATE DATABASE IF NOT EXISTS {0}{1}",
    "databases": "SHOW DATABASES",
    "date_diff 'day'": "CAST(datediff({2}, {1}) AS BIGINT)",
    "date_diff 'microsecond'": "timestampdiff(MICROSECOND, {1}, {2})",
    "date_diff 'month'": "timestampdiff(MONTH, trunc({1}, 'MM'), trunc({2}, 'MM'))",
    "date_sub 'day'": "CAST(datediff({2}, {1}) AS BIGINT)",
    "date_sub 'second'": "timestampdiff(SECOND, {1}, {2})",
    "day": "DATE '{0}'",
    "drop": "DROP DATABASE IF EXISTS {0} CASCADE",
    "float": "{0}D",
    "hour": "CAST(hour({0}) AS BIGINT)",
    "isodow": "CAST(weekday({0}) + 1 AS BIGINT)",
    "lies": " LOCATION {0}",
    "list": "collect_list({0})",
    "list_extract": "get({0}, CAST({1} AS INT) - 1)",
    "list_sort": "sort_array({0})",
    "lower": "lower(replace({0}, 'İ', 'i'))",
    "map": "map_from_arrays({0}, {1})",
    "map_extract_value": "element_at({0}, {1})",
    "moment": "TIMESTAMP_NTZ '{0}'",
    "quantile_cont": "percentile({0}, {1})",
    "quantile_disc": "get(sort_array(collect_list({0}){filter}), CAST(ceil({1} * count({0}){filter}) AS INT) - 1)",
    "range": "sequence(0, {0} - 1)",
    "regexp_matches": "regexp_like({0}, {1})",
    "regexp_replace": r"regexp_replace({0}, {1}, regexp_replace({2}, '\\\\([0-9])', '\\$$1'))",
    "set": "SET {0}={1}",
    "sha256": "sha2({0}, 256)",
    "starts_with": "startswith({0}, {1})",
    "string_split": "split({0}, {1})",
    "strip_accents": r"translate(regexp_replace({0}, '\\p{{Mn}}', ''), "
    f"'{''.join(_ACCENTED)}', '{''.join(_ACCENTED.values())}')",
    "strlen": "CAST(octet_length({0}) AS BIGINT)",
    "table": "CREATE TABLE {0} ({1}) USING PARQUET{2}",
    "tables": "SHOW TABLES",
    "to_seconds": "make_dt_interval(0, 0, 0, {0})",
    "unnest": "explode({0})",
    "use": "USE {0}",
    "view": "CREATE OR REPLACE VIEW {0} AS {1}",
}
"""How Spark says what the functions above say to DuckDB, some by what they are first told."""
SPARK_TYPES: dict[type[Any], str] = {
    sa.Boolean: "BOOLEAN",
    sa.Date: "DATE",
    sa.DateTime: "TIMESTAMP_NTZ",
    sa.Float: "DOUBLE",
    sa.Integer: "BIGINT",
    sa.Interval: "INTERVAL DAY TO SECOND",
    sa.Numeric: "DECIMAL({precision}, {scale})",
    sa.String: "STRING",
    sa.types.NullType: "STRING",
}
SPARK_RESERVED = frozenset(
    {
        "anti",
        "at",
        "cross",
        "except",
        "inner",
        "intersect",
        "join",
        "lateral",
        "left",
        "minus",
        "natural",
        "outer",
        "semi",
        "setminus",
    }
)
"""What is read after a table there: a column or table called so is quoted."""
SPARK_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
}
"""What a session is told, so that it answers as DuckDB does, in its words, and never without a part of the rows; the
rule that is left out breaks valid plans in 4.3.
"""
