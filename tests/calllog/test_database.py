"""The database: opened lazily, prepared at any time, and never another one than stands at its address."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.writes import write_entries
from callrouter.settings import storage_settings
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import PSEUDONYMIZER, arrival, event_count
from tests.faults.ways import immutable


def asked(database: Database, question: str) -> object:
    with database.reading() as connection:
        return connection.execute(text(question)).scalar()


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"])
def test_a_broken_one_raises_when_it_is_used_not_when_it_is_named(url: str) -> None:
    database = Database(url)
    with pytest.raises((OSError, OperationalError)), database.writing():
        pass
    database.close()


def test_its_password_is_not_shown() -> None:
    shown = Database("postgresql+psycopg://callrouter:hunter2@db.example.se/calls").shown_url
    assert shown == "postgresql+psycopg://callrouter:***@db.example.se/calls"


def test_sqlite_loses_nothing_it_acknowledged(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert asked(database, "PRAGMA journal_mode") == "wal"
    assert asked(database, "PRAGMA synchronous") == 2  # FULL
    database.close()


def test_only_what_can_be_made_again_does_not_wait_for_the_disk(database: Database) -> None:
    """In turns, on the same connection; and for the thread that asks for it alone."""
    question, waits, hurries = (
        ("PRAGMA synchronous", 2, 1) if database.is_sqlite else ("SHOW synchronous_commit", "on", "off")
    )

    def answer() -> object:
        with database.writing() as connection:
            return connection.execute(text(question)).scalar()

    for _ in range(2):
        assert answer() == waits
        with database.unsynced(), ThreadPoolExecutor(1) as threads:
            assert answer() == hurries
            assert threads.submit(answer).result(5) == waits
        database.write_at_once([])
        with database.reading() as connection:
            assert connection.execute(text(question)).scalar() == waits


def test_a_writer_has_the_right_to_write_from_its_beginning(sqlite_url: str) -> None:
    """Not from its first INSERT: what it reads before that would be out of date."""
    database = Database(sqlite_url)
    with database.writing():
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    database.close()


def test_what_nobody_names_any_more_is_closed(sqlite_url: str) -> None:
    """Python 3.13 complains of each connection that it has to close itself."""
    database = Database(sqlite_url)
    with database.reading() as connection:
        driver: Any = connection.connection.driver_connection
    del database
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_postgresql_has_its_timeouts(postgres: PostgresServer) -> None:
    database = Database(postgres.prepared_database())
    assert asked(database, "SHOW statement_timeout") == "5s"
    assert asked(database, "SHOW lock_timeout") == "2s"
    assert asked(database, "SHOW idle_in_transaction_session_timeout") == "30s"
    database.close()


def test_the_usual_spelling_of_a_postgresql_address_is_understood(postgres: PostgresServer) -> None:
    usual = postgres.empty_database().replace("postgresql+psycopg://", "postgres://")
    database = Database(storage_settings({"DATABASE_URL": usual}).database_url)
    database.prepare()
    assert event_count(database) == 0
    database.close()


@pytest.mark.parametrize("place", ["new/and/deep/calls.db", "100% sure/calls.db", "with space/calls.db"])
def test_prepare_makes_the_way_to_its_file(tmp_path: Path, place: str) -> None:
    database = Database(f"sqlite:///{tmp_path / place}")
    database.prepare()
    assert (tmp_path / place).is_file()
    database.close()


def test_prepare_tells_that_nothing_can_be_written(sqlite_url: str) -> None:
    """Also when the tables are long there."""
    database = Database(sqlite_url)
    database.prepare()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.rename(path.with_suffix(".aside"))
    path.mkdir()
    with pytest.raises(OperationalError):
        database.prepare()
    database.close()


def test_an_empty_file_in_its_place_is_prepared_again(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.prepare()
    write_entries(database, PSEUDONYMIZER, [arrival()])
    for path in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("callrouter.db*"):
        path.unlink()
    database.prepare()
    assert event_count(database) == 0
    database.close()


def test_the_first_to_open_a_new_file_waits_for_another_first(tmp_path: Path) -> None:
    """Switching a new file to its write-ahead log needs it alone, and SQLite itself does not wait for that."""
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    database = Database(f"sqlite:///{path}")
    with ThreadPoolExecutor(1) as threads:
        preparing = threads.submit(database.prepare)
        with pytest.raises(TimeoutError):
            preparing.result(0.3)
        other.execute("ROLLBACK")
        other.close()
        preparing.result(5)
    assert asked(database, "PRAGMA journal_mode") == "wal"
    database.close()


_HOLDS_IT_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT * FROM call").fetchall()
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def open_elsewhere(file: Path) -> Iterator[None]:
    """Another process has it open: what SQLite keeps beside it stays."""
    command = [sys.executable, "-c", _HOLDS_IT_OPEN, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield
        process.communicate()


def test_who_reads_while_nobody_can_write_keeps_nobody_from_writing_afterwards(tmp_path: Path, sqlite_url: str) -> None:
    """SQLite shares among all connections of a process what it could open, and how: the pages' and the recorder's."""
    pages, recorder = Database(sqlite_url), Database(sqlite_url)
    with open_elsewhere(tmp_path / "callrouter.db"):
        files = sorted(tmp_path.glob("callrouter.db*"))
        with immutable(files):
            assert asked(pages, "SELECT count(*) FROM call") == 0, "what is there can be read"
        write_entries(recorder, PSEUDONYMIZER, [arrival("CA1")])
    assert event_count(pages) == event_count(recorder) > 0
    pages.close()
    recorder.close()
