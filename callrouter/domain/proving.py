"""Test calls: when they are due, whom they ring, and as which call they stand in the log. Total and pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.decision import decide
from callrouter.domain.digest import digest
from callrouter.domain.ringing import attempt_from
from callrouter.domain.schedule import Schedule, TestCall, Unit
from callrouter.domain.steps import Position
from callrouter.domain.wallclock import instant_of, wall_time
from callrouter.domain.words import Origin

_DAY = timedelta(days=1)


def instants(test: TestCall, zone: tzinfo, after: datetime, until: datetime) -> Iterator[datetime]:
    """The instants of the timetable later than *after*, and not later than *until* (both aware)."""
    day, last = wall_time(after, zone).date(), wall_time(until, zone).date()
    while day <= last:
        at = instant_of(datetime.combine(day, test.at), zone)
        if day.weekday() in test.weekdays and after < at <= until:
            yield at
        day += _DAY


def id_of(slot: str) -> str:
    """The id of the test call of that *slot*: ours, for the provider has none before it rings."""
    return f"test-{digest(slot)}"


def proving(schedule: Schedule, destination: str, call_id: str, at: datetime) -> RunningCall | None:
    """A call from us to the phone that *destination* rings first at *at*; None where there is nobody to ring.

    Screened wherever it goes: only the key tells a human from a voicemail. It shows a number of ours.
    """
    place = schedule.destinations.get(destination)
    attempt = attempt_from(Position(destination), place, at) if place else None
    if attempt is None:
        return None
    unit = _unit(schedule, destination)
    decision = replace(decide(schedule, unit, at), destination=destination, reason="test call", line=None)
    attempt = replace(attempt, phones=attempt.phones[:1], screened=True, shows_caller=False)
    return RunningCall(call_id, _number(schedule, unit), Caller(), decision, Origin.TEST_CALL, attempt)


def _unit(schedule: Schedule, destination: str) -> Unit:
    """The first unit that sends its callers there; the first of all where they come from another destination."""
    senders = (unit for unit in schedule.units.values() if destination in (unit.open, unit.closed))
    return next(senders, schedule.first_unit)


def _number(schedule: Schedule, unit: Unit) -> str:
    """A number of *unit*; of another one, where it is reached by a menu alone."""
    return next((number.e164 for each in (unit, *schedule.units.values()) for number in each.numbers), "")
