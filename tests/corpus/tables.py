"""Delimiters, quotes, headers, ragged rows, line ends, sizes."""

from corpus.case import HEAD, PLAIN, ROWS, case, refused

FIRST = {"T-1": {"customer_id": "C-1", "status": "open", "created_at": "2026-01-05 10:00:00"}}
WITH_SUBJECT = "ticket_id,customer_id,status,created_at,subject\n"


def subject(raw: str) -> str:
    """Return one ticket whose last cell is written exactly so, between two good ones."""
    good = "T-{n},C-{n},open,2026-01-05 10:00:00,good\n"
    return f"{WITH_SUBJECT}{good.format(n=1)}T-2,C-2,open,2026-01-05 10:00:00,{raw}\n{good.format(n=3)}"


def wide(columns: int) -> str:
    """Return one ticket in a table of so many columns."""
    extra = columns - 4
    return HEAD + "".join(f",x{n}" for n in range(extra)) + "\nT-1,C-1,open,2026-01-05 10:00:00" + ",1" * extra + "\n"


DELIMITERS = [
    case("comma", PLAIN, 3, cells=FIRST),
    case("semicolon", PLAIN.replace(",", ";"), 3, cells=FIRST),
    case("tab", PLAIN.replace(",", "\t"), 3, cells=FIRST, file="tab.tsv"),
    case("pipe", PLAIN.replace(",", "|"), 3, cells=FIRST, file="pipe.txt"),
    case("blanks", PLAIN.replace(" ", "T").replace(",", " "), 3, cells=FIRST, file="blanks.txt"),
    case("runs_of_blanks", PLAIN.replace(" ", "T").replace(",", "   "), 3, cells=FIRST, file="blanks.txt"),
    case(
        "semicolon_with_commas_in_the_text",
        "ticket_id;customer_id;status;created_at;subject\nT-1;C-1;open;2026-01-05 10:00:00;a,b,c,d,e,f,g\n",
        1,
        cells={"T-1": {"subject": "a,b,c,d,e,f,g"}},
    ),
    case(
        "comma_with_semicolons_in_the_text",
        WITH_SUBJECT + "T-1,C-1,open,2026-01-05 10:00:00,a;b;c;d;e;f;g;h\n",
        1,
        cells={"T-1": {"subject": "a;b;c;d;e;f;g;h"}},
    ),
    case(
        "tab_with_commas_in_the_text",
        "ticket_id\tcustomer_id\tstatus\tcreated_at\tsubject\nT-1\tC-1\topen\t2026-01-05 10:00:00\ta, b, c, d, e\n",
        1,
        cells={"T-1": {"subject": "a, b, c, d, e"}},
    ),
    case("delimiter_asked_for", PLAIN.replace(",", ";"), 3, cells=FIRST, delimiter=";"),
    case("excel_sep_line", "sep=;\n" + PLAIN.replace(",", ";"), 3, cells=FIRST),
    case("every_line_ends_in_a_delimiter", PLAIN.replace("\n", ",\n"), 3, cells=FIRST),
    case("rows_end_in_a_delimiter_the_header_does_not", f"{HEAD}\n" + ROWS.replace("\n", ",\n"), 3, cells=FIRST),
    case(
        "header_and_cells_padded_with_blanks",
        " ticket_id , customer_id , status , created_at \nT-1 , C-1 , open , 2026-01-05 10:00:00 \n",
        1,
        cells=FIRST,
    ),
    refused("wrong_delimiter_asked_for", PLAIN, "unrecognised_format", delimiter="|"),
]

