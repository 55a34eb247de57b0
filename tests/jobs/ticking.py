"""A process that runs the real jobs by a clock that stands where it is told: `ticking BY LEFT DONE URL`.

Its clock is the one of tests/faults/clock.c. Each line it reads is a second of the epoch: the clock is set there, and
APScheduler is woken as if it had slept until then. What ran goes to the file DONE. The first run of LEFT (job and slot)
never ends: the process is there to be killed. URL: where a service says what it decides.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Semaphore

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calls.schedule_source import schedule_source
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from callrouter.jobs.tools import job_tools
from callrouter.schedule.store import ScheduleStore
from callrouter.settings import phone_network_settings
from tests.schedules import STOCKHOLM

PATIENCE_SECONDS = 60
_ENDED = EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES


def tell(what: str) -> None:
    print(what, flush=True)  # noqa: T201 - the test reads it


class Ledger:
    """What ran, in a file that all processes write to."""

    def __init__(self, by: str, left: str, done: Path) -> None:
        self._by, self._left, self._done = by, left, done

    def kept(self, job: Job) -> Job:
        """The same job, each of whose runs stands in the file."""

        def run(tools: Tools) -> str:
            return self._ran(job.name, job.slot(tools.now(), STOCKHOLM), job.run, tools)

        def due(tools: Tools, at: datetime) -> Iterator[Piece]:
            for piece in job.due(tools, at) if job.due else ():
                yield replace(piece, run=partial(self._ran, job.name, piece.slot, piece.run))

        return replace(job, run=run, due=due if job.due else None)

    def _ran(self, job: str, slot: str, run: Callable[[Tools], str], tools: Tools) -> str:
        what = f"{job}\t{slot}"
        is_first = not self._done.exists() or what not in self._done.read_text("utf-8")
        with self._done.open("a", encoding="utf-8") as file:
            file.write(f"{what}\t{self._by}\t{tools.now().isoformat()}\n")
        if what == self._left and is_first:
            tell("left")
            Event().wait()
        return run(tools)


def scheduler(by: str, ledger: Ledger, url: str) -> JobScheduler:
    """The jobs of a service or a clock on the phone network; the phones of test calls ring nowhere."""
    settings = phone_network_settings(url)
    database = Database(settings.storage.database_url)
    schedules = ScheduleStore(schedule_source(settings.schedule, database), settings.storage.last_good_schedule)
    schedules.start()
    tools = job_tools(database, schedules.source, lambda: schedules.current().schedule, None, settings, url)
    tools = replace(tools, ring=lambda _call: None)
    return JobScheduler(tools, map(ledger.kept, JOBS), lambda: STOCKHOLM, by)


def set_clock(second: int) -> None:
    hand = Path(os.environ["CLOCK_STANDS_AT"])  # noqa: TID251 - no setting of ours
    new = hand.with_suffix(".new")
    new.write_text(str(second), "ascii")
    new.replace(hand)


def main(by: str, left: str, done: str, url: str) -> None:
    jobs = scheduler(by, Ledger(by, left, Path(done)), url)
    ended, inner = Semaphore(0), jobs._scheduler  # noqa: SLF001 - APScheduler itself, to be woken
    inner.add_listener(lambda _event: ended.release(), _ENDED)
    jobs.start()
    tell("ready")
    for line in sys.stdin:
        at = datetime.fromtimestamp(int(line), UTC)
        due = [job for job in inner.get_jobs() if job.next_run_time <= at]
        set_clock(int(line))
        assert clock.now() == at
        inner.wakeup()
        if not all(ended.acquire(timeout=PATIENCE_SECONDS) for _ in due):
            raise SystemExit(f"not all of {[job.id for job in due]} ended")
        if jobs.errors:
            raise SystemExit(str(jobs.errors))
        tell("ticked")


if __name__ == "__main__":
    main(*sys.argv[1:])
