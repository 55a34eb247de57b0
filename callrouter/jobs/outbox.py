"""Every few seconds: tells of calls that were missed, and sends what waits in the outbox."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from callrouter.calllog.outbox import is_due, prune, put
from callrouter.domain.notice import Notice
from callrouter.domain.schedule import Schedule
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.notices.due import missed_calls
from callrouter.notices.sending import Sender
from callrouter.notices.writing import Writer

SECONDS = 10
"""A missed call is told within a minute of its end, and a mail server may take its time too."""


class NotToldError(RuntimeError):
    """Somebody could not be told: the run is one that failed, so that it is seen."""


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A run for these seconds, where there is something to tell."""
    schedule = tools.schedule()
    if schedule is None:
        return
    with tools.database.reading() as connection:
        missed = missed_calls(connection, schedule, tools.origin, at)
        has_work = missed or is_due(connection, at)
    if has_work:
        slot = at.astimezone(UTC).replace(second=at.second // SECONDS * SECONDS)
        yield Piece(f"{slot:%Y-%m-%dT%H:%M:%SZ}", partial(_tell, schedule, missed))


def run(tools: Tools) -> str:
    """The same by hand, whether anything is due or not."""
    schedule = tools.schedule()
    if schedule is None:
        return "no schedule, so nobody to tell"
    with tools.database.reading() as connection:
        missed = missed_calls(connection, schedule, tools.origin, tools.now())
    return _tell(schedule, missed, tools)


def _tell(schedule: Schedule, missed: list[Notice], tools: Tools) -> str:
    """Put the missed calls there, send what is due, delete what is old.

    Raises:
        NotToldError: something could not be sent.
    """
    at = tools.now()
    if missed:
        put(tools.database, missed, at)
    writer = Writer(tools.database, schedule, tools.origin, tools.public_url, at)
    sent = Sender(tools.database, tools.post, writer.letter, schedule.notified, tools.stopping).send_due()
    prune(tools.database, at)
    if sent.troubles:
        why = "; ".join(dict.fromkeys(sent.troubles))
        raise NotToldError(f"{sent.sent} sent, {len(sent.troubles)} not: {why}; see: callrouter outbox list")
    return f"{sent.sent} sent"


JOB = Job("outbox", None, timedelta(minutes=30), run, due=due, seconds=SECONDS, title="mail and SMS")
