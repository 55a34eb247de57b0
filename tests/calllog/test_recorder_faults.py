"""The recorder while something is broken: within its deadline, exactly once, and well again without a hand."""

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.recorder import Recorded, Recorder
from callrouter.calllog.spool import Spool
from callrouter.clock import monotonic
from callrouter.domain.phone import PhoneNumber
from tests.calllog.disks import no_file_longer_than
from tests.calllog.engines import prepared_sqlite
from tests.calllog.postgres import PostgresServer
from tests.calllog.recorders import DEADLINE_SECONDS, becomes_well, falls_ill, recording
from tests.calllog.told import (
    CITIZEN,
    DIGITS,
    PSEUDONYMIZER,
    SEALER,
    arrival,
    call_rows,
    event_count,
    everything_but_callers,
    numbers,
    poison,
    whole_story,
)
from tests.service import until


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the SQLite database is, or should be."""
    return tmp_path / "var" / "callrouter.db"


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "var" / "spool"


@pytest.fixture
def broken(file: Path, spool_dir: Path) -> Iterator[Recorder]:
    """A recorder whose database has been a directory since the start."""
    file.mkdir(parents=True)
    with recording(Database(f"sqlite:///{file}"), spool_dir) as recorder:
        falls_ill(recorder)
        yield recorder


def in_time(recorder: Recorder, entry: Entry) -> Recorded:
    """Record, and see that no caller had to wait for it."""
    began = monotonic()
    where = recorder.record(entry)
    assert monotonic() - began < DEADLINE_SECONDS
    return where


class TestDatabaseIsADirectory:
    def test_the_spool_has_it_in_time_and_it_shows(self, broken: Recorder) -> None:
        assert in_time(broken, arrival()) is Recorded.SPOOL
        condition = broken.condition()
        assert (condition["ok"], condition["spool_files"]) == (False, 1)
        assert "unable to open database file" in str(condition["error"])

    def test_nothing_personal_can_be_read_anywhere(
        self, broken: Recorder, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken.record(Entry(tuple(whole_story()), CITIZEN))
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) == 1
        assert DIGITS not in files[0].read_bytes()
        assert DIGITS.decode() not in caplog.text + str(broken.condition())

    def test_it_heals_by_itself(self, broken: Recorder, file: Path) -> None:
        """Replayed, folded, and said to be well again, without another call."""
        for number in range(3):
            assert broken.record(arrival(f"CA{number}")) is Recorded.SPOOL
        file.rmdir()
        becomes_well(broken)
        database = Database(f"sqlite:///{file}")
        assert (event_count(database), len(call_rows(database))) == (6, 3)
        assert set(numbers(database).values()) == {CITIZEN.e164}
        assert DIGITS.decode() not in everything_but_callers(database)
        database.close()

    def test_the_next_process_brings_in_what_this_one_could_not(
        self, file: Path, spool_dir: Path, sqlite_url: str
    ) -> None:
        file.mkdir(parents=True)
        with recording(Database(f"sqlite:///{file}"), spool_dir) as recorder:
            assert recorder.record(arrival()) is Recorded.SPOOL
        database = Database(sqlite_url)
        with recording(database, spool_dir) as recorder:
            until(lambda: call_rows(database), "the entry is replayed and folded")
            becomes_well(recorder)


class TestSpoolIsAFileToo:
    @pytest.fixture
    def hopeless(self, broken: Recorder, spool_dir: Path) -> Recorder:
        spool_dir.rmdir() if spool_dir.is_dir() else None
        spool_dir.write_text("in the way")
        return broken

    def test_the_log_has_a_line_an_event_without_anything_personal(
        self, hopeless: Recorder, caplog: pytest.LogCaptureFixture
    ) -> None:
        story = whole_story()
        assert in_time(hopeless, Entry(tuple(story), CITIZEN)) is Recorded.LOG_LINE
        lines = [line for line in caplog.messages if line.startswith("not recorded: ")]
        assert len(lines) == len(story)
        for line, told in zip(lines, story, strict=True):
            assert line.startswith(f'not recorded: ["CA1", "{told.id}", "{told.kind}", "{told.at.isoformat()}", {{')
        assert DIGITS.decode() not in caplog.text
        assert hopeless.condition()["in_log_lines_alone"] == 1

    def test_as_long_as_the_process_lives_it_is_made_up_for(
        self, hopeless: Recorder, file: Path, spool_dir: Path
    ) -> None:
        for number in range(3):
            assert hopeless.record(arrival(f"CA{number}")) is Recorded.LOG_LINE
        file.rmdir()
        spool_dir.unlink()
        becomes_well(hopeless)
        database = Database(f"sqlite:///{file}")
        assert (event_count(database), len(call_rows(database))) == (6, 3)
        database.close()


def test_a_spool_that_could_not_be_written_shows_before_it_is_needed(sqlite_url: str, spool_dir: Path) -> None:
    spool_dir.parent.mkdir()
    spool_dir.write_text("in the way")
    with recording(Database(sqlite_url), spool_dir) as recorder:
        falls_ill(recorder)
        assert str(spool_dir) in str(recorder.condition()["error"])
        assert recorder.record(arrival()) is Recorded.DATABASE
        spool_dir.unlink()
        becomes_well(recorder)


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
    def writing(self):  # type: ignore[no-untyped-def] # noqa: ANN201 - as its parent
        assert self.answers.wait(10)
        with super().writing() as connection:
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
        database.answers.set()
        spool.answers.set()
        becomes_well(recorder)
        assert event_count(database) == 8
        assert len(call_rows(database)) == 4
    finally:
        database.answers.set()
        spool.answers.set()
        recorder.stop()


class TestPoison:
    def test_it_takes_no_other_with_it(self, url: str, spool_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
        database = Database(url)
        with recording(database, spool_dir) as recorder:
            entries = [arrival("CA1"), poison(), arrival("CA2")]
            with ThreadPoolExecutor(3) as requests:
                recorded = list(requests.map(recorder.record, entries))
            assert recorded == [Recorded.DATABASE, Recorded.SPOOL, Recorded.DATABASE]
            until(lambda: recorder.condition()["damaged_spool_files"], "it is put aside")
            becomes_well(recorder)
            assert event_count(database) == 4
        assert "an entry of call CA-poison is refused" in caplog.text
        assert DIGITS.decode() not in caplog.text

    def test_nor_does_it_in_the_spool(self, broken: Recorder, file: Path) -> None:
        for entry in (arrival("CA1"), poison(), arrival("CA2")):
            assert broken.record(entry) is Recorded.SPOOL
        file.rmdir()
        becomes_well(broken)
        database = Database(f"sqlite:///{file}")
        assert event_count(database) == 4
        database.close()
        assert broken.condition()["damaged_spool_files"] == 1


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
