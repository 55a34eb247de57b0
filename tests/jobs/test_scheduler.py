"""The scheduler: runs what is due once a slot, shows what went wrong, and tries again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobRunRow
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from tests.schedules import STOCKHOLM

Run = Callable[[Tools], str]
_TICKS = count()


def job(run: Run, minute: int = 7) -> Job:
    return Job("test", minute, timedelta(minutes=10), run)


def scheduler(database: Database, *jobs: Job) -> JobScheduler:
    return JobScheduler(Tools(database, now=tick), jobs, lambda: STOCKHOLM)


def tick() -> datetime:
    """Now, on a morning: at night, between two and three, nothing is due. Each look at the clock is a moment later."""
    return datetime(2026, 11, 23, 7, 7, tzinfo=UTC) + timedelta(milliseconds=next(_TICKS))


@dataclass
class Work:
    """A job's work that counts, and fails while it is told to."""

    error: Exception | None = None
    runs: list[Tools] = field(default_factory=list)

    def __call__(self, tools: Tools) -> str:
        self.runs.append(tools)
        if self.error:
            raise self.error
        return f"{len(self.runs)} done"


def runs(database: Database) -> list[Row[Any]]:
    with database.reading() as connection:
        return list(connection.execute(select(JobRunRow.__table__)))


def an_hour_passes(database: Database) -> None:
    """The run of this slot becomes one of an earlier slot."""
    with database.writing() as connection:
        connection.execute(update(JobRunRow).values(slot="an hour ago"))


@pytest.fixture
def work() -> Work:
    return Work()


def test_jobs_go_by_the_clocks_of_a_schedule_that_comes_after_the_start(database: Database, work: Work) -> None:
    zones: list[tzinfo] = [UTC]
    hourly = job(work)
    jobs = JobScheduler(Tools(database), [hourly], lambda: zones[-1])
    jobs.start()
    try:
        zones.append(timezone(timedelta(hours=3)))
        jobs.run_due(hourly)
        assert str(jobs.condition()["jobs"]).endswith("+03:00'}")
    finally:
        jobs.stop()


def test_what_is_due_runs_once_a_slot(database: Database, work: Work) -> None:
    assert scheduler(database).run_due(job(work)) == "1 done"
    assert scheduler(database).run_due(job(work)) is None
    (run,) = runs(database)
    assert (run.job, run.result, run.finished_at is None) == ("test", "1 done", False)
    an_hour_passes(database)
    assert scheduler(database).run_due(job(work)) == "2 done"


def test_of_many_processes_at_once_one_runs_it(url: str, work: Work) -> None:
    def process(_number: int) -> str | None:
        database = Database(url)
        result = scheduler(database).run_due(job(work))
        database.close()
        return result

    with ThreadPoolExecutor(6) as threads:
        results = [result for result in threads.map(process, range(6)) if result]
    assert results == ["1 done"]


class TestWhatAJobFindsByItself:
    """A job that is looked at each minute does all that is due, each piece once."""

    def watch(self, *pieces: Piece) -> Job:
        return Job("test", None, timedelta(minutes=10), lambda _tools: "looked", due=lambda _tools, _at: pieces)

    def test_each_piece_is_done_once(self, database: Database, work: Work) -> None:
        watch = self.watch(Piece("a", work), Piece("b", work))
        assert scheduler(database).run_due(watch) == "1 done; 2 done"
        assert scheduler(database).run_due(watch) is None
        assert {run.slot for run in runs(database)} == {"a", "b"}

    def test_one_that_fails_stops_no_other(self, database: Database, work: Work) -> None:
        jobs = scheduler(database)
        watch = self.watch(Piece("a", Work(ValueError("wrong"))), Piece("b", work))
        assert jobs.run_due(watch) == "1 done"
        assert {run.slot: run.result for run in runs(database)} == {"a": "failed: ValueError: wrong", "b": "1 done"}

    def test_the_lease_of_a_piece_begins_with_it(self, database: Database, work: Work) -> None:
        """However long the one before took: no other process takes over what has only just begun."""
        instants = [clock.now()]
        tools = Tools(database, now=lambda: instants[-1])
        one, other = (JobScheduler(tools, (), lambda: STOCKHOLM, who) for who in ("one", "other"))

        def long(_tools: Tools) -> str:
            instants.append(instants[0] + timedelta(minutes=11))
            return "longer than the lease"

        def tried_by_the_other(_tools: Tools) -> str:
            return f"the other: {other.run_due(self.watch(Piece('b', work)))}"

        told = one.run_due(self.watch(Piece("a", long), Piece("b", tried_by_the_other)))
        assert told == "longer than the lease; the other: None"

    def test_that_it_cannot_look_is_told_until_it_can(self, database: Database) -> None:
        def blind(_tools: Tools, _at: datetime) -> tuple[Piece, ...]:
            raise ValueError("wrong")

        jobs = scheduler(database)
        assert jobs.run_due(Job("test", None, timedelta(minutes=10), lambda _tools: "looked", due=blind)) is None
        assert jobs.condition()["errors"] == {"test": "what is due: ValueError: wrong"}
        jobs.run_due(self.watch())
        assert jobs.condition()["errors"] == {}, "though nothing was due"


