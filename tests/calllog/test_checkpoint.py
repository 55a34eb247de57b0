"""Checkpoints: what SQLite writes ahead comes into its file beside the calls, not in one of them that commits."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent
from tests.calllog.postgres import PostgresServer
from tests.calllog.recorders import recording
from tests.calllog.told import PSEUDONYMIZER, arrival
from tests.service import until

LARGE = "x" * 1_000_000


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def write(database: Database, *events: CallEvent) -> None:
    write_entries(database, PSEUDONYMIZER, [Entry(events)])


def in_the_file_alone(database: Database, tmp_path: Path) -> int:
    """How many events are in a copy of the file, without what was written ahead."""
    assert database.path
    copied = tmp_path / "copied.db"
    shutil.copy(database.path, copied)
    with closing(sqlite3.connect(copied)) as connection:
        return int(connection.execute("SELECT count(*) FROM call_event").fetchone()[0])


def size_ahead(database: Database) -> int:
    """The size (bytes) of what was written ahead."""
    assert database.path
    return database.path.with_name(f"{database.path.name}-wal").stat().st_size


def test_what_was_committed_comes_into_the_file(database: Database, tmp_path: Path) -> None:
    write(database, *arrival().events)
    assert in_the_file_alone(database, tmp_path) == 0
    database.checkpoint()
    assert in_the_file_alone(database, tmp_path) == len(arrival().events)


class TestCutting:
    """What was destroyed is overwritten in the file. In what is written ahead it would stay."""

    def ahead(self, database: Database) -> bytes:
        assert database.path
        return database.path.with_name(f"{database.path.name}-wal").read_bytes()

    def test_nothing_is_left_of_what_was_written_ahead(self, database: Database) -> None:
        write(database, *arrival().events)
        assert b"CA1" in self.ahead(database)
        assert database.cut_log()
        assert self.ahead(database) == b""

    def test_a_checkpoint_leaves_it(self, database: Database) -> None:
        """The log begins anew with the next that is written, and is as long as before."""
        write(database, *arrival("CA-destroyed").events)
        for number in range(9):
            write(database, *arrival(f"CA{number}").events)
        database.checkpoint()
        write(database, *arrival("CA-next").events)
        assert b"CA8" in self.ahead(database)

    def test_who_reads_is_not_waited_for(self, database: Database) -> None:
        write(database, *arrival().events)
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM call_event").all()
            write(database, *arrival("CA2").events)
            assert not database.cut_log()
        assert database.cut_log()

    def test_postgresql_has_no_such_log(self, postgres: PostgresServer) -> None:
        database = Database(postgres.prepared_database())
        assert not database.cut_log()
        database.close()


def test_also_while_somebody_writes(database: Database, tmp_path: Path) -> None:
    write(database, *arrival().events)
    with database.writing():
        database.checkpoint()
    assert in_the_file_alone(database, tmp_path) == len(arrival().events)


def test_what_is_written_ahead_does_not_grow(database: Database) -> None:
    event = arrival().events[0]
    sizes = []
    for number in range(3):
        write(database, *(replace(event, id=f"{number}-{each}", facts={"much": LARGE}) for each in range(20)))
        database.checkpoint()
        sizes.append(size_ahead(database))
    assert sizes[0] > 20 * len(LARGE)
    assert max(sizes) < 1.5 * sizes[0]


def test_the_recorder_sees_to_it(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with recording(database, tmp_path / "spool") as recorder:
        recorder.record(arrival())
        until(lambda: in_the_file_alone(database, tmp_path) == len(arrival().events), "the events are in the file")


def test_postgresql_does_it_by_itself(postgres: PostgresServer) -> None:
    database = Database(postgres.prepared_database())
    write(database, *arrival().events)
    database.checkpoint()
    database.close()
