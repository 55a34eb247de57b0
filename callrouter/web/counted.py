"""What is counted of the parts below the web, which know of no metrics."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.job_concerns import lasting
from callrouter.calllog.job_runs import RunState, last_ended_run, last_run
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calllog.tallies import legs_by_outcome
from callrouter.calls import Records
from callrouter.domain.words import EventKind, Origin
from callrouter.schedule.store import Loaded
from callrouter.web import metrics


@dataclass(frozen=True, slots=True)
class CountedRecords:
    """The log, with how long each request waited for it, and how attempts ended."""

    records: Records

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:
        """As *records* does."""
        began = clock.monotonic()
        kept = self.records.record(entry, is_late=is_late)
        metrics.RECORDING.labels(kept).observe(clock.monotonic() - began)
        for event in entry.events:
            if event.kind is EventKind.DIAL_ENDED:
                metrics.ATTEMPTS.labels(event.facts["outcome"]).inc()
        return kept

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:
        """As *records* does."""
        return self.records.attempt(day, call_id, attempt)


def measure_recorder(condition: Mapping[str, Any]) -> None:
    """Tell what waits."""
    metrics.WAITING.set(condition["waiting"])
    metrics.SPOOL_FILES.set(condition["spool_files"])
    metrics.SPOOL_ENTRIES.set(condition["spool_entries"])
    metrics.SPOOL_DAMAGED.set(condition["damaged_spool_files"])
    metrics.IN_LOG_LINES_ALONE.set(condition["in_log_lines_alone"])
    metrics.UNFOLDED.set(condition["unfolded_calls"])


def measure_schedule(loaded: Loaded) -> None:
    """Tell how old it is, and whether its source is broken."""
    metrics.SCHEDULE_FAULTY.set(1 if loaded.errors else 0)
    if loaded.loaded_at:
        metrics.SCHEDULE_AGE.set((clock.now() - loaded.loaded_at).total_seconds())


def measure_legs(database: Database, origin: Origin) -> None:
    """Tell of all legs, whichever process or machine folded their calls: the database knows."""
    with database.reading() as connection:
        legs = legs_by_outcome(connection, origin)
    for outcome, count in legs.items():
        metrics.LEGS.labels(outcome).set(count)


def measure_jobs(database: Database, jobs: Iterable[str]) -> None:
    """Tell of each job's last run and of what it warns of, whichever process ran it: the database knows.

    While it runs, how the one before ended is how it is: else one that fails slowly, again and again, would seem well.
    """
    at, jobs = clock.now(), tuple(jobs)
    with database.reading() as connection:
        runs = [run for run in (last_run(connection, job) for job in jobs) if run]
        running = [run.job for run in runs if run.state(at) is RunState.RUNNING]
        before = {job: last_ended_run(connection, job) for job in running}
        warned = Counter(concern.job for concern in lasting(connection, at))
    for job in jobs:
        metrics.JOB_CONCERNS.labels(job).set(warned[job])
    for run in runs:
        metrics.JOB_BEGAN.labels(run.job).set(run.began_at.timestamp())
        judged = before.get(run.job) or run
        metrics.JOB_OK.labels(run.job).set(0 if judged.state(at) in (RunState.FAILED, RunState.DEAD) else 1)
        if run.took is not None:
            metrics.JOB_SECONDS.labels(run.job).set(run.took.total_seconds())
