"""Talking to the server: one client a database, one retry when it does not answer, its refusals as ours."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import clickhouse_connect
import sqlalchemy as sa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError

from insights.errors import DatabaseAway, DatabaseCannot, InsightsError, WarehouseMissing
from insights.sql import CLICKHOUSE_SETTINGS
from insights.warehouse.cluster.clickhouse.dialect import written

T = TypeVar("T")
log = logging.getLogger(__name__)
logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # a refusal is said once, as ours
_AWAY = frozenset({32, 159, 198, 209, 210, 242, 279, 425, 999})
"""Codes of a node that is lost, too slow, or cannot be written for now."""
_EMPTY = frozenset({60, 81})
"""Codes of a database or table that is not there."""
_PATIENCE = {"connect_timeout": "5", "autogenerate_session_id": "false"}
"""How long a server may take to answer at all; without a session, questions of several readers run side by side."""


class Server:
    """A database on the server an address names: clickhousedb://user:password@host:port/database?cluster=name."""

    def __init__(self, address: str, database: str | None = None) -> None:
        url = sa.make_url(address)
        self.host = url.host or "chdb"
        self.home = url.database or "insights"
        query: dict[str, Any] = dict(url.query)
        self.cluster: str | None = query.pop("cluster", None)
        interface = query.pop("interface", None)
        given = {"host": url.host, "port": url.port, "username": url.username, "password": url.password}
        self._said: dict[str, Any] = {name: value for name, value in given.items() if value is not None} | {
            "interface": interface,
            "database": database,
            "settings": CLICKHOUSE_SETTINGS,
            "generic_args": query if interface == "chdb" else _PATIENCE | query,
        }
        self._client: Client | None = None

    def rows(self, text: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
        """Return the columns and rows a statement finds; raises DatabaseAway, DatabaseCannot."""
        found = self._asked(lambda client: client.query(text))
        return found.column_names, found.result_rows

    def blocks(self, text: str) -> Iterator[Sequence[Sequence[Any]]]:
        """Yield the rows a statement finds block by block, over a connection of its own."""
        try:
            client = clickhouse_connect.get_client(**self._said)
            with closing(client), client.query_row_block_stream(text) as found:
                yield from found
        except ClickHouseError as error:
            raise self._refusal(error) from error

    def run(self, text: str) -> None:
        """Run a statement that finds nothing; raises DatabaseAway, DatabaseCannot."""
        self._asked(lambda client: client.command(text))

    def send(self, table: str, columns: Sequence[str], parquet: Path, **told: Any) -> None:
        """Put the rows of a Parquet file into a table, told some settings; raises DatabaseAway, DatabaseCannot."""

        def insert(client: Client) -> None:
            with parquet.open("rb") as file:
                client.raw_insert(table, columns, file, fmt="Parquet", settings=told)

        self._asked(insert, retry=False)  # sent twice it would stand there twice

    def written(self, statement: sa.ClauseElement, database: str | None = None) -> str:
        """Return a statement in this server's words."""
        return written(statement, database)

    def _asked(self, ask: Callable[[Client], T], *, retry: bool = True) -> T:
        try:
            return ask(self._connected())
        except ClickHouseError as error:
            refusal = self._refusal(error)
            if not (retry and isinstance(refusal, DatabaseAway)):
                raise refusal from error
        self._client = None
        return self._asked(ask, retry=False)

    def _connected(self) -> Client:
        if self._client is None:
            self._client = clickhouse_connect.get_client(**self._said)
        return self._client

    def _refusal(self, error: ClickHouseError) -> InsightsError:
        code, name = getattr(error, "code", None), getattr(error, "name", None)
        log.info("the database at %s refused: %s", self.host, error)
        if isinstance(error, OperationalError) or not isinstance(error, DatabaseError) or code in _AWAY:
            return DatabaseAway("database_away", host=self.host)
        if code in _EMPTY:
            return WarehouseMissing("database_empty", host=self.host)
        return DatabaseCannot("database_cannot", host=self.host, problem=name or type(error).__name__)
