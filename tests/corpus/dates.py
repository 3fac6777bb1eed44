"""Day, month and year in every order, by proof from the whole column; months in words; serials, epochs, zones."""

from corpus.case import HEAD, PLAIN, case, dated, optional, refused


def day(month: int, number: int, clock: str = "00:00:00", year: int = 2026) -> str:
    """Return a time as DuckDB writes it."""
    return f"{year}-{month:02}-{number:02} {clock}"


def undecided(name: str, *cells: str, kind: str = "ambiguous_dates", **rest: object) -> object:
    """Return tickets with these creation times, which are refused."""
    built = dated(name, cells, [None] * len(cells), **rest)
    return refused(name, built.content, kind, **built.options)


OUT, BAD, GONE, OPEN = " date_out_of_range", " bad_date", " missing_value", " ambiguous_date"

ORDERS = [
    dated(
        "iso",
        ["2026-01-05T10:00:00", "2026-02-03 11:30", "2026-03-04"],
        [day(1, 5, "10:00:00"), day(2, 3, "11:30:00"), day(3, 4)],
    ),
    dated(
        "iso_fractions",
        ["2026-01-05 10:00:00.123", "2026-01-05T10:00:00.123456"],
        [day(1, 5, "10:00:00.123"), day(1, 5, "10:00:00.123456")],
    ),
    dated(
        "year_first_with_slashes", ["2026/01/05 10:00:00", "2026/12/03"], [day(1, 5, "10:00:00"), " date_out_of_range"]
    ),
    dated("year_first_without_separators", ["20260105", "20260213"], [day(1, 5), day(2, 13)]),
    dated(
        "day_and_clock_without_separators",
        ["20260105 10:00:00", "20260213 09:05:00"],
        [day(1, 5, "10:00:00"), day(2, 13, "09:05:00")],
    ),
    dated(
        "basic_iso_with_an_offset",
        ["20260105T100000Z", "20260213T120000+0300"],
        [day(1, 5, "10:00:00"), day(2, 13, "09:00:00")],
    ),
    dated(
        "german_french_and_spanish_months",
        ["1. März 2026", "3 juillet 2025", "5 mayo 2026", "2. Dezember 2025"],
        [day(3, 1), day(7, 3, year=2025), day(5, 5), day(12, 2, year=2025)],
    ),
    dated(
        "day_first_proven_by_one_value",
        ["03.04.2026 10:00", "05.06.2026", "31.01.2026 09:05"],
        [day(4, 3, "10:00:00"), day(6, 5), day(1, 31, "09:05:00")],
    ),
    dated(
        "month_first_proven_by_one_value",
        ["03/04/2026 10:00", "05/06/2026", "01/31/2026 09:05"],
        [day(3, 4, "10:00:00"), day(5, 6), day(1, 31, "09:05:00")],
    ),
    dated(
        "day_first_proven_by_the_last_of_thousands",
        ["03/04/2026"] * 3000 + ["13/04/2026"],
        [day(4, 3)] * 3000 + [day(4, 13)],
    ),
    dated("day_first_unpadded", ["3/4/2026 9:05", "31/1/2026 19:05"], [day(4, 3, "09:05:00"), day(1, 31, "19:05:00")]),
    dated("day_first_with_dashes", ["03-04-2026", "31-01-2026"], [day(4, 3), day(1, 31)]),
    dated("equal_day_and_month_is_no_question", ["05/05/2026", "06/06/2026 10:00"], [day(5, 5), day(6, 6, "10:00:00")]),
    dated(
        "ambiguous_dates_with_the_order_asked_for",
        ["03/04/2026", "05/06/2026"],
        [day(4, 3), day(6, 5)],
        date_order="dmy",
    ),
    dated(
        "ambiguous_dates_with_month_first_asked_for",
        ["03/04/2026", "05/06/2026"],
        [day(3, 4), day(5, 6)],
        date_order="mdy",
    ),
    dated(
        "mixed_dates_with_the_order_asked_for",
        ["31/01/2026", "01/31/2026", "03/04/2026"],
        [day(1, 31), BAD, day(4, 3)],
        date_order="dmy",
    ),
    dated(
        "iso_beside_proven_day_first",
        ["2026-01-05 10:00:00", "31.01.2026", "03.04.2026"],
        [day(1, 5, "10:00:00"), day(1, 31), day(4, 3)],
    ),
    dated("two_digit_years_day_first", ["31.12.25", "05.01.26 10:00"], [day(12, 31, year=2025), day(1, 5, "10:00:00")]),
    dated(
        "two_digit_years_month_first",
        ["12/31/25 11:05 PM", "01/05/26 9:00 AM"],
        [day(12, 31, "23:05:00", 2025), day(1, 5, "09:00:00")],
    ),
    dated("two_digit_year_of_last_century", ["31.12.25", "31.12.85"], [day(12, 31, year=2025), OUT]),
    dated(
        "impossible_days",
        ["31.01.2026", "31.04.2026", "29.02.2025", "29.02.2024", "00.01.2026", "32.01.2026"],
        [day(1, 31), BAD, BAD, day(2, 29, year=2024), BAD, BAD],
    ),
    dated("impossible_iso_days", ["2026-01-05", "2026-02-30", "2026-13-01", "2026-00-10"], [day(1, 5), BAD, BAD, BAD]),
    dated(
        "impossible_clock",
        ["2026-01-05 23:59:59", "2026-01-05 25:00:00", "2026-01-05 10:61:00"],
        [day(1, 5, "23:59:59"), BAD, BAD],
    ),
    dated("words_for_dates", ["2026-01-05", "yesterday", "dün", "soon", "n.v.t."], [day(1, 5), BAD, BAD, BAD, BAD]),
    dated("unknown_created", ["2026-01-05", "", "-", "?", "N/A"], [day(1, 5), GONE, GONE, GONE, GONE]),
    dated("never_as_creation", ["2026-01-05 00:00:00", "1900-01-01 00:00:00"], [day(1, 5), GONE]),
    dated("text_around_a_date", ["2026-01-05", "on 2026-01-05", "2026-01-05 (late)"], [day(1, 5), BAD, BAD]),
    dated(
        "formula_for_a_date",
        ["2026-01-05", "=NOW()", "#VALUE!", "#DEĞER!"],
        [day(1, 5), BAD, " cell_error", " cell_error"],
    ),
    undecided("ambiguous_dates", "03/04/2026", "05/06/2026", "07/08/2026 10:00"),
    dated("dots_are_day_first_unless_a_value_proves_otherwise", ["03.04.2026", "05.06.2026"], [day(4, 3), day(6, 5)]),
    dated("dots_month_first_by_proof", ["03.04.2026", "01.31.2026"], [day(3, 4), day(1, 31)]),
    undecided("ambiguous_dates_two_digit_years", "03/04/05", "05/06/07"),
    undecided("mixed_dates", "31/01/2026", "01/31/2026", kind="mixed_dates"),
    undecided(
        "mixed_dates_far_apart",
        *["03/04/2026"] * 500,
        "31/01/2026",
        *["03/04/2026"] * 500,
        "01/31/2026",
        kind="mixed_dates",
    ),
    undecided("iso_beside_ambiguous", "2026-01-05", "03/04/2026"),
    dated(
        "few_open_dates_among_iso",
        ["2026-01-05 10:00:00", "2026-01-13", "03/04/2026", "2026-02-03"],
        [day(1, 5, "10:00:00"), day(1, 13), OPEN, day(2, 3)],
    ),
    dated("few_open_dates_among_thousands", ["2026-01-05"] * 3000 + ["03/04/2026"], [day(1, 5)] * 3000 + [OPEN]),
    dated(
        "few_open_dates_among_months_in_words",
        ["5 Ocak 2026", "13 Şubat 2026 10:00", "03/04/2026"],
        [day(1, 5), day(2, 13, "10:00:00"), OPEN],
    ),
    dated(
        "few_open_dates_with_the_order_asked_for",
        ["2026-01-05", "2026-01-13", "03/04/2026"],
        [day(1, 5), day(1, 13), day(4, 3)],
        date_order="dmy",
    ),
    dated(
        "few_dates_among_iso_settled_by_one",
        ["2026-01-05", "2026-01-13", "2026-01-14", "2026-01-15", "03/04/2026", "13/04/2026"],
        [day(1, 5), day(1, 13), day(1, 14), day(1, 15), day(4, 3), day(4, 13)],
    ),
    optional(
        "open_date_in_an_optional_column",
        "solved_at",
        ["2026-01-06", "2026-01-07", "03/04/2026", "05/05/2026", "2026-01-09 10:00", "2026-01-08"],
        [day(1, 6), day(1, 7), OPEN, day(5, 5), day(1, 9, "10:00:00"), day(1, 8)],
    ),
    refused(
        "an_optional_column_may_be_the_ambiguous_one",
        HEAD + ",solved_at\nT-1,C-1,solved,2026-01-05,03/04/2026\n",
        "ambiguous_dates",
    ),
    case(
        "columns_are_decided_one_by_one",
        HEAD + ",solved_at\nT-1,C-1,solved,31/01/2026,02/13/2026\nT-2,C-2,solved,03/02/2026,03/04/2026\n",
        2,
        cells={
            "T-1": {"created_at": day(1, 31), "solved_at": day(2, 13)},
            "T-2": {"created_at": day(2, 3), "solved_at": day(3, 4)},
        },
    ),
]

