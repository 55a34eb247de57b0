"""All jobs at a glance: when each is due, what its last run did, when the next one is."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection

from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import A_MINUTE, JobNow, is_had, last_run
from callrouter.jobs.job import Job

TRY_AGAIN_MINUTES = 10
"""Within the hour a slot is tried again: after a database that was away, or a process that died over its run."""


_SURE_HOURS = "0-1,3-23"
"""The hour from two, which a DST night skips or repeats, has no run. What is looked at each minute goes by instants."""


def trigger(job: Job, zone: tzinfo) -> CronTrigger:
    """When *job* is tried: from its minute to the end of the hour, by the clocks of *zone*; or each minute and less."""
    if job.minute is None:
        return CronTrigger(second="0" if job.seconds == A_MINUTE else f"*/{job.seconds}", timezone=zone)
    return CronTrigger(
        hour=_SURE_HOURS if job.hour is None else job.hour, minute=f"{job.minute}-59/{TRY_AGAIN_MINUTES}", timezone=zone
    )


def overview(database: Database, jobs: Iterable[Job], zone: tzinfo, at: datetime) -> list[JobNow]:
    """The *jobs* in their order, as they stand *at* (aware).

    Raises:
        SQLAlchemyError: the database cannot be asked.
    """
    with database.reading() as connection:
        return [
            JobNow(
                name=job.name,
                hour=job.hour,
                minute=job.minute,
                last=last_run(connection, job.name),
                next_at=_next(connection, job, zone, at),
                seconds=job.seconds,
                title=job.title,
            )
            for job in jobs
        ]


def next_after(job: Job, zone: tzinfo, at: datetime, had: str | None = None) -> datetime:
    """When *job* is tried next after *at* (aware) for another slot than the one that somebody *had*."""
    times = trigger(job, zone)
    due: datetime = times.get_next_fire_time(None, at)
    while job.minute is not None and job.slot(due, zone) == had:
        due = times.get_next_fire_time(due, due)
    return due.astimezone(UTC)


def _next(connection: Connection, job: Job, zone: tzinfo, at: datetime) -> datetime:
    """When it is tried next for a slot that nobody has had."""
    due = next_after(job, zone, at)
    slot = job.slot(due, zone)
    return next_after(job, zone, at, slot) if is_had(connection, job.name, slot) else due
