"""Decimal marks, thousands, percent and currency signs; durations; scores."""

from corpus.case import case, optional, priced, refused, scored

BAD = " bad_number"


def undecided(name: str, *cells: str, kind: str, **rest: object) -> object:
    """Return orders with these amounts, which are refused."""
    return refused(name, priced(name, cells, [None] * len(cells)).content, kind, **rest)


AMOUNTS = [
    priced(
        "turkish_amounts",
        ["1.234,56", "12,50", "1.234.567,89", "7", "0,05"],
        ["1234.56", "12.50", "1234567.89", "7.00", "0.05"],
    ),
    priced(
        "english_amounts",
        ["1,234.56", "12.50", "1,234,567.89", "7", "0.05"],
        ["1234.56", "12.50", "1234567.89", "7.00", "0.05"],
    ),
    priced("thousands_settled_by_one_decimal_comma", ["1.234", "12,5", "5.678"], ["1234.00", "12.50", "5678.00"]),
    priced("thousands_settled_by_one_decimal_point", ["1,234", "12.5", "5,678"], ["1234.00", "12.50", "5678.00"]),
    priced("decimals_settled_by_one_short_fraction", ["1.234", "12.5"], ["1.23", "12.50"]),
    priced("two_groups_of_thousands_settle_the_mark", ["1.234.567", "1.234"], ["1234567.00", "1234.00"]),
    priced("whole_amounts_need_no_mark", ["1234", "5678901", "-12"], ["1234.00", "5678901.00", "-12.00"]),
    priced("long_fractions_are_rounded", ["12.3456", "0.005", "12.344999"], ["12.35", "0.01", "12.34"]),
    priced(
        "currency_signs",
        ["₺1.234,56", "₺ 12,50", "1.234,56 ₺", "1.234,56 TL", "12,50 TRY"],
        ["1234.56", "12.50", "1234.56", "1234.56", "12.50"],
    ),
    priced(
        "dollars_pounds_euros",
        ["$1,234.56", "£12.50", "€ 7.25", "USD 1,000.10", "-$5.00"],
        ["1234.56", "12.50", "7.25", "1000.10", "-5.00"],
    ),
    priced(
        "blanks_as_thousands",
        ["1 234,56", "1\u00a0234\u00a0567,89", "1\u202f234,50", " 12,50 "],
        ["1234.56", "1234567.89", "1234.50", "12.50"],
    ),
    priced("swiss_apostrophes", ["1'234.56", "1’234’567.50"], ["1234.56", "1234567.50"]),
    priced(
        "negative_amounts",
        ["-12,50", "(1.234,56)", "\u221212,50", "12,50-"],
        ["-12.50", "-1234.56", "-12.50", "-12.50"],
    ),
    priced("no_numbers", ["12,50", "abc", "12,5x", "1,2,3", "--5", "12,50 13,50"], ["12.50", BAD, BAD, BAD, BAD, BAD]),
    priced("unknown_amounts", ["12,50", "", "-", "?", "N/A", " "], ["12.50", None, None, None, None, None]),
    priced("not_finite", ["12.50", "inf", "-Infinity", "1e400"], ["12.50", BAD, BAD, BAD]),
    priced("too_big_for_money", ["12.50", "99999999999999999999", "1e30"], ["12.50", BAD, BAD]),
    priced(
        "cell_errors",
        ["12,50", "#REF!", "#DIV/0!", "#N/A", "#YOK", "#BAŞV!", "#SAYI/0!"],
        ["12.50", *[" cell_error"] * 6],
    ),
    priced("ambiguous_amounts_with_the_mark_asked_for", ["1.234", "5.678"], ["1234.00", "5678.00"], decimal=","),
    priced("ambiguous_amounts_with_the_point_asked_for", ["1.234", "5.678"], ["1.23", "5.68"], decimal="."),
    priced("mixed_amounts_with_the_mark_asked_for", ["1.234,56", "1,234.56"], ["1234.56", BAD], decimal=","),
    undecided("ambiguous_numbers", "1.234", "5.678", kind="ambiguous_numbers"),
    undecided("ambiguous_numbers_with_commas", "1,234", "5,678", "-9,012", kind="ambiguous_numbers"),
    undecided("mixed_numbers", "1.234,56", "1,234.56", kind="mixed_numbers"),
    undecided("mixed_numbers_by_short_fractions", "12,5", "12.5", kind="mixed_numbers"),
    case(
        "columns_of_numbers_are_decided_one_by_one",
        "order_id;customer_id;status;ordered_at;amount\nT-1;C-1;paid;2026-01-05;12,50\nT-2;C-2;paid;2026-01-05;3\n",
        2,
        table="orders",
        cells={"T-1": {"amount": "12.50"}},
    ),
    optional(
        "whole_numbers",
        "replies",
        ["3", "3.0", "0", "", "three", "2.5", "9999999999999999999"],
        ["3", "3", "0", None, BAD, BAD, BAD],
    ),
    optional(
        "flags",
        "at_fault",
        ["true", "FALSE", "1", "0", "yes", "no", "evet", "hayır", "HAYIR", "", "maybe"],
        ["true", "false", "true", "false", "true", "false", "true", "false", "false", None, " bad_type"],
    ),
]

DURATIONS = [
    optional(
        "durations_by_the_clock",
        "reported_first_response_s",
        ["26:10:00", "00:00:59", "0:05", "120:00:00"],
        ["94200", "59", "300", "432000"],
    ),
    optional(
        "durations_in_words",
        "reported_first_response_s",
        ["1d 2h 3m", "45m", "2h", "90s", "1 day 2 hours", "1 gün 2 saat 3 dakika", "2 sa 5 dk"],
        ["93780", "2700", "7200", "90", "93600", "93780", "7500"],
    ),
    optional("durations_in_seconds", "reported_first_response_s", ["90", "90.4", "0", ""], ["90", "90", "0", None]),
    optional(
        "negative_durations",
        "reported_first_response_s",
        ["90", "-5", "-00:10:00", "-1h"],
        ["90", *[" negative_duration"] * 3],
    ),
    optional("no_durations", "reported_first_response_s", ["90", "soon", "1x 2y", "10:99:00"], ["90", BAD, BAD, BAD]),
]

OUT = " score_out_of_range"

SCORES = [
    scored(
        "csat_scores", "csat;1;5", ["5", "1", "4,0", "", "0", "6", "-1"], ["5.0", "1.0", "4.0", None, OUT, OUT, OUT]
    ),
    scored("nps_scores", "nps;0;10", ["10", "0", "11", "-1", "100"], ["10.0", "0.0", OUT, OUT, OUT]),
    scored("nps_scores_without_a_scale", "nps;;", ["10", "0", "11"], ["10.0", "0.0", OUT]),
    scored("scores_that_are_no_numbers", "csat;1;5", ["5", "five", "5/5", "N/A"], ["5.0", BAD, BAD, None]),
    scored("ces_scores", "ces;1;7", ["7", "1", "8"], ["7.0", "1.0", OUT]),
    scored("percent_scores", "csat;0;100", ["45%", "%90", "100 %", "101%"], ["45.0", "90.0", "100.0", OUT]),
]

CASES = AMOUNTS + DURATIONS + SCORES