QUOTES = [
    case(
        "everything_quoted",
        "\n".join('"' + line.replace(",", '","') + '"' for line in PLAIN.splitlines()) + "\n",
        3,
        cells=FIRST,
    ),
    case("quoted_delimiter", subject('"one, two"'), 3, cells={"T-2": {"subject": "one, two"}}),
    case("quoted_newline", subject('"one\ntwo"'), 3, cells={"T-2": {"subject": "one\ntwo"}}),
    case(
        "quoted_crlf",
        subject('"one\r\ntwo"').replace("good\n", "good\r\n"),
        3,
        cells={"T-2": {"subject": "one\r\ntwo"}},
    ),
    case("quoted_blank_lines", subject('"one\n\n\ntwo"'), 3, cells={"T-2": {"subject": "one\n\n\ntwo"}}),
    case(
        "quoted_lines_that_look_like_rows",
        subject('"one\nT-9,C-9,open,2026-01-05 10:00:00,no row\ntwo"'),
        3,
        cells={"T-2": {"subject": "one\nT-9,C-9,open,2026-01-05 10:00:00,no row\ntwo"}},
    ),
    case("quoted_lines_that_look_like_the_header", subject(f'"one\n{HEAD},subject\ntwo"'), 3),
    case("doubled_quotes", subject('"He said ""no"""'), 3, cells={"T-2": {"subject": 'He said "no"'}}),
    case("only_doubled_quotes", subject('""""""'), 3, cells={"T-2": {"subject": '""'}}),
    case("empty_quotes_are_unknown", subject('""'), 3, cells={"T-2": {"subject": None}}),
    case("inch_sign_inside_a_cell", subject('5" monitor'), 3, cells={"T-2": {"subject": '5" monitor'}}),
    case("quotes_inside_an_unquoted_cell", subject('the "new" one'), 3, cells={"T-2": {"subject": 'the "new" one'}}),
    case("single_quotes_are_text", subject("'it''s'"), 3, cells={"T-2": {"subject": "'it''s'"}}),
    case(
        "quoted_header_with_newline_in_an_unknown_column",
        HEAD + ',"my\nfield"\nT-1,C-1,open,2026-01-05 10:00:00,x\n',
        1,
        cells=FIRST,
    ),
    case("text_after_a_closing_quote", subject('"one" two'), 2, rejects={"unbalanced_quote": 1}),
    case(
        "quoted_numbers_of_lines_are_the_file_s", subject('"a\nb"') + "T-4,C-4,open,bad,x\n", 3, rejects={"bad_date": 1}
    ),
    refused("quote_never_closed", subject('"one'), "unbalanced_quote"),
    refused("file_cut_inside_quotes", PLAIN + 'T-4,C-4,"open', "truncated"),
    refused(
        "quote_never_closed_in_the_first_row", f'{HEAD}\n"T-1,C-1,open,2026-01-05 10:00:00\n{ROWS}', "unbalanced_quote"
    ),
    refused(
        "file_cut_inside_a_quoted_text",
        WITH_SUBJECT + 'T-1,C-1,open,2026-01-05 10:00:00,"' + "long text\n" * 500,
        "unbalanced_quote",
    ),
    refused("quote_never_closed_in_the_header", '"' + PLAIN, "unbalanced_quote"),
]

FOOTER = "\nCopyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\nConfidential Information - Do Not Distribute\nGenerated By: Elif Kaya 22.11.2026 10:00\n"

