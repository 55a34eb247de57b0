"""Periods as they are typed: the first and the last local date, both included."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import wraps
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.windows import Bounds
from callrouter.cli.problems import Problem
from callrouter.domain.wallclock import instant_of, midnight

_YEARS = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and the last local date, both included, as they were typed."""

    first: str | None
    last: str | None


def of_period(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--from` and `--to`, as its argument *dates*."""

    @click.option("--from", "first", help="The first local date, such as 2026-01-01. Default: since the first call.")
    @click.option("--to", "last", help="The last local date, such as 2026-12-31. Default: until the last call.")
    @wraps(command)
    def with_dates(*, first: str | None, last: str | None, **rest: Any) -> Any:
        return command(dates=Dates(first, last), **rest)

    return with_dates


def typed_period(dates: Dates, logged: Bounds | None, zone: tzinfo) -> Bounds:
    """The instants from which and until just before which *dates*, of *zone*, last.

    *logged*: the same of all that is in the log, for what is not said.

    Raises:
        Problem: one is no date, or they are in the wrong order.
    """
    first, last = _date("--from", dates.first), _date("--to", dates.last)
    if first and last and first > last:
        raise Problem(f"--from {first} lies after --to {last}.")
    begin, until = logged or (clock.now(), clock.now())
    start = instant_of(midnight(first), zone) if first else begin
    end = instant_of(midnight(last + timedelta(days=1)), zone) if last else until
    return start, max(start, end)


def _date(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Problem(f"{option}: expected a date such as 2026-12-31, got {text!r}.") from error
    if day.year not in _YEARS:
        raise Problem(f"{option}: expected a year from {_YEARS[0]} to {_YEARS[-1]}, got {text!r}.")
    return day
