"""What an interface's answer says of the pages after it: a file with the first of them is not the whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from insights.sources.notices import Notice

_TOTALS = (
    "total",
    "count",
    "totalsize",
    "total_count",
    "totalcount",
    "totalresults",
    "total_results",
    "total_entries",
    "@odata.count",
)
_NEXT = (
    "next",
    "next_page",
    "nextpage",
    "next_page_url",
    "nextpageurl",
    "nextrecordsurl",
    "nextlink",
    "next_link",
    "after_url",
    "@odata.nextlink",
    "nextpagetoken",
    "next_cursor",
    "after_cursor",
    "starting_after",
)
_MORE = ("has_more", "hasmore", "more_items_in_collection", "more_records", "truncated")
_ENDED = ("end_of_stream", "done", "islast", "is_last", "last")
_OUTER = ("meta", "pages", "paging", "pagination", "links", "_links", "info", "additional_data", "result")


def unread(answer: Mapping[str, Any], read: int) -> list[Notice]:
    """Return the notice that a further page was not read, where the answer says there is one."""
    said = dict(_flat(answer, 0))
    total = next((int(n) for k in _TOTALS if (n := str(said.get(k, ""))).isdigit()), 0)
    further = any(said.get(k) not in (None, "", False, "null") for k in _NEXT) or any(
        said.get(k) is True for k in _MORE
    )
    if total > read or further or any(said.get(k) is False for k in _ENDED):
        return [Notice("more_pages", None, {"read": read, "total": total if total > read else None})]
    return []


def _flat(node: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the values beside the records, those of inner objects about pages too."""
    for key, value in node.items():
        if isinstance(value, dict) and depth < 3 and (key.lower() in _OUTER or key.lower() in _NEXT):
            yield from _flat(value, depth + 1)
            if key.lower() in _NEXT:
                yield key.lower(), True
        elif not isinstance(value, list | dict):
            yield key.lower(), value