WORDS = [
    dated(
        "am_pm",
        ["1/31/2026 11:05 PM", "2/3/2026 12:05 AM", "2/3/2026 12:05 PM", "2/3/2026 9:05:07 am"],
        [day(1, 31, "23:05:00"), day(2, 3, "00:05:00"), day(2, 3, "12:05:00"), day(2, 3, "09:05:07")],
    ),
    dated(
        "am_pm_with_dots",
        ["1/31/2026 11:05 p.m.", "2/3/2026 9:05 a.m."],
        [day(1, 31, "23:05:00"), day(2, 3, "09:05:00")],
    ),
    dated(
        "am_pm_without_a_blank",
        ["1/31/2026 11:05PM", "2/3/2026 9:05AM"],
        [day(1, 31, "23:05:00"), day(2, 3, "09:05:00")],
    ),
    dated(
        "turkish_am_pm",
        ["31.01.2026 11:05 ÖS", "03.02.2026 12:05 ÖÖ", "03.02.2026 12:05 ös", "03.02.2026 09:05:07 öö"],
        [day(1, 31, "23:05:00"), day(2, 3, "00:05:00"), day(2, 3, "12:05:00"), day(2, 3, "09:05:07")],
    ),
    dated(
        "turkish_month_names",
        ["31 Aralık 2025 22:43", "5 Ocak 2026 09:05", "1 Şubat 2026", "2 Mart 2026", "3 Nisan 2026", "4 Mayıs 2026"],
        [day(12, 31, "22:43:00", 2025), day(1, 5, "09:05:00"), day(2, 1), day(3, 2), day(4, 3), day(5, 4)],
    ),
    dated(
        "turkish_month_names_of_the_second_half",
        ["1 Haziran 2026", "2 Temmuz 2026", "3 Ağustos 2026", "4 Eylül 2026", "5 Ekim 2026", "6 Kasım 2026"],
        [day(6, 1), day(7, 2), day(8, 3), day(9, 4), day(10, 5), day(11, 6)],
    ),
    dated(
        "turkish_month_names_in_capitals",
        ["1 HAZİRAN 2026", "2 KASIM 2025", "3 AĞUSTOS 2026", "4 ARALIK 2025"],
        [day(6, 1), day(11, 2, year=2025), day(8, 3), day(12, 4, year=2025)],
    ),
    dated(
        "turkish_short_months",
        ["1 Oca 2026", "2 Şub 2026", "3 Ağu 2026", "4 Eyl 2026", "5 Ara 2025 10:30"],
        [day(1, 1), day(2, 2), day(8, 3), day(9, 4), day(12, 5, "10:30:00", 2025)],
    ),
    dated(
        "jira_months",
        ["30/Jul/18 23:33", "01/Oct/18 5:00 PM", "02/May/26 09:05 AM"],
        [day(7, 30, "23:33:00", 2018), day(10, 1, "17:00:00", 2018), day(5, 2, "09:05:00")],
    ),
    dated(
        "english_month_names",
        ["Jan 5, 2026", "January 31, 2026 10:05 AM", "5 February 2026 10:05", "Mar 03, 2026, 11:05 PM"],
        [day(1, 5), day(1, 31, "10:05:00"), day(2, 5, "10:05:00"), day(3, 3, "23:05:00")],
    ),
    dated(
        "mail_dates",
        ["Mon, 05 Jan 2026 10:00:00 +0000", "Tue, 13 Jan 2026 10:00:00 +0300"],
        [day(1, 5, "10:00:00"), day(1, 13, "07:00:00")],
    ),
    dated("weekdays_in_words", ["5 Ocak 2026 Pazartesi", "13 Ocak 2026 Salı"], [day(1, 5), day(1, 13)]),
    dated("day_month_name_with_dashes", ["05-Jan-2026", "13-Feb-26 10:00"], [day(1, 5), day(2, 13, "10:00:00")]),
    dated("unknown_month_name", ["5 Ocak 2026", "5 Brumaire 2026"], [day(1, 5), BAD]),
]

