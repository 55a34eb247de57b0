"""Two clocks and three services on one database, for a week that the test lets pass: every job once per slot.

The registry, triggers, APScheduler and processes are the real ones; their clocks stand where the test says. Over the
nights when the clocks change, in which one of the processes is killed in the middle of a run. That run, and any other
that it had under way just then, is done again by another process, when its lease is out.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import lasting
from callrouter.calllog.tables import JobRunRow, OutboxRow
from callrouter.domain.control import NO_CONTROL
from callrouter.domain.witness import witness
from callrouter.jobs.registry import JOBS
from callrouter.schedule import load
from callrouter.settings import phone_network_settings
from tests.faults.clock_ways import clock_library
from tests.schedules import STOCKHOLM

STEP = timedelta(minutes=5)
"""APScheduler leaves out what is more than five minutes late."""

PROCESSES = ("clock-1", "clock-2", "service-1", "service-2", "service-3")
SCHEDULE = Path(__file__).with_name("week.yaml")
AUTUMN, SPRING = "2026-10-25T03+0100", "2026-03-29T03+0200"
"""The hours after the clocks have gone back, and forward."""

Slot = tuple[str, str]
"""A job, and what of it."""


class Run(NamedTuple):
    """A process began with something."""

    job: str
    slot: str
    by: str
    at: datetime


class Death(NamedTuple):
    """A process was killed; *left*: what it had claimed, and not told the end of."""

    by: str
    at: datetime
    left: frozenset[Slot]


class Service(ThreadingHTTPServer):
    """What the services would say that they decide, at the instant that it is."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Deciding)
        self.at = datetime.min.replace(tzinfo=UTC)
        self.schedule = load(SCHEDULE.read_bytes())


class _Deciding(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        at = self.server.at
        said = json.dumps({"process": "a", "at": at.isoformat(), **witness(self.server.schedule, NO_CONTROL, at)})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: Any) -> None: ...


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
        self.process.stdin.write(f"{at.timestamp():.0f}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()  # SIGKILL, to the one process that this is
        self.process.communicate()


@dataclass
class House:
    """The processes, the service that their canaries ask, and their database."""

    service: Service
    database: Database
    done: Path
    processes: dict[str, Ticking] = field(default_factory=dict)

    def pass_time(self, start: datetime, end: datetime) -> list[Death]:
        """All processes at the same instants, at the same time; who was killed over a run."""
        deaths = []
        for number in range((end - start) // STEP):
            self.service.at = start + number * STEP
            for each in self.processes.values():
                each.tick(self.service.at)
            for by, each in list(self.processes.items()):
                if each.hear() == "left":
                    each.kill()
                    deaths.append(Death(by, self.service.at, self.unfinished(by)))
                    del self.processes[by]
        return deaths

    def unfinished(self, by: str) -> frozenset[Slot]:
        """What that process has claimed, and not told the end of."""
        query = select(JobRunRow.job, JobRunRow.slot).where(JobRunRow.claimed_by == by, JobRunRow.finished_at.is_(None))
        with self.database.reading() as connection:
            return frozenset((row.job, row.slot) for row in connection.execute(query))

    def runs(self) -> list[Run]:
        """All that was begun, in its order."""
        lines = (line.split("\t") for line in self.done.read_text("utf-8").splitlines())
        return [Run(job, slot, by, datetime.fromisoformat(at)) for job, slot, by, at in lines]


@contextmanager
def ticking(database: Database, url: str, home: Path, start: datetime, left: str) -> Iterator[House]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("CALLROUTER_", "TWILIO_", "DATABASE_"))}  # noqa: TID251
    environ |= {"CALLROUTER_DATA_DIR": str(home / "var"), "CALLROUTER_SCHEDULE": str(SCHEDULE)}
    environ |= {"CALLROUTER_DATABASE_URL": url, "LD_PRELOAD": str(clock_library(home))}
    phone_network_settings("http://localhost", environ)  # makes the keys, once
    with Service() as service:
        Thread(target=service.serve_forever, daemon=True).start()
        house = House(service, database, home / "done")
        own_url = f"http://127.0.0.1:{service.server_port}"
        try:
            for by in PROCESSES:
                hand = home / f"{by}.clock"
                hand.write_text(f"{start.timestamp() - 1:.0f}", "ascii")
                command = [sys.executable, "-m", "tests.jobs.ticking", by, left, str(house.done), own_url]
                given = environ | {"CLOCK_STANDS_AT": str(hand)}
                pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
                house.processes[by] = Ticking(by, subprocess.Popen(command, env=given, text=True, **pipes))  # type: ignore[call-overload]
            for each in house.processes.values():
                assert each.hear() == "ready"
            yield house
        finally:
            for each in house.processes.values():
                each.kill()
            service.shutdown()


