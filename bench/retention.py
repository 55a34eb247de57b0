"""Retention beside calls: how long a call's events wait for the log while those of a month are being deleted.

    .venv/bin/python -m bench.retention [--write] [--calls 20000] [--seconds 4] [--waiters 8] [--pause 0.02] [URL ...]

Each URL is a database, such as bench/fill.py has filled; without any it is SQLite, and empty. A month of calls older
than all that are there is added, and is what goes: of the rest nothing is touched, and in the end all that was added is
removed. They are of the built-in phone network, so the counts of real calls stay, too; the audit log tells of it.

A recorder, as the service has it, takes a call from each of some waiters, one after another, in alternating rounds:
alone, and while a thread of the same process destroys numbers, events or calls. Ends with 1 where a goal is missed.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import click
from sqlalchemy import and_, delete, func, insert, or_, select

from bench.page import write
from bench.questions import count as count_calls
from bench.timing import Times, short
from callrouter import clock
from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.retention import Run
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, DestructionRow, LegRow
from callrouter.calllog.writes import write_entries
from callrouter.cli.progress import progress
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
MOST_TIMES = 3.0
CLASSES = (Retained.NUMBERS, Retained.EVENTS, Retained.CALLS)
HEADS = (
    *("", "alone, p50 ms", "alone, p99 ms", "beside, p50 ms", "beside, p99 ms"),
    *("p99, beside : alone", "gone a second", "goal"),
)
SECRET = "the secret of this measurement, 32 characters"  # noqa: S105 - it protects nothing
KEYS = Pseudonymizer(SECRET)
NUMBER = PhoneNumber("+46701740650")
NOW = clock.now()
MODEL, OLD_ID, NEW_ID = "bench-model", "bench-old-", "bench-new-"
TABLES: tuple[Any, ...] = (CallEventRow, CallerRow, CallRow, LegRow)
BY = "bench.retention"
MONTH = timedelta(days=28)
SCHEDULE = load("""\
version: 1
timezone: Europe/Stockholm
units: {centre: {numbers: [+46 8 465 004 00], hours: always, open: guard}}
destinations: {guard: {ring: [+46 31 390 06 10], then: sorry}, sorry: {message: sorry}}
messages: {sorry: {sv: Ingen kunde svara.}}
""")
IDS = count()
PLAYED = Origin.PHONE_NETWORK


@dataclass(frozen=True, slots=True)
class Round:
    """What the entries of one round waited (ms), alone and beside a run of retention; and what that run destroyed."""

    alone: Sequence[float]
    beside: Sequence[float]
    gone: float

    @property
    def ratio(self) -> float:
        """Of the 99th percentiles."""
        return at(99, self.beside) / at(99, self.alone)


@click.command(help=__doc__)
@click.argument("urls", nargs=-1)
@click.option("--calls", default=20_000, show_default=True, type=click.IntRange(AT_ONCE))
@click.option("--seconds", default=4.0, show_default=True, help="Of each half of each round.")
@click.option("--waiters", default=8, show_default=True, type=click.IntRange(1, 256))
@click.option("--pause", default=0.02, show_default=True, help="Seconds between a waiter's entries.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(*, urls: tuple[str, ...], calls: int, seconds: float, waiters: int, pause: float, writes: bool) -> None:
    tables, are_met = [], True
    with tempfile.TemporaryDirectory() as home:
        for number, url in enumerate(urls or (f"sqlite:///{home}/callrouter.db",)):
            database = Database(url)
            database.prepare()
            title = f"**{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {count_calls(database):,} calls"
            with added(database, calls) as before:
                crowd = Crowd(waiters, seconds, pause)
                measured = measure(database, Path(home) / f"spool{number}", crowd, before)
            database.close()
            tables.append(f"{title}, {waiters} waiters**: medians of {ROUNDS} rounds\n\n{table(measured, seconds)}\n")
            click.echo(tables[-1])
            are_met = are_met and all(middle(rounds) <= MOST_TIMES for rounds in measured.values())
    if writes:
        write("bench/retention.py", "\n".join(tables))
    sys.exit(not are_met)


@contextmanager
def added(database: Database, calls: int) -> Iterator[datetime]:
    """A month of calls older than all others, until the end of the block; gives the instant before which they came."""
    with database.reading() as connection:
        first: date | None = connection.execute(select(func.min(CallRow.day))).scalar()
    old = datetime.combine(first or NOW.date(), NOW.timetz()) - 2 * MONTH
    before = old + MONTH
    try:
        fill(database, old, calls)
        catch_up(database)  # as a service has: else it looks through all days since, beside the rounds
        yield before
    finally:
        remove(database, before)


def fill(database: Database, old: datetime, calls: int) -> None:
    """Copy one call of *old* so many times, spread over a month."""
    write_entries(database, KEYS, [story(MODEL, old)])
    project(database, [(old.date(), MODEL)])
    with database.reading() as connection:
        models = {
            table: connection.execute(select(table.__table__).where(is_ours(table, old.date(), MODEL))).mappings().all()
            for table in TABLES
        }
    with progress("a month of calls") as tell:
        for start in range(0, calls, AT_ONCE):
            tell(start, calls)
            with database.writing() as connection:
                for table, rows in models.items():
                    copies = [copied(row, n, calls) for n in range(start, start + AT_ONCE) for row in rows]
                    connection.execute(insert(table), copies)


def copied(row: Mapping[Any, Any], number: int, calls: int) -> dict[str, object]:
    """The same row as one of another call."""
    later = timedelta(days=number * MONTH.days // calls)
    moved = {name: value + later for name, value in row.items() if isinstance(value, date)}  # a datetime is one too
    return dict(row) | moved | {"call_id": f"{OLD_ID}{number:024}"}


def is_ours(table: Any, day: date, start_of_id: str) -> Any:
    """Whether a row is of a call of *day* whose id begins so."""
    return and_(table.day == day, table.call_id.between(start_of_id, f"{start_of_id}~"))


def remove(database: Database, before: datetime) -> None:
    """Whatever is left of what was added, day by day; what was recorded; and what the protocol tells of it."""
    with database.writing() as connection:  # or calls of that month would not be folded again
        connection.execute(delete(DestructionRow).where(DestructionRow.by == BY))
    days = [before.date() - timedelta(days=n) for n in range(MONTH.days + 1)]
    for day in (*days, NOW.date(), NOW.date() + timedelta(days=1)):
        with database.writing() as connection:
            for table in TABLES:
                names = (MODEL, OLD_ID, NEW_ID)
                connection.execute(delete(table).where(or_(*(is_ours(table, day, name) for name in names))))


def story(call_id: str, at: datetime) -> Entry:
    """A call that is answered after 20 seconds and talks for a minute: seven events."""
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    call = RunningCall(call_id, "+46846500400", Caller(NUMBER), decision, origin=PLAYED).ringing(step)
    guard, answered, over = "+46313900610", at + timedelta(seconds=20), at + timedelta(seconds=80)
    legs = (
        call.leg(guard, LegUpdate(LegStatus.RINGING, "CA9"), at),
        call.leg(guard, LegUpdate(LegStatus.PICKED_UP, "CA9"), answered),
        call.leg(guard, LegUpdate(LegStatus.ENDED, "CA9", Outcome.ANSWERED, 60), over),
    )
    ended = call_ended(call_id, call.called, "completed", 80, PLAYED, over)
    return Entry((*call.told(), *legs, call.hung_up(over), ended), NUMBER)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Those who wait: how many at once, for so many seconds, each with a pause between its entries."""

    waiters: int
    seconds: float
    pause: float

    def waits(self, recorder: Recorder) -> list[float]:
        """How many milliseconds each entry waited."""
        with ThreadPoolExecutor(self.waiters) as threads:
            return [each for took in threads.map(lambda _: self._wait(recorder), range(self.waiters)) for each in took]

    def _wait(self, recorder: Recorder) -> list[float]:
        took, until, rest = [], time.perf_counter() + self.seconds, Event()
        while time.perf_counter() < until:
            number = next(IDS)
            entry = story(f"{NEW_ID}{number}", NOW + timedelta(milliseconds=number))
            began = time.perf_counter()
            recorder.record(entry)
            took.append((time.perf_counter() - began) * 1000)
            rest.wait(self.pause)
        return took


