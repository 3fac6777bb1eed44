"""Talking to Spark Connect: a session a question asked at once, one retry when it does not answer, refusals as ours."""

import logging
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from adbc_driver_manager import Error
from adbc_driver_spark import dbapi

from insights import schema
from insights.errors import DatabaseAway, DatabaseCannot, InsightsError, WarehouseMissing
from insights.sql import SPARK, SPARK_SETTINGS
from insights.warehouse.cluster.spark.dialect import quoted, written

T = TypeVar("T")
Blocks = Iterator[Sequence[Sequence[Any]]]
log = logging.getLogger(__name__)
_AWAY = frozenset({1, 4, 14})
"""Codes of a call that was given up, took too long or that nobody took."""
PATIENCE_S = 300
"""How long a question may take: a cluster that lost all its machines waits for others and says nothing."""
_LOST = re.compile("INVALID_HANDLE|SparkContext|ancell?ed|CANCEL|ExecutorLostFailure")
"""What a server says that forgot the session, or lost the machines that worked for it."""
_EMPTY = re.compile(r"TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|FILE_NOT_EXIST")
_QUOTED = re.compile("[`'\"]|== SQL")
"""Where a refusal begins to repeat what was asked, in which any of these words may stand."""


class Server:
    """A database on the server an address names: spark://user:token@host:port/database?files=/shared/folder."""

    def __init__(self, address: str, database: str | None = None) -> None:
        url = sa.make_url(address)
        self.host = url.host or "localhost"
        self.home = (url.database or "insights").lower()  # as a catalog of Spark's writes all names
        query: dict[str, Any] = dict(url.query)
        files = query.pop("files", None)
        self.files = Path(files) if files else None
        more = {"user_id": url.username} if url.username else {}
        self._uri = f"sc://{self.host}:{url.port or 15002}/" + "".join(f";{k}={v}" for k, v in (more | query).items())
        self._token, self._database = url.password, database
        self._idle: list[dbapi.Connection] = []
        weakref.finalize(self, _closed, self._idle)

    def rows(self, text: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Return the columns and rows a statement finds; raises DatabaseAway, DatabaseCannot."""
        found = self._asked(lambda cursor: cursor.execute(text).fetch_arrow_table())
        return found.column_names, _rows(found)

    def blocks(self, text: str) -> Blocks:
        """Yield the rows a statement finds block by block."""
        with self._refusing(), self._session() as session, session.cursor() as cursor:
            with _patient(cursor):  # until the first rows are there
                found = cursor.execute(text).fetch_record_batch()
            yield from map(_rows, found)

    def run(self, text: str) -> None:
        """Run a statement that finds nothing; raises DatabaseAway, DatabaseCannot."""
        self._asked(lambda cursor: cursor.execute(text))

    def written(self, statement: sa.ClauseElement, database: str | None = None) -> str:
        """Return a statement in this server's words."""
        return written(statement, database)

    def _asked(self, ask: Callable[[dbapi.Cursor], T]) -> T:
        began = time.monotonic()
        try:
            return self._once(ask)
        except DatabaseAway:
            if time.monotonic() - began >= PATIENCE_S:
                raise
        return self._once(ask)

    def _once(self, ask: Callable[[dbapi.Cursor], T]) -> T:
        with self._refusing(), self._session() as session, session.cursor() as cursor, _patient(cursor):
            return ask(cursor)

    @contextmanager
    def _session(self) -> Iterator[dbapi.Connection]:
        """Lend a session nobody else uses meanwhile; one that was refused something is not used again."""
        try:
            session = self._idle.pop()
        except IndexError:
            session = self._begun()
        try:
            yield session
        except BaseException:
            _closed([session])
            raise
        self._idle.append(session)

    def _begun(self) -> dbapi.Connection:
        session = dbapi.connect(self._uri, token=self._token)
        told = [SPARK["set"].format(name, value) for name, value in SPARK_SETTINGS.items()]
        try:
            with session.cursor() as cursor, _patient(cursor):
                for text in told:
                    cursor.execute(text)
                if self._database:
                    self._enter(cursor, self._database)
        except BaseException:
            _closed([session])
            raise
        return session

    def _enter(self, cursor: dbapi.Cursor, database: str) -> None:
        """Enter a version and list the files of its tables, so that one that goes away later is missed.

        A folder that is not there would be read as no rows, and what a version says of itself is never nothing.
        """
        cursor.execute(SPARK["use"].format(quoted(database)))
        told = sa.select(sa.func.count()).select_from(schema.facts)
        names = [name for _, name, _ in cursor.execute(SPARK["tables"]).fetchall()]
        listed = (sa.select(sa.literal(0)).select_from(sa.table(name)).where(sa.false()) for name in names)
        if not any(n for (n,) in cursor.execute(written(sa.union_all(told, *listed))).fetchall()):
            raise DatabaseAway("database_away", host=self.host)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Error) -> InsightsError:
        log.info("the database at %s refused: %s", self.host, error)
        said = _QUOTED.split(str(error))[0]
        if getattr(error, "vendor_code", None) in _AWAY or _LOST.search(said):
            _closed(self._idle)
            return DatabaseAway("database_away", host=self.host)
        if _EMPTY.search(said):
            return WarehouseMissing("database_empty", host=self.host)
        name = re.search(r"\[([A-Z_.]+)\]", said)
        return DatabaseCannot("database_cannot", host=self.host, problem=name[1] if name else type(error).__name__)


@contextmanager
def _patient(cursor: dbapi.Cursor) -> Iterator[None]:
    """Give up what is asked meanwhile when it takes too long."""
    giving_up = threading.Timer(PATIENCE_S, cursor.adbc_cancel)
    giving_up.start()
    try:
        yield
    finally:
        giving_up.cancel()


def _closed(sessions: list[dbapi.Connection]) -> None:
    """Close sessions and forget them."""
    while sessions:
        with suppress(Error, IndexError):
            sessions.pop().close()


def _rows(found: Any) -> list[tuple[Any, ...]]:
    """Return the rows of an Arrow table or batch."""
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))