class TestFailingJob:
    def test_it_is_told_and_its_run_says_so(
        self, database: Database, work: Work, caplog: pytest.LogCaptureFixture
    ) -> None:
        work.error = ValueError("something is wrong\nwith details")
        jobs = scheduler(database)
        assert jobs.run_due(job(work)) is None
        (run,) = runs(database)
        assert (run.result, run.finished_at is None) == ("failed: ValueError: something is wrong", False)
        assert "job test for" in caplog.text
        assert "with details" in caplog.text
        errors = jobs.condition()["errors"]
        assert isinstance(errors, dict)
        assert errors["test"].endswith(": ValueError: something is wrong")

    def test_it_shows_until_the_next_slot_went_well(self, database: Database, work: Work) -> None:
        jobs = scheduler(database)
        jobs.start()
        work.error = ValueError("wrong")
        jobs.run_due(job(work))
        assert jobs.condition()["ok"] is False
        assert jobs.run_due(job(work)) is None
        assert jobs.condition()["ok"] is False, "that this slot has been had is no success"
        an_hour_passes(database)
        work.error = None
        assert jobs.run_due(job(work)) == "2 done"
        assert jobs.condition()["ok"] is True
        jobs.stop()

    def test_its_slot_is_tried_again_ten_minutes_later(self, database: Database, work: Work) -> None:
        instants = [datetime(2026, 11, 23, 7, 7, tzinfo=UTC)]
        jobs = JobScheduler(Tools(database, now=lambda: instants[-1]), (), lambda: STOCKHOLM)
        work.error = ValueError("wrong")
        assert jobs.run_due(job(work)) is None
        instants.append(instants[0] + timedelta(minutes=10))
        work.error = None
        assert jobs.run_due(job(work)) == "2 done"
        assert jobs.condition()["errors"] == {}
        assert [(run.slot, run.result) for run in runs(database)] == [("2026-11-23T08+0100", "2 done")]

    def test_what_another_process_did_since_ends_it_whatever_is_looked_at_next(
        self, database: Database, work: Work
    ) -> None:
        """A quiet night has nothing due that would show it."""
        jobs, another = scheduler(database), scheduler(database)
        nothing = Job("nothing", None, timedelta(minutes=10), work, due=lambda _tools, _at: ())
        jobs.run_due(job(Work(ValueError("wrong"))))
        jobs.run_due(nothing)
        assert list(jobs.errors) == ["test"]
        an_hour_passes(database)
        another.run_due(job(work))
        jobs.run_due(nothing)
        assert jobs.errors == {}

    def test_a_later_slot_that_another_process_had_ends_it_too(self, database: Database, work: Work) -> None:
        jobs = scheduler(database)
        jobs._errors["test"] = "an hour ago: ValueError: wrong"  # noqa: SLF001 - a slot of an hour ago
        scheduler(database).run_due(job(work))
        assert jobs.run_due(job(work)) is None
        assert jobs.condition()["errors"] == {}


