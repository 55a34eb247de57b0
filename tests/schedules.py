"""Schedules built in code, for tests of what uses them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from callrouter.domain.days import Version, WallRange, WeekEntry
from callrouter.domain.destination import Destination
from callrouter.domain.hours import OpeningHours
from callrouter.domain.message import Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.rules import DayRules
from callrouter.domain.schedule import Schedule, Unit

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CENTRE = PhoneNumber("+46846500400")
DESK_1 = PhoneNumber("+46846500410")
DESK_2 = PhoneNumber("+46846500411")
GUARD_1 = PhoneNumber("+46313900610")
GUARD_2 = PhoneNumber("+46313900620")
DUTY_OFFICER = PhoneNumber("+46701740699")

CLOSED_MESSAGE = Message("closed", (Spoken("sv", "Vi har stängt."), Spoken("en", "We are closed.")))
NO_ANSWER = Message("no-answer", (Spoken("sv", "Ingen kunde svara."),))

OPEN_HOUR = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday, 11:00 in Stockholm
CLOSED_HOUR = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # the same day, 16:30

WEEKDAYS_10_TO_15 = OpeningHours(
    STOCKHOLM,
    DayRules(versions=(Version(date(2005, 6, 1), (WeekEntry((0, 1, 2, 3, 4), (WallRange(600, 900),), 14),), 13),)),
)


def schedule(
    *destinations: Destination,
    open_: str = "reception",
    closed: str = "security",
    message: Message | None = CLOSED_MESSAGE,
    version: str = "v1",
) -> Schedule:
    """One unit that is open on weekdays 10-15, and *destinations* (default: desk, then security, then the officer)."""
    unit = Unit("centre", "Centre", (CENTRE,), WEEKDAYS_10_TO_15, open_, closed, closed_message=message)
    places = destinations or USUAL
    return Schedule(version, STOCKHOLM, {unit.name: unit}, {place.name: place for place in places})


def numbers_of(phones: Iterable[PhoneNumber]) -> list[str]:
    """Numbers in full, for a comparison that says which."""
    return [number.e164 for number in phones]


USUAL = (
    Destination("reception", ring=(DESK_1, DESK_2), together=True, seconds=20, then="security"),
    Destination("security", ring=(GUARD_1, GUARD_2), rounds=2, then="duty-officer"),
    Destination("duty-officer", ring=(DUTY_OFFICER,), seconds=40, then="message-only"),
    Destination("message-only", message=NO_ANSWER),
)
