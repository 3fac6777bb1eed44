"""Words of states in any letter case, ids exactly as exported, rows of one id."""

from corpus.case import HEAD, PLAIN, ROWS, Case, case


def stated(name: str, **words: str | None) -> Case:
    """Return tickets in these states (underscores for blanks) and the canonical word of each; None is unknown."""
    lines = [f"T-{n};C-{n};{word.replace('_', ' ')};2026-01-05" for n, word in enumerate(words, 1)]
    unknown = sum(v is None for v in words.values())
    return case(
        name,
        "\n".join(["ticket_id;customer_id;status;created_at", *lines, ""]),
        len(words),
        warnings={"unknown_status": unknown} if unknown else {},
        cells={f"T-{n}": {"status": v, "status_raw": w.replace("_", " ")} for n, (w, v) in enumerate(words.items(), 1)},
    )


def tickets(*rows: str, columns: str = "") -> str:
    """Return tickets as a file, `columns` added to the usual ones."""
    return "\n".join([HEAD + columns, *rows, ""])


STATES = [
    stated(
        "english_states",
        new="new",
        open="open",
        pending="pending",
        hold="hold",
        solved="solved",
        closed="closed",
        deleted="deleted",
    ),
    stated(
        "english_states_in_any_case",
        NEW="new",
        Open="open",
        PENDING="pending",
        Solved="solved",
        CLOSED="closed",
        In_Progress="open",
        on_hold="hold",
        Resolved="solved",
    ),
    stated(
        "turkish_states",
        yeni="new",
        açık="open",
        beklemede="pending",
        askıda="hold",
        çözüldü="solved",
        kapalı="closed",
        silindi="deleted",
    ),
    stated(
        "turkish_states_in_capitals",
        YENİ="new",
        AÇIK="open",
        BEKLEMEDE="pending",
        ASKIDA="hold",
        ÇÖZÜLDÜ="solved",
        KAPALI="closed",
        SİLİNDİ="deleted",
    ),
    stated(
        "turkish_states_in_english_capitals",
        YENI="new",
        ACIK="open",
        COZULDU="solved",
        SILINDI="deleted",
        Kapandı="closed",
        KAPANDI="closed",
    ),
    stated(
        "cancelled_in_every_spelling", İPTAL="closed", iptal="closed", İptal="closed", IPTAL="closed", ıptal="closed"
    ),
    stated("states_no_one_knows", open="open", Frobnicated=None, ŞAŞKIN=None),
    case(
        "decomposed_letters",
        tickets("T-1,C-1,c\u0327o\u0308zu\u0308ldu\u0308,2026-01-05"),
        1,
        cells={"T-1": {"status": "solved"}},
    ),
    case(
        "state_padded_with_odd_blanks",
        tickets("T-1,C-1,\u00a0open\u200b ,2026-01-05"),
        1,
        cells={"T-1": {"status": "open"}},
    ),
    case(
        "unmapped_words_are_other",
        tickets(
            "T-1,C-1,open,2026-01-05,email",
            "T-2,C-2,open,2026-01-05,E-POSTA",
            "T-3,C-3,open,2026-01-05,pigeon post",
            "T-4,C-4,open,2026-01-05,",
            columns=",channel",
        ),
        4,
        warnings={"unknown_status": 1},
        cells={
            "T-2": {"channel": "email"},
            "T-3": {"channel": "other", "channel_raw": "pigeon post"},
            "T-4": {"channel": None},
        },
    ),
]

