"""A long read of the log in short transactions: its period is cut into windows of some thousand calls each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow
from callrouter.domain.span import Span

FEW, MANY = 10_000, 30_000
_FIRST = timedelta(days=1)
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=31)

_LIMITS = {"statement_timeout": "60s", "max_parallel_workers_per_gather": "0", "work_mem": "32MB", "timezone": "UTC"}
"""For PostgreSQL, which cannot be niced: one processor of several, and a window is sorted in memory."""

Bounds = tuple[datetime, datetime]
"""From an instant until just before another (aware)."""

Read = Callable[[Connection, Span], int]
"""Read what arrived in a window; returns how many rows that was."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows are read, and up to which arrival."""

    rows: int
    until: datetime

    def share(self, period: Bounds) -> float:
        """Which part of *period* is done, from 0 to 1."""
        start, end = period
        return 1.0 if end <= start else min(1.0, max(0.0, (self.until - start) / (end - start)))


Tell = Callable[[Progress], None]
"""Whoever waits is told after each window."""


def logged_period(connection: Connection) -> Bounds | None:
    """From the first arrival in the log until just after the last; None: there is none."""
    ends: Any = connection.execute(select(func.min(CallRow.received_at), func.max(CallRow.received_at))).one()
    first, last = ends
    return None if first is None else (first, last + datetime.resolution)


def in_windows(database: Database, period: Bounds, read: Read, tell: Tell) -> int:
    """Let *read* go through *period* window by window, each in its own transaction; returns how many rows that was.

    Raises:
        SQLAlchemyError: the log cannot be read.
    """
    count = 0
    windows = Windows(*period)
    for window in windows:
        with database.reading_at_length(_LIMITS) as connection:
            windows.rows = read(connection, window)
        count += windows.rows
        tell(Progress(count, window.end or period[1]))
    return count


class Windows:
    """The windows from *start* until just before *end* (aware), in order.

    Whoever reads one says in *rows* how many it held, and the next is longer or shorter for it.
    """

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start = start
        self._end = end
        self.rows = 0

    def __iter__(self) -> Iterator[Span]:
        at, length = self._start, _FIRST
        while at < self._end:
            end = min(at + length, self._end)
            self.rows = 0
            yield Span(at, end)
            at = end
            if self.rows > MANY:
                length = max(length / 2, _SHORTEST)
            elif self.rows < FEW:
                length = min(length * 2, _LONGEST)
