"""Opening hours and shifts as an iCalendar feed (RFC 5545, with the name and the interval of RFC 7986).

Every time is a UTC instant, so that no calendar needs to know the zone. An event keeps its UID from one export to the
next: a calendar that follows the feed moves it instead of showing it twice.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from callrouter import __version__
from callrouter.domain.oncall import Rota
from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule.feeds.export import Days, open_windows, shifts

_NAMES = UUID("8d1f6a2e-6f0b-4c57-9a5e-2f3a1b7c4d90")  # any fixed one: the namespace of our UIDs
_ASK_AGAIN = timedelta(hours=12)


def hours_calendar(schedule: Schedule, units: Iterable[Unit], period: Days, at: datetime) -> bytes:
    """Return one event for each window of *period* in which one of *units* is open; *at* is the time of the export."""
    chosen = list(units)
    calendar = _calendar(", ".join(unit.title for unit in chosen), schedule)
    for unit in chosen:
        for event in _windows(schedule, unit, period, at):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def shifts_calendar(schedule: Schedule, rota: Rota, period: Days, at: datetime) -> bytes:
    """Return one event for each shift of *rota* that touches *period*: names, no numbers."""
    calendar = _calendar(rota.name, schedule)
    for shift in shifts(rota, period):
        uid = _uid(schedule, "shift", rota.name, shift.span.start.isoformat())
        event = _event(uid, shift.span.start, shift.span.end or shift.span.start, at)
        event.add("summary", f"{rota.name}: {shift.person.name}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _windows(schedule: Schedule, unit: Unit, period: Days, at: datetime) -> Iterator[Event]:
    for window in open_windows(unit.hours, period):
        since = "ongoing" if window.is_ongoing else window.start.isoformat()
        event = _event(_uid(schedule, "open", unit.name, since), window.start, window.end, at)
        event.add("summary", f"{unit.title}: open")
        event.add("description", "\n".join(window.reasons))
        yield event


def _calendar(title: str, schedule: Schedule) -> Calendar:
    uid = _uid(schedule, "calendar", title)
    calendar = Calendar.new(name=title, uid=uid, prodid=f"-//callrouter//callrouter {__version__}//EN")
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986 wants the type said
    calendar.add("x-wr-timezone", str(schedule.zone))
    return calendar


def _event(uid: str, start: datetime, end: datetime, at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("transp", "TRANSPARENT")  # nobody who follows the feed is busy because of it
    return event


def _uid(schedule: Schedule, *parts: str) -> str:
    """Return the name of an event: the number of the first unit makes it unlike those of all other schedules."""
    return str(uuid5(_NAMES, "\n".join((schedule.first_unit.numbers[0].e164, *parts))))
