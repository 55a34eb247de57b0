"""The back-test: the logged calls of a period, asked of another schedule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import Connection

from callrouter.calllog.control import overrides
from callrouter.calllog.database import Database
from callrouter.calllog.decided import decided_calls
from callrouter.calllog.windows import Bounds, Progress, Tell, in_windows
from callrouter.domain.backtest import Backtest
from callrouter.domain.control import Control
from callrouter.domain.replay import Replay
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import Origin


@dataclass(frozen=True, slots=True)
class Bounded:
    """A back-test that somebody waited for, of the calls in *period*; not *is_whole*: less than was asked for."""

    found: Backtest
    period: Bounds
    is_whole: bool


class _TimeIsUpError(Exception):
    """Nobody waits any longer."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def backtest(
    database: Database,
    schedule: Schedule,
    period: Bounds,
    tell: Tell,
    *,
    unit: str | None = None,
    origin: Origin = Origin.REAL,
) -> Backtest:
    """What *schedule* would have made of the calls of *origin* in *period*, to *unit* or to all.

    The overrides that were in force then are followed, as they were; one that *schedule* cannot follow is not.

    Raises:
        SQLAlchemyError: the log cannot be read.
    """
    found = Backtest(schedule.zone)
    _replay(database, schedule, period, _Asked(tell, unit, origin), found)
    return found


def backtest_for(
    seconds: float,
    database: Database,
    schedule: Schedule,
    period: Bounds,
    origin: Origin,
    now: Callable[[], float] = monotonic,
) -> Bounded:
    """The same of all units, from the beginning of *period* on, as far as it comes in *seconds*.

    Raises:
        SQLAlchemyError: the log cannot be read.
    """
    found, end = Backtest(schedule.zone), now() + seconds

    def tell(progress: Progress) -> None:
        if now() > end and progress.until < period[1]:
            raise _TimeIsUpError(progress.until)

    try:
        _replay(database, schedule, period, _Asked(tell, None, origin), found)
    except _TimeIsUpError as error:
        return Bounded(found, (period[0], error.until), is_whole=False)
    return Bounded(found, period, is_whole=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    tell: Tell
    unit: str | None
    origin: Origin


def _replay(database: Database, schedule: Schedule, period: Bounds, asked: _Asked, found: Backtest) -> None:
    with database.reading() as connection:
        replay = Replay(schedule, Control(tuple(overrides(connection))))

    def read(connection: Connection, window: Span) -> int:
        before = found.calls
        for call in decided_calls(connection, window, asked.origin.value, asked.unit):
            found.replay(call, replay)
        return found.calls - before

    in_windows(database, period, read, asked.tell)
