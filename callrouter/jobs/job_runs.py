"""Every night: runs of jobs that nobody will ask for go."""

from datetime import timedelta

from sqlalchemy import and_, delete, func, or_, select, tuple_

from callrouter.calllog.job_concerns import forget
from callrouter.calllog.tables import JobRunRow
from callrouter.domain.counted import counted
from callrouter.jobs.job import Job, Tools

KEPT = timedelta(days=90)


def run(tools: Tools) -> str:
    """Delete those that ended or died more than 90 days ago, but the last of each job; says how many.

    Old concerns go too.
    """
    before = tools.now() - KEPT
    last = select(JobRunRow.job, func.max(JobRunRow.claimed_at)).group_by(JobRunRow.job)
    is_last = tuple_(JobRunRow.job, JobRunRow.claimed_at).in_(last)
    is_old = or_(JobRunRow.finished_at < before, and_(JobRunRow.finished_at.is_(None), JobRunRow.lease_until < before))
    with tools.database.writing() as connection:
        forget(connection, tools.now())
        gone = connection.execute(delete(JobRunRow).where(is_old, ~is_last)).rowcount
    return f"{counted(gone, 'run')} deleted"


JOB = Job("job-runs", 45, timedelta(minutes=10), run, hour=3, title="old runs of jobs")
