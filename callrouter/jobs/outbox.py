"""Each minute: tells of calls that were missed, and sends what waits in the outbox."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from callrouter.calllog.outbox import is_due, prune, put
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.notices.due import missed_calls
from callrouter.notices.sending import Sender
from callrouter.notices.writing import Writer


class NotToldError(RuntimeError):
    """Somebody could not be told: the run is one that failed, so that it is seen."""


def due(tools: Tools, at: datetime) -> Iterator[Piece]:
    """A run for this minute, where there is something to tell."""
    schedule = tools.schedule()
    if schedule is None:
        return
    with tools.database.reading() as connection:
        has_work = is_due(connection, at) or missed_calls(connection, schedule, tools.origin, at)
    if has_work:
        yield Piece(f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", run)


def run(tools: Tools) -> str:
    """Put the missed calls there, send what is due, delete what is old.

    Raises:
        NotToldError: something could not be sent.
    """
    at, schedule = tools.now(), tools.schedule()
    if schedule is None:
        return "no schedule, so nobody to tell"
    with tools.database.reading() as connection:
        missed = missed_calls(connection, schedule, tools.origin, at)
    if missed:
        put(tools.database, missed, at)
    writer = Writer(tools.database, schedule, tools.origin, tools.public_url, at)
    sent = Sender(tools.database, tools.post, writer.letter, schedule.notify, tools.stopping).send_due()
    prune(tools.database, at)
    if sent.troubles:
        why = "; ".join(dict.fromkeys(sent.troubles))
        raise NotToldError(f"{sent.sent} sent, {len(sent.troubles)} not: {why}; see: callrouter outbox list")
    return f"{sent.sent} sent"


JOB = Job("outbox", minute=None, lease=timedelta(minutes=30), run=run, due=due)
