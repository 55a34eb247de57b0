"""What everybody may know of a schedule: when units are open and why, and who is on call when.

No number stands in it but the units' own. Periods are local dates, instants aware UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from callrouter.domain.days import WallRange
from callrouter.domain.hours import OpeningHours
from callrouter.domain.oncall import Rota, Shift
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Unit, same_hours
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.domain.words import DecidedBy

Week = tuple[tuple[WallRange, ...], ...]
"""The ranges of seven days, Monday first."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEAR = timedelta(days=366)
_DEVIATING = (DecidedBy.EXCEPTION, DecidedBy.HOLIDAY, DecidedBy.DAY_BEFORE)


@dataclass(frozen=True, slots=True)
class Days:
    """The local dates from *first* to *last*, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, count: int) -> "Days":
        """Return *count* dates (at least one), beginning with *first*."""
        return cls(first, first + (count - 1) * _DAY)

    def __iter__(self) -> Iterator[date]:
        """Yield each date."""
        return (self.first + step * _DAY for step in range((self.last - self.first).days + 1))

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the start of the first day and the end of the last one in *zone*."""
        return instant_of(midnight(self.first), zone), instant_of(midnight(self.last + _DAY), zone)


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A unit is open from *start* until *end*, by the rules in *reasons*.

    One that has been open for more than a week before the period (*is_ongoing*), or stays open for more than a week
    after it, is cut to the period; every other window is whole.
    """

    start: datetime
    end: datetime
    reasons: tuple[str, ...]
    is_ongoing: bool


@dataclass(frozen=True, slots=True)
class Deviation:
    """A date about which an exception or a holiday decides: open during *ranges* instead of *usual*."""

    day: date
    ranges: tuple[WallRange, ...]
    usual: tuple[WallRange, ...]
    decided_by: DecidedBy
    reason: str


@dataclass(frozen=True, slots=True)
class UsualWeek:
    """The week of a version or season, from *first* to *last*, both included; no last: no end in sight."""

    first: date
    last: date | None
    week: Week


def open_windows(hours: OpeningHours, period: Days) -> Iterator[OpenWindow]:
    """Yield the windows that touch *period*, in order."""
    start, end = period.instants(hours.zone)
    for span in hours.open_windows(start - _WEEK, end + _WEEK):
        closes = span.end or end
        if span.start < end and start < closes:
            is_ongoing, has_no_end = span.start == start - _WEEK, closes == end + _WEEK
            whole = start if is_ongoing else span.start, end if has_no_end else closes
            yield OpenWindow(*whole, _reasons(hours, *whole), is_ongoing)


def windows_of(units: Iterable[Unit], period: Days) -> Mapping[str, Sequence[OpenWindow]]:
    """The same of each of *units*, by its name."""
    found: dict[str, Sequence[OpenWindow]] = {}
    for some in same_hours(units):
        found |= dict.fromkeys((unit.name for unit in some), tuple(open_windows(some[0].hours, period)))
    return found


def deviations(rules: DayRules, period: Days) -> Iterator[Deviation]:
    """Yield the dates of *period* about which an exception or a holiday decides."""
    usual = replace(rules, exceptions=(), holidays=None)
    for day in period:
        plan = rules.plan(day)
        if plan.decided_by in _DEVIATING:
            yield Deviation(day, plan.ranges, usual.plan(day).ranges, plan.decided_by, plan.reason)


def usual_weeks(rules: DayRules, period: Days) -> Iterator[UsualWeek]:
    """Yield the weeks that follow each other in *period*; the last may end later, or not within a year of it."""
    beyond = Days(period.first, period.last + _YEAR)
    for week, days in groupby(beyond, key=lambda day: tuple(plan.ranges for plan in rules.usual_week(day))):
        first, *others = days
        last = others[-1] if others else first
        if first <= period.last:
            yield UsualWeek(first, None if last == beyond.last else last, week)


def shifts(rota: Rota, period: Days) -> Iterator[Shift]:
    """Yield the shifts that touch *period*, whole and in order."""
    start, end = period.instants(rota.zone)
    margin = max((block.shift for block in rota.blocks), default=_DAY) + _DAY
    for shift in rota.shifts(start - margin, end + margin):
        if shift.span.start < end and (shift.span.end is None or start < shift.span.end):
            yield shift


def _reasons(hours: OpeningHours, start: datetime, end: datetime) -> tuple[str, ...]:
    """Say by which rules it is open: the one at *start*, and those of the ranges that begin before *end*."""
    found = [hours.ruling(start).reason]
    days = Days(wall_time(start, hours.zone).date(), wall_time(end, hours.zone).date())
    for day in days:
        plan = hours.rules.plan(day)
        begins = (instant_of(midnight(day) + timedelta(minutes=wall.start), hours.zone) for wall in plan.ranges)
        if any(start < at < end for at in begins):
            found.append(plan.reason)
    return tuple(dict.fromkeys(found))
