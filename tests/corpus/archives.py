"""gz, zip and folders: several members, bombs, traps in names, and files cut short."""

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Mapping

from corpus.case import HEAD, PLAIN, case, refused
from corpus.documents import TICKETS
from corpus.workbooks import xlsx

MORE = PLAIN.replace("T-", "U-").encode()
DATA = PLAIN.encode()
FIRST = {"T-1": {"customer_id": "C-1", "status": "open", "created_at": "2026-01-05 10:00:00"}}


def gz(content: bytes) -> bytes:
    """Return gzip bytes that are the same every time."""
    return gzip.compress(content, mtime=0)


def zipped(members: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """Return a zip of these members, the same every time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, archive.compression)
    return target.getvalue()


def locked(content: bytes) -> bytes:
    """Return a zip with the flag of encryption set on every member."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(marked)


def lying(content: bytes, size: int) -> bytes:
    """Return a one-member zip whose directory and header claim another unpacked size."""
    marked = bytearray(content)
    struct.pack_into("<I", marked, content.find(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", marked, content.find(b"PK\x01\x02") + 24, size)
    return bytes(marked)


def damaged(content: bytes, at: int) -> bytes:
    """Return the bytes with one of them changed."""
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


ZEROS = HEAD.encode() + b"\n" + b"0" * 12_000_000
BOMB = zipped({"tickets.csv": ZEROS})

CASES = [
    case("gz", gz(DATA), 3, cells=FIRST, file="tickets.csv.gz"),
    case(
        "gz_of_two_parts", gz(DATA) + gz(b"T-4,C-4,open,2026-02-21 09:00:00\n"), 4, cells=FIRST, file="tickets.csv.gz"
    ),
    case("gz_named_csv", gz(DATA), 3, cells=FIRST, file="tickets.csv"),
    case("gz_without_the_inner_suffix", gz(DATA), 3, cells=FIRST, file="tickets.gz"),
    case("gz_json_lines", gz("\n".join(map(json.dumps, TICKETS)).encode()), 3, cells=FIRST, file="tickets.ndjson.gz"),
    case("gz_windows_1254", gz(PLAIN.replace("open", "açık").encode("cp1254")), 3, cells=FIRST, file="tickets.csv.gz"),
    case(
        "gz_of_a_very_regular_export",
        gz(HEAD.encode() + b"\n" + b"".join(b"T-%d,C-1,open,2026-01-05 10:00:00\n" % n for n in range(20_000))),
        20_000,
        file="tickets.csv.gz",
    ),
    case("csv_named_gz", DATA, 3, cells=FIRST, file="tickets.csv.gz"),
    case("zip_of_one", zipped({"tickets.csv": DATA}), 3, cells=FIRST, file="export.zip"),
    case("zip_stored", zipped({"tickets.csv": DATA}, stored=True), 3, cells=FIRST, file="export.zip"),
    case("zip_of_two", zipped({"a.csv": DATA, "b.csv": MORE}), 6, files=2, file="export.zip"),
    case(
        "zip_of_two_kinds",
        zipped({"a.csv": DATA, "b.ndjson": "\n".join(map(json.dumps, TICKETS)).encode()}),
        6,
        files=2,
        file="export.zip",
    ),
    case(
        "zip_with_folders",
        zipped({"out/": b"", "out/2026/": b"", "out/2026/tickets.csv": DATA}),
        3,
        cells=FIRST,
        file="export.zip",
    ),
    case(
        "zip_with_what_macos_adds",
        zipped(
            {"tickets.csv": DATA, "__MACOSX/._tickets.csv": b"\x00\x05\x16\x07", ".DS_Store": b"\x00\x00\x00\x01Bud1"}
        ),
        3,
        cells=FIRST,
        file="export.zip",
    ),
    case(
        "zip_with_turkish_names",
        zipped({"çözüm/şikâyetler İstanbul.csv": DATA}),
        3,
        cells=FIRST,
        file="dışa aktarım.zip",
    ),
    case(
        "zip_of_a_workbook",
        zipped({"tickets.xlsx": xlsx({"Sheet1": [line.split(",") for line in PLAIN.splitlines()]})}),
        3,
        file="export.zip",
    ),
    case(
        "zip_members_of_one_name_in_two_folders",
        zipped({"a/t.csv": DATA, "b/t.csv": MORE}),
        6,
        files=2,
        file="export.zip",
    ),
    case("zip_named_csv", zipped({"tickets.csv": DATA}), 3, cells=FIRST, file="export.csv"),
    case("zip_member_of_header_only", zipped({"a.csv": DATA, "b.csv": HEAD.encode()}), 3, files=2, file="export.zip"),
    case("zip_name_with_a_formula", zipped({"=cmd|' /C calc'!A0.csv": DATA}), 3, cells=FIRST, file="export.zip"),
    case("folder", {"a.csv": DATA, "b.csv": MORE}, 6, files=2, file="export"),
    case("folder_in_a_folder", {"2026/01/a.csv": DATA, "2026/02/b.csv.gz": gz(MORE)}, 6, files=2, file="export"),
    case(
        "folder_of_names_that_are_patterns",
        {"t*.csv": DATA, "t1.csv": MORE, "t[1].csv": MORE.replace(b"U-", b"V-")},
        9,
        files=3,
        file="export",
    ),
    case(
        "folder_with_hidden_files",
        {"a.csv": DATA, ".DS_Store": b"\x00\x00\x00\x01Bud1", ".~lock.a.csv#": b"Elif"},
        3,
        cells=FIRST,
        file="export",
    ),
    refused("gz_cut", gz(DATA * 50)[:-20], "truncated", file="tickets.csv.gz"),
    refused("gz_cut_in_its_header", gz(DATA)[:6], "truncated", file="tickets.csv.gz"),
    refused("gz_with_garbage_after_it", gz(DATA) + b"garbage", "corrupt", file="tickets.csv.gz"),
    refused("gz_damaged", damaged(gz(DATA), -6), "corrupt", file="tickets.csv.gz"),
    refused("gz_in_gz", gz(gz(DATA)), "archive_nested", file="tickets.csv.gz.gz"),
    refused("gz_of_a_zip", gz(zipped({"tickets.csv": DATA})), "archive_nested", file="tickets.zip.gz"),
    refused("gz_of_nothing", gz(b""), "empty_file", file="tickets.csv.gz"),
    refused("gz_bomb", gz(ZEROS), "archive_bomb", file="tickets.csv.gz"),
    refused("zip_bomb", BOMB, "archive_bomb", file="export.zip"),
    refused("zip_bomb_that_lies_about_its_size", lying(BOMB, 200), "corrupt", file="export.zip"),
    refused("zip_in_zip", zipped({"inner.zip": zipped({"tickets.csv": DATA})}), "archive_nested", file="export.zip"),
    refused(
        "zip_in_zip_named_csv",
        zipped({"tickets.csv": zipped({"tickets.csv": DATA})}),
        "archive_nested",
        file="export.zip",
    ),
    refused("zip_of_gz", zipped({"tickets.csv.gz": gz(DATA)}), "archive_nested", file="export.zip"),
    refused(
        "zip_bomb_by_nesting",
        zipped({f"{n}.zip": zipped({"x.zip": zipped({"x.csv": b"0" * 1_000_000})}) for n in range(16)}),
        "archive_nested",
        file="export.zip",
    ),
    refused("zip_of_too_many", zipped({f"{n}.csv": b"" for n in range(1001)}), "archive_many_files", file="export.zip"),
    refused("zip_climbing_up", zipped({"../../evil.csv": DATA}), "archive_path", file="export.zip"),
    refused(
        "zip_climbing_up_after_a_good_member",
        zipped({"a.csv": DATA, "x/../../evil.csv": MORE}),
        "archive_path",
        file="export.zip",
    ),
    refused("zip_with_an_absolute_path", zipped({"/etc/evil.csv": DATA}), "archive_path", file="export.zip"),
    refused("zip_with_a_drive_letter", zipped({"C:\\evil.csv": DATA}), "archive_path", file="export.zip"),
    refused("zip_climbing_up_by_backslash", zipped({"..\\..\\evil.csv": DATA}), "archive_path", file="export.zip"),
    refused("zip_encrypted", locked(zipped({"tickets.csv": DATA})), "encrypted", file="export.zip"),
    refused("zip_empty", zipped({}), "empty_file", file="export.zip"),
    refused("zip_of_folders_only", zipped({"a/": b"", "b/": b""}), "empty_file", file="export.zip"),
    refused("zip_cut", zipped({"tickets.csv": DATA * 50})[:-30], "truncated", file="export.zip"),
    refused("zip_damaged", damaged(zipped({"tickets.csv": DATA}, stored=True), 60), "corrupt", file="export.zip"),
    refused(
        "zip_with_one_bad_member",
        zipped({"a.csv": DATA, "b.csv": b"foo,bar\n1,2\n"}),
        "unrecognised_format",
        file="export.zip",
    ),
    refused("folder_empty", {}, "empty_file", file="export"),
    refused(
        "unpacked_too_large",
        gz(b"".join(b"%d,%d\n" % (n, n * 7919) for n in range(30_000))),
        "too_large",
        file="tickets.csv.gz",
        max_unpacked=100_000,
    ),
]