def test_a_database_that_is_away_shows_and_the_slot_is_tried_again(tmp_path: Path, work: Work) -> None:
    place = tmp_path / "callrouter.db"
    place.mkdir()
    database = Database(f"sqlite:///{place}")
    jobs = scheduler(database)
    assert jobs.run_due(job(work)) is None
    assert "unable to open database file" in str(jobs.condition()["errors"])
    place.rmdir()
    database.prepare()
    assert jobs.run_due(job(work)) == "1 done"
    assert jobs.condition()["errors"] == {}
    database.close()


class TestRunning:
    @pytest.fixture
    def jobs(self, sqlite_url: str) -> Iterator[JobScheduler]:
        database = Database(sqlite_url)
        jobs = JobScheduler(Tools(database), JOBS, lambda: STOCKHOLM)
        yield jobs
        jobs.stop()
        database.close()

    def test_it_is_well_from_start_to_stop(self, jobs: JobScheduler) -> None:
        assert jobs.condition()["ok"] is False
        jobs.start()
        assert jobs.condition()["ok"] is True
        jobs.stop()
        assert jobs.condition()["ok"] is False

    def test_it_says_when_each_job_is_tried_next(self, jobs: JobScheduler) -> None:
        """Each ten minutes from its minute to the end of the hour: a slot that failed is tried again."""
        jobs.start()
        due = jobs.condition()["jobs"]
        assert isinstance(due, dict)
        assert sorted(due) == sorted(job.name for job in JOBS)  # it lists them by when they are due
        at = datetime.fromisoformat(due["fold-calls"])
        assert at > clock.now()
        assert at - clock.now() < timedelta(minutes=81)  # not from two to three: the clocks change there
        assert (at.minute % 10, at.second, at.utcoffset()) == (7, 0, at.astimezone(STOCKHOLM).utcoffset())

    def test_a_daily_one_is_tried_in_its_hour(self, jobs: JobScheduler) -> None:
        jobs.start()
        due = jobs.condition()["jobs"]
        assert isinstance(due, dict)
        at = datetime.fromisoformat(due["retention"])
        assert (at.hour, at.minute) in ((3, 30), (3, 40), (3, 50))
        assert at - clock.now() < timedelta(hours=25)

    def test_stop_tells_a_long_one_to_leave_the_rest_for_another_time(self, sqlite_url: str) -> None:
        tools = Tools(Database(sqlite_url))
        jobs = JobScheduler(tools, (), lambda: STOCKHOLM)
        jobs.start()
        jobs.stop()
        assert tools.stopping.is_set()

    def test_stop_lets_a_running_job_finish(self, sqlite_url: str) -> None:
        """Seen by asking the scheduler for a run now, as its own clock would."""
        began, may_end = Event(), Event()

        def work(_tools: Tools) -> str:
            began.set()
            assert may_end.wait(10)
            return "done"

        database = Database(sqlite_url)
        jobs = scheduler(database, job(work))
        jobs.start()
        jobs._scheduler.modify_job("test", next_run_time=clock.now())  # noqa: SLF001 - instead of waiting for minute 7
        assert began.wait(5)
        with ThreadPoolExecutor(1) as threads:
            stopping = threads.submit(jobs.stop)
            with pytest.raises(TimeoutError):
                stopping.result(0.1)
            may_end.set()
            stopping.result(5)
        assert [run.result for run in runs(database)] == ["done"]
        database.close()


def test_a_line_of_the_log_tells_how_long_a_run_took(
    database: Database, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "callrouter.jobs"):
        scheduler(database).run_due(
            Job("told", None, timedelta(minutes=10), work, due=lambda _tools, _at: [Piece("a slot", work)])
        )
    at = tick()
    (told,) = [record for record in caplog.records if "job told for" in record.getMessage()]
    assert told.getMessage().endswith(": 1 done")
    assert 0 <= vars(told)["ms"] < 60_000
    assert timedelta(0) <= datetime.fromisoformat(vars(told)["next"]) - at <= timedelta(minutes=1)
    assert vars(told)["slot"] == "a slot"
