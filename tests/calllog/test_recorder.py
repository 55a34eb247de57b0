"""The recorder while all is well: safe before the answer, folded right after, nothing lost at the end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, current_thread

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.follower import PACE_SECONDS
from callrouter.calllog.published import history
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calllog.recorder import Recorded, Recorder
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import ScheduleVersionRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent
from callrouter.domain.record import fold
from callrouter.domain.words import EventKind, Outcome
from tests.calllog.recorders import becomes_well, is_well, recording
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SEALER, arrival, call_rows, event_count, ringing, whole_story
from tests.schedules import CLOSED_HOUR
from tests.service import until

LONG_AGO = clock.now() - timedelta(days=30)
"""Too long to be caught up with at a start: whatever is folded was told to the recorder."""


LANES_ENDED = {"recorder-follow-up": True, "recorder-database": False, "recorder-spool": False}


@pytest.fixture
def recorder(database: Database, tmp_path: Path) -> Iterator[Recorder]:
    with recording(database, tmp_path / "spool") as recorder:
        yield recorder


def test_what_is_recorded_is_in_the_database_before_the_answer(recorder: Recorder, url: str) -> None:
    assert recorder.record(arrival()) is Recorded.DATABASE
    another_process = Database(url)
    assert event_count(another_process) == 2
    another_process.close()


def test_it_is_folded_right_after(recorder: Recorder, database: Database) -> None:
    story = whole_story()
    recorder.record(Entry(tuple(story), CITIZEN))
    until(is_well(recorder), "the call is folded")
    until(lambda: call_rows(database), "its row is there")
    (row,) = call_rows(database)
    assert (row.disposition, row.events) == ("answered", fold(story).events)


def test_a_retry_and_a_duplicate_are_one_row(recorder: Recorder, database: Database) -> None:
    for _ in range(3):
        assert recorder.record(arrival()) is Recorded.DATABASE
    assert event_count(database) == 2


def test_requests_at_once_lose_nothing(recorder: Recorder, database: Database) -> None:
    entries = [arrival(f"CA{number}") for number in range(120)]
    with ThreadPoolExecutor(12) as requests:
        assert set(requests.map(recorder.record, entries)) == {Recorded.DATABASE}
    assert event_count(database) == 240
    becomes_well(recorder)
    until(lambda: len(call_rows(database)) == 120, "all are folded")


def test_its_condition_tells_what_a_person_wants_to_know(recorder: Recorder) -> None:
    becomes_well(recorder)
    assert recorder.condition() == {
        "ok": True,
        "error": None,
        "waiting": 0,
        "spool_files": 0,
        "spool_entries": 0,
        "damaged_spool_files": 0,
        "in_log_lines_alone": 0,
        "unfolded_calls": 0,
        "threads": {"recorder-follow-up": True, "recorder-database": True, "recorder-spool": True},
    }


def test_the_schedule_in_force_is_kept(recorder: Recorder, database: Database) -> None:
    recorder.remember_schedule("v1", "version: 1\n", "start")

    def kept() -> list[str]:
        with database.reading() as connection:
            return list(connection.execute(select(ScheduleVersionRow.text)).scalars())

    until(kept, "the text is kept")
    assert kept() == ["version: 1\n"]


def test_what_came_into_force_last_stands_last_also_where_nobody_could_write(
    recorder: Recorder, database: Database
) -> None:
    with database.writing():
        for version in ("v1", "v2", "v1"):
            recorder.remember_schedule(version, f"{version}\n", "file /etc/schedule.yaml")

    def came() -> list[str]:
        with database.reading() as connection:
            return [each.version for each in history(connection, "/etc/schedule.yaml", 9)]

    until(lambda: len(came()) > 1 and came()[0] == "v1", "it is noted")


def test_the_log_can_be_asked_what_became_of_an_attempt(recorder: Recorder) -> None:
    """By whichever process: the events of a call that crosses midnight stand under two days."""
    taken, again = (
        CallEvent(CLOSED_HOUR.date() + timedelta(days=n), "CA1", str(n), EventKind.ACCEPTED, at, {"attempt": "a"})
        for n, at in enumerate((CLOSED_HOUR + timedelta(seconds=9), CLOSED_HOUR + timedelta(seconds=8)))
    )
    dropped, answered = (
        CallEvent(
            CLOSED_HOUR.date() + timedelta(days=n), "CA1", "end", EventKind.DIAL_ENDED, at, {"attempt": "a"} | said
        )
        for n, at, said in (
            (1, CLOSED_HOUR + timedelta(seconds=12), {"outcome": "dropped"}),
            (0, CLOSED_HOUR + timedelta(seconds=15), {"outcome": "answered"}),
        )
    )
    asked = partial(recorder.attempt, CLOSED_HOUR.date())
    recorder.record(Entry((*ringing().told(), taken, again)))
    assert asked("CA1", "a") == LoggedAttempt(CLOSED_HOUR + timedelta(seconds=8))
    recorder.record(Entry((dropped, answered)))
    assert asked("CA1", "a") == LoggedAttempt(CLOSED_HOUR + timedelta(seconds=8), Outcome.DROPPED)
    assert (asked("CA1", "another attempt"), asked("CA2", "a")) == (LoggedAttempt(), LoggedAttempt())


def test_stop_writes_and_folds_what_waits(url: str, tmp_path: Path) -> None:
    with recording(Database(url), tmp_path / "spool") as recorder:
        becomes_well(recorder)
        with ThreadPoolExecutor(8) as requests:
            recorded = list(requests.map(recorder.record, [arrival(f"CA{number}") for number in range(40)]))
    assert recorded == [Recorded.DATABASE] * 40
    assert not any(dict(recorder.condition()["threads"]).values())  # type: ignore[call-overload]
    database = Database(url)
    assert len(call_rows(database)) == 40
    database.close()


def test_a_recorder_that_never_began_can_be_stopped(sqlite_url: str, tmp_path: Path) -> None:
    Recorder(Database(sqlite_url), Spool(tmp_path / "spool", SEALER), PSEUDONYMIZER).stop()


def test_what_a_crash_left_unfolded_is_folded_at_the_next_start(url: str, tmp_path: Path) -> None:
    database = Database(url)
    write_entries(database, PSEUDONYMIZER, [arrival(f"CA{n}", clock.now() - timedelta(days=n)) for n in range(3)])
    with recording(database, tmp_path / "spool"):
        until(lambda: len(call_rows(database)) == 3, "the calls are folded")


class FoldlessDatabase(Database):
    """A database that takes events, but will not let the follower write."""

    takes_folds = False

    def prepare(self) -> None:
        pass

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if not self.takes_folds and current_thread().name == "recorder-follow-up":
            raise OperationalError("BEGIN", {}, Exception("nothing can be folded now"))
        with super().writing() as connection:
            yield connection


def test_what_could_not_be_folded_is_folded_when_it_can(url: str, tmp_path: Path) -> None:
    database = FoldlessDatabase(url)
    with recording(database, tmp_path / "spool") as recorder:
        assert recorder.record(arrival(at=LONG_AGO)) is Recorded.DATABASE
        until(lambda: "nothing can be folded" in str(recorder.condition()["error"]), "it shows")
        assert recorder.condition()["unfolded_calls"] == 1
        database.takes_folds = True
        until(lambda: call_rows(database), "the call is folded")
        becomes_well(recorder)


class CountingDatabase(Database):
    """A database that counts the transactions of the follower."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.folds: list[bool] = []
        """Of each, whether its commit waited for the disk."""

    def prepare(self) -> None:
        pass

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            if current_thread().name == "recorder-follow-up":
                question = "PRAGMA synchronous" if self.is_sqlite else "SHOW synchronous_commit"
                self.folds.append(connection.exec_driver_sql(question).scalar() in (2, "on"))
            yield connection


