"""What jobs found that somebody should look at: it stands until the job has looked again and found it well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, select, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobConcernRow
from callrouter.domain.sentence import Sentence

HOLDS = timedelta(days=8)
"""So long after it was found last: test calls come each week, and what nobody looks at any more must not stay."""

HOLDS_OF_ONE_RUN = timedelta(days=2)
"""The same of a run that never comes again, such as a hand-over that failed."""


@dataclass(frozen=True, slots=True)
class JobConcern:
    """What *job* found, the sentence that says all of it first; *since* (aware): when it was first found so."""

    job: str
    about: str
    said: tuple[Sentence, ...]
    since: datetime


def note(
    database: Database, job: str, about: str, said: Sequence[Sentence], at: datetime, holds: timedelta = HOLDS
) -> None:
    """*job* has looked at what it is *about* at *at* (aware), and found what is *said*: nothing where all is well.

    Raises:
        SQLAlchemyError, OSError: the database cannot be written.
    """
    key = and_(JobConcernRow.job == job, JobConcernRow.about == about)
    gone = delete(JobConcernRow).where(key)
    kept = {"said": [sentence.as_json() for sentence in said], "until": at + holds}
    with database.writing() as connection:
        connection.execute(gone.where(JobConcernRow.until <= at) if said else gone)
        if said:
            row = {"job": job, "about": about, "since": at}
            connection.execute(database.insert_new(JobConcernRow).values(row | kept))
            connection.execute(update(JobConcernRow).where(key).values(kept))


def lasting(connection: Connection, at: datetime) -> list[JobConcern]:
    """What stands *at* (aware), the oldest first."""
    query = select(JobConcernRow.__table__).where(JobConcernRow.until > at)
    rows = connection.execute(query.order_by(JobConcernRow.since, JobConcernRow.job, JobConcernRow.about))
    return [JobConcern(row.job, row.about, tuple(map(Sentence.from_json, row.said)), row.since) for row in rows]


def forget(connection: Connection, at: datetime) -> None:
    """Delete what stands no more *at* (aware). In a writing transaction."""
    connection.execute(delete(JobConcernRow).where(JobConcernRow.until <= at))