LINES = [
    case("crlf", PLAIN.replace("\n", "\r\n"), 3, cells=FIRST),
    case("cr_only", PLAIN.replace("\n", "\r"), 3, cells=FIRST),
    case(
        "mixed_line_ends",
        f"{HEAD}\r\nT-1,C-1,open,2026-01-05 10:00:00\nT-2,C-2,open,2026-01-05 10:00:00\r\nT-3,C-3,open,2026-01-05 10:00:00\n",
        3,
        cells=FIRST,
    ),
    case("no_newline_at_the_end", PLAIN.rstrip(), 3, cells=FIRST),
    case("blank_lines_between", PLAIN.replace("\n", "\n\n"), 3, cells=FIRST),
    case("lines_of_blanks_between", PLAIN.replace("\n", "\n   \n"), 3, cells=FIRST),
    case("lines_of_empty_cells_between", PLAIN.replace("\n", "\n,,,\n"), 3, cells=FIRST),
    case("blank_lines_before_the_header", f"\n\n\n{PLAIN}", 3, cells=FIRST),
    case("many_blank_lines_at_the_end", PLAIN + "\n" * 500, 3, cells=FIRST),
    case("ctrl_z_at_the_end", PLAIN.encode() + b"\x1a", 3, cells=FIRST),
    case(
        "unicode_line_separators_are_text",
        subject("a\u2028b\u2029c\x85d\x0be\x0cf"),
        3,
        cells={"T-2": {"subject": "a\u2028b\u2029c\x85d\x0be\x0cf"}},
    ),
    case("nul_byte_in_a_cell", subject("a\0b"), 2, rejects={"nul_byte": 1}),
    case("nul_byte_in_an_id", PLAIN.replace("T-2", "T-\0002"), 2, rejects={"nul_byte": 1}),
    case("nul_byte_in_a_quoted_cell", subject('"a\n\0b"'), 2, rejects={"nul_byte": 1}),
    case("preamble", "Reporting period 2026-01-01 to 2026-01-31\ngenerated in UTC\n\n" + PLAIN, 3, cells=FIRST),
    case("preamble_of_one_line", "Destek talepleri raporu\n" + PLAIN, 3, cells=FIRST),
    case("preamble_with_delimiters", "Report:,Tickets,,\nFrom,2026-01-01,To,2026-01-31\n" + PLAIN, 3, cells=FIRST),
    case("preamble_wider_than_the_table", "a,b,c,d,e,f,g,h\n" + PLAIN, 3, cells=FIRST),
    case("preamble_with_a_quote", 'Report "all tickets"\n' + PLAIN, 3, cells=FIRST),
    case("footer_after_a_blank_line", PLAIN + FOOTER, 3, cells=FIRST),
    case("footer_in_turkish", PLAIN + "\nToplam 3 kayıt\n", 3, cells=FIRST),
    case("preamble_and_footer", "Cases\n\n" + PLAIN + FOOTER, 3, cells=FIRST),
    case("repeated_header", PLAIN + PLAIN.replace("T-", "U-"), 6, rejects={"repeated_header": 1}),
    case(
        "header_repeated_on_every_page",
        PLAIN + f"{HEAD}\nT-4,C-4,open,2026-02-21 09:00:00\n{HEAD}\n",
        4,
        rejects={"repeated_header": 2},
    ),
    case("upper_case_header", PLAIN.replace(HEAD, HEAD.upper()), 3, cells=FIRST),
    case(
        "header_with_blanks_for_underscores",
        PLAIN.replace(HEAD, "Ticket ID,Customer ID,Status,Created At"),
        3,
        cells=FIRST,
    ),
    case("unnamed_index_column", "," + PLAIN.replace("\n", "\n0,").removesuffix("0,"), 3, cells=FIRST),
    case(
        "unknown_columns_are_left_alone",
        HEAD + ",mood,weather\nT-1,C-1,open,2026-01-05 10:00:00,fine,rain\n",
        1,
        cells=FIRST,
    ),
    case(
        "columns_in_another_order",
        "created_at,status,ticket_id,customer_id\n2026-01-05 10:00:00,open,T-1,C-1\n",
        1,
        cells=FIRST,
    ),
    case(
        "unknown_header_twice",
        HEAD + ",Watchers,Watchers,Watchers\nT-1,C-1,open,2026-01-05 10:00:00,a,b,c\n",
        1,
        cells=FIRST,
    ),
    case("two_unnamed_columns", HEAD + ",,\nT-1,C-1,open,2026-01-05 10:00:00,a,b\n", 1, cells=FIRST),
    case(
        "header_named_like_our_own_columns",
        HEAD
        + ",source,load_id,_line,is_open,status_raw,row_at\nT-1,C-1,open,2026-01-05 10:00:00,evil,9,9,false,x,2026-01-01\n",
        1,
        cells=FIRST,
    ),
    case("row_too_short", PLAIN + "T-4,C-4\nT-5,C-5,open,2026-02-21 09:00:00\n", 4, rejects={"ragged_row": 1}),
    case(
        "row_too_long",
        PLAIN + "T-4,C-4,open,2026-02-21 09:00:00,more,and more\nT-5,C-5,open,2026-02-21 09:00:00\n",
        4,
        rejects={"ragged_row": 1},
    ),
    case("unquoted_delimiter_in_a_text", subject("one, two"), 2, rejects={"ragged_row": 1}),
    case(
        "row_of_one_cell_in_the_middle",
        PLAIN.replace("T-2,C-2,solved,2026-01-13 11:30:00", "T-2"),
        2,
        rejects={"ragged_row": 1},
    ),
    case("short_last_row_with_its_newline", PLAIN + "T-4,C-4,open\n", 3, rejects={"ragged_row": 1}),
    case("long_last_row_without_newline", PLAIN + "T-4,C-4,open,2026-02-21 09:00:00,x", 3, rejects={"ragged_row": 1}),
    refused("header_only", f"{HEAD}\n", "empty_file"),
    refused("header_only_without_newline", HEAD, "empty_file"),
    case("one_row", f"{HEAD}\nT-1,C-1,open,2026-01-05 10:00:00", 1, cells=FIRST),
    case(
        "every_row_bad",
        f"{HEAD}\nT-1,C-1,open,2026-02-31\nT-2,C-2\nT-3,C-3,open,\n",
        0,
        rejects={"bad_date": 1, "ragged_row": 1, "missing_value": 1},
    ),
    case("wide_but_allowed", wide(2000), 1, cells=FIRST),
    case("long_cell", subject("ş" * 300_000), 3, cells={"T-2": {"subject": "ş" * 300_000}}),
    case("longest_allowed_cells_in_one_row", subject("x" * 1_000_000).replace("T-2,C-2", "T-2," + "c" * 999_999), 3),
    case("cell_cut_off_by_a_spreadsheet", subject("ş" * 32_767), 3, warnings={"truncated": 1}),
    case("cell_longer_than_a_spreadsheet_holds", subject("x" * 32_768), 3),
    case("cell_too_large", subject("x" * 1_000_001), 2, rejects={"cell_too_large": 1}),
    case("quoted_cell_too_large", subject('"' + "x\n" * 600_000 + '"'), 2, rejects={"cell_too_large": 1}),
    case(
        "line_numbers_survive_preamble", "Report\n\n" + PLAIN + "T-4,C-4,open,31.04.2026\n", 3, rejects={"bad_date": 1}
    ),
    refused("empty", b"", "empty_file"),
    refused("only_blanks_and_newlines", " \n\t\n   \r\n", "empty_file"),
    refused("only_a_bom", "\ufeff", "empty_file"),
    refused("only_delimiters", ",,,\n,,,\n", "empty_file"),
    refused("no_header", ROWS, "no_header"),
    refused("unknown_header", "foo,bar,baz\n1,2,3\n", "unrecognised_format"),
    refused("prose", "Dear team,\nplease find attached the numbers.\nBest\n", "unrecognised_format", file="letter.txt"),
    refused("one_word", "hello\n", "unrecognised_format"),
    refused("missing_status", "ticket_id,customer_id,created_at\nT-1,C-1,2026-01-05\n", "missing_required_column"),
    refused("missing_created_at", "ticket_id,customer_id,status,subject\nT-1,C-1,open,x\n", "missing_required_column"),
    refused(
        "missing_customer_id", "ticket_id,status,created_at,subject\nT-1,open,2026-01-05,x\n", "missing_required_column"
    ),
    refused(
        "missing_ticket_id",
        "customer_id,status,created_at,subject,priority,first_response_at\nC-1,open,2026-01-05,x,high,2026-01-05\n",
        "missing_required_column",
    ),
    refused(
        "asked_for_a_profile_whose_columns_are_missing",
        "foo,bar\n1,2\n",
        "missing_required_column",
        source="generic_tickets",
    ),
    refused("id_column_twice", PLAIN.replace(HEAD, HEAD + ",ticket_id").replace("0\n", "0,T-9\n"), "duplicate_column"),
    refused("time_column_twice", HEAD + ",created_at\nT-1,C-1,open,2026-01-05,2026-01-06\n", "duplicate_column"),
    refused(
        "same_column_in_two_spellings", HEAD + ",Created At\nT-1,C-1,open,2026-01-05,2026-01-06\n", "duplicate_column"
    ),
    refused("ten_thousand_columns", wide(10_000), "too_many_columns"),
    refused(
        "many_headers_with_blanks_inside",
        ",".join(f"my column {i}" for i in range(1_500)) + "\n" + "x," * 1_499 + "x\n",
        "unrecognised_format",
    ),
    refused("one_column_too_many", wide(2001), "too_many_columns"),
    case("line_of_ten_thousand_empty_cells_before_the_header", "," * 10_000 + "\n" + PLAIN, 3, cells=FIRST),
    refused("last_row_cut", PLAIN + "T-4,C-4,op", "truncated"),
    refused("last_row_cut_after_a_delimiter", PLAIN + "T-4,C-4,", "truncated"),
]

CASES = DELIMITERS + QUOTES + LINES
