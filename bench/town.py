"""A county of a hundred units, as the generated calls see it: its schedule, and when people call.

Every number is one of those reserved for fiction. Nobody's hours are told by the holidays, so that a unit's state
depends on the weekday and the hour alone.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import State
from callrouter.schedule import load

UNITS, COMPANIES, GUARDS = 100, 10, 3
_HOURS = ("mon-fri: 08:00-16:00", "mon-fri: 09:00-17:00", "mon-thu: 10:00-15:00")
_SEEN_AT = datetime.fromisoformat("2026-11-02T12:00:00+01:00")

_NIGHT, _MORNING, _OFFICE, _EVENING = 2.0, 5.0, 11.5, 7.0
_BY_HOUR = (*[_NIGHT] * 6, _MORNING, _MORNING, *[_OFFICE] * 9, *[_EVENING] * 7)
_BY_WEEKDAY = (1.1, 1.0, 1.0, 1.0, 1.15, 0.8, 0.75)


def text() -> str:
    """The schedule file."""
    return "\n".join([*_head(), "units:", *_units(), "destinations:", *_destinations(), "people:", *_people(), ""])


@cache
def schedule() -> Schedule:
    """The schedule itself."""
    return load(text(), at=_SEEN_AT)


@cache
def unit_weights() -> list[float]:
    """How often each unit is called, the largest first, added up."""
    return list(accumulate(1 / (place + 5) for place in range(UNITS)))


def hour_weight(local: datetime) -> float:
    """How many calls an hour gets, in proportion to others."""
    return _BY_HOUR[local.hour] * _BY_WEEKDAY[local.weekday()]


@cache
def state_at(unit: int, weekday: int, hour: int) -> State:
    """Whether the unit of that number is open in that hour (local time) of any week."""
    return schedule().unit(f"unit-{unit:02}").hours.ruling(_some(weekday, hour)).state


def an_hour_in(unit: Unit, state: State) -> datetime:
    """Some instant at which *unit* is in *state*."""
    hours = (_some(weekday, hour) for weekday in range(7) for hour in range(24))
    return next(at for at in hours if unit.hours.ruling(at).state is state)


def _some(weekday: int, hour: int) -> datetime:
    day = date(2026, 11, 2) + timedelta(days=weekday)  # a Monday, in a week without a change of clocks
    return datetime(day.year, day.month, day.day, hour, tzinfo=schedule().zone)


def _head() -> Iterator[str]:
    yield from ("version: 1", "timezone: Europe/Stockholm", "messages: {sorry: {sv: Ingen kunde svara.}}")


def _units() -> Iterator[str]:
    for number in range(UNITS):
        yield f"  unit-{number:02}:"
        yield f"    numbers: [+46 8 465 004 {number:02}]"
        if number % 10 == 9:
            yield "    privacy: hash"
        yield f"    hours: [{{from: 2005-06-01, {_HOURS[number % len(_HOURS)]}}}]"
        yield f"    open: desk-{number:02}"
        yield f"    closed: security-{number % COMPANIES}"


def _destinations() -> Iterator[str]:
    for number in range(UNITS):
        then = f"security-{number % COMPANIES}"
        yield f"  desk-{number:02}: {{ring: [+46 40 628 04 {number:02}], seconds: 20, then: {then}}}"
    for company in range(COMPANIES):
        *guards, officer = (_guard(company, place) for place in range(GUARDS))
        ring = f"company: Bolag {company} AB, answer-within: 80% 30s, ring: [{', '.join(guards)}]"
        contract = f"{{period: 2005-06-01.., {ring}}}"
        yield f"  security-{company}: {{accept: key, contracts: [{contract}], then: officer-{company}}}"
        yield f"  officer-{company}: {{ring: [{officer}], accept: key, then: voicemail}}"
    yield "  voicemail: {message: sorry, voicemail: yes}"


def _people() -> Iterator[str]:
    for company in range(COMPANIES):
        for place in range(GUARDS):
            yield f"  {_guard(company, place)}: +46 31 390 06 {company * GUARDS + place:02}"


def _guard(company: int, place: int) -> str:
    return f"guard-{company}-{place}"
