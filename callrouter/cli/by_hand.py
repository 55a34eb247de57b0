"""What `callrouter override` and `callrouter block` share: who, why, until when, and how it is listed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, TypeVar

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.cli.problems import Problem
from callrouter.cli.schedule.files import ScheduleFile, opened
from callrouter.cli.schedule.words import in_moment
from callrouter.domain.control import LONGEST_WHO, LONGEST_WHY, Block, Override
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.until import CLOCK, YEARS, NotATimeError, in_one_line, read_until
from callrouter.schedule import read
from callrouter.settings import os_user, storage_settings

_FORMS = 'a time of today such as 18:00, "2026-12-24 18:00", or a date such as 2026-12-24 (all of that day)'

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides something by hand, and why; both in one line, as they are kept."""

    who: str
    why: str


def signed(command: F) -> F:
    """Give a command the options that say who does it, and why."""
    why = click.option("--why", help=f"The reason, for the log: at most {LONGEST_WHY} characters.")
    return why(click.option("--who", help="Who decides this. Default: the user of the operating system.")(command))


def decider(who: str | None, why: str | None) -> Decider:
    """Who and why, as they were typed.

    Raises:
        Problem: there is no reason, or one of them is too long or empty.
    """
    reason = one_line("--why", why or "", LONGEST_WHY)
    if not reason:
        raise Problem('Say why: --why "Personalmöte". The reason is kept, and people will ask for it.')
    name = one_line("--who", os_user() if who is None else who, LONGEST_WHO)
    if not name:
        raise Problem("--who: expected a name, got nothing.")
    return Decider(name, reason)


def one_line(option: str, text: str, longest: int) -> str:
    """*text* in one line that every database and terminal takes.

    Raises:
        Problem: it has more than *longest* characters.
    """
    line = in_one_line(text)
    if len(line) > longest:
        raise Problem(f"{option}: expected at most {longest} characters, got {len(line)}.")
    return line


def end_of(text: str, zone: tzinfo, now: datetime, option: str = "--until") -> datetime:
    """The instant that `--until TEXT` means, wall clock of *zone*; a date means the end of that day.

    Raises:
        Problem: it is no time, or not after *now*.
    """
    try:
        end = read_until(text, zone, now)
    except NotATimeError as error:
        expected = f"a year from {YEARS[0]} to {YEARS[-1]}" if error.is_far else _FORMS
        raise Problem(f"{option}: expected {expected}, got {text!r}.") from error
    if end <= now:
        hint = " Give the date too, if another day is meant." if CLOCK.fullmatch(text.strip()) else ""
        raise Problem(f"{option}: {in_moment(end, zone)} is past; now it is {in_moment(now, zone)}.{hint}")
    return end


def schedule_in_force() -> Schedule:
    """The schedule that a service beside this command goes by: that of the settings, else the last good copy.

    Raises:
        Problem: neither can be used; what is wrong with the first.
    """
    try:
        return _usable(opened(None))
    except Problem:
        copy = storage_settings().last_good_schedule
        with suppress(OSError, Problem):
            schedule = _usable(ScheduleFile(str(copy), copy.read_bytes()))
            click.secho(
                "Note: the schedule cannot be used as it is; its last good version holds.", fg="yellow", err=True
            )
            return schedule
        raise


def schedule_if_any() -> Schedule | None:
    """The same for what can do without: None where there is none."""
    with suppress(Problem):
        return schedule_in_force()
    return None


def _usable(file: ScheduleFile) -> Schedule:
    reading = read(file.content, clock.now())
    if reading.schedule is None:
        raise Problem("\n".join(map(file.told, reading.errors)))
    return reading.schedule


def control_database() -> Database:
    """The database of the settings, ready to be written."""
    database = Database(storage_settings().database_url)
    database.prepare()
    return database


def as_json(made: Override | Block, zone: tzinfo) -> dict[str, Any]:
    """What overrides and blocks have in common, for a machine."""
    ended = made.ended
    return {
        "id": made.id,
        "unit": made.unit,
        "start": made.span.start.astimezone(zone).isoformat(),
        "end": made.span.end.astimezone(zone).isoformat() if made.span.end else None,
        "why": made.why,
        "who": made.who,
        "ended_by": ended.who if ended else None,
        "ended_why": ended.why if ended else None,
        "planned_end": ended.planned_end.astimezone(zone).isoformat() if ended else None,
    }


def spoken_span(span: Span, zone: tzinfo) -> str:
    """Write `Monday 2026-11-23 14:02 to Monday 2026-11-23 18:00`."""
    end = in_moment(_minute(span.end), zone) if span.end else "further notice"
    return f"{in_moment(_minute(span.start), zone)} to {end}"


def signature(made: Override | Block) -> str:
    """Write `anna: Personalmöte`, and who ended it."""
    ended = ""
    if made.ended:
        ended = f"; ended by {made.ended.who}" + (f": {made.ended.why}" if made.ended.why else "")
    return f"{made.who}: {made.why}{ended}"


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
