"""A year of a unit at a glance: each day, what differs from the usual week, and how long it is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from callrouter.domain.bridges import bridge_days
from callrouter.domain.days import DayPlan
from callrouter.domain.hours import OpeningHours
from callrouter.domain.schedule import Unit
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.schedule.preview.clock_changes import ClockChange, clock_change
from callrouter.schedule.preview.day_words import special_name

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A date: the *plan* that holds, the *usual* one of the hours version, and what stands out.

    *name*: what the rule behind the plan is called. *as_usual*: a holiday on which the file wants no other hours.
    *begins*: a new hours version holds from this day.
    """

    date: date
    plan: DayPlan
    usual: DayPlan
    name: str
    as_usual: str
    begins: bool
    clock_change: ClockChange | None
    is_undecided: bool

    @property
    def deviates(self) -> bool:
        """Whether it is open at other times than the week says."""
        return self.plan.ranges != self.usual.ranges


@dataclass(frozen=True, slots=True)
class UnitYear:
    """The days of a calendar year, in order, and the time that the unit is open in it."""

    unit: Unit
    year: int
    days: tuple[Day, ...]
    open_time: timedelta

    def weeks(self) -> Iterator[tuple[Day, ...]]:
        """Yield the days of each ISO week, Monday first; the first and the last week may lack some."""
        for _, days in groupby(self.days, key=lambda day: day.date.isocalendar()[:2]):
            yield tuple(days)

    @property
    def open_days(self) -> int:
        """The number of days with opening hours."""
        return sum(bool(day.plan.ranges) for day in self.days)

    @property
    def deviations(self) -> tuple[Day, ...]:
        """The days that differ from the usual week."""
        return tuple(day for day in self.days if day.deviates)


def year_of(unit: Unit, year: int) -> UnitYear:
    """Return the calendar year *year* of *unit*, by the clocks of its zone."""
    hours = unit.hours
    first, last = date(year, 1, 1), date(year, 12, 31)
    undecided = set(bridge_days(hours.rules, first, last))
    dates = [first + step * _DAY for step in range((last - first).days + 1)]
    days = tuple(_day(hours, one, is_undecided=one in undecided) for one in dates)
    start, end = (instant_of(midnight(day), hours.zone) for day in (first, last + _DAY))
    return UnitYear(unit, year, days, open_time(hours, start, end))


def open_time(hours: OpeningHours, start: datetime, end: datetime) -> timedelta:
    """Return how long it is open from *start* until *end* (aware)."""
    windows = hours.open_windows(start, end)
    return sum(((window.end or end) - window.start for window in windows), timedelta(0))


def _day(hours: OpeningHours, day: date, *, is_undecided: bool) -> Day:
    rules = hours.rules
    plan = rules.plan(day)
    special = rules.holidays.days.get(day) if rules.holidays else None
    is_usual = special is not None and special.plan is None and not rules.has_exception(day)
    return Day(
        date=day,
        plan=plan,
        usual=rules.week_plan(day),
        name=special_name(rules, day, plan),
        as_usual=special.name if special and is_usual and plan.ranges else "",
        begins=any(version.since == day for version in rules.versions),
        clock_change=clock_change(day, hours.zone),
        is_undecided=is_undecided,
    )
