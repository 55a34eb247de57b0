"""The back-test: the logged calls of a period, asked of another schedule."""

from sqlalchemy import Connection

from callrouter.calllog.control import overrides
from callrouter.calllog.database import Database
from callrouter.calllog.decided import decided_calls
from callrouter.calllog.windows import Bounds, Tell, in_windows
from callrouter.domain.backtest import Backtest
from callrouter.domain.control import Control
from callrouter.domain.replay import Replay
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import Origin


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
    with database.reading() as connection:
        replay = Replay(schedule, Control(tuple(overrides(connection))))
    found = Backtest(schedule.zone)

    def read(connection: Connection, window: Span) -> int:
        before = found.calls
        for call in decided_calls(connection, window, origin.value, unit):
            found.replay(call, replay)
        return found.calls - before

    in_windows(database, period, read, tell)
    return found
