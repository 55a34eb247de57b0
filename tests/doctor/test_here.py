"""What is said of this machine: time-zone data, back-ups, the database, the jobs."""

import os  # the age of a file
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import JobNow, JobRun, failure
from callrouter.calllog.revisions import newest_revision
from callrouter.checks.finding import Level
from callrouter.doctor.database import look_at, of_job
from callrouter.doctor.here import newest_back_up, time_zones, zones_of
from callrouter.settings import Storage

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("release", "level"),
    [("2026f", Level.OK), ("2025a", Level.OK), ("2024b", Level.WARNING), (None, Level.WARNING), ("x", Level.WARNING)],
)
def test_time_zones_of_a_year_before_the_last_are_old(release: str | None, level: Level) -> None:
    assert zones_of(release, AT).level is level


def test_the_release_of_this_machine_is_known() -> None:
    (finding,) = time_zones()
    assert "release 20" in finding.found


@pytest.mark.parametrize(
    ("ages", "level"), [([], Level.WARNING), ([1], Level.OK), ([9, 1], Level.OK), ([3, 9], Level.WARNING)]
)
def test_the_newest_back_up_counts(tmp_path: Path, ages: list[int], level: Level) -> None:
    for age in ages:
        path = tmp_path / f"callrouter-{age}.backup"
        path.touch()
        os.utime(path, times=((AT - timedelta(days=age)).timestamp(),) * 2)
    storage = Storage(tmp_path, tmp_path, f"sqlite:///{tmp_path}/callrouter.db")
    assert newest_back_up(storage, AT).level is level


def set_revision(database: Database, revision: str) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


class TestTheDatabase:
    def test_that_is_ready_can_be_written(self, database: Database) -> None:
        finding = look_at(database)
        assert (finding.level, "can be written" in finding.found) == (Level.OK, True)

    def test_without_tables_says_how_to_make_them(self, empty_url: str) -> None:
        database = Database(empty_url)
        finding = look_at(database)
        assert (finding.level, finding.advice) == (Level.ERROR, "callrouter db upgrade")
        assert not (database.path and database.path.exists()), "looking makes no file"
        database.close()

    @pytest.mark.parametrize(("revision", "level"), [("0001", Level.ERROR), ("9999", Level.WARNING)])
    def test_of_another_release(self, database: Database, revision: str, level: Level) -> None:
        set_revision(database, revision)
        found = look_at(database)
        set_revision(database, newest_revision())  # on PostgreSQL other tests have the same database
        assert found.level is level


class TestJobs:
    @pytest.mark.parametrize(
        ("hour", "age", "result", "said"),
        [
            (None, timedelta(minutes=50), "done", []),
            (None, timedelta(hours=3), "done", ["ran last at"]),
            (3, timedelta(hours=25), "done", []),
            (3, timedelta(hours=27), "done", ["ran last at"]),
            (None, timedelta(minutes=50), failure("it broke"), ["failed: it broke"]),
            (None, timedelta(minutes=50), None, ["never told of its end"]),
            (None, None, None, ["has never run"]),
        ],
    )
    def test_one_that_is_late_failed_or_dead_is_told(
        self, hour: int | None, age: timedelta | None, result: str | None, said: list[str]
    ) -> None:
        last = None
        if age is not None:
            began = AT - age
            last = JobRun("j", "s", "a", began, began + timedelta(minutes=10), began if result else None, result)
        found = list(of_job(JobNow("j", hour, 7, last, AT), AT))
        assert len(found) == len(said)
        assert all(part in finding.found for part, finding in zip(said, found, strict=True))
