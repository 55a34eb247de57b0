"""All jobs, and when they run. A new job is a module with a `JOB` and a line here."""

from callrouter.jobs import fold_calls, partitions, reconcile, retention
from callrouter.jobs.job import Job

JOBS: tuple[Job, ...] = (fold_calls.JOB, partitions.JOB, reconcile.JOB, retention.JOB)
