"""On Mondays and on the first of a month: the figures of the week or the month that is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from callrouter.calllog.outbox import put
from callrouter.domain.notice import Notice
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.notices.due import reports


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A run for each report that is due today."""
    if schedule := tools.schedule():
        for name, notices in reports(schedule, at):
            yield Piece(name, partial(_put, notices), comes_again=False)


def run(tools: Tools) -> str:
    """Put those of today there."""
    schedule, at = tools.schedule(), tools.now()
    found = list(reports(schedule, at)) if schedule else []
    return "; ".join(f"{name}: {_put(notices, tools)}" for name, notices in found) or "no report is due today"


def _put(notices: list[Notice], tools: Tools) -> str:
    return f"{put(tools.database, notices, tools.now())} to be told"


JOB = Job("report", minute=None, lease=timedelta(minutes=5), run=run, due=due, title="mail of the figures")
