"""Which bytes mean which letters: decided per file, single rows in another encoding set aside."""

import codecs

from corpus.case import HEAD, PLAIN, case, refused

TURKISH = (
    "ticket_id,customer_id,status,created_at,subject\n"
    "T-1,C-1,açık,2026-01-05 10:00:00,Şikâyet: ığdır kargo gecikti\n"
    "T-2,C-2,ÇÖZÜLDÜ,2026-01-13 11:30:00,İade ÜCRETİ göğüs öşür\n"
)
READ = {
    "T-1": {"subject": "Şikâyet: ığdır kargo gecikti", "status": "open"},
    "T-2": {"subject": "İade ÜCRETİ göğüs öşür", "status": "solved"},
}
SUBJECT = "ticket_id,customer_id,status,created_at,subject\n"


def rows_of(*subjects: bytes) -> bytes:
    """Return tickets with subjects in any bytes."""
    return SUBJECT.encode() + b"".join(
        b"T-%d,C-%d,open,2026-01-05 10:00:00,%s\n" % (n, n, s) for n, s in enumerate(subjects, 1)
    )


UTF8 = "çğışöü".encode()
BAD = b"k\xf6t\xfc"
"""Turkish letters of windows-1254, no UTF-8."""

CASES = [
    case("utf8", TURKISH, 2, cells=READ),
    case("utf8_bom", codecs.BOM_UTF8 + TURKISH.encode(), 2, cells=READ),
    case(
        "utf8_bom_before_quoted_header",
        codecs.BOM_UTF8 + TURKISH.replace("ticket_id", '"ticket_id"', 1).encode(),
        2,
        cells=READ,
    ),
    case("utf16_le_bom", codecs.BOM_UTF16_LE + TURKISH.encode("utf-16-le"), 2, cells=READ),
    case("utf16_be_bom", codecs.BOM_UTF16_BE + TURKISH.encode("utf-16-be"), 2, cells=READ),
    case("utf16_le_without_bom", TURKISH.encode("utf-16-le"), 2, cells=READ),
    case("utf16_be_without_bom", TURKISH.encode("utf-16-be"), 2, cells=READ),
    case(
        "utf16_tabs_as_excel_unicode_text",
        codecs.BOM_UTF16_LE + TURKISH.replace(",", "\t").replace("\n", "\r\n").encode("utf-16-le"),
        2,
        cells=READ,
        file="excel.txt",
    ),
    case("utf16_flag", TURKISH.encode("utf-16-le"), 2, cells=READ, encoding="utf-16-le"),
    case("windows_1254", TURKISH.encode("cp1254"), 2, cells=READ),
    case("iso_8859_9", TURKISH.encode("iso8859-9"), 2, cells=READ),
    case(
        "windows_1254_semicolons_crlf", TURKISH.replace(",", ";").replace("\n", "\r\n").encode("cp1254"), 2, cells=READ
    ),
    case("windows_1254_dotless_i_only", rows_of(b"kar\xfd\xfe\xfdk"), 1, cells={"T-1": {"subject": "karışık"}}),
    case(
        "windows_1254_smart_quotes",
        rows_of(b"\x93\xdeikayet\x94 \x96 \x80 5"),
        1,
        cells={"T-1": {"subject": "“Şikayet” – € 5"}},
    ),
    case(
        "windows_1254_asked_for",
        rows_of("ÇÖÜ".encode("cp1254")),
        1,
        cells={"T-1": {"subject": "ÇÖÜ"}},
        encoding="windows-1254",
    ),
    case(
        "windows_1252_by_default_without_turkish_letters",
        rows_of("Käse für Müller – 5 €".encode("cp1252")),
        1,
        cells={"T-1": {"subject": "Käse für Müller – 5 €"}},
    ),
    case(
        "windows_1252_asked_for",
        rows_of("Þórður Ýr".encode("cp1252")),
        1,
        cells={"T-1": {"subject": "Þórður Ýr"}},
        encoding="windows-1252",
    ),
    case("ascii", PLAIN, 3),
    case(
        "turkish_headers_in_windows_1254",
        "ticket_id;customer_id;status;created_at;Açıklama\nT-1;C-1;açık;2026-01-05 10:00;ığ\n".encode("cp1254"),
        1,
    ),
    case(
        "one_row_in_another_encoding",
        rows_of(UTF8, b"k\xf6t\xfc", UTF8, UTF8),
        3,
        rejects={"encoding": 1},
        cells={"T-1": {"subject": "çğışöü"}},
    ),
    case("last_row_in_another_encoding", rows_of(UTF8, UTF8, UTF8, b"\xfeu"), 3, rejects={"encoding": 1}),
    case("first_row_in_another_encoding", rows_of(BAD, UTF8, UTF8, UTF8), 3, rejects={"encoding": 1}),
    case(
        "three_rows_in_another_encoding", rows_of(*[UTF8] * 20, BAD, UTF8, BAD, BAD, UTF8), 22, rejects={"encoding": 3}
    ),
    case("half_a_letter_at_the_end_of_a_cell", rows_of(UTF8, "ş".encode()[:1], UTF8), 2, rejects={"encoding": 1}),
    case("surrogate_bytes_in_utf8", rows_of(UTF8, b"\xed\xa0\x80", UTF8), 2, rejects={"encoding": 1}),
    case("bad_row_far_into_the_file", rows_of(*[UTF8] * 5000, BAD, UTF8), 5001, rejects={"encoding": 1}),
    case("cesu_and_emoji", rows_of("🙂 👩‍👩‍👧 e\u0301".encode()), 1, cells={"T-1": {"subject": "🙂 👩‍👩‍👧 \u00e9"}}),
    case("already_garbled_text_is_kept", rows_of("ÅŸikayet".encode()), 1, cells={"T-1": {"subject": "ÅŸikayet"}}),
    case("replacement_character_is_kept", rows_of("kay\ufffdp".encode()), 1, cells={"T-1": {"subject": "kay\ufffdp"}}),
    case(
        "bom_in_the_middle",
        f"{PLAIN}\ufeff{HEAD}\nT-4,C-4,open,2026-02-21 09:15:00\n",
        4,
        rejects={"repeated_header": 1},
    ),
    case(
        "bom_before_a_row_in_the_middle",
        f"{PLAIN}\ufeffT-4,C-4,open,2026-02-21 09:15:00\n",
        4,
        cells={"T-4": {"status": "open"}},
    ),
    refused("codec_that_is_no_encoding", PLAIN, "encoding", encoding="hex"),
    refused("codec_that_is_for_host_names", PLAIN, "encoding", encoding="idna"),
    refused("utf16_asked_for_a_file_without_a_zero", PLAIN, "encoding", encoding="utf-16"),
    refused("unknown_encoding_asked_for", PLAIN, "encoding", encoding="windows-9999"),
    case("utf32", PLAIN.encode("utf-32"), 3),
    refused("turkish_file_forced_to_utf8", rows_of(BAD, BAD, BAD), "encoding", encoding="utf-8"),
    refused("half_utf8_half_windows_1254", rows_of(*[UTF8, BAD] * 10), "encoding"),
]
