"""The database: SQLite in WAL mode by default, PostgreSQL by URL. The same statements run on both."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import finalize

from sqlalchemy import Connection, Insert, inspect
from sqlalchemy.dialects import postgresql as postgres_words
from sqlalchemy.dialects import sqlite as sqlite_words
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from callrouter.calllog import postgres, sqlite
from callrouter.calllog.revisions import load, upgrade
from callrouter.calllog.tables import CallEventRow, Table
from callrouter.calllog.transactions import UNSYNCED, WRITES, Statements
from callrouter.calllog.turns import Turns

_is_unsynced = ContextVar("is_unsynced", default=False)

_AT_LENGTH = {"statement_timeout": "10min"}

_PREPARING = Lock()
"""Alembic keeps the migration under way in a module: one at a time in a process."""


class Database:
    """One database, opened lazily: a broken one raises when it is used, never when it is named.

    *busy_seconds*: how long it waits, on SQLite, for others who write.
    """

    def __init__(self, url: str, busy_seconds: float = sqlite.BUSY_SECONDS) -> None:
        self._url = make_url(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._damage = sqlite.Damage(self._url)
        self._engine = (
            sqlite.engine(self._url, busy_seconds, self._damage) if self.is_sqlite else postgres.engine(self._url)
        )
        self._turns = Turns(self.path, busy_seconds) if self.path else None
        self._is_prepared = False
        finalize(self, self._engine.dispose).atexit = False  # whoever forgets it leaves nothing open; forks end alone

    @property
    def shown_url(self) -> str:
        """Where it is, without its password; what is no letter in the name of a file is a question mark."""
        letters = os.fsencode(self._url.database or "").decode("utf-8", "replace")
        url = self._url.set(database=letters) if self.is_sqlite else self._url
        return url.render_as_string(hide_password=True)

    @property
    def libpq_url(self) -> str:
        """The same as PostgreSQL's own tools read it."""
        return self._url._replace(drivername="postgresql", password=None).render_as_string()

    @cached_property
    def path(self) -> Path | None:
        """Its file, if it is one."""
        return Path(self._url.database) if self.is_sqlite and self._url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """For short reads. On PostgreSQL each statement stands alone: a transaction costs two round trips more."""
        options: Any = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading_at_length(self, limits: Mapping[str, str] = _AT_LENGTH) -> Iterator[Connection]:
        """A transaction to read in, for what takes longer or is fetched bit by bit; *limits* are PostgreSQL's."""
        with self._engine.connect() as connection, connection.begin():
            if not self.is_sqlite:
                for name, value in limits.items():
                    connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that has the right to write from its first statement; committed at the end of the block.

        Raises:
            OSError: on SQLite, the turn to write did not come.
            SQLAlchemyError: whatever else keeps the database from being written.
        """
        options = {WRITES: True, UNSYNCED: _is_unsynced.get()}
        with (
            self.turn(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def write_at_once(self, statements: Statements) -> None:
        """Execute each statement for all of its rows, in one transaction; on PostgreSQL in one round trip.

        The fast way: SQLAlchemy's own costs more than the rows. A mark of a value is `?`.

        Raises:
            OSError, SQLAlchemyError: as `writing`.
        """
        with self.turn(), self._borrowed() as connection:
            write = sqlite.write_at_once if self.is_sqlite else postgres.write_at_once
            write(connection, statements)

    def checkpoint(self) -> None:
        """Do, off the path, what SQLite would have a committing request do now and then; PostgreSQL does it itself.

        Raises:
            OSError, SQLAlchemyError: as `writing`.
        """
        if not self.is_sqlite:
            return
        with self._borrowed() as connection:
            if sqlite.checkpoint(connection):
                with self.turn():
                    sqlite.checkpoint(connection)

    def cut_log(self) -> bool:
        """Leave nothing in what SQLite writes ahead, for what was destroyed would stay there; False: something is left.

        Whoever reads just now is not waited for. PostgreSQL's log is not ours to cut.

        Raises:
            OSError, SQLAlchemyError: as `writing`.
        """
        if not self.is_sqlite:
            return False
        with self._borrowed() as connection:
            sqlite.checkpoint(connection)  # beside whoever writes: then little is left to do while nobody can
            with self.turn():
                return sqlite.cut(connection)

    @contextmanager
    def _borrowed(self) -> Iterator[PoolProxiedConnection]:
        """A connection for the driver's own statements; what goes wrong is told in SQLAlchemy's words, as elsewhere."""
        driver_error = self._engine.dialect.loaded_dbapi.Error
        try:
            with closing(self._engine.raw_connection()) as connection:
                try:
                    yield connection
                except driver_error as error:
                    gone = self._engine.dialect.is_disconnect(error, connection.dbapi_connection, None)
                    self._damage.note(error, connection.info.get("file"))
                    if gone or sqlite.is_read_only(error):
                        connection.invalidate(error)
                    raise
        except driver_error as error:
            raise DBAPIError.instance(None, None, error, driver_error, hide_parameters=True) from error

    def turn(self) -> AbstractContextManager[None]:
        """The right to write before all other threads and processes; PostgreSQL needs no such thing.

        Raises:
            DamagedError: the file was found damaged.
        """
        if not self._turns:
            return nullcontext()
        self._damage.require_none()
        return self._turns.taken()

    @contextmanager
    def unsynced(self) -> Iterator[None]:
        """What this thread writes in the block may be undone by a power cut: it can be made again from what is kept."""
        token = _is_unsynced.set(True)
        try:
            yield
        finally:
            _is_unsynced.reset(token)

    def insert_new(self, table: type[Table]) -> Insert:
        """An INSERT that leaves rows alone which are there already."""
        words: Any = sqlite_words if self.is_sqlite else postgres_words
        insert: Insert = words.insert(table).on_conflict_do_nothing()
        return insert

    def prepare(self) -> None:
        """Ask for the right to write, and see that the tables are there; create them, or bring them up to date.

        Safe to call from several processes at once, and again and again: it costs a short transaction.

        Raises:
            Exception: whatever keeps the database from being written.
        """
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self._is_prepared:
            load()
        with _PREPARING, self.writing() as connection:
            if not (self._is_prepared and inspect(connection).has_table(CallEventRow.__tablename__)):
                upgrade(connection)
        self._is_prepared = True

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()
        if self._turns:
            self._turns.close()
