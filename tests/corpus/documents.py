"""JSON in every arrangement, and what breaks it."""

import json

from corpus.case import PLAIN, case, refused

TICKETS = [
    {"ticket_id": "T-1", "customer_id": "C-1", "status": "open", "created_at": "2026-01-05T10:00:00Z"},
    {"ticket_id": "T-2", "customer_id": "C-2", "status": "solved", "created_at": "2026-01-13T11:30:00Z"},
    {"ticket_id": "T-3", "customer_id": "C-3", "status": "pending", "created_at": "2026-02-20T09:15:00Z"},
]
FIRST = {"T-1": {"customer_id": "C-1", "status": "open", "created_at": "2026-01-05 10:00:00"}}


def array(*more: object, **cells: object) -> str:
    """Return the three tickets and more records as a JSON array; `cells` are added to the first."""
    return json.dumps([{**TICKETS[0], **cells}, *TICKETS[1:], *more], ensure_ascii=False)


def lines(*more: str) -> str:
    """Return the three tickets as NDJSON with more lines after the first."""
    first, *rest = [json.dumps(t) for t in TICKETS]
    return "\n".join([first, *more, *rest, ""])


def first(**cells: object) -> str:
    """Return NDJSON whose first ticket has more cells."""
    return "\n".join([json.dumps({**TICKETS[0], **cells}, ensure_ascii=False), *map(json.dumps, TICKETS[1:]), ""])


FOURTH = '"customer_id": "C-4", "status": "open", "created_at": "2026-02-21T10:00:00Z"'

