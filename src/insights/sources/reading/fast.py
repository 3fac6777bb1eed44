"""Reading a clean delimited file at DuckDB's own speed; anything odd makes it decline, never guess."""

from pathlib import Path

from insights.sources.folding import sql_text
from insights.sources.model import Limits
from insights.sources.raw import Raw
from insights.sources.reading.delimited import Layout
from insights.sources.reading.text import TextFacts


def offer(path: Path, facts: TextFacts, how: Layout, limits: Limits) -> Raw | None:
    """Return the file as a streamed table when its bytes prove it clean, else None.

    Line numbers are counted, not read, so a file whose cells hold line breaks is left to the tolerant reader;
    whether every newline ends a row shows only after reading (`rows`).
    """
    if not facts.clean or how.delimiter == " " or len(how.headers) < 2 or any(c in str(path) for c in "*?["):
        return None  # the engine would take such a name for a pattern
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(how.headers)))
    sql = (
        f"read_csv({sql_text(str(path))}, auto_detect=false, header=false, skip={how.skip}, delim={sql_text(how.delimiter)}, "
        f"quote='\"', escape='\"', columns={{{columns}}}, strict_mode=true, null_padding=false, "
        f"max_line_size={max(limits.max_cell, 4096)}, compression='none')"
    )
    return Raw(
        sql,
        how.headers,
        streamed=True,
        first_line=how.skip + 1,
        error_cells=facts.error_cells,
        odd_blanks=facts.odd_blanks,
    )


def rows(facts: TextFacts, how: Layout) -> int:
    """Return how many rows there are when every newline of the file ends one."""
    return facts.newlines + facts.ends_open - how.skip
