"""The claim row: of all processes that want to run a job for a slot, one does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update

from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import HAS_FAILED
from callrouter.calllog.tables import JobRunRow

AGAIN_AFTER = timedelta(minutes=5)
"""So long what made a run fail may last: not all processes, which look at the same time, are to meet it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right of *by* to run *job* for *slot*, since *at* (aware).

    Whoever takes over does so later: *at* tells two apart who have one name, as in two containers.
    """

    job: str
    slot: str
    by: str
    at: datetime


def claim(  # noqa: PLR0913 - the columns of its row
    database: Database, job: str, slot: str, by: str, lease: timedelta, at: datetime, *, again: bool = False
) -> Claim | None:
    """The right to run *job* for *slot* now: nobody has, or whoever did let the lease run out unfinished.

    *again*: or failed a while ago.
    """
    row = {"job": job, "slot": slot, "claimed_by": by, "claimed_at": at, "lease_until": at + lease}
    is_dead = and_(JobRunRow.finished_at.is_(None), JobRunRow.lease_until <= at)
    is_open = or_(is_dead, and_(HAS_FAILED, JobRunRow.finished_at <= at - AGAIN_AFTER)) if again else is_dead
    unfinished = {"finished_at": None, "result": None}
    its = and_(JobRunRow.job == job, JobRunRow.slot == slot)
    take_over = update(JobRunRow).where(its, is_open).values(row | unfinished)
    insert = database.insert_new(JobRunRow).values(row)
    with database.writing() as connection:
        inserted = connection.execute(insert, execution_options={"preserve_rowcount": True})
        is_mine = inserted.rowcount == 1 or connection.execute(take_over).rowcount == 1
    return Claim(job, slot, by, at) if is_mine else None


def finish(database: Database, mine: Claim, result: str, at: datetime) -> None:
    """Note that it is done, unless somebody has taken over meanwhile."""
    own = and_(JobRunRow.job == mine.job, JobRunRow.slot == mine.slot, JobRunRow.claimed_by == mine.by)
    with database.writing() as connection:
        still = update(JobRunRow).where(own, JobRunRow.claimed_at == mine.at)
        connection.execute(still.values(finished_at=at, result=result))
