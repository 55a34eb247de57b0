"""Instants as they are typed: wall clock of the schedule's zone, or with an offset."""

import re
from datetime import datetime, timedelta, tzinfo

from callrouter import clock
from callrouter.cli.problems import Problem
from callrouter.domain.wallclock import instant_of
from callrouter.schedule.preview.asked_time import AskedTime, asked_time

_YEARS = range(1970, 2200)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def instant(text: str | None, zone: tzinfo) -> datetime:
    """Return the instant that *text*, wall clock of *zone*, means; None: now. One with an offset is taken as it stands.

    Raises:
        Problem: it is no time.
    """
    if text is None:
        return clock.now()
    at = _read(text, "--at")
    return at if at.tzinfo else instant_of(at, zone)


def typed_time(text: str | None, zone: tzinfo) -> AskedTime:
    """Return what *text* asks for, and what becomes of it where the clocks change; None: now.

    Raises:
        Problem: it is no time.
    """
    return asked_time(clock.now() if text is None else _read(text, "--at"), zone)


def period(since: str | None, until: str | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """Return from when, until just before when, `--from` and `--to` mean; a date is the whole of that day.

    Raises:
        Problem: one is no time, or there is nothing between them.
    """
    begin = None if since is None else _bound(since, "--from", zone)
    end = None if until is None else _bound(until, "--to", zone, days=1)
    if begin and end and end <= begin:
        raise Problem(f"--to: {until!r} is before {since!r}.")
    return begin, end


def _bound(text: str, option: str, zone: tzinfo, days: int = 0) -> datetime:
    at = _read(text, option)
    if _DATE.fullmatch(text.strip()):
        at += timedelta(days=days)
    return at if at.tzinfo else instant_of(at, zone)


def _read(text: str, option: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(
            f'{option}: expected a local time such as "2026-11-23 16:30", or a date, got {text!r}.'
        ) from error
    if at.year not in _YEARS:
        raise Problem(f"{option}: expected a year from {_YEARS[0]} to {_YEARS[-1]}, got {text!r}.")
    return at
