"""Which rule of a unit speaks of a date: the highest one alone; levels never merge."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from callrouter.domain.days import (
    ALL_DAY,
    DatePeriod,
    DayPlan,
    Holidays,
    HoursException,
    Season,
    SpecialDay,
    Version,
)
from callrouter.domain.words import DecidedBy

_DAY = timedelta(days=1)
_DAYS_A_WEEK = 7
_BEFORE_THE_FIRST = DayPlan((), DecidedBy.HOURS, "before the first hours version")


def always_open(line: int | None = None) -> DayPlan:
    """Return the plan of every date of a unit with `hours: always`."""
    return DayPlan(ALL_DAY, DecidedBy.ALWAYS, "always open", line)


@dataclass(frozen=True)
class DayRules:
    """The rules of a unit, the highest last in the list of fields (a named day or red day before exceptions).

    *versions* are in the order of their dates; *exceptions* too, and they do not overlap. *always* stands in
    the place of versions. What follows from them is made when it is asked for, so it has no slots.
    """

    versions: tuple[Version, ...] = ()
    always: DayPlan | None = None
    seasons: tuple[Season, ...] = ()
    holidays: Holidays | None = None
    exceptions: tuple[HoursException, ...] = ()

    @cached_property
    def _weeks(self) -> tuple[tuple[DayPlan, ...], ...]:
        return tuple(version.plans() for version in self.versions)

    @cached_property
    def _season_weeks(self) -> tuple[tuple[DayPlan, ...], ...]:
        return tuple(season.plans() for season in self.seasons)

    @cached_property
    def _version_starts(self) -> tuple[date, ...]:
        return tuple(version.since for version in self.versions)

    @cached_property
    def _exception_starts(self) -> tuple[date, ...]:
        return tuple(rule.period.first for rule in self.exceptions)

    def plan(self, day: date) -> DayPlan:
        """Return what the highest rule that speaks of the local date *day* makes of it."""
        return self._exception(day) or self._before_the_first(day) or self._holiday(day) or self._usual(day)

    def week_plan(self, day: date) -> DayPlan:
        """Return what the hours version alone makes of *day*."""
        return self._version_week(day)[day.weekday()]

    def usual_week(self, day: date) -> tuple[DayPlan, ...]:
        """Return the week, Monday first, of the season or hours version that holds on *day*: nothing special in it."""
        begins = self._before_the_first(day)
        return (begins,) * _DAYS_A_WEEK if begins else self._week_around(day)

    def has_exception(self, day: date) -> bool:
        """Say whether an exception decides about *day*."""
        return self._exception(day) is not None

    @property
    def never_change(self) -> bool:
        """Whether every date is open all day."""
        return self.always is not None and not (self.seasons or self.exceptions or self.holidays)

    @property
    def last_dates(self) -> tuple[date, ...]:
        """The last dates that versions, seasons and exceptions name: after them only years repeat themselves."""
        periods = [rule.period for rule in self.exceptions]
        periods += [season.period for season in self.seasons if isinstance(season.period, DatePeriod)]
        return *self._version_starts, *(period.last or period.first for period in periods)

    def _exception(self, day: date) -> DayPlan | None:
        index = bisect_right(self._exception_starts, day) - 1
        if index < 0 or not self.exceptions[index].period.covers(day):
            return None
        return self.exceptions[index].plan()

    def _before_the_first(self, day: date) -> DayPlan | None:
        """Return the closed day of a unit that has no hours yet: there is no week that a season could replace."""
        begun = self.always or not self.versions or self._version_starts[0] <= day
        return None if begun else _BEFORE_THE_FIRST

    def _holiday(self, day: date) -> DayPlan | None:
        if self.holidays is None:
            return None
        special = self.holidays.days.get(day)
        if special is not None:
            return special.plan or self._as_usual(day, special)
        tomorrow = self.holidays.days.get(day + _DAY)
        if tomorrow is None or not self.week_plan(day).ranges:
            return None
        return self.holidays.eve_plan(tomorrow)

    def _as_usual(self, day: date, special: SpecialDay) -> DayPlan:
        usual = self._usual(day)
        return replace(usual, reason=f"{special.name} as usual: {usual.reason}")

    def _usual(self, day: date) -> DayPlan:
        return self._week_around(day)[day.weekday()]

    def _week_around(self, day: date) -> tuple[DayPlan, ...]:
        for season, week in zip(self.seasons, self._season_weeks, strict=True):
            if season.period.covers(day):
                return week
        return self._version_week(day)

    def _version_week(self, day: date) -> tuple[DayPlan, ...]:
        if self.always is not None:
            return (self.always,) * _DAYS_A_WEEK
        index = bisect_right(self._version_starts, day) - 1
        return self._weeks[index] if index >= 0 else (_BEFORE_THE_FIRST,) * _DAYS_A_WEEK
