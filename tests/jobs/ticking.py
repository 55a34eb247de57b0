"""A process that runs jobs by a clock that is told to it, for tests: `ticking URL BY LEFT DONE`.

Each line it reads is an instant: it runs what is due then, and says so. What a run did goes to the file
DONE. The first run for the slot LEFT never ends: the process is there to be killed.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from callrouter.calllog.database import Database
from callrouter.jobs.boundary_canary import due as boundaries
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.overview import trigger
from callrouter.jobs.scheduler import JobScheduler
from tests.schedules import STOCKHOLM, schedule

LEASE = timedelta(minutes=30)
SCHEDULE = schedule()


def tell(what: str) -> None:
    print(what, flush=True)  # noqa: T201 - the test reads it


def jobs(by: str, left: str, done: Path) -> Iterator[Job]:
    """An hourly one, a nightly one, and one that finds by itself what is due."""

    def work(name: str, slot: Callable[[Tools], str]) -> Callable[[Tools], str]:
        def run(tools: Tools) -> str:
            what = f"{name} {slot(tools)}"
            is_first = not done.exists() or what not in done.read_text(encoding="utf-8")
            with done.open("a", encoding="utf-8") as file:
                file.write(f"{what} {by}\n")
            if what == left and is_first:
                tell("left")
                Event().wait()
            return "done"

        return run

    def pieces(tools: Tools, at: datetime) -> Iterator[Piece]:
        for each in boundaries(tools, at):
            named = each.slot.replace(" ", "/")
            yield Piece(each.slot, work("watch", lambda _tools, named=named: named))  # type: ignore[misc]

    hourly = Job("hourly", 7, LEASE, work("hourly", lambda tools: hourly.slot(tools.now(), STOCKHOLM)))
    nightly = Job("nightly", 27, LEASE, work("nightly", lambda tools: nightly.slot(tools.now(), STOCKHOLM)), hour=3)
    yield from (hourly, nightly, Job("watch", None, LEASE, lambda _tools: "looked", due=pieces))


def main(url: str, by: str, left: str, done: str) -> None:
    at = datetime.min.replace(tzinfo=UTC)
    tools = Tools(Database(url), lambda: SCHEDULE, now=lambda: at)
    mine = tuple(jobs(by, left, Path(done)))
    scheduler = JobScheduler(tools, (), lambda: STOCKHOLM, by)
    tell("ready")
    for line in sys.stdin:
        at = datetime.fromisoformat(line.strip())
        for job in mine:
            if trigger(job, STOCKHOLM).get_next_fire_time(None, at) == at:
                scheduler.run_due(job)
        if scheduler.errors:
            raise SystemExit(str(scheduler.errors))
        tell("ticked")


if __name__ == "__main__":
    main(*sys.argv[1:])
