"""Fills new databases with a seeded log of calls, all of them with the same rows.

    .venv/bin/python -m bench.fill --calls 1000000 sqlite:///calls.db postgresql://postgres@/calls?host=/socket/dir

Ten years of a hundred units: about 60 % of the calls come when their unit is closed; one, two or three phones ring;
callers come again; one call in a hundred leaves a message; one unit in ten keeps no numbers. `--events few` (arrived,
rang, key, end of each leg, end of the call) makes some five events a call, `all` those that the product tells, and
`none` no events, as after years. `--event-days 730` keeps those of the last two years alone.
"""

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from bench.counting import Counts, add_up, tally_rows
from bench.databases import Filling, filling
from bench.generated_calls import Generator, Hour, Plan, Rows, days_of
from callrouter.calllog.partitions import months
from callrouter.domain.tally import Grain

_UNTIL = datetime(2026, 11, 1)  # noqa: DTZ001 - a local date
_AT_ONCE = 12


@click.command(help=__doc__)
@click.argument("urls", nargs=-1, required=True)
@click.option("--calls", default=1_000_000, show_default=True)
@click.option("--days", default=3653, show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=_UNTIL, show_default="2026-11-01")
@click.option("--events", type=click.Choice(["none", "few", "all"]), default="few", show_default=True)
@click.option("--event-days", default=36_530, show_default="all of them")
@click.option("--seed", default=1, show_default=True)
@click.option("--processes", default=os.cpu_count(), show_default="one a processor")
def main(urls: tuple[str, ...], until: datetime, processes: int, **numbers: Any) -> None:
    fill(Plan(until=until.date(), **numbers), urls, processes)


def fill(plan: Plan, urls: Iterable[str], processes: int) -> None:
    """Write the calls of *plan* to all databases, which must be new."""
    started = time.monotonic()
    events_of = list(months(plan.first, plan.days // 28 + 2)) if plan.events != "none" else []
    databases = [filling(url, events_of) for url in urls]
    with Progress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()) as progress:
        task = progress.add_task("calls", total=plan.calls)
        for calls in _write(plan, databases, processes):
            progress.advance(task, calls)
    print(f"{plan.calls:,} calls written after {time.monotonic() - started:.0f} s")
    for database in databases:
        database.finish()
        print(f"indexes built after {time.monotonic() - started:.0f} s")


@dataclass(frozen=True, slots=True)
class _Made:
    """What a process made of a day; *rows* for those databases that take one writer."""

    day: date
    calls: int
    counts: Counts
    rows: Rows


def _write(plan: Plan, databases: list[Filling], processes: int) -> Iterator[int]:
    """Write day by day, and what a month and a year counted when they are over; says how many calls that were."""
    longer = {grain: Counts() for grain in Grain if grain is not Grain.DAY}
    for made in _made(plan, databases, processes):
        for database in databases:
            if not database.takes_many_writers:
                database.write(made.rows)
        for grain, counts in longer.items():
            add_up(counts, made.counts)
            tomorrow = made.day + timedelta(days=1)
            if grain.start(tomorrow) == tomorrow or tomorrow == plan.until:
                for database in databases:
                    database.write({"tally": list(tally_rows(counts, grain, made.day))})
                counts.clear()
        yield made.calls


def _made(plan: Plan, databases: list[Filling], processes: int) -> Iterator[_Made]:
    """The days, in their order, made by *processes*, each a fork with the same plots."""
    global _generator, _databases
    _generator, _databases = Generator(plan), databases
    todo = days_of(plan)
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as workers:
        waiting = deque(workers.submit(_make, day, hours) for day, hours in islice(todo, _AT_ONCE))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(workers.submit(_make, day, hours) for day, hours in islice(todo, 1))


def _make(day: date, hours: list[Hour]) -> _Made:
    rows, counts = _generator.day(day, hours)
    rows["tally"] += tally_rows(counts, Grain.DAY, day)
    for database in _databases:
        if database.takes_many_writers:
            database.write(rows)
    handed_on = {} if all(database.takes_many_writers for database in _databases) else rows
    return _Made(day, len(rows["call"]), counts, handed_on)


_generator: Generator
_databases: list[Filling]

if __name__ == "__main__":
    main()
