"""Ways in which databases break: each a block in which one is broken, and after which it is not."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import make_url

from callrouter.calllog.database import Database
from callrouter.calllog.revisions import MIGRATIONS
from tests.calllog.damage import FOLDED, lose_pages
from tests.calllog.postgres import PostgresServer
from tests.faults.meanwhile import meanwhile
from tests.service import RunningService, until


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the right to write, as a backup would."""
    backup = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
    backup.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        backup.execute("ROLLBACK")
        backup.close()


@contextmanager
def damaged(service: RunningService, file: Path) -> Iterator[None]:
    """The disk loses pages of an SQLite file; afterwards somebody restores a back-up, as docs/operations.md says."""
    backup = service.home / "before.backup"
    _does(service, "backup", backup)
    lose_pages(file, *FOLDED)
    yield
    _does(service, "restore", backup)
    backup.unlink()


def _does(service: RunningService, *what: str | Path) -> None:
    done = service.run("db", *map(str, what))
    assert done.returncode == 0, done


@contextmanager
def stopped(server: PostgresServer) -> Iterator[None]:
    """PostgreSQL is down."""
    server.stop()
    try:
        yield
    finally:
        server.start()


def hanging(url: str) -> AbstractContextManager[None]:
    """PostgreSQL takes connections and statements, and answers none that writes."""
    return _table_locked(url, "call_event", "ACCESS EXCLUSIVE")


def unwritten(url: str, table: str) -> AbstractContextManager[None]:
    """Nobody can write that *table* of PostgreSQL's."""
    return _table_locked(url, table, "SHARE")


@contextmanager
def _table_locked(url: str, table: str, mode: str) -> Iterator[None]:
    with connected(url) as other:
        other.execute(sql.SQL("LOCK TABLE {} IN {} MODE").format(sql.Identifier(table), sql.SQL(mode)))
        yield
        other.rollback()


def make_tables_of(url: str, revision: str) -> None:
    """Make the tables of an earlier release in an empty database."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    with closing(Database(url)) as database, database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def migrated_ahead(file: Path) -> Iterator[None]:
    """A later release has brought an SQLite database to its own tables; afterwards somebody goes back."""
    with closing(sqlite3.connect(file, timeout=10)) as later:
        later.executescript(
            "BEGIN IMMEDIATE; ALTER TABLE call ADD COLUMN later TEXT; ALTER TABLE call_event ADD COLUMN later TEXT;"
            "CREATE TABLE former AS SELECT version_num FROM alembic_version;"
            "UPDATE alembic_version SET version_num = 'later'; COMMIT;"
        )
        try:
            yield
        finally:
            later.executescript(
                "BEGIN IMMEDIATE; ALTER TABLE call DROP COLUMN later; ALTER TABLE call_event DROP COLUMN later;"
                "UPDATE alembic_version SET version_num = (SELECT version_num FROM former);"
                "DROP TABLE former; COMMIT;"
            )


@contextmanager
def deadlocking(url: str) -> Iterator[None]:
    """Another program takes PostgreSQL's tables in an order that crosses ours, again and again."""
    with connected(url) as other, connected(url) as watching:
        watching.autocommit = True
        before = _deadlocks(watching)
        with meanwhile(partial(_cross, other)):
            yield
            until(lambda: _deadlocks(watching) > before, "PostgreSQL has found a deadlock")


def _cross(other: psycopg.Connection[Any], over: Event) -> None:
    while not over.wait(0.05):
        with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            other.execute("SET LOCAL deadlock_timeout = '3s'")  # so that it is ours that is given up
            other.execute("LOCK TABLE caller IN SHARE MODE")
            other.execute("LOCK TABLE call_event IN ACCESS EXCLUSIVE MODE")
        other.rollback()


def _deadlocks(watching: psycopg.Connection[Any]) -> int:
    """How many PostgreSQL has found in this database."""
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(watching.execute(query).fetchall()[0][0])


def connected(url: str) -> psycopg.Connection[Any]:
    """Another program's own connection."""
    place = make_url(url)
    return psycopg.connect(host=str(place.query["host"]), user="postgres", dbname=place.database)
