"""Instants as they are typed: wall clock of the schedule's zone, or with an offset."""

from datetime import datetime, tzinfo

from callrouter import clock
from callrouter.cli.problems import Problem
from callrouter.domain.wallclock import instant_of, wall_time

_YEARS = range(1970, 2200)


def instant(text: str | None, zone: tzinfo) -> datetime:
    """Return the instant that *text*, wall clock of *zone*, means; None: now. One with an offset is taken as it stands.

    Raises:
        Problem: it is no time.
    """
    if text is None:
        return clock.now()
    at = _read(text)
    return at if at.tzinfo else instant_of(at, zone)


def missing_time(text: str | None, zone: tzinfo) -> datetime | None:
    """Return the local time that *text* asks for if the clocks of *zone* jump over it; the end of the gap stands in."""
    wall = None if text is None else _read(text)
    if wall is None or wall.tzinfo or wall_time(instant_of(wall, zone), zone) == wall:
        return None
    return wall


def _read(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(f'--at: expected a local time such as "2026-11-23 16:30", got {text!r}.') from error
    if at.year not in _YEARS:
        raise Problem(f"--at: expected a year from {_YEARS[0]} to {_YEARS[-1]}, got {text!r}.")
    return at