IDS = [
    case(
        "leading_zeros_are_kept",
        tickets("00012,00623,open,2026-01-05", "12,623,open,2026-01-05"),
        2,
        cells={"00012": {"customer_id": "00623"}, "12": {"customer_id": "623"}},
    ),
    case(
        "float_looking_ids_are_kept",
        tickets("17850.0,10037.0,open,2026-01-05"),
        1,
        cells={"17850.0": {"customer_id": "10037.0"}},
    ),
    case(
        "long_ids_are_kept",
        tickets("12345678901234567890123,C-1,open,2026-01-05"),
        1,
        cells={"12345678901234567890123": {"customer_id": "C-1"}},
    ),
    case("ids_differing_in_case_are_two", tickets("abc,C-1,open,2026-01-05", "ABC,C-1,open,2026-01-05"), 2),
    case(
        "ids_differing_in_the_dot_of_the_i_are_two", tickets("iş-1,C-1,open,2026-01-05", "ış-1,C-1,open,2026-01-05"), 2
    ),
    case("id_with_blanks_inside", tickets("T 1 / a,C-1,open,2026-01-05"), 1, cells={"T 1 / a": {"status": "open"}}),
    case("hash_before_the_id", tickets("#1001,C-1,open,2026-01-05"), 1, cells={"#1001": {"status": "open"}}),
    case("guid_ids", tickets("{0f8fad5b-d9cb-469f-a165-70867728950e},C-1,open,2026-01-05"), 1),
    case("blank_id", tickets(",C-1,open,2026-01-05", "T-2,C-2,open,2026-01-05"), 1, rejects={"missing_value": 1}),
    case(
        "blank_id_in_quotes",
        tickets('"  ",C-1,open,2026-01-05', "T-2,C-2,open,2026-01-05"),
        1,
        rejects={"missing_value": 1},
    ),
    case(
        "id_that_means_unknown",
        tickets("?,C-1,open,2026-01-05", "-,C-1,open,2026-01-05", "N/A,C-1,open,2026-01-05", "T-2,C-2,open,2026-01-05"),
        1,
        rejects={"missing_value": 3},
    ),
    case(
        "id_broken_by_excel",
        tickets("1.23457E+12,C-1,open,2026-01-05", "T-2,C-2,open,2026-01-05"),
        1,
        rejects={"bad_id": 1},
    ),
    case(
        "id_broken_by_turkish_excel",
        tickets('"1,23457E+12",C-1,open,2026-01-05', "T-2,C-2,open,2026-01-05"),
        1,
        rejects={"bad_id": 1},
    ),
    case(
        "round_id_written_short_by_a_spreadsheet_stays",
        tickets("1E+15,C-1,open,2026-01-05", "2e15,C-2,open,2026-01-05"),
        2,
        cells={"1E+15": {"status": "open"}},
    ),
    case("id_with_an_e_inside_is_fine", tickets("12E5,C-1,open,2026-01-05", "E+12,C-2,open,2026-01-05"), 2),
    case(
        "id_that_is_an_error",
        tickets("#REF!,C-1,open,2026-01-05", "T-2,C-2,open,2026-01-05"),
        1,
        rejects={"cell_error": 1},
    ),
    case(
        "unknown_customer",
        tickets("T-1,,open,2026-01-05", "T-2,0,open,2026-01-05", "T-3,?,open,2026-01-05", "T-4,C-4,open,2026-01-05"),
        4,
        cells={"T-1": {"customer_id": None}, "T-2": {"customer_id": None}, "T-3": {"customer_id": None}},
    ),
    case(
        "unknown_state", tickets("T-1,C-1,,2026-01-05", "T-2,C-2,open,2026-01-05"), 2, cells={"T-1": {"status": None}}
    ),
    case(
        "customers_called_null_and_na",
        "customer_id,name,email\nC-1,Null,null@example.com\nC-2,NA,na@example.com\n",
        2,
        table="customers",
        cells={"C-1": {"name": "Null"}, "C-2": {"name": "NA"}},
    ),
    case(
        "customer_ids_with_leading_zeros",
        "customer_id,name,email\n007,James,j@example.com\n7,Other,o@example.com\n",
        2,
        table="customers",
        cells={"007": {"name": "James"}},
    ),
]

TWICE = [
    case("same_row_twice", PLAIN + ROWS, 6),
    case(
        "newer_row_first",
        tickets("T-1,C-1,solved,2026-01-05,2026-01-09", "T-1,C-1,open,2026-01-05,2026-01-06", columns=",updated_at"),
        2,
    ),
    case(
        "newer_row_last",
        tickets("T-1,C-1,open,2026-01-05,2026-01-06", "T-1,C-1,solved,2026-01-05,2026-01-09", columns=",updated_at"),
        2,
    ),
    case(
        "one_id_two_contents",
        tickets("T-1,C-1,open,2026-01-05", "T-2,C-2,open,2026-01-05", "T-1,C-9,solved,2026-01-05"),
        2,
        rejects={"duplicate_id_conflict": 1},
        cells={"T-1": {"customer_id": "C-9"}},
    ),
    case(
        "one_id_three_contents",
        tickets("T-1,C-1,open,2026-01-05", "T-1,C-2,open,2026-01-05", "T-1,C-3,open,2026-01-05"),
        1,
        rejects={"duplicate_id_conflict": 2},
        cells={"T-1": {"customer_id": "C-3"}},
    ),
    case(
        "one_id_two_contents_at_the_same_update_time",
        tickets("T-1,C-1,open,2026-01-05,2026-01-06", "T-1,C-9,solved,2026-01-05,2026-01-06", columns=",updated_at"),
        1,
        rejects={"duplicate_id_conflict": 1},
        cells={"T-1": {"customer_id": "C-9"}},
    ),
]

CASES = STATES + IDS + TWICE
