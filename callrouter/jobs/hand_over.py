"""As a unit opens: tells what happened while it was closed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from callrouter.calllog.outbox import put
from callrouter.domain.schedule import Unit
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.notices.due import hand_overs, openings


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A run for each unit that opened lately."""
    schedule = tools.schedule()
    if schedule is None or not schedule.notify.hand_over:
        return
    for unit, opened in openings(schedule, at):
        yield Piece(f"{unit.name} {opened:%Y-%m-%dT%H:%MZ}", partial(_put, unit, opened), comes_again=False)


def run(tools: Tools) -> str:
    """The same for all that opened within the last hour."""
    schedule = tools.schedule()
    opened = list(openings(schedule, tools.now())) if schedule else []
    return "; ".join(_put(*each, tools) for each in opened) or "no unit opened within the last hour"


def _put(unit: Unit, opened: datetime, tools: Tools) -> str:
    schedule, notices = tools.schedule(), []
    if schedule:
        with tools.database.reading() as connection:
            notices = list(hand_overs(connection, schedule, tools.origin, unit, opened))
    count = put(tools.database, notices, tools.now()) if notices else 0
    return f"{unit.name}: {count} to be told"


JOB = Job("hand-over", minute=None, lease=timedelta(minutes=5), run=run, due=due, title="mail of the hand-over")
