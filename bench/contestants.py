"""Who takes part in bench/recorder.py: the recorder, the ORM, the bare driver, and the disk alone."""

import asyncio
import gc
import json
import logging
import multiprocessing
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing.synchronize import Barrier as ProcessBarrier
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.orm import Session

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import CallerRow, CallEventRow
from callrouter.calllog.transactions import Statements
from callrouter.domain.call import CallEvent
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import EventKind
from callrouter.fibers import Fibers
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.server import SWITCH_SECONDS

KEY = "32 characters or more, for a measurement"
NUMBER = PhoneNumber("+46701740650")
NOW = datetime.now(UTC)
PAUSE = Event()
FACTS = {
    "decision": "df6c54b6527a6e6a",
    "unit": "centre",
    "called": "+46846500400",
    "caller": "number",
    "state": "closed",
    "decided_by": "hours",
    "reason": "mon-fri 10:00-15:00 (from 2005-06-01)",
    "line": 14,
    "destination": "security",
    "schedule_version": "c7e91f57" * 8,
    "local_time": "2026-11-23T16:30:00+01:00",
    "origin": "real",
}
RANG = {"attempt": "0.0.0", "called": "+46846500400", "origin": "real", "phones": [{"to": "+46701740611", "place": 0}]}
EVENTS = "INSERT INTO call_event (day, call_id, id, kind, at, facts) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
CALLERS = "INSERT INTO caller (day, call_id, number, key, key_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
LONE_ENTRY_BYTES = 7 * 4096
MOST_A_SECOND = 5_000


@dataclass(frozen=True)
class Result:
    """What one contestant did: entries a second, how long each waited (s), and the batches it made."""

    rate: float
    waits: list[float]
    batches: list[int]

    def at(self, share: float) -> float:
        """The wait that *share* of the requests did not exceed, in ms."""
        return sorted(self.waits)[int(share * (len(self.waits) - 1))] * 1e3


def entry() -> Entry:
    """What the first request of a new call tells."""
    call = f"CA{uuid4().hex}"
    told = ((EventKind.ARRIVED, FACTS), (EventKind.RANG, RANG))
    return Entry(tuple(CallEvent(NOW.date(), call, uuid4().hex, kind, NOW, facts) for kind, facts in told), NUMBER)


