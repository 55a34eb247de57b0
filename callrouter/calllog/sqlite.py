"""SQLite that loses nothing it acknowledged, and takes the write lock when a writer begins, not in its middle."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import ClassVar

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from callrouter.calllog import json_values
from callrouter.calllog.transactions import UNSYNCED, WRITES, Statements, executions
from callrouter.clock import monotonic

BUSY_SECONDS = 5.0
_RETRY_SECONDS = 0.02

_File = tuple[int, int]
"""A file, whatever it is called: its device and number there."""

_PRIMARY = 0xFF
"""The part of an error's code that tells its kind."""

_PAGES_A_ROUND, _PAGES_AT_MOST = 4_000, 40_000
"""Pages of the log that SQLite writes ahead: from the first on it is begun anew by whoever makes a checkpoint; from the
last on by whoever commits, as nobody else seems to."""


class DamagedError(OSError):
    """The file was found damaged: nothing more is written to it."""


class Damage:
    """Which file at a path this process has found damaged, whoever in it did, until another is put in its place.

    SQLite goes on writing where the pages that it touches happen to be whole. What is acknowledged so may be lost with
    what is damaged: the spool is the safer place.
    """

    _found: ClassVar[dict[str, tuple[_File, int]]] = {}
    """By its path the file, and a handle: as long as that is held, no new file is taken for this one."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._path = url.database or ""

    def note(self, error: BaseException, file: _File | None) -> None:
        """Remember *file* if that is what the *error* says of it."""
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return
        if file is None or file != _file(self._url) or self._path in self._found:
            return
        with suppress(OSError):
            handle = os.open(self._path, os.O_PATH)  # one that reads would, as it is closed, let go of SQLite's locks
            if self._found.setdefault(self._path, (file, handle))[1] != handle:
                os.close(handle)

    def require_none(self) -> None:
        """Let nobody write to a file that is damaged.

        Raises:
            DamagedError: the file that is there now was found so.
        """
        if self._path not in self._found:
            return
        if self._found[self._path][0] == _file(self._url):
            raise DamagedError("database disk image is malformed: nothing is written to it until a back-up is restored")
        if gone := self._found.pop(self._path, None):
            os.close(gone[1])


def engine(url: URL, busy_seconds: float, damage: Damage) -> Engine:
    """An engine whose connections never outlive the file that they opened, and wait *busy_seconds* for others.

    What is told of it being damaged is noted as *damage*.
    """
    made = create_engine(
        url,
        hide_parameters=True,
        json_serializer=json_values.write,
        json_deserializer=json_values.read,
        connect_args={"timeout": busy_seconds, "isolation_level": None},
    )
    _opened_well(made, url, busy_seconds)
    _given_up_in_time(made, url, damage)

    @event.listens_for(made, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        _synchronize(connection.connection, "NORMAL" if options.get(UNSYNCED) else "FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")

    return made


def _opened_well(made: Engine, url: URL, busy_seconds: float) -> None:
    """Open connections as the log needs them, and note what they opened."""

    @event.listens_for(made, "connect")
    def _on_connect(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        try:
            _use_wal(connection, busy_seconds)
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, however SQLite was built
            connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_AT_MOST}")
            record.info["file"], record.info["may_write"] = _file(url), _may_write(connection, busy_seconds)
        except sqlite3.Error:
            connection.close()
            raise


def _given_up_in_time(made: Engine, url: URL, damage: Damage) -> None:
    """Keep none that opened another file than is there now, or that cannot write."""

    @event.listens_for(made, "checkout")
    def _on_checkout(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["file"] != _file(url):
            raise DisconnectionError("the file was removed or replaced: what is written to the old one is lost")

    @event.listens_for(made, "checkin")
    def _on_checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        if not record.info.get("may_write", True):
            record.invalidate()

    @event.listens_for(made, "handle_error")
    def _on_error(context: ExceptionContext) -> None:
        if is_read_only(context.original_exception):
            context.is_disconnect = True
        if context.connection:
            damage.note(context.original_exception, context.connection.info.get("file"))


def is_read_only(error: BaseException) -> bool:
    """Whether it is said of a connection that it cannot write: one that was opened while nobody could never will."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_READONLY


def write_at_once(connection: PoolProxiedConnection, statements: Statements) -> None:
    """Execute each statement for all of its rows in one transaction."""
    _synchronize(connection, "FULL")
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for text, values in executions([(_unjournaled(text), rows) for text, rows in statements]):
        cursor.execute(text, values)
    cursor.execute("COMMIT")


def _unjournaled(text: str) -> str:
    """An INSERT that leaves its first rows there where a later one fails: the whole transaction is undone then anyway.

    Else SQLite keeps each page in a file of its own before it changes it, to undo the statement alone: half as much
    again as writing takes.
    """
    return text.replace("INSERT INTO", "INSERT OR FAIL INTO", 1)


def checkpoint(connection: PoolProxiedConnection) -> bool:
    """Bring what was written ahead into the database's file, beside whoever writes.

    Returns whether so much was that the log should begin anew, which it does when all is brought while nobody writes.
    """
    _, pages, _ = connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return bool(pages >= _PAGES_A_ROUND)


def cut(connection: PoolProxiedConnection) -> bool:
    """As `checkpoint`, and nothing is left of the log; False: somebody reads or writes just now, and is not waited for.

    A log that begins anew keeps its length: what was written to its end stays there until it is as long again.
    """
    cursor = connection.cursor()
    (wait,) = cursor.execute("PRAGMA busy_timeout").fetchone()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        is_busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        cursor.execute(f"PRAGMA busy_timeout={wait}")
    return not is_busy


def _may_write(connection: sqlite3.Connection, busy_seconds: float) -> bool:
    """Whether it is one that can write; somebody else who writes just now is not waited for.

    What nobody could write as it was opened, SQLite takes for read-only as long as any connection of the process is
    open. So one that came then is not kept: it would keep all that come later from writing, too.
    """
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("BEGIN IMMEDIATE")  # where the file is read-only, SQLite begins to read instead
        connection.execute("PRAGMA user_version=0")
    except sqlite3.Error as error:
        return not is_read_only(error)
    finally:
        connection.rollback()
        connection.execute(f"PRAGMA busy_timeout={round(busy_seconds * 1000)}")
    return True


def _synchronize(connection: PoolProxiedConnection, level: str) -> None:
    """FULL: a commit is on the disk. NORMAL: the next FULL one brings it there; a power cut before that undoes it."""
    if connection.info.get("synchronous") != level:
        connection.cursor().execute(f"PRAGMA synchronous={level}")
        connection.info["synchronous"] = level


def _file(url: URL) -> _File | None:
    """Which file stands at the path now."""
    try:
        found = Path(url.database or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _use_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Of several processes that open a new file at once one converts it; SQLite's timeout does not wait for that."""
    give_up_at = monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > give_up_at:
                raise
            Event().wait(_RETRY_SECONDS)
        else:
            return
