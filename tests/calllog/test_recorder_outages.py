"""The recorder while its database is locked, hangs, is corrupt, gone or full: in time, once, and well again."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import Connection, make_url, select
from sqlalchemy.exc import DatabaseError, OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calllog.recorder import DATABASE_SECONDS, READ_SECONDS, Recorded, Recorder
from callrouter.calllog.restoring import restore
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import NoteRow
from callrouter.calllog.transactions import Statements
from callrouter.clock import monotonic
from callrouter.domain.phone import PhoneNumber
from tests.calllog.disks import no_file_longer_than
from tests.calllog.engines import prepared_sqlite
from tests.calllog.postgres import PostgresServer
from tests.calllog.recorders import becomes_well, falls_ill, in_time, is_well, recording
from tests.calllog.told import (
    PSEUDONYMIZER,
    SEALER,
    arrival,
    call_rows,
    event_count,
)
from tests.schedules import CLOSED_HOUR
from tests.service import until


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds the database, as a backup would."""
    place = make_url(url)
    if place.database and place.get_backend_name() == "sqlite":
        backup = sqlite3.connect(place.database, isolation_level=None, check_same_thread=False)
        backup.execute("BEGIN IMMEDIATE")
        yield
        backup.execute("ROLLBACK")
        backup.close()
        return
    with psycopg.connect(host=str(place.query["host"]), user="postgres", dbname=place.database) as other:
        other.execute("LOCK TABLE call_event IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def test_a_locked_database_sends_all_to_the_spool_in_time_and_later_there_is_one_row(url: str, spool_dir: Path) -> None:
    database = Database(url)
    with recording(database, spool_dir) as recorder:
        becomes_well(recorder)
        recorder.record(arrival("CA0"))
        with locked(url), ThreadPoolExecutor(7) as requests:
            recorded = requests.map(lambda n: in_time(recorder, arrival(f"CA{n}")), range(1, 8))
            assert set(recorded) == {Recorded.SPOOL}
        becomes_well(recorder)
        assert event_count(database) == 8 * 2
        until(lambda: len(call_rows(database)) == 8, "all are folded")
        assert [(row.call_id, row.events) for row in call_rows(database)] == [(f"CA{n}", 2) for n in range(8)]


class StuckDatabase(Database):
    """A database that takes a connection and never answers, until it is told to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.answers = Event()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        assert self.answers.wait(10)
        with super().writing() as connection:
            yield connection

    def write_at_once(self, statements: Statements) -> None:
        assert self.answers.wait(10)
        super().write_at_once(statements)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        assert self.answers.wait(10)
        with super().reading() as connection:
            yield connection


class StuckSpool(Spool):
    """A spool on a disk that hangs in fsync, until it is told not to."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, SEALER)
        self.answers = Event()

    def append(self, entries: Sequence[Entry]) -> None:
        assert self.answers.wait(10)
        super().append(entries)


def test_database_and_spool_that_hang_cost_a_caller_no_more_than_the_deadline(sqlite_url: str, spool_dir: Path) -> None:
    database, spool = StuckDatabase(sqlite_url), StuckSpool(spool_dir)
    recorder = Recorder(database, spool, PSEUDONYMIZER, retry_seconds=0.05)
    recorder.start()
    try:
        with ThreadPoolExecutor(4) as requests:
            recorded = requests.map(lambda number: in_time(recorder, arrival(f"CA{number}")), range(4))
            assert set(recorded) == {Recorded.LOG_LINE}
        began = monotonic()
        assert recorder.attempt(CLOSED_HOUR.date(), "CA1", "attempt") == LoggedAttempt()
        assert monotonic() - began < READ_SECONDS + 0.5
        database.answers.set()
        spool.answers.set()
        becomes_well(recorder)
        assert event_count(database) == 8
        assert len(call_rows(database)) == 4
    finally:
        database.answers.set()
        spool.answers.set()
        recorder.stop()


def test_only_the_first_wait_for_a_database_that_hangs(sqlite_url: str, spool_dir: Path) -> None:
    database = StuckDatabase(sqlite_url)
    with recording(database, spool_dir) as recorder:
        try:
            assert in_time(recorder, arrival("CA1")) is Recorded.SPOOL
            began = monotonic()
            assert recorder.record(arrival("CA2")) is Recorded.SPOOL
            assert monotonic() - began < DATABASE_SECONDS / 2
            assert recorder.condition()["error"]
        finally:
            database.answers.set()
        becomes_well(recorder)
        assert event_count(database) == 4
        assert recorder.record(arrival("CA3")) is Recorded.DATABASE


class HangingUpDatabase(StuckDatabase):
    """One that, after it has hung, gives up what it was told first."""

    has_given_up = False

    def write_at_once(self, statements: Statements) -> None:
        assert self.answers.wait(10)
        if not self.has_given_up:
            self.has_given_up = True
            raise OperationalError("INSERT", {}, psycopg.errors.ConnectionTimeout("connection timeout expired"))
        super().write_at_once(statements)


def test_a_hang_that_is_over_shows_no_more_though_nobody_calls(sqlite_url: str, spool_dir: Path) -> None:
    database = HangingUpDatabase(sqlite_url)
    with recording(database, spool_dir) as recorder:
        try:
            assert in_time(recorder, arrival("CA1")) is Recorded.SPOOL
        finally:
            database.answers.set()
        becomes_well(recorder)
        assert event_count(database) == 2


class CountingDatabase(Database):
    """A database that counts how often it was asked whether it is well."""

    tries = 0

    def prepare(self) -> None:
        self.tries += 1
        super().prepare()


def test_a_corrupt_file_is_left_alone_and_calls_go_to_the_spool(
    file: Path, spool_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = tmp_path / "backup.db"
    prepared_sqlite(good)
    garbage = good.read_bytes()[:100] + b"\xa5" * 8000
    file.parent.mkdir()
    file.write_bytes(garbage)
    database = CountingDatabase(f"sqlite:///{file}")
    with recording(database, spool_dir) as recorder:
        assert in_time(recorder, arrival("CA1")) is Recorded.SPOOL
        until(lambda: database.tries > 2, "it was tried again")
        assert file.read_bytes() == garbage
        assert recorder.condition()["damaged_spool_files"] == 0
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        good.rename(file)
        becomes_well(recorder)
        until(lambda: call_rows(database), "the call is folded")
        assert event_count(database) == 2
    changes = [line for line in caplog.messages if line.startswith("recorder: ")]
    assert len(changes) == 2, "a change is told once, not every try"
    assert "malformed" in changes[0]
    assert changes[1] == "recorder: the database takes everything again"


def test_once_anybody_has_found_the_file_damaged_nothing_is_told_to_it(
    file: Path, spool_dir: Path, tmp_path: Path
) -> None:
    """SQLite would go on, for the pages of the events are whole: what it acknowledges may be lost with the rest."""
    good = tmp_path / "backup.db"
    prepared_sqlite(good)
    file.parent.mkdir()
    file.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'note'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xa5" * size)
    database = Database(f"sqlite:///{file}")
    with recording(database, spool_dir) as recorder:
        assert in_time(recorder, arrival("CA1")) is Recorded.DATABASE
        pages, malformed = closing(Database(f"sqlite:///{file}")), pytest.raises(DatabaseError, match="malformed")
        with pages as beside, malformed, beside.reading() as connection:
            connection.execute(select(NoteRow)).all()
        assert in_time(recorder, arrival("CA2")) is Recorded.SPOOL
        until(lambda: "malformed" in str(recorder.condition()["error"]), "it says so")
        restore(good, file, lambda _done, _of: None)
        becomes_well(recorder)
        assert in_time(recorder, arrival("CA3")) is Recorded.DATABASE
        until(is_well(recorder), "it is folded")
        assert {row.call_id for row in call_rows(database)} == {"CA1", "CA2", "CA3"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda good: good[:100] + b"\xa5" * (len(good) - 100),
        lambda good: b"\0" * 4096 + good[4096:],
        lambda good: good[:16] + b"\xa5" * 84 + good[100:],
        lambda good: good[: len(good) // 2],
        lambda good: good[:700],
        lambda _good: b"this was a database once\n" * 400,
    ],
    ids=["pages gone", "first page gone", "header gone", "cut in two", "less than a page", "text"],
)
def test_however_it_is_damaged_nobody_replaces_it_unasked(
    file: Path, spool_dir: Path, damage: Callable[[bytes], bytes]
) -> None:
    """Neither at the start of the service, nor by a command, nor while calls come."""
    file.parent.mkdir()
    prepared_sqlite(file)
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    which = file.stat().st_ino
    with pytest.raises(DatabaseError):
        Database(f"sqlite:///{file}").prepare()
    database = CountingDatabase(f"sqlite:///{file}")
    with recording(database, spool_dir) as recorder:
        assert in_time(recorder, arrival()) is Recorded.SPOOL
        tries = database.tries
        until(lambda: database.tries > tries + 1, "it was tried again")
        assert recorder.condition()["spool_entries"] == 1
    assert (file.stat().st_ino, file.read_bytes()) == (which, damaged)


def test_a_file_that_was_removed_is_not_written_into_the_void(sqlite_url: str, spool_dir: Path) -> None:
    """The old file would take everything for as long as it is open, and it would be gone with the process."""
    database = Database(sqlite_url)
    with recording(database, spool_dir) as recorder:
        assert recorder.record(arrival("CA1")) is Recorded.DATABASE
        becomes_well(recorder)
        for path in spool_dir.parent.parent.glob("callrouter.db*"):
            path.unlink()
        recorder.record(arrival("CA2"))
        becomes_well(recorder)
        other = Database(sqlite_url)
        until(lambda: _has(other, "CA2"), "the new file has it")
        other.close()


def test_a_full_disk_under_the_database_leaves_the_spool(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with recording(database, tmp_path / "spool") as recorder:
        assert recorder.record(arrival("CA0")) is Recorded.DATABASE
        becomes_well(recorder)
        longest = max(path.stat().st_size for path in tmp_path.glob("callrouter.db*"))
        with no_file_longer_than(longest):
            recorded = [in_time(recorder, arrival(f"CA{number}")) for number in range(1, 60)]
        assert Recorded.SPOOL in recorded
        assert Recorded.LOG_LINE not in recorded
        becomes_well(recorder)
        assert event_count(database) == 2 * 60


def test_postgresql_goes_and_comes_back(postgres: PostgresServer, spool_dir: Path) -> None:
    """Shown without a call, recorded in the spool, replayed and folded when it is back."""
    database = Database(postgres.prepared_database())
    with recording(database, spool_dir) as recorder:
        assert recorder.record(arrival("CA1")) is Recorded.DATABASE
        becomes_well(recorder)
        postgres.stop()
        try:
            falls_ill(recorder)
            assert in_time(recorder, arrival("CA2", number=PhoneNumber("+46701740651"))) is Recorded.SPOOL
        finally:
            postgres.start()
        becomes_well(recorder)
        assert [(row.call_id, row.events) for row in call_rows(database)] == [("CA1", 2), ("CA2", 2)]


def _has(database: Database, call_id: str) -> bool:
    try:
        return event_count(database, call_id) == 2
    except OperationalError:
        return False
