"""`callrouter schedule publish`: put a schedule into force on all machines that share the database."""

from collections.abc import Iterator
from datetime import tzinfo

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.published import Publication, latest_published, publish
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.files import ScheduleFile, opened
from callrouter.cli.schedule.words import in_moment, say
from callrouter.domain.counted import counted
from callrouter.domain.schedule import Schedule
from callrouter.schedule import read
from callrouter.settings import os_user, schedule_location, storage_settings


@click.command("publish")
@click.argument("file")
@click.option("--why", help="The reason, kept beside the version.")
def command(*, file: str, why: str | None) -> None:
    """Publish FILE: every service with CALLROUTER_SCHEDULE=database on this database follows within seconds.

    FILE is `-` for standard input. A file with errors, or with settings that the service does not know yet, is
    refused. What was published last is in force: the file is not read again.

    Exits with 0 if the schedule is in force now, with 1 if it was refused or the database cannot be used.
    """
    source = opened(file)
    schedule = _required(source)
    with explained("The schedule was not published"):
        location = schedule_location()
        database = Database(storage_settings().database_url)
        new = Publication(schedule.version, clock.now(), os_user(), why)
        before = _publish(database, source, new)
    say(_told(source, schedule, before, database.shown_url))
    if location != "database":
        note = f"Note: CALLROUTER_SCHEDULE is {location} here: a service with this setting reads that file instead."
        click.secho(note, fg="yellow", err=True)


def _required(source: ScheduleFile) -> Schedule:
    """Return the schedule of *source* if every service can use it; its warnings are told.

    Raises:
        Problem: it has errors; all of them.
    """
    reading = read(source.content, clock.now())
    for problem in reading.warnings:
        click.secho(source.told(problem, "warning: "), fg="yellow", err=True)
    if reading.schedule is None:
        errors = [source.told(problem) for problem in reading.errors]
        raise Problem("\n".join([*errors, f"{counted(len(errors), 'error')}: nothing was published."]))
    return reading.schedule


def _publish(database: Database, source: ScheduleFile, new: Publication) -> Publication | None:
    """Publish *new* unless its version is in force already; returns what was in force before, if anything."""
    database.prepare()
    with database.reading() as connection:
        latest = latest_published(connection)
    before = latest.publication if latest else None
    if before is None or before.version != new.version:
        publish(database, source.content.decode(), new)
    return before


def _told(source: ScheduleFile, schedule: Schedule, before: Publication | None, place: str) -> Iterator[str]:
    """Say what was done."""
    if before and before.version == schedule.version:
        yield f"Nothing to publish: {source.name} is in force already, {_named(before, schedule.zone)}."
        return
    size = f"{counted(len(schedule.units), 'unit')}, {counted(len(schedule.destinations), 'destination')}"
    yield click.style(f"Published {source.name}: version {schedule.version[:8]}, {size}.", fg="green", bold=True)
    if before:
        yield f"It replaces {_named(before, schedule.zone)}."
    yield f"Services with CALLROUTER_SCHEDULE=database on {place} follow within seconds; /readyz tells their version."


def _named(publication: Publication, zone: tzinfo) -> str:
    when = in_moment(publication.published_at, zone)
    why = f" ({publication.why})" if publication.why else ""
    return f"version {publication.version[:8]}, published by {publication.by} on {when}{why}"