class Gone:
    """Keeps a run going that destroys *what* is older than *before*, and counts it."""

    def __init__(self, database: Database, what: Retained, before: datetime) -> None:
        self.rows = 0
        self._stop = Event()
        self._run = Run(database, None, BY, NOW, self._stop, on_gone=self._add)
        self._thread = Thread(target=self._run.destroy, args=([Due(what, before, BY, NOW.date())],))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _add(self, count: int) -> None:
        self.rows += count


def measure(database: Database, spool: Path, crowd: Crowd, before: datetime) -> dict[Retained, list[Round]]:
    """The rounds of each class."""
    recorder = Recorder(database, Spool(spool, Sealer(SECRET)), KEYS)
    recorder.start()
    measured: dict[Retained, list[Round]] = {what: [] for what in CLASSES}
    try:
        crowd.waits(recorder)
        with progress("rounds") as tell:
            for done, what in enumerate(CLASSES * ROUNDS):
                tell(done, len(CLASSES) * ROUNDS)
                alone = crowd.waits(recorder)
                with Gone(database, what, before) as gone:
                    beside = crowd.waits(recorder)
                    rows = gone.rows
                if not rows:
                    raise click.ClickException(f"nothing was left of {what} to destroy: give more --calls")
                measured[what].append(Round(alone, beside, rows))
    finally:
        recorder.stop()
    return measured


def middle(rounds: Sequence[Round]) -> float:
    """The median ratio."""
    return statistics.median(each.ratio for each in rounds)


def at(percent: int, took: Sequence[float]) -> float:
    """A percentile."""
    return statistics.quantiles(took, n=100)[percent - 1]


def table(measured: Mapping[Retained, Sequence[Round]], seconds: float) -> str:
    """Markdown."""
    lines = [HEADS, ("---",) * len(HEADS)]
    for what, rounds in measured.items():
        waited = [(each.alone, each.beside) for each in rounds]
        cells = [Times(tuple(at(p, took[n]) for took in waited)) for n in (0, 1) for p in (50, 99)]
        ratio = Times(tuple(each.ratio for each in rounds))
        rate = statistics.median(each.gone / seconds for each in rounds)
        lines.append((what, *map(str, cells), str(ratio), short(rate), f"≤ {MOST_TIMES:g}"))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
