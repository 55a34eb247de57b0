"""The database and what is kept in it of the jobs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import false, update

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import JobNow, RunState
from callrouter.calllog.revisions import known_revisions, revision_of
from callrouter.calllog.tables import ProjectionRow
from callrouter.checks.finding import Finding, Level
from callrouter.jobs.overview import overview
from callrouter.jobs.registry import JOBS
from callrouter.settings import storage_settings

_UPGRADE = "callrouter db upgrade"
_LATE = "Does `callrouter serve` run without --no-jobs, or `callrouter clock`?"


def database() -> Iterator[Finding]:
    """Whether it can be reached and written, and whose tables it has."""
    yield look_at(Database(storage_settings().database_url))


def look_at(database: Database) -> Finding:
    """What is to be said of *database*; it is not changed."""
    if database.path and not database.path.exists():
        return Finding("database", Level.ERROR, f"there is no {database.path} yet", _UPGRADE)
    with database.reading() as connection:
        revision = revision_of(connection)
    known = known_revisions()
    if revision is None or (revision != known[0] and revision in known):
        return Finding("database", Level.ERROR, f"revision {revision or 'none'}, expected {known[0]}", _UPGRADE)
    with database.writing() as connection:
        connection.execute(update(ProjectionRow).where(false()).values(name=ProjectionRow.name))
    if revision != known[0]:
        newer = f"revision {revision} is newer than this program's, {known[0]}"
        return Finding("database", Level.WARNING, newer, "Finish the upgrade.")
    return Finding("database", Level.OK, f"{database.shown_url} can be written, revision {revision}")


def jobs() -> Iterator[Finding]:
    """Whether somebody runs them, and what came of it."""
    at, kept = clock.now(), Database(storage_settings().database_url)
    if kept.path and not kept.path.exists():
        yield Finding("jobs", Level.WARNING, "not looked at: there is no database yet", _UPGRADE)
        return
    found = overview(kept, JOBS, UTC, at)
    troubles = [finding for job in found for finding in of_job(job, at)]
    yield from troubles or [Finding("jobs", Level.OK, f"all {len(found)} ran when they were due")]


def of_job(job: JobNow, at: datetime) -> Iterator[Finding]:
    """What is wrong with a job *at* (aware)."""
    last, found_by_itself = job.last, job.minute is None
    if last is None:
        if found_by_itself:
            return
        yield Finding("jobs", Level.WARNING, f"{job.name} has never run", _LATE)
        return
    state = last.state(at)
    if state in (RunState.FAILED, RunState.DEAD):
        said = last.result or "it never told of its end"
        yield Finding("jobs", Level.WARNING, f"{job.name}: {said}", f"callrouter jobs run {job.name}")
    longest = timedelta(hours=2) if job.hour is None else timedelta(hours=26)
    if not found_by_itself and at - last.began_at > longest:
        yield Finding("jobs", Level.WARNING, f"{job.name} ran last at {last.began_at:%Y-%m-%d %H:%M} UTC", _LATE)
