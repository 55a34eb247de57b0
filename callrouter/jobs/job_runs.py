"""Every night: runs of jobs that nobody will ask for go."""

from datetime import timedelta

from sqlalchemy import delete, func, select, tuple_

from callrouter.calllog.job_concerns import forget
from callrouter.calllog.tables import JobRunRow
from callrouter.jobs.job import Job, Tools

KEPT = timedelta(days=90)


def run(tools: Tools) -> str:
    """Delete those that ended more than 90 days ago, but the last of each job; says how many. Old concerns go too."""
    last = select(JobRunRow.job, func.max(JobRunRow.claimed_at)).group_by(JobRunRow.job)
    is_last = tuple_(JobRunRow.job, JobRunRow.claimed_at).in_(last)
    old = delete(JobRunRow).where(JobRunRow.finished_at < tools.now() - KEPT, ~is_last)
    with tools.database.writing() as connection:
        forget(connection, tools.now())
        return f"{connection.execute(old).rowcount} runs deleted"


JOB = Job("job-runs", 45, timedelta(minutes=10), run, hour=3, title="old runs of jobs")
