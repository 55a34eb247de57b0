"""The period that a long read is asked for, and what stands in where it is not said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import wraps
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.windows import Bounds
from callrouter.cli.instants import period


@dataclass(frozen=True, slots=True)
class Dates:
    """`--from` and `--to`, as they were typed."""

    first: str | None
    last: str | None


def of_period(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--from` and `--to`, as its argument *dates*."""

    @click.option("--from", "first", metavar="WHEN", help="Received from then on: a date, or a local time.")
    @click.option("--to", "last", metavar="WHEN", help="Until then: a date (all of that day), or a local time.")
    @wraps(command)
    def with_dates(*, first: str | None, last: str | None, **rest: Any) -> Any:
        return command(dates=Dates(first, last), **rest)

    return with_dates


def typed_period(dates: Dates, logged: Bounds | None, zone: tzinfo) -> Bounds:
    """What *dates* mean by the clocks of *zone*; *logged*, all that is in the log, for what is not said.

    Raises:
        Problem: one is no time, or there is nothing between them.
    """
    return within(*period(dates.first, dates.last, zone), logged)


def within(since: datetime | None, until: datetime | None, logged: Bounds | None) -> Bounds:
    """From *since* until *until*, or where *logged* begins or ends."""
    begin, end = logged or (clock.now(), clock.now())
    start = since or begin
    return start, max(start, until or end)
