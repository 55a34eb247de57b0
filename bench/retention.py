"""Retention beside calls: how long a call's events wait for the log while old ones are being deleted.

    .venv/bin/python bench/retention.py [--url URL] [--calls 20000] [--seconds 6] [--waiters 8] [--pause 0.02]

A recorder, as the service has it, takes an entry from each of some waiters, one after another, in alternating rounds:
alone, and while a thread of the same process deletes the events and calls of a month. Goal: the 99th percentile of the
waiting times during retention is at most 3 times that without.
"""

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Self

from sqlalchemy import RowMapping, insert, select

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.retention import Run
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, LegRow, Table
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import Caller, LegUpdate, RunningCall, call_ended
from callrouter.domain.decision import decide
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.retention import Due
from callrouter.domain.routing import Ring, first_step
from callrouter.domain.words import LegStatus, Origin, Outcome, Retained
from callrouter.schedule import load
from callrouter.sealing import Pseudonymizer, Sealer

ROUNDS = 3
AT_ONCE = 500
SECRET = "the secret of this measurement, 32 characters"  # noqa: S105 - it protects nothing
KEYS = Pseudonymizer(SECRET)
NUMBER = PhoneNumber("+46701740650")
NOW = clock.now()
OLD, BEFORE = NOW - timedelta(days=200), NOW - timedelta(days=100)
SCHEDULE = load("""\
version: 1
timezone: Europe/Stockholm
units: {centre: {numbers: [+46 8 465 004 00], hours: always, open: guard}}
destinations: {guard: {ring: [+46 31 390 06 10], then: sorry}, sorry: {message: sorry}}
messages: {sorry: {sv: Ingen kunde svara.}}
""")
IDS = count()


def story(call_id: str, at: datetime) -> Entry:
    """A call that is answered after 20 seconds and talks for a minute: seven events."""
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    call = RunningCall(call_id, "+46846500400", Caller(NUMBER), decision).ringing(step)
    guard, answered, over = "+46313900610", at + timedelta(seconds=20), at + timedelta(seconds=80)
    legs = (
        call.leg(guard, LegUpdate(LegStatus.RINGING, "CA9"), at),
        call.leg(guard, LegUpdate(LegStatus.PICKED_UP, "CA9"), answered),
        call.leg(guard, LegUpdate(LegStatus.ENDED, "CA9", Outcome.ANSWERED, 60), over),
    )
    ended = call_ended(call_id, call.called, "completed", 80, Origin.REAL, over)
    return Entry((*call.told(), *legs, call.hung_up(over), ended), NUMBER)


def fill(database: Database, calls: int) -> None:
    """Copy one old call *calls* times, spread over a month."""
    database.prepare()
    entry = story("CA-model", OLD)
    write_entries(database, KEYS, [entry])
    project(database, [(OLD.date(), "CA-model")])
    tables: tuple[type[Table], ...] = (CallEventRow, CallerRow, CallRow, LegRow)
    with database.reading() as connection:
        models = {table: connection.execute(select(table.__table__)).mappings().all() for table in tables}
    for start in range(0, calls, AT_ONCE):
        with database.writing() as connection:
            for table, rows in models.items():
                copies = [copied(row, n, calls) for n in range(start, start + AT_ONCE) for row in rows]
                connection.execute(insert(table), copies)


def copied(row: RowMapping, number: int, calls: int) -> dict[str, object]:
    """The same row as one of another call."""
    later = timedelta(days=number * 28 // calls)
    moved = {name: value + later for name, value in row.items() if isinstance(value, date)}  # a datetime is one too
    return dict(row) | moved | {"call_id": f"CA{number:032}"}


def waits(recorder: Recorder, waiters: int, seconds: float, pause: float) -> list[float]:
    """How many milliseconds each entry waited."""

    rest = Event()

    def wait(_number: int) -> list[float]:
        took, until = [], time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            number = next(IDS)
            entry = story(f"CN{number}", NOW + timedelta(milliseconds=number))
            began = time.perf_counter()
            recorder.record(entry)
            took.append((time.perf_counter() - began) * 1000)
            rest.wait(pause)
        return took

    with ThreadPoolExecutor(waiters) as threads:
        return [each for took in threads.map(wait, range(waiters)) for each in took]


def quantiles(took: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    cuts = statistics.quantiles(took, n=100)
    return cuts[49], cuts[98]


class Gone:
    """Keeps a run going, and counts what it deletes."""

    def __init__(self, database: Database) -> None:
        self.stop, self.rows, self._database = Event(), 0, database
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()

    def _run(self) -> None:
        dues = [Due(what, BEFORE, "bench", NOW.date()) for what in (Retained.NUMBERS, Retained.EVENTS, Retained.CALLS)]
        Run(self._database, None, "bench", NOW, self.stop, on_gone=self._add).destroy(dues)

    def _add(self, count: int) -> None:
        self.rows += count


def measure(database: Database, spool: Path, waiters: int, seconds: float, pause: float) -> None:
    """Print a line a round."""
    recorder = Recorder(database, Spool(spool, Sealer(SECRET)), KEYS)
    recorder.start()
    waits(recorder, waiters, 1, pause)
    ratios = []
    print(f"{'':22}{'alone p50':>11}{'p99':>9}{'beside p50':>12}{'p99':>9}{'ratio p99':>11}{'deleted/s':>11}")
    for number in range(ROUNDS):
        alone = quantiles(waits(recorder, waiters, seconds, pause))
        with Gone(database) as gone:
            beside = quantiles(waits(recorder, waiters, seconds, pause))
        ratios.append(beside[1] / alone[1])
        times = f"{alone[0]:>8.1f} ms{alone[1]:>6.1f} ms{beside[0]:>9.1f} ms{beside[1]:>6.1f} ms"
        print(f"{f'round {number + 1}, {waiters} waiters':22}{times}{ratios[-1]:>11.2f}{gone.rows / seconds:>11.0f}")
    recorder.stop()
    print(f"median ratio of the 99th percentiles: {statistics.median(ratios):.2f} (goal: at most 3)")


def main() -> None:
    """Fill a database of its own, and measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", help="an empty database; default: SQLite in a temporary directory")
    options.add_argument("--calls", type=int, default=20_000)
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--waiters", type=int, default=8)
    options.add_argument("--pause", type=float, default=0.02, help="seconds between a waiter's entries")
    given = options.parse_args()
    logging.basicConfig(level=logging.WARNING)
    with tempfile.TemporaryDirectory() as home:
        database = Database(given.url or f"sqlite:///{home}/callrouter.db")
        fill(database, given.calls)
        measure(database, Path(home) / "spool", given.waiters, given.seconds, given.pause)


if __name__ == "__main__":
    main()
