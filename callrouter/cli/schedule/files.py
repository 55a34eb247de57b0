"""The schedule files of the command line: read whole, or a sentence that says why not."""

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from callrouter.cli.problems import Problem, explained
from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule import Problem as InSchedule
from callrouter.schedule import ScheduleErrors, load
from callrouter.schedule.format.problems import nearest
from callrouter.schedule.format.source import LARGEST
from callrouter.settings import ScheduleLocation, schedule_location, storage_settings
from callrouter.swedish import said

STDIN = "-"


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """A schedule file: its name for people, and its bytes."""

    name: str
    content: bytes

    def line(self, number: int) -> str:
        """Return a line of the file (from 1) without the blanks around it."""
        text = self.content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        return text.split("\n")[number - 1].strip()

    def told(self, problem: InSchedule, kind: str = "", language: str = "en") -> str:
        """Write a problem as compilers do: `config/schedule.yaml:72: destinations > security: no …`."""
        path = f"{said(problem.where, language)}: " if problem.path else ""
        return f"{self.name}:{problem.line}: {kind}{path}{said(problem.text, language)}"


def opened(name: str | None) -> ScheduleFile:
    """Read the file *name*, standard input for `-`; None: the schedule of the settings.

    Raises:
        Problem: it cannot be read.
    """
    path = _configured() if name is None else Path(name)
    if path == "database":
        return _published()
    shown = "standard input" if name == STDIN else click.format_filename(path)
    try:
        # One byte more than a schedule may have: enough to refuse it.
        if name == STDIN:
            return ScheduleFile(shown, sys.stdin.buffer.read(LARGEST + 1))
        with path.open("rb") as file:
            return ScheduleFile(shown, file.read(LARGEST + 1))
    except (OSError, ValueError) as error:
        raise Problem(f"{shown}: the file cannot be read: {getattr(error, 'strerror', None) or error}") from error


def loaded(file: ScheduleFile, at: datetime) -> Schedule:
    """Return the schedule of *file* as it is seen at *at* (aware).

    Raises:
        Problem: it has errors; all of them.
    """
    try:
        return load(file.content, at=at)
    except ScheduleErrors as error:
        raise Problem("\n".join(map(file.told, error.errors))) from error


def unit_called(schedule: Schedule, name: str) -> Unit:
    """Return the unit of that name.

    Raises:
        Problem: there is none.
    """
    if name not in schedule.units:
        known = ", ".join(schedule.units)
        raise Problem(f"No unit is called '{name}'{nearest(name, schedule.units) or '.'}\nThe units are: {known}.")
    return schedule.units[name]


def _configured() -> ScheduleLocation:
    with explained("It is not known where the schedule is"):
        return schedule_location()


def _published() -> ScheduleFile:
    """Return what was published last in the database."""
    from callrouter.calllog.database import Database
    from callrouter.calllog.published import latest_published, published_text

    with explained("The published schedule cannot be read"):
        database = Database(storage_settings().database_url)
        with database.reading() as connection:
            latest = latest_published(connection)
            text = published_text(connection, latest.publication.version) if latest else None
    if text is None:
        raise Problem("Nothing was published yet: `callrouter schedule publish FILE` does it.")
    return ScheduleFile("published schedule", text.encode())
