"""The verdicts over the sources, made once per load: a statement kept as text finds that most files are honest."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from insights import quality, schema
from insights.kept import kept

if TYPE_CHECKING:
    import sqlalchemy as sa

_CODE = Path(schema.__file__).parents[1]
_MEANING = ("schema", "metrics", "quality", "sql.py", "warehouse/engine")
"""What says how sources are judged, and how it is written."""


def judge(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the verdicts table anew; how a source is judged is only imported where one is not believed."""
    files = (file for name in _MEANING for file in (*(_CODE / name).rglob("*.py"), _CODE / name) if file.is_file())
    text, values = kept(Path(__file__).parent, "suspicion", files, lambda: _written(quality.suspicion()))
    if con.execute(text, values).fetchone():
        quality.judge(lambda statement: con.execute(*_written(statement)).fetchall())
    else:
        con.execute("DELETE FROM verdicts")


def _written(statement: "sa.Executable") -> tuple[str, list[Any]]:
    from insights.warehouse.engine.compiling import compiled

    return compiled(statement)  # type: ignore[arg-type]