def expected(start: datetime, end: datetime) -> set[Slot]:
    """What must have been done, by the calendar alone; the outbox aside."""
    minutes = (start + timedelta(minutes=n) for n in range((end - start) // timedelta(minutes=1)))
    return {each for minute in minutes for each in at_minute(minute)}


def at_minute(at: datetime) -> Iterator[Slot]:
    local = at.astimezone(STOCKHOLM)
    hour, day, stamp = f"{local:%Y-%m-%dT%H%z}", f"{local:%Y-%m-%d}", f"{local:%Y-%m-%dT%H:%M%z}"
    clock, weekday, is_workday = f"{local:%H:%M}", local.isoweekday(), local.isoweekday() <= 5
    hourly = {3: "spool", 7: "fold-calls", 17: "partitions"}
    daily = {"03:30": "retention", "03:45": "job-runs", "04:30": "reconcile", "07:40": "look-ahead"}
    if local.hour != 2 and local.minute in hourly:
        yield hourly[local.minute], hour
    if clock in daily:
        yield daily[clock], day
    opens = (is_workday and clock == "10:00" and "centre") or (weekday >= 5 and clock == "20:00" and "night")
    closes = (is_workday and clock == "15:00" and "centre") or (weekday in (6, 7, 1) and clock == "03:00" and "night")
    if unit := opens or closes:
        yield "boundary-canary", f"{stamp} {unit}"
    if opens:
        yield "hand-over", f"{opens} {at:%Y-%m-%dT%H:%MZ}"
    if (weekday, clock) in ((1, "09:30"), (7, "03:15")):
        yield "test-calls", stamp
    called = (at - timedelta(minutes=20)).astimezone(STOCKHOLM)
    if (called.isoweekday(), f"{called:%H:%M}") in ((1, "09:30"), (7, "03:15")):
        yield "test-calls", f"{called:%Y-%m-%dT%H:%M%z} judged"
    if (weekday, clock) == (1, "06:00"):
        yield "report", f"{local - timedelta(days=1):%G-W%V}"


@pytest.mark.parametrize(
    ("first", "days", "slot"),
    [
        ("2026-10-20", 7, AUTUMN),  # the clocks go back in the night to the 25th
        ("2026-03-28", 2, SPRING),  # they go forward in the night to the 29th
    ],
)
def test_every_job_is_done_once_per_slot(
    database: Database, url: str, tmp_path: Path, first: str, days: int, slot: str
) -> None:
    start = datetime.fromisoformat(first).replace(hour=12, tzinfo=UTC)
    end = start + timedelta(days=days)
    with ticking(database, url, tmp_path, start, f"fold-calls\t{slot}") as house:
        (death,) = house.pass_time(start, end)
        runs = house.runs()
    done = {(run.job, run.slot) for run in runs if run.job != "outbox"}
    assert done == expected(start, end - STEP + timedelta(minutes=1))
    assert {run.job for run in runs} == {job.name for job in JOBS}, "every job of the registry had something to do"
    by_the_hour = {job.name for job in JOBS if job.minute is not None}
    hours = {run.at.astimezone(STOCKHOLM).hour for run in runs if run.job in by_the_hour}
    assert hours == set(range(24)) - {2}
    assert ("fold-calls", slot) in done_again(runs, death)
    assert len({run.by for run in runs}) == len(PROCESSES), "each of them did something"
    judge(database, tmp_path / "var" / "outbox", end)


def done_again(runs: list[Run], death: Death) -> set[Slot]:
    """All else was done once; this too, had its process lived, and again no sooner than its lease allows."""
    leases = {job.name: job.lease for job in JOBS}
    counts = Counter((run.job, run.slot) for run in runs)
    again = {slot for slot, count in counts.items() if count > 1}
    for slot in again:
        one, other, *more = (run for run in runs if (run.job, run.slot) == slot)
        assert not more
        assert (one.by, one.at) == (death.by, death.at), "only a death has something done twice"
        assert other.by != death.by
        assert other.at - one.at >= leases[one.job], "nobody touches it while its lease lasts"
    assert again <= death.left, "what is known to be done is not done again"
    return again


def judge(database: Database, letters: Path, at: datetime) -> None:
    """What the database says: all ended, each letter went out once, and nothing failed."""
    with database.reading() as connection:
        unfinished = connection.execute(select(JobRunRow.slot).where(JobRunRow.finished_at.is_(None))).all()
        outbox = connection.execute(select(OutboxRow.sent_at, OutboxRow.attempts)).all()
        concerns = {concern.job for concern in lasting(connection, at)}
    assert unfinished == []
    assert outbox
    assert all(row.sent_at and row.attempts == 1 for row in outbox)
    assert len(list(letters.iterdir())) == len(outbox)
    assert concerns <= {"look-ahead"}, "no run failed; of the schedule there may be warnings"
