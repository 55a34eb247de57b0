"""The database: SQLite in WAL mode by default, PostgreSQL by URL. The same statements run on both."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, Insert, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from callrouter.calllog.tables import CallEventRow, Table
from callrouter.clock import monotonic

MIGRATIONS = "callrouter.calllog:migrations"
"""Where Alembic finds them: inside the package, wherever that is."""

_BUSY_SECONDS = 5
_RETRY_SECONDS = 0.02
_CONNECT_SECONDS = 2
_PREPARING = Lock()
"""Alembic keeps the migration under way in a module: one at a time in a process."""

_DEAD_PEER = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""So that a server which went without a word is noticed in half a minute, not in hours (libpq's names)."""

_POSTGRES_OPTIONS = "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"


class Database:
    """One database, opened lazily: a broken one raises when it is used, never when it is named."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = _sqlite(self._url) if self.is_sqlite else _postgres(self._url)
        self._is_prepared = False

    @property
    def shown_url(self) -> str:
        """Where it is, without its password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A short transaction to read in."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that has the right to write from its first statement; committed at the end of the block."""
        with self._engine.connect().execution_options(callrouter_writes=True) as connection, connection.begin():
            yield connection

    def insert_new(self, table: type[Table]) -> Insert:
        """An INSERT that leaves rows alone which are there already."""
        dialect: Any = sqlite if self.is_sqlite else postgresql
        insert: Insert = dialect.insert(table).on_conflict_do_nothing()
        return insert

    def prepare(self) -> None:
        """Ask for the right to write, and see that the tables are there; create them, or bring them up to date.

        Safe to call from several processes at once, and again and again: it costs a short transaction.

        Raises:
            Exception: whatever keeps the database from being written.
        """
        if self.is_sqlite and self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        with _PREPARING, self.writing() as connection:
            if not (self._is_prepared and inspect(connection).has_table(CallEventRow.__tablename__)):
                _upgrade(connection)
        self._is_prepared = True

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite(url: URL) -> Engine:
    """SQLite that loses nothing it acknowledged, and takes the write lock when a writer begins, not in its middle."""
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        try:
            _use_wal(connection)
            for pragma in ("synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        record.info["file"] = _file(url)

    @event.listens_for(engine, "checkout")
    def _on_checkout(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["file"] != _file(url):
            raise DisconnectionError("the file was removed or replaced: what is written to the old one is lost")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("callrouter_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _file(url: URL) -> tuple[int, int] | None:
    """Which file stands at the path now."""
    try:
        found = Path(url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of several processes that open a new file at once one converts it; SQLite's timeout does not wait for that."""
    give_up_at = monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > give_up_at:
                raise
            Event().wait(_RETRY_SECONDS)
        else:
            return


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=_CONNECT_SECONDS,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _POSTGRES_OPTIONS, **_DEAD_PEER},
    )
