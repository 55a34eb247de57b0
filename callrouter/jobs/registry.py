"""All jobs, and when they run. A new job is a module with a `JOB` and a line here."""

from callrouter.jobs import (
    boundary_canary,
    fold_calls,
    hand_over,
    job_runs,
    look_ahead,
    outbox,
    partitions,
    proving,
    reconcile,
    report,
    retention,
    spool,
)
from callrouter.jobs.job import Job

JOBS: tuple[Job, ...] = (
    boundary_canary.JOB,
    proving.JOB,
    spool.JOB,
    fold_calls.JOB,
    partitions.JOB,
    retention.JOB,
    job_runs.JOB,
    reconcile.JOB,
    look_ahead.JOB,
    hand_over.JOB,
    report.JOB,
    outbox.JOB,
)