class CountedDatabase(Database):
    """A database that remembers how many entries came in each commit."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.batches: list[int] = []

    def write_at_once(self, statements: Statements) -> None:
        self.batches.append(len(statements[1][1]))
        super().write_at_once(statements)


def recorder(url: str, home: Path) -> tuple[Callable[[Entry], None], Callable[[], list[int]]]:
    """The recorder of one process: what records, and what tells its batches."""
    database = CountedDatabase(url)
    running = Recorder(database, Spool(home / uuid4().hex, Sealer(KEY)), Pseudonymizer(KEY))
    running.start()

    def record(told: Entry) -> None:
        assert running.record(told) is Recorded.DATABASE

    running.record(entry())
    while running.condition()["unfolded_calls"] or not running.condition()["ok"]:  # it begins with what was left behind
        PAUSE.wait(0.01)
    return record, lambda: database.batches


def orm(url: str, _home: Path) -> tuple[Callable[[Entry], None], Callable[[], list[int]]]:
    """A commit for each entry, through the ORM, as most programs would do it."""
    is_sqlite = url.startswith("sqlite")
    engine = create_engine(url, pool_size=256, connect_args={"timeout": 60} if is_sqlite else {})
    if is_sqlite:

        @event.listens_for(engine, "connect")
        def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
            connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")

    hashes = Pseudonymizer(KEY)

    def record(told: Entry) -> None:
        call, day = told.call_id, told.events[0].day
        with Session(engine) as session:
            for e in told.events:
                row = {"day": e.day, "call_id": call, "id": e.id, "kind": e.kind.value, "at": e.at}
                session.add(CallEventRow(**row, facts=dict(e.facts)))
            key = hashes.key(NUMBER.e164)
            session.add(CallerRow(day=day, call_id=call, number=NUMBER.e164, key=key, key_id=hashes.key_id))
            session.commit()

    return record, list


def driver(url: str, batches: list[int], seconds: float) -> Result:
    """The bare driver in one thread: the same rows, in the same batches."""
    hashes, spent, count = Pseudonymizer(KEY), 0.0, 0
    with bare(url) as commit:
        for size in cycle(batches):
            entries = [entry() for _ in range(size)]  # as the recorder's are made before: not measured
            began = time.perf_counter()
            commit(
                [row_of_event(e) for told in entries for e in told.events], [row_of_caller(e, hashes) for e in entries]
            )
            spent += time.perf_counter() - began
            count += size
            if spent > seconds:
                return Result(count / spent, [], batches)
    raise AssertionError("the recorder made no batch")


def row_of_event(e: CallEvent) -> tuple[object, ...]:
    at = e.at.replace(tzinfo=None).isoformat(" ", "microseconds")
    return e.day.isoformat(), e.call_id, e.id, e.kind.value, at, json.dumps(e.facts)


def row_of_caller(told: Entry, hashes: Pseudonymizer) -> tuple[object, ...]:
    return told.events[0].day.isoformat(), told.call_id, NUMBER.e164, hashes.key(NUMBER.e164), hashes.key_id


@contextmanager
def bare(url: str) -> Iterator[Callable[[list[Any], list[Any]], None]]:
    """What commits a batch, on the driver alone."""
    place = make_url(url)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(place.database), timeout=60, isolation_level=None)) as connection:
            connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")

            def commit(events: list[Any], callers: list[Any]) -> None:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(EVENTS, events)
                connection.executemany(CALLERS, callers)
                connection.execute("COMMIT")

            yield commit
        return
    with psycopg.connect(host=str(place.query["host"]), user="postgres", dbname=place.database) as server:

        def commit_there(events: list[Any], callers: list[Any]) -> None:
            with server.pipeline(), server.cursor() as cursor:
                cursor.executemany(EVENTS.replace("?", "%s"), events)
                cursor.executemany(CALLERS.replace("?", "%s"), callers)
                server.commit()

        yield commit_there


def fdatasync(home: Path) -> float:
    """One fdatasync of as many bytes as a lone entry costs, in ms: median of many."""
    times = []
    with (home / "synced").open("wb", buffering=0) as file:
        file.write(bytes(100 * LONE_ENTRY_BYTES))
        os.fsync(file)
        for number in range(200):
            start = time.perf_counter()
            os.pwrite(file.fileno(), bytes(LONE_ENTRY_BYTES), number % 100 * LONE_ENTRY_BYTES)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


@dataclass(frozen=True)
class Task:
    """*name* records for *seconds* with *waiters* a process: fibers, as in the service; the ORM has threads."""

    name: str
    url: str
    home: Path
    waiters: int
    seconds: float


def contend(task: Task, start: ProcessBarrier, answers: Any) -> None:
    """In a process of its own: fibers or threads that record one entry after another."""
    logging.basicConfig(level=logging.ERROR)
    waiters, seconds = task.waiters, task.seconds
    record, batches = {"recorder": recorder, "orm": orm}[task.name](task.url, task.home)
    entries = [[entry() for _ in range(min(MOST_A_SECOND, 60_000 // waiters))] for _ in range(waiters)]
    waits: list[list[float]] = [[] for _ in range(waiters)]
    ends: list[float] = []

    def work(number: int) -> None:
        mine = waits[number]
        end = time.perf_counter() + seconds
        for told in entries[number]:
            began = time.perf_counter()
            record(told)
            now = time.perf_counter()
            mine.append(now - began)
            if now > end:
                break
        ends.append(time.perf_counter())

    gc.freeze()  # as a worker does when it is ready: nobody is to look through 60,000 entries for garbage
    start.wait()
    began, before = time.perf_counter(), len(batches())
    {"recorder": in_fibers, "orm": in_threads}[task.name](work, waiters)
    every = [wait for mine in waits for wait in mine]
    answers.put(Result(len(every) / (max(ends) - began), every, batches()[before:]))


def in_fibers(work: Callable[[int], None], many: int) -> None:
    """Of one event loop, with the interpreter handed over as in the service."""
    sys.setswitchinterval(SWITCH_SECONDS)

    async def together() -> None:
        fibers = Fibers()
        await asyncio.gather(*(fibers.run(work, number) for number in range(many)))

    asyncio.run(together())


def in_threads(work: Callable[[int], None], many: int) -> None:
    """One for each."""
    threads = [Thread(target=work, args=(number,), daemon=True) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def contest(task: Task, processes: int) -> Result:
    """Let some *processes* do *task* at once; the waiters are shared out among them."""
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(processes), spawn.Queue()
    share = replace(task, waiters=max(1, task.waiters // processes))
    players = [spawn.Process(target=contend, args=(share, start, answers), daemon=True) for _ in range(processes)]
    for player in players:
        player.start()
    results = [answers.get(timeout=120) for _ in players]
    for player in players:
        player.kill()  # what is not folded yet stays so: nobody needs it
        player.join()
    every = [wait for result in results for wait in result.waits]
    batches = [size for result in results for size in result.batches]
    return Result(sum(result.rate for result in results), every, batches)
