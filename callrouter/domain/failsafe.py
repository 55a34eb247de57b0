"""The fail-safe: whom to ring when anything at all is broken. Fixed numbers, one attempt, no callback."""

from dataclasses import dataclass
from datetime import datetime

from callrouter.domain.destination import Destination, Lineup
from callrouter.domain.oncall import Person
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import HOP_CAP
from callrouter.domain.schedule import Schedule, Unit

MOST_AT_ONCE = 10
"""A provider rings at most this many phones at once."""


@dataclass(frozen=True, slots=True)
class FailSafe:
    """Ring *numbers* at once, showing *caller_id*, then say goodbye; without numbers, take a message."""

    numbers: tuple[PhoneNumber, ...]
    caller_id: PhoneNumber | None = None
    seconds: int = 40


def fail_safe(
    schedule: Schedule | None, called: PhoneNumber | None, last_resort: PhoneNumber | None, at: datetime
) -> FailSafe:
    """The fixed numbers of the first destination on the closed path of the unit called that has any.

    A rota is left out: it may be what is broken. Where no schedule has ever loaded: the last resort.
    """
    if schedule is None:
        return FailSafe((last_resort,) if last_resort else (), called)
    unit = schedule.unit_by_number(called) or schedule.first_unit
    for destination in _closed_path(schedule, unit):
        if numbers := _fixed_numbers(destination.lineup(at)):
            return FailSafe(numbers[:MOST_AT_ONCE], called)
    return FailSafe((), called)


def _closed_path(schedule: Schedule, unit: Unit) -> list[Destination]:
    path: list[Destination] = []
    name: str | None = unit.closed
    while name and len(path) <= HOP_CAP:
        path.append(schedule.destinations[name])
        name = path[-1].then
    return path


def _fixed_numbers(lineup: Lineup) -> tuple[PhoneNumber, ...]:
    """Numbers and people, no rota."""
    numbers = (
        target if isinstance(target, PhoneNumber) else target.number
        for target in lineup.ring
        if isinstance(target, PhoneNumber | Person)
    )
    return tuple(dict.fromkeys(numbers))
