"""What fills a database with generated rows: as fast as its engine takes them, indexes afterwards."""

import csv
import io
import os
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench.generated_calls import COLUMNS, Rows
from callrouter.calllog.database import Database
from callrouter.calllog.partitions import partition

_TABLES = tuple(COLUMNS)
_LOADING = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "locking_mode=EXCLUSIVE")


class Filling(Protocol):
    """A database that is being filled. *takes_many_writers*: forks of a process may write to it at once."""

    takes_many_writers: bool

    def write(self, rows: Rows) -> None:
        """Add rows, in the order of COLUMNS."""
        ...

    def finish(self) -> None:
        """Build the indexes, and leave the database as the product has it."""
        ...


def filling(url: str, months_with_events: Iterable[date]) -> Filling:
    """Make the tables of the database at *url*, which must be new, ready to be filled."""
    database = Database(url)
    database.prepare()
    if not database.is_sqlite:
        partition(database, months_with_events)
    database.close()
    return _Sqlite(make_url(url).database or "") if database.is_sqlite else _Postgres(plain_url(url))


def plain_url(url: str) -> str:
    """The address of a PostgreSQL database as psycopg reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class _Sqlite:
    takes_many_writers = False

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in _LOADING:
            self._connection.execute(f"PRAGMA {pragma}")
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        self._indexes = self._connection.execute(found).fetchall()
        for name, _ in self._indexes:
            self._connection.execute(f'DROP INDEX "{name}"')

    def write(self, rows: Rows) -> None:
        self._connection.execute("BEGIN")
        for table, some in rows.items():
            columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
            marks = ", ".join("?" * len(COLUMNS[table]))
            self._connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', some)  # noqa: S608 - our own names
        self._connection.execute("COMMIT")

    def finish(self) -> None:
        self._connection.execute("PRAGMA threads=2")
        for _, text in self._indexes:
            self._connection.execute(text)
        self._connection.execute("PRAGMA locking_mode=NORMAL")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.close()


class _Postgres:
    takes_many_writers = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._connections: dict[int, psycopg.Connection] = {}
        found = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT LIKE 'pk%%'"
        self._indexes = self._all(found, [list(_TABLES)])
        keys = "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        self._keys = self._all(keys + " WHERE contype = 'p' AND conname = ANY(%s)", [[f"pk_{t}" for t in _TABLES]])
        for name, _ in self._indexes:
            self._connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for table, name, _ in self._keys:
            self._connection.execute(f'ALTER TABLE "{table.strip(chr(34))}" DROP CONSTRAINT {name}')

    def write(self, rows: Rows) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table, some in rows.items():
                text = io.StringIO()
                csv.writer(text).writerows(some)
                names = ", ".join(f'"{name}"' for name in COLUMNS[table])
                null = r", NULL '\N'" if table == "tally" else ""  # its empty text is a value
                with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT csv{null})') as copy:
                    copy.write(text.getvalue())

    def finish(self) -> None:
        self._connection.execute("SET maintenance_work_mem = '1GB'")
        for table, name, definition in self._keys:
            self._connection.execute(f'ALTER TABLE "{table.strip(chr(34))}" ADD CONSTRAINT {name} {definition}')
        for _, text in self._indexes:
            self._connection.execute(text)
        self._connection.execute("VACUUM (ANALYZE)")
        self._connection.close()

    @property
    def _connection(self) -> psycopg.Connection:
        """This process's own: a fork must not use its parent's."""
        if os.getpid() not in self._connections:
            options = "-c synchronous_commit=off -c timezone=UTC"
            self._connections[os.getpid()] = psycopg.connect(self._url, autocommit=True, options=options)
        return self._connections[os.getpid()]

    def _all(self, query: str, values: list[Any]) -> list[Any]:
        return self._connection.execute(query, values).fetchall()
