"""Wall-clock times as instants, also on the nights when the clock changes."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_NO_OFFSET = timedelta(0)
_ONE_SECOND = timedelta(seconds=1)
_TWO_DAYS = timedelta(days=2)
_DAYS_KNOWN = 8192


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Return the one instant (UTC) that the naive local time *wall* stands for in *zone*.

    A repeated time is its first pass; a missing time is the end of the gap. So two spans that meet
    on the wall clock meet as instants, and none is counted twice.
    """
    local = wall.replace(tzinfo=zone)
    before = local.utcoffset() or _NO_OFFSET
    after = local.replace(fold=1).utcoffset() or _NO_OFFSET
    if before < after:
        return _end_of_gap(wall, zone, before, after)
    return wall.replace(tzinfo=UTC) - before


@lru_cache(maxsize=_DAYS_KNOWN)
def even_midnight(day: date, zone: tzinfo) -> datetime | None:
    """Return the instant (UTC) that begins *day* in *zone*, if no clock changes in two days from then; else None.

    There every wall-clock time is so many minutes after it. No zone has ever changed its clocks twice in two days.
    """
    start = midnight(day).replace(tzinfo=zone)
    edges = (start, start.replace(fold=1), start + _TWO_DAYS, (start + _TWO_DAYS).replace(fold=1))
    offset, *others = (edge.utcoffset() or _NO_OFFSET for edge in edges)
    return midnight(day).replace(tzinfo=UTC) - offset if all(other == offset for other in others) else None


def midnight(day: date) -> datetime:
    """Return the naive local midnight that begins *day*."""
    return datetime.combine(day, time())


def wall_time(at: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of *zone* show at the aware instant *at*, as a naive time."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def first_whole_day(at: datetime, zone: tzinfo) -> date:
    """Return the first date in *zone* of which nothing lies before the aware instant *at*."""
    day = wall_time(at, zone).date()
    return day if instant_of(midnight(day), zone) >= at else day + timedelta(days=1)


def _end_of_gap(wall: datetime, zone: tzinfo, before: timedelta, after: timedelta) -> datetime:
    """Find the instant at which the clocks jumped over *wall*: offset *before* until then, *after* from then."""
    early = wall.replace(tzinfo=UTC) - after
    late = wall.replace(tzinfo=UTC) - before
    while late - early > _ONE_SECOND:
        middle = early + (late - early) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if (middle.astimezone(zone).utcoffset() or _NO_OFFSET) < after:
            early = middle
        else:
            late = middle
    return late
