"""Where the rows of a version are put: Parquet files in a folder this machine and every machine of Spark's share."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from insights.errors import DatabaseCannot
from insights.sql import SPARK
from insights.warehouse.cluster.spark.dialect import dialect, quoted, written
from insights.warehouse.cluster.spark.server import Server


@dataclass(frozen=True)
class Place:
    """A server, and the folder for the files of its versions."""

    server: Server
    files: Path

    def begin(self, name: str, tables: Sequence[sa.Table]) -> None:
        """Create the empty tables of a version in place of what a broken sending left behind."""
        self.drop(name)
        with self._changing():
            for table in tables:
                self._folder(name, table).mkdir(parents=True)
        self.server.run(SPARK["database"].format(quoted(name), self._lies(self.files / name)))
        for table in tables:
            columns = ", ".join(f"{quoted(c.name)} {dialect().type_compiler_instance.process(c.type)}" for c in table.c)
            lies = self._lies(self._folder(name, table))
            self.server.run(SPARK["table"].format(f"{quoted(name)}.{quoted(table.name)}", columns, lies))

    def drop(self, name: str) -> None:
        """Remove a version: its files first, so that one whose files stay is still known and removed the next time."""
        folder = self.files / name
        with self._changing():
            if folder.exists():
                shutil.rmtree(folder)
        self.server.run(SPARK["drop"].format(quoted(name)))

    def send(self, name: str, table: sa.Table, parquet: Path) -> None:
        """Put the rows of a Parquet file where a version has those of this table."""
        with self._changing():
            shutil.copyfile(parquet, self._folder(name, table) / "rows.parquet")

    def copies(self, name: str, table: sa.Table) -> list[sa.FromClause]:
        """Return all of a version's table, once for each time it lies there whole."""
        return [sa.table(table.name, *(sa.column(c.name, c.type) for c in table.columns), schema=name)]

    def _folder(self, name: str, table: sa.Table) -> Path:
        return self.files / name / table.name

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = {"folder": self.files, "problem": error.strerror or type(error).__name__}
            raise DatabaseCannot("database_no_folder", host=self.server.host, **said) from error

    @staticmethod
    def _lies(folder: Path) -> str:
        return SPARK["lies"].format(written(sa.literal(folder.absolute().as_uri(), sa.Text())))


def place(server: Server) -> Place:
    """Return where a server finds its rows; raises DatabaseCannot when its address names no folder."""
    if server.files is None or not server.files.is_absolute():
        raise DatabaseCannot("database_no_files", host=server.host)
    return Place(server, server.files)