NUMBERS = [
    dated("epoch_seconds", ["1767607200", "1768303800"], [day(1, 5, "10:00:00"), day(1, 13, "11:30:00")]),
    dated("epoch_milliseconds", ["1767607200000", "1768303800500"], [day(1, 5, "10:00:00"), day(1, 13, "11:30:00.5")]),
    dated(
        "excel_serials",
        ["46027.4166666667", "46035", "45658.5"],
        [day(1, 5, "10:00:00"), day(1, 13), day(1, 1, "12:00:00", 2025)],
    ),
    dated("excel_serials_with_decimal_comma", ["46027,5", "46035,25"], [day(1, 5, "12:00:00"), day(1, 13, "06:00:00")]),
    dated("small_numbers_are_no_dates", ["2026-01-05", "7", "12345678901234567890"], [day(1, 5), BAD, BAD]),
    dated("nine_at_the_end_of_a_second", ["46027.999988425925"], [day(1, 5, "23:59:59")]),
]

ZONES = [
    dated(
        "offsets",
        ["2026-01-05T10:00:00+03:00", "2026-01-05T10:00:00Z", "2026-01-05 10:00:00 -0500", "2026-01-05 10:00:00 UTC"],
        [day(1, 5, "07:00:00"), day(1, 5, "10:00:00"), day(1, 5, "15:00:00"), day(1, 5, "10:00:00")],
    ),
    dated(
        "short_offset",
        ["2026-01-05 10:00:00+03", "2026-01-13 10:00:00.5+00"],
        [day(1, 5, "07:00:00"), day(1, 13, "10:00:00.5")],
    ),
    dated(
        "file_in_local_time",
        ["2026-01-05 10:00:00", "2016-01-05 10:00:00", "2016-07-05 10:00:00"],
        [day(1, 5, "07:00:00"), day(1, 5, "08:00:00", 2016), day(7, 5, "07:00:00", 2016)],
        timezone="Europe/Istanbul",
    ),
    dated(
        "offset_beats_the_zone_of_the_file",
        ["2026-01-05T10:00:00+00:00", "2026-01-05 10:00:00"],
        [day(1, 5, "10:00:00"), day(1, 5, "07:00:00")],
        timezone="Europe/Istanbul",
    ),
    dated(
        "zone_in_the_header",
        ["2026-01-05 10:00:00", "2026-07-05 10:00:00"],
        [day(1, 5, "15:00:00"), day(7, 5, "14:00:00")],
        column="created_at (America/New_York)",
    ),
    dated(
        "utc_in_the_header",
        ["2026-01-05 10:00:00"],
        [day(1, 5, "10:00:00")],
        column="created_at (UTC)",
        timezone="Europe/Istanbul",
    ),
    dated("epoch_is_utc_whatever_the_zone", ["1767607200"], [day(1, 5, "10:00:00")], timezone="Europe/Istanbul"),
    case(
        "hour_that_exists_twice_or_never_is_read",
        HEAD + "\nT-1,C-1,open,2015-11-08 03:30:00\nT-2,C-2,open,2016-03-27 03:30:00\n",
        2,
        timezone="Europe/Istanbul",
    ),
]