def test_while_much_is_told_it_is_folded_together(url: str, tmp_path: Path) -> None:
    """Requests come first: a call is folded once for many events, not once for each."""
    database = CountingDatabase(url)
    with recording(database, tmp_path / "spool") as recorder:
        becomes_well(recorder)
        database.folds.clear()
        began = clock.monotonic()
        for number in range(200):
            recorder.record(arrival("CA1", CLOSED_HOUR + timedelta(seconds=number)))
        becomes_well(recorder)
        assert not database.folds[-1], "what is folded can be folded again"
        assert len(database.folds) <= 2 + (clock.monotonic() - began) / PACE_SECONDS
        until(lambda: call_rows(database)[0].events == event_count(database), "the row holds all events")


class GatedDatabase(Database):
    """A database that stops the follower after it has folded, before it goes on."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_gated = False
        self.is_preparing = False
        self.has_folded = Event()
        self.may_go_on = Event()

    def prepare(self) -> None:
        self.is_preparing = True
        super().prepare()
        self.is_preparing = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
        if self.is_gated and not self.is_preparing and current_thread().name == "recorder-follow-up":
            self.has_folded.set()
            assert self.may_go_on.wait(10)


def test_what_is_told_of_a_call_while_it_is_folded_is_folded_too(url: str, tmp_path: Path) -> None:
    database = GatedDatabase(url)
    with recording(database, tmp_path / "spool") as recorder:
        becomes_well(recorder)
        first, *others = whole_story(at=LONG_AGO)
        recorder.record(Entry((first,)))
        until(lambda: call_rows(database), "the first event is folded")
        becomes_well(recorder)
        database.is_gated = True
        recorder.record(Entry((others[0],)))
        assert database.has_folded.wait(10)
        assert recorder.record(Entry(tuple(others))) is Recorded.DATABASE
        database.is_gated = False
        database.may_go_on.set()
        until(lambda: call_rows(database)[0].events == 1 + len(others), "the row holds all events", 5)


def test_what_is_told_just_before_the_end_is_folded_before_it(url: str, tmp_path: Path) -> None:
    database = GatedDatabase(url)
    with recording(database, tmp_path / "spool") as recorder, ThreadPoolExecutor(1) as threads:
        becomes_well(recorder)
        database.is_gated = True
        recorder.record(arrival("CA1", LONG_AGO))
        assert database.has_folded.wait(10)
        assert recorder.record(arrival("CA2", LONG_AGO)) is Recorded.DATABASE
        stopping = threads.submit(recorder.stop)
        until(lambda: recorder.condition()["threads"] == LANES_ENDED, "nothing more is written")
        with pytest.raises(TimeoutError):
            stopping.result(0.1)
        database.is_gated = False
        database.may_go_on.set()
        stopping.result(10)
    another_process = Database(url)
    assert [row.call_id for row in call_rows(another_process)] == ["CA1", "CA2"]
    another_process.close()


def test_a_call_that_cannot_be_folded_keeps_no_other_from_it(recorder: Recorder, database: Database) -> None:
    arrived, rang = ringing("CA-odd").told()
    rang.facts.pop("attempt")  # type: ignore[attr-defined] # as a later release might write it
    recorder.record(Entry((arrived, rang)))
    recorder.record(arrival("CA-good"))
    until(lambda: call_rows(database), "the good one is folded")
    becomes_well(recorder)
    assert [row.call_id for row in call_rows(database)] == ["CA-good"]
