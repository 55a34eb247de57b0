"""The days on which a unit is open at other times by another schedule."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from callrouter.domain.hours import OpeningHours
from callrouter.domain.span import Span
from callrouter.domain.wallclock import even_midnight, instant_of, midnight, wall_time
from callrouter.schedule.preview.date_runs import Run, runs
from callrouter.schedule.preview.day_words import short_time, special_name

_DAY = timedelta(days=1)
CLOSED = "closed"

Windows = tuple[tuple[datetime, datetime], ...]
"""The times of a day when it is open, as instants: start included, end not."""


@dataclass(frozen=True, slots=True)
class ChangedDays:
    """Days that change alike: the hours in words before and after (*old* is empty for a new unit), and why."""

    run: Run
    old: str
    new: str
    why: str


def changed_days(old: OpeningHours | None, new: OpeningHours, first: date, last: date) -> tuple[ChangedDays, ...]:
    """Return what changes from *first* to *last*, both included, on the clocks of the *new* hours' zone."""
    before = day_windows(old, new.zone, first, last) if old else {}
    groups: dict[tuple[str, str, str], list[date]] = {}
    for day, windows in day_windows(new, new.zone, first, last).items():
        if windows != before.get(day, ()):
            words = _both_in_words(before.get(day, ()), windows, new.zone)
            groups.setdefault((*words, _why(old, new, day)), []).append(day)
    found = [
        ChangedDays(run, opened if old else "", opens, why)
        for (opened, opens, why), days in groups.items()
        for run in runs(days, last)
    ]
    return tuple(sorted(found, key=lambda change: change.run.first))


def day_windows(hours: OpeningHours, zone: tzinfo, first: date, last: date) -> dict[date, Windows]:
    """Return when it is open on each day from *first* to *last*, by the clocks of *zone*.

    A window belongs to the day on which it starts, also past midnight, as long as it is less than a day.
    """
    days = [first + step * _DAY for step in range(-2, (last - first).days + 4)]
    cuts = [even_midnight(day, zone) or instant_of(midnight(day), zone) for day in days]
    found: dict[date, list[tuple[datetime, datetime]]] = {day: [] for day in days}
    for window in hours.open_windows(cuts[0], cuts[-1]):
        for index, start, end in _by_day(window, cuts, zone):
            found[days[index]].append((start, end))
    return {day: tuple(found[day]) for day in days if first <= day <= last}


def _by_day(window: Span, cuts: list[datetime], zone: tzinfo) -> Iterator[tuple[int, datetime, datetime]]:
    """Cut a window at midnights; its end past the last one stays with the day before if that reads as one range."""
    start, end = window.start, window.end or cuts[-1]
    index = bisect_right(cuts, start) - 1
    while end > cuts[index + 1]:
        is_tail = index + 2 < len(cuts) and end < cuts[index + 2] and _clock(end, zone) <= _clock(start, zone)
        if is_tail:
            break
        yield index, start, cuts[index + 1]
        index, start = index + 1, cuts[index + 1]
    yield index, start, end


def _clock(at: datetime, zone: tzinfo) -> timedelta:
    local = wall_time(at, zone)
    return local - midnight(local.date())


def _both_in_words(old: Windows, new: Windows, zone: tzinfo) -> tuple[str, str]:
    """Write both; the same words for different instants get their offsets."""
    words = _in_words(old, zone), _in_words(new, zone)
    return words if words[0] != words[1] else (_in_words(old, zone, offset=True), _in_words(new, zone, offset=True))


def _in_words(windows: Windows, zone: tzinfo, *, offset: bool = False) -> str:
    parts = []
    for start, end in windows:
        shift = f" ({start.astimezone(zone).isoformat()[-6:]})" if offset else ""
        parts.append(f"{_short(start, zone)}–{_short(end, zone, is_end=True)}{shift}")
    return ", ".join(parts) or CLOSED


def _short(at: datetime, zone: tzinfo, *, is_end: bool = False) -> str:
    minutes = int(_clock(at, zone).total_seconds()) // 60
    return short_time(24 * 60 if is_end and minutes == 0 else minutes)


def _why(old: OpeningHours | None, new: OpeningHours, day: date) -> str:
    """Name the rule behind the change: the new one, or the old one that is gone."""
    if name := special_name(new.rules, day, new.rules.plan(day)):
        return name
    gone = special_name(old.rules, day, old.rules.plan(day)) if old else ""
    return f"no longer {gone}" if gone else ""
