"""The recorder while something is broken: within its deadline, exactly once, and well again without a hand."""

import errno
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calllog.recorder import Recorded, Recorder
from callrouter.calllog.spool import Spool
from tests.calllog.recorders import becomes_well, falls_ill, in_time, recording
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
from tests.schedules import CLOSED_HOUR
from tests.service import until


@pytest.fixture
def broken(file: Path, spool_dir: Path) -> Iterator[Recorder]:
    """A recorder whose database has been a directory since the start."""
    file.mkdir(parents=True)
    with recording(Database(f"sqlite:///{file}"), spool_dir) as recorder:
        falls_ill(recorder)
        yield recorder


class TestDatabaseIsADirectory:
    def test_the_spool_has_it_in_time_and_it_shows(self, broken: Recorder) -> None:
        assert in_time(broken, arrival()) is Recorded.SPOOL
        condition = broken.condition()
        assert (condition["ok"], condition["spool_files"], condition["spool_entries"]) == (False, 1, 1)
        assert "unable to open database file" in str(condition["error"])

    def test_nothing_personal_can_be_read_anywhere(
        self, broken: Recorder, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken.record(Entry(tuple(whole_story()), CITIZEN))
        files = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]
        assert len(files) == 1
        assert DIGITS not in files[0].read_bytes()
        assert DIGITS.decode() not in caplog.text + str(broken.condition())

    def test_nobody_waits_for_what_it_cannot_be_asked(self, broken: Recorder) -> None:
        assert broken.attempt(CLOSED_HOUR.date(), "CA1", "attempt") == LoggedAttempt()

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
            assert line.startswith(f"not recorded: call=CA1 {told.kind} {told.at.isoformat()} ")
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


class UnlistedSpool(Spool):
    """A spool whose directory cannot be listed."""

    def depth(self) -> int:
        raise OSError(errno.EIO, "Input/output error")


def test_a_spool_that_cannot_be_looked_into_is_told_not_raised(sqlite_url: str, spool_dir: Path) -> None:
    recorder = Recorder(Database(sqlite_url), UnlistedSpool(spool_dir, SEALER), PSEUDONYMIZER, retry_seconds=0.05)
    recorder.start()
    try:
        falls_ill(recorder)
        assert "Input/output error" in str(recorder.condition()["error"])
        assert recorder.record(arrival()) is Recorded.DATABASE
    finally:
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
