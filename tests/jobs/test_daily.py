"""The jobs that keep house: what lies ahead, what dead processes left in the spool, runs that nobody asks for."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path

from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.outbox import listed
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import JobRunRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.schedule import Notify
from callrouter.domain.words import NoticeKind
from callrouter.jobs import job_runs, look_ahead
from callrouter.jobs import spool as spool_job
from callrouter.jobs.claim import claim, finish
from callrouter.jobs.job import Tools
from callrouter.schedule.format.reading import Reading, read
from tests.calllog.told import PSEUDONYMIZER, SEALER
from tests.schedules import schedule

AT = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
DAY = timedelta(days=1)


class TestLookAhead:
    def test_says_what_the_schedule_leaves_open(self, database: Database) -> None:
        example = Path("config/schedule.yaml").read_bytes()
        far = AT + 20 * 365 * DAY
        said = look_ahead.run(Tools(database, reading=lambda: read(example, far)))
        assert said.startswith("warning: schedule: line ")

    def test_has_nothing_to_say_of_one_that_is_whole(self, database: Database) -> None:
        assert look_ahead.run(Tools(database, reading=lambda: Reading(schedule(), (), ()))) == "nothing to look at"

    def test_whoever_the_schedule_names_is_told_once_a_day(self, database: Database) -> None:
        told = replace(schedule(), notify=Notify(warnings=("it@example.org",)))
        example, now = Path("config/schedule.yaml").read_bytes(), AT + 20 * 365 * DAY
        for at in (now, now + timedelta(hours=1), now + DAY):
            look_ahead.run(Tools(database, lambda: told, reading=lambda: read(example, now), now=repeat(at).__next__))
        with database.reading() as connection:
            notices = [notice for notice, _row in listed(connection, None, 9)]
        assert [(each.kind, each.address) for each in notices] == [(NoticeKind.WARNING, "it@example.org")] * 2
        assert str(notices[0].facts["sv"]).startswith("Något behöver göras snart\n\nschemat: rad ")
        assert str(notices[0].facts["en"]).startswith("Something has to be done soon\n\nschedule: line ")


class TestSpool:
    def test_what_a_killed_process_left_is_written(self, database: Database, tmp_path: Path) -> None:
        spool = Spool(tmp_path, SEALER)
        tools = Tools(
            database, replay=lambda: spool.replay(lambda entries: write_entries(database, PSEUDONYMIZER, entries))
        )
        command = [sys.executable, "-m", "tests.calllog.spooler", str(tmp_path), "CA1"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            assert spool_job.run(tools) == "0 entries replayed", "it lives: its file is left to it"
            process.kill()
        assert spool_job.run(tools) == "1 entry replayed"
        assert spool_job.run(tools) == "0 entries replayed"

    def test_without_the_keys_of_the_service_nothing_is_touched(self, database: Database) -> None:
        assert spool_job.run(Tools(database)).startswith("not looked at")


def test_old_runs_go_but_the_last_of_each_job(database: Database) -> None:
    for job, ago in (("a", 200), ("a", 100), ("a", 89), ("b", 300), ("b", 200)):
        mine = claim(database, job, str(ago), "me", DAY, AT - ago * DAY)
        assert mine
        finish(database, mine, "done", AT - ago * DAY)
    claim(database, "a", "died long ago", "me", DAY, AT - 500 * DAY)
    claim(database, "a", "died lately", "me", DAY, AT - 91 * DAY)
    claim(database, "c", "died", "me", DAY, AT - 500 * DAY)
    assert job_runs.run(Tools(database, now=lambda: AT)) == "4 runs deleted"
    with database.reading() as connection:
        kept = connection.execute(select(JobRunRow.job, JobRunRow.slot).order_by(JobRunRow.slot)).all()
    assert [tuple(row) for row in kept] == [("b", "200"), ("a", "89"), ("c", "died"), ("a", "died lately")]