CASES = [
    case("json_array", array(), 3, cells=FIRST, file="a.json"),
    case("json_array_pretty", json.dumps(TICKETS, indent=4), 3, cells=FIRST, file="a.json"),
    case("json_lines", lines(), 3, cells=FIRST, file="a.ndjson"),
    case("json_lines_named_json", lines(), 3, cells=FIRST, file="a.json"),
    case("json_lines_named_jsonl", lines(), 3, cells=FIRST, file="a.jsonl"),
    case("json_lines_crlf_and_blank_lines", lines("", "  ").replace("\n", "\r\n"), 3, cells=FIRST, file="a.ndjson"),
    case("json_lines_without_final_newline", lines().rstrip(), 3, cells=FIRST, file="a.ndjson"),
    case("json_with_bom", b"\xef\xbb\xbf" + array().encode(), 3, cells=FIRST, file="a.json"),
    case("json_lines_with_bom", b"\xef\xbb\xbf" + lines().encode(), 3, cells=FIRST, file="a.ndjson"),
    case("json_utf16", array(subject="ışık").encode("utf-16"), 3, cells={"T-1": {"subject": "ışık"}}, file="a.json"),
    case("json_single_object", json.dumps(TICKETS[0]), 1, cells=FIRST, file="a.json"),
    case(
        "json_records_under_a_key",
        json.dumps({"tickets": TICKETS, "count": 3, "next_page": None}),
        3,
        cells=FIRST,
        file="a.json",
    ),
    case(
        "json_records_deep_under_keys",
        json.dumps({"data": {"results": TICKETS}, "meta": {"page": 1}}),
        3,
        cells=FIRST,
        file="a.json",
    ),
    case(
        "json_lines_wrapped_in_a_key",
        "\n".join(json.dumps({"ticket": t}) for t in TICKETS),
        3,
        cells=FIRST,
        file="a.json",
    ),
    case("json_array_of_wrapped_records", json.dumps([{"ticket": t} for t in TICKETS]), 3, cells=FIRST, file="a.json"),
    case(
        "json_missing_keys_are_unknown",
        array().replace(', "status": "open"', "", 1),
        3,
        cells={"T-1": {"status": None}},
        file="a.json",
    ),
    case(
        "json_null_is_unknown",
        array(subject=None, solved_at=None),
        3,
        cells={"T-1": {"subject": None, "solved_at": None}},
        file="a.json",
    ),
    case(
        "json_keys_in_any_order",
        json.dumps([dict(reversed(t.items())) for t in TICKETS]),
        3,
        cells=FIRST,
        file="a.json",
    ),
    case(
        "json_late_new_key",
        first() + json.dumps({**TICKETS[0], "ticket_id": "T-4", "subject": "late"}) + "\n",
        4,
        cells={"T-1": {"subject": None}, "T-4": {"subject": "late"}},
        file="a.ndjson",
    ),
    case(
        "json_numbers_as_ids",
        json.dumps([{**TICKETS[0], "ticket_id": 1001, "customer_id": 12345678901234567890}]),
        1,
        cells={"1001": {"customer_id": "12345678901234567890"}},
        file="a.json",
    ),
    case(
        "json_number_ids_as_written",
        '[{"ticket_id": 17850.0, ' + FOURTH + "}]",
        1,
        cells={"17850.0": {"customer_id": "C-4"}},
        file="a.json",
    ),
    case(
        "json_number_and_text_ids_mixed",
        json.dumps([{**TICKETS[0], "ticket_id": 1}, {**TICKETS[1], "ticket_id": "00002"}]),
        2,
        cells={"1": {"status": "open"}, "00002": {"status": "solved"}},
        file="a.json",
    ),
    case(
        "json_epoch_numbers",
        json.dumps([{**TICKETS[0], "created_at": 1767607200}, {**TICKETS[1], "created_at": 1767607200}]),
        2,
        cells={"T-1": {"created_at": "2026-01-05 10:00:00"}},
        file="a.json",
    ),
    case(
        "json_epoch_milliseconds",
        json.dumps([{**TICKETS[0], "created_at": 1767607200000}]),
        1,
        cells={"T-1": {"created_at": "2026-01-05 10:00:00"}},
        file="a.json",
    ),
    case(
        "json_numbers_are_never_ambiguous",
        json.dumps(
            [{"order_id": "T-1", "customer_id": "C-1", "ordered_at": "2026-01-05", "status": "paid", "amount": 1.234}]
        ),
        1,
        table="orders",
        cells={"T-1": {"amount": "1.23"}},
        file="a.json",
    ),
    case(
        "json_nested_values_are_left_alone",
        array(requester={"name": "x", "tags": [1, 2]}, fields=[{"id": 1}]),
        3,
        cells=FIRST,
        file="a.json",
    ),
    case("json_list_of_tags", array(tags=["vip", "kargo"]), 3, cells=FIRST, file="a.json"),
    case(
        "json_object_where_text_belongs",
        array(subject={"a": 1}),
        3,
        warnings={"bad_type": 1},
        cells={"T-1": {"subject": None}},
        file="a.json",
    ),
    case(
        "json_object_where_the_id_belongs",
        array({**TICKETS[0], "ticket_id": {"a": 1}}),
        3,
        rejects={"bad_type": 1},
        file="a.json",
    ),
    case(
        "json_list_where_the_time_belongs",
        array({**TICKETS[0], "ticket_id": "T-4", "created_at": ["2026-01-05"]}),
        3,
        rejects={"bad_type": 1},
        file="a.json",
    ),
    case(
        "json_true_where_the_id_belongs",
        array({**TICKETS[0], "ticket_id": True}),
        3,
        rejects={"bad_type": 1},
        file="a.json",
    ),
    case(
        "json_escapes",
        array(subject='tab\t quote " slash \\ newline \n ş 🙂'),
        3,
        cells={"T-1": {"subject": 'tab\t quote " slash \\ newline \n ş 🙂'}},
        file="a.json",
    ),
    case(
        "json_escaped_unicode",
        array().replace('"T-1"', '"T-\\u0131-\\ud83d\\ude42"'),
        3,
        cells={"T-ı-🙂": {"status": "open"}},
        file="a.json",
    ),
    case(
        "json_escaped_nul",
        lines('{"ticket_id": "T-4\\u0000", ' + FOURTH + "}"),
        3,
        rejects={"nul_byte": 1},
        file="a.ndjson",
    ),
    case(
        "json_lone_surrogate",
        lines('{"ticket_id": "T-4\\ud800", ' + FOURTH + "}"),
        3,
        rejects={"encoding": 1},
        file="a.ndjson",
    ),
    case(
        "json_line_broken", lines('{"ticket_id": "T-4", "customer_id": }'), 3, rejects={"bad_json": 1}, file="a.ndjson"
    ),
    case(
        "json_line_cut_in_the_middle_of_the_file",
        lines('{"ticket_id": "T-4", "cust'),
        3,
        rejects={"bad_json": 1},
        file="a.ndjson",
    ),
    case("json_lines_of_prose", lines("Exported by Elif", "# comment"), 3, rejects={"bad_json": 2}, file="a.ndjson"),
    case(
        "json_two_records_on_one_line",
        lines('{"ticket_id": "T-4"} {"ticket_id": "T-5"}'),
        3,
        rejects={"bad_json": 1},
        file="a.ndjson",
    ),
    case("json_lines_with_commas_at_the_end", "".join(json.dumps(t) + ",\n" for t in TICKETS), 3, file="a.ndjson"),
    case(
        "json_duplicate_keys",
        lines('{"ticket_id": "T-4", "ticket_id": "T-5", ' + FOURTH + "}"),
        3,
        rejects={"bad_json": 1},
        file="a.ndjson",
    ),
    case(
        "json_nan_is_unknown",
        first(compensation=float("nan"), replies=float("nan")),
        3,
        cells={"T-1": {"compensation": None, "replies": None}},
        file="a.ndjson",
    ),
    case("json_line_of_another_type", lines("42", '"text"', "[1, 2]"), 3, rejects={"bad_type": 3}, file="a.ndjson"),
    case("json_array_item_of_another_type", array(5, "text", [1]), 3, rejects={"bad_type": 3}, file="a.json"),
    case("json_null_items", array(None), 3, rejects={"bad_type": 1}, file="a.json"),
    case(
        "json_bad_bytes_in_one_line",
        lines().replace("C-2", "Ş-2").encode() + b'{"ticket_id": "T-4\xfe", ' + FOURTH.encode() + b"}\n",
        3,
        rejects={"encoding": 1},
        file="a.ndjson",
    ),
    case(
        "json_bad_date",
        array({**TICKETS[0], "ticket_id": "T-4", "created_at": "2026-02-31"}),
        3,
        rejects={"bad_date": 1},
        file="a.json",
    ),
    case("json_nested_within_reason", array(extra=json.loads("[" * 20 + "]" * 20)), 3, cells=FIRST, file="a.json"),
    case("json_named_csv", array(), 3, cells=FIRST),
    case("csv_named_json", PLAIN, 3, cells=FIRST, file="a.json"),
    case(
        "json_hostile_texts",
        array(subject='=HYPERLINK("http://x")<script>alert(1)</script>\'; DROP TABLE tickets;--'),
        3,
        cells={"T-1": {"subject": '=HYPERLINK("http://x")<script>alert(1)</script>\'; DROP TABLE tickets;--'}},
        file="a.json",
    ),
    case(
        "json_hostile_keys",
        array(**{"a\"b'; DROP TABLE tickets;--": 1, "": 2, "$.x": 3, "a.b": 4}),
        3,
        cells=FIRST,
        file="a.json",
    ),
    refused("json_array_cut", array()[:-40], "truncated", file="a.json"),
    refused("json_array_cut_between_records", array()[: array().rindex(", {")], "truncated", file="a.json"),
    refused("json_lines_last_line_cut", lines().rstrip()[:-30], "truncated", file="a.ndjson"),
    refused("json_single_object_cut", json.dumps(TICKETS[0])[:-10], "truncated", file="a.json"),
    refused("json_array_broken_in_the_middle", array().replace('"C-2"', '"C-2" "x"'), "corrupt", file="a.json"),
    refused("json_with_text_after_the_array", array() + "\nexported by Elif\n", "corrupt", file="a.json"),
    refused(
        "json_too_deep",
        array(extra=0).replace('"extra": 0', '"extra": ' + "[" * 20_000 + "]" * 20_000),
        "too_deep",
        file="a.json",
    ),
    refused(
        "json_line_too_deep",
        first(extra=0).replace('"extra": 0', '"extra": ' + '{"a":' * 20_000 + "1" + "}" * 20_000),
        "too_deep",
        file="a.ndjson",
    ),
    refused("json_text", '"hello"', "bad_type", file="a.json"),
    refused("json_number", "42", "bad_type", file="a.json"),
    refused("json_array_of_numbers", "[1, 2, 3]", "bad_type", file="a.json"),
    refused("json_empty_array", "[]", "empty_file", file="a.json"),
    refused("json_empty_object", "{}", "empty_file", file="a.json"),
    refused("json_array_of_empty_objects", "[{}, {}]", "empty_file", file="a.json"),
    refused("json_of_something_else", '[{"foo": 1, "bar": 2}]', "unrecognised_format", file="a.json"),
    refused(
        "json_without_a_required_key",
        '[{"ticket_id": "T-1", "customer_id": "C-1", "created_at": "2026-01-05"}]',
        "missing_required_column",
        file="a.json",
    ),
    refused(
        "json_of_ten_thousand_keys", array(**{f"x{n}": n for n in range(10_000)}), "too_many_columns", file="a.json"
    ),
    refused(
        "json_ambiguous_dates",
        json.dumps([{**t, "created_at": "03/04/2026"} for t in TICKETS]),
        "ambiguous_dates",
        file="a.json",
    ),
]
