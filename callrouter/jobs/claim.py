"""The claim row: of all processes that want to run a job for a slot, one does."""

from datetime import datetime, timedelta

from sqlalchemy import and_, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobRunRow


def claim(database: Database, job: str, slot: str, by: str, lease: timedelta, at: datetime) -> bool:
    """Whether *by* may run *job* for *slot* now: nobody has, or whoever did let the lease run out unfinished."""
    row = {"job": job, "slot": slot, "claimed_by": by, "claimed_at": at, "lease_until": at + lease}
    is_dead = and_(JobRunRow.finished_at.is_(None), JobRunRow.lease_until <= at)
    take_over = update(JobRunRow).where(JobRunRow.job == job, JobRunRow.slot == slot, is_dead).values(row)
    insert = database.insert_new(JobRunRow).values(row)
    with database.writing() as connection:
        inserted = connection.execute(insert, execution_options={"preserve_rowcount": True})
        return inserted.rowcount == 1 or connection.execute(take_over).rowcount == 1


def finish(database: Database, job: str, slot: str, by: str, result: str, at: datetime) -> None:
    """Note that *by* is done, unless another process has taken over meanwhile."""
    own = and_(JobRunRow.job == job, JobRunRow.slot == slot, JobRunRow.claimed_by == by)
    with database.writing() as connection:
        connection.execute(update(JobRunRow).where(own).values(finished_at=at, result=result))
