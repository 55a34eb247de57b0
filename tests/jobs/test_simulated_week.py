"""Two clocks and three services on one database, for a week that the test lets pass: every job once per slot.

Over the nights when the clocks change, and when one of the processes is killed in the middle of a run.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobRunRow
from tests.jobs.ticking import LEASE
from tests.schedules import STOCKHOLM

STEP = timedelta(minutes=20)
PROCESSES = ("clock-1", "clock-2", "service-1", "service-2", "service-3")


@dataclass
class Ticking:
    """One of the processes."""

    by: str
    process: "subprocess.Popen[str]"

    def hear(self) -> str:
        assert self.process.stdout
        heard = self.process.stdout.readline().strip()
        assert heard, f"{self.by} ended by itself with {self.process.wait(10)}"
        return heard

    def tick(self, at: datetime) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{at.isoformat()}\n")
        self.process.stdin.flush()


@contextmanager
def ticking(url: str, done: Path, left: str = "none") -> Iterator[dict[str, Ticking]]:
    command = [sys.executable, "-m", "tests.jobs.ticking", url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = {
        by: Ticking(by, subprocess.Popen([*command, by, left, str(done)], text=True, **pipes))  # type: ignore[call-overload]
        for by in PROCESSES
    }
    try:
        for each in started.values():
            assert each.hear() == "ready"
        yield started
    finally:
        for each in started.values():
            each.process.kill()
            each.process.communicate()


def pass_time(processes: dict[str, Ticking], start: datetime, end: datetime) -> str | None:
    """All processes at the same instants, at the same time; who was killed over its run, if anybody."""
    killed = None
    for number in range((end - start) // STEP):
        at = start + number * STEP
        for each in processes.values():
            each.tick(at)
        for by, each in list(processes.items()):
            if each.hear() == "left":
                each.process.kill()  # SIGKILL, to the one process that this is
                each.process.communicate()
                killed = by
                del processes[by]
    return killed


def expected(start: datetime, end: datetime) -> Counter[str]:
    """What must have been done, by the calendar alone."""
    hours = [start + timedelta(hours=n) for n in range((end - start) // timedelta(hours=1))]
    local = [hour.astimezone(STOCKHOLM) for hour in hours]
    hourly = [f"hourly {hour:%Y-%m-%dT%H%z}" for hour in local if hour.hour != 2]
    nightly = [f"nightly {hour:%Y-%m-%d}" for hour in local if hour.hour == 3]
    opens = [f"watch {hour:%Y-%m-%dT%H:%M%z}/centre" for hour in local if hour.weekday() < 5 and hour.hour in (10, 15)]
    return Counter([*hourly, *nightly, *opens])


def done_in(file: Path) -> Counter[str]:
    return Counter(line.rpartition(" ")[0] for line in file.read_text(encoding="utf-8").splitlines())


def unfinished(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(JobRunRow.slot).where(JobRunRow.finished_at.is_(None))).scalars())


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2026-10-20", 7),  # the clocks go back in the night to the 25th
        ("2026-03-28", 2),  # they go forward in the night to the 29th
    ],
)
def test_every_job_is_done_once_per_slot(database: Database, url: str, tmp_path: Path, first: str, days: int) -> None:
    start = datetime.fromisoformat(first).replace(hour=12, minute=7, tzinfo=UTC)
    end, done = start + timedelta(days=days), tmp_path / "done"
    with ticking(url, done) as processes:
        assert pass_time(processes, start, end) is None
    assert done_in(done) == expected(start.replace(minute=0), end.replace(minute=0))
    assert unfinished(database) == []
    assert len({line.split()[-1] for line in done.read_text(encoding="utf-8").splitlines()}) > 1, "one did it all"


def test_what_a_killed_process_had_begun_is_taken_over_when_its_lease_is_out(
    database: Database, url: str, tmp_path: Path
) -> None:
    start, done = datetime(2026, 11, 23, 6, 7, tzinfo=UTC), tmp_path / "done"
    slot, hour = "2026-11-23T08+0100", datetime(2026, 11, 23, 7, 7, tzinfo=UTC)
    with ticking(url, done, left=f"hourly {slot}") as processes:
        killed = pass_time(processes, start, hour + LEASE)
        assert killed in PROCESSES
        assert unfinished(database) == [slot], "nobody touches it while its lease lasts"
        assert pass_time(processes, hour + LEASE, hour + timedelta(hours=2)) is None
        assert unfinished(database) == []
    with database.reading() as connection:
        by = connection.execute(select(JobRunRow.claimed_by).where(JobRunRow.slot == slot)).scalar_one()
    assert by in set(PROCESSES) - {killed}
    begun = done_in(done)
    assert begun.pop(f"hourly {slot}") == 2
    others = expected(start.replace(minute=0), start.replace(hour=9, minute=0))
    others.pop(f"hourly {slot}")
    assert begun == others