RANGE = [
    dated(
        "before_the_earliest_time",
        ["2026-01-05", "1999-12-31 23:59:59", "2000-01-01 00:00:00", "1970-01-01 00:00:00"],
        [day(1, 5), OUT, day(1, 1, year=2000), OUT],
    ),
    dated(
        "after_as_of",
        ["2026-11-21 23:59:59", "2026-11-22 00:00:00", "2026-11-22 00:00:01", "2062-01-05"],
        [day(11, 21, "23:59:59"), day(11, 22), OUT, OUT],
    ),
    dated(
        "after_as_of_only_in_local_time", ["2026-11-22 02:00:00"], [day(11, 21, "23:00:00")], timezone="Europe/Istanbul"
    ),
    dated(
        "years_beyond_any_calendar",
        ["2026-01-05", "9999-12-31", "0001-01-01", "20226-01-05"],
        [day(1, 5), GONE, GONE, BAD],
    ),
    dated("earliest_lowered", ["1997-01-05", "1989-12-31"], [day(1, 5, year=1997), OUT], earliest="1990-01-01"),
    optional(
        "solved_out_of_range",
        "solved_at",
        ["2026-01-06", "1999-01-01", "2062-01-01", "1900-01-01 00:00:00", "31.04.2026", ""],
        [day(1, 6), OUT, OUT, None, BAD, None],
    ),
    optional(
        "due_times_lie_ahead", "due_at", ["2027-01-06 10:00:00", "2026-01-06"], [day(1, 6, "10:00:00", 2027), day(1, 6)]
    ),
    case(
        "solved_before_created_is_kept_for_the_quality_page",
        HEAD + ",solved_at\nT-1,C-1,solved,2026-01-05,2026-01-04\n",
        1,
        cells={"T-1": {"solved_at": day(1, 4)}},
    ),
    case(
        "several_bad_cells_in_one_row",
        HEAD
        + ",solved_at,updated_at,replies\nT-1,C-1,solved,2026-01-05,31.04.2026,soon,many\nT-2,C-2,solved,2026-01-05,2026-01-06,2026-01-06,3\n",
        2,
        warnings={"bad_date": 2, "bad_number": 1},
        cells={"T-1": {"solved_at": None, "updated_at": None, "replies": None}, "T-2": {"replies": "3"}},
    ),
    case("as_of_not_given", PLAIN, 3, as_of=None),
]

CASES = ORDERS + WORDS + NUMBERS + ZONES + RANGE
