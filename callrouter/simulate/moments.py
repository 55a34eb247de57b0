"""When people call: by day and hour, and often just where a schedule could go wrong."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.domain.words import DecidedBy
from callrouter.schedule.preview.clock_changes import clock_change

_DAY = timedelta(days=1)
_WEEKDAYS = (1.1, 1.0, 1.0, 1.0, 1.2, 0.9, 0.7)
"""How many calls a Monday, …, a Sunday has."""

_HOURS = (3, 2, 2, 1, 1, 2, 3, 5, 8, 10, 11, 10, 8, 10, 10, 9, 8, 7, 6, 6, 6, 6, 6, 5)
"""How many calls the hour after midnight, …, the hour before midnight has."""

_KINDS = {"usual": 60, "change": 20, "special day": 8, "clock change": 6, "hand-off": 6}
_SPECIAL = frozenset({DecidedBy.HOLIDAY, DecidedBy.DAY_BEFORE, DecidedBy.EXCEPTION})
_EDGES = (0.0, 0.0, -1.0, 1.0, -0.000_001, 0.000_001)
"""Seconds from a boundary at which an error by one would show."""


class Moments:
    """The instants of a local year at which calls come in."""

    def __init__(self, schedule: Schedule, year: int) -> None:
        self._schedule = schedule
        self._zone: tzinfo = schedule.zone
        first, last = date(year, 1, 1), date(year + 1, 1, 1)
        self._days = [first + _DAY * index for index in range((last - first).days)]
        self._start, self._end = (instant_of(midnight(day), self._zone) for day in (first, last))
        self._weights = [_WEEKDAYS[day.weekday()] for day in self._days]
        self._changes: dict[str, list[datetime]] = {}

    def pick(self, unit: Unit, chance: random.Random) -> datetime:
        """An instant (aware) at which somebody calls *unit*."""
        kind = chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        match kind:
            case "change" if changes := self._changes_of(unit):
                return _near(chance.choice(changes), 90, chance)
            case "special day" if self._special_days:
                return self._in(chance.choice(self._special_days), chance)
            case "clock change" if self._clock_changes:
                return _near(chance.choice(self._clock_changes), 3 * 3600, chance)
            case "hand-off" if self._hand_offs:
                return _near(chance.choice(self._hand_offs), 120, chance)
            case _:
                return self._in(chance.choices(self._days, self._weights)[0], chance)

    def _in(self, day: date, chance: random.Random) -> datetime:
        hour = chance.choices(range(24), _HOURS)[0]
        wall = midnight(day) + timedelta(hours=hour, seconds=chance.uniform(0, 3600))
        return instant_of(wall, self._zone)

    def _changes_of(self, unit: Unit) -> list[datetime]:
        """The instants at which *unit* opens or closes."""
        if unit.name not in self._changes:
            windows = unit.hours.open_windows(self._start, self._end)
            edges = (edge for window in windows for edge in (window.start, window.end) if edge)
            self._changes[unit.name] = [edge for edge in edges if self._start < edge < self._end]
        return self._changes[unit.name]

    @cached_property
    def _special_days(self) -> list[date]:
        """Holidays, days before one, and exceptions, of any unit."""
        plans = [unit.hours.rules.plan for unit in self._schedule.units.values()]
        return [day for day in self._days if any(plan(day).decided_by in _SPECIAL for plan in plans)]

    @cached_property
    def _clock_changes(self) -> list[datetime]:
        return [change.at for day in self._days if (change := clock_change(day, self._zone))]

    @cached_property
    def _hand_offs(self) -> list[datetime]:
        return sorted(set(self._shift_starts()))

    def _shift_starts(self) -> Iterator[datetime]:
        for rota in self._schedule.rotas.values():
            for shift in rota.shifts(self._start, self._end):
                yield shift.span.start


def _near(at: datetime, seconds: float, chance: random.Random) -> datetime:
    """At most *seconds* from *at*; one time in three as near as can be."""
    away = chance.choice(_EDGES) if chance.random() < 1 / 3 else chance.uniform(-seconds, seconds)
    return at + timedelta(seconds=away)
