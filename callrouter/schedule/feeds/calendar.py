"""Opening hours and shifts as an iCalendar feed (RFC 5545, with the name and the interval of RFC 7986).

Every time is a UTC instant, so that no calendar needs to know the zone. An event keeps its UID from one export to the
next: a calendar that follows the feed moves it instead of showing it twice.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from icalendar import Calendar, Event

from callrouter import __version__
from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.oncall import Rota
from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule.feeds.by_hand import windows_by_hand
from callrouter.schedule.feeds.export import Days, OpenWindow, shifts, windows_of
from callrouter.swedish import heard

_NAMES = UUID("8d1f6a2e-6f0b-4c57-9a5e-2f3a1b7c4d90")  # any fixed one: the namespace of our UIDs
_ASK_AGAIN = timedelta(hours=12)
_UTC = "%Y%m%dT%H%M%SZ"
_OPEN = {"sv": "öppet", "en": "open"}
_heard = lru_cache(maxsize=1024)(heard)  # weeks on end have the same reasons


def hours_calendar(
    schedule: Schedule,
    units: Iterable[Unit],
    period: Days,
    at: datetime,
    language: str = "en",
    control: Control = NO_CONTROL,
) -> bytes:
    """Return one event for each window of *period* in which one of *units* is open; *at* is the time of the export.

    *language* is that of what is said of it: `sv` or `en`. Where *control* holds a unit, it is what counts.
    """
    chosen = list(units)
    windows = windows_of(chosen, period)
    events = [
        _opening(schedule, unit, window, at, language)
        for unit in chosen
        for window in windows_by_hand(schedule, unit, windows[unit.name], period, control)
    ]
    return _calendar(", ".join(unit.title for unit in chosen), schedule, events)


def shifts_calendar(schedule: Schedule, rota: Rota, period: Days, at: datetime) -> bytes:
    """Return one event for each shift of *rota* that touches *period*: names, no numbers."""
    events = []
    for shift in shifts(rota, period):
        uid = _uid(schedule, "shift", rota.name, shift.span.start.isoformat())
        span = shift.span.start, shift.span.end or shift.span.start
        events.append(_event(uid, span, at, f"{rota.name}: {shift.person.name}"))
    return _calendar(rota.name, schedule, events)


def _opening(schedule: Schedule, unit: Unit, window: OpenWindow, at: datetime, language: str) -> str:
    since = "ongoing" if window.is_ongoing else window.start.isoformat()
    uid = _uid(schedule, "open", unit.name, since)
    summary = f"{unit.title}: {_OPEN[language]}"
    return _event(
        uid, (window.start, window.end), at, summary, "\n".join(_heard(each, language) for each in window.reasons)
    )


def _calendar(title: str, schedule: Schedule, events: Iterable[str]) -> bytes:
    uid = _uid(schedule, "calendar", title)
    calendar = Calendar.new(name=title, uid=uid, prodid=f"-//callrouter//callrouter {__version__}//EN")
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986 wants the type said
    calendar.add("x-wr-timezone", str(schedule.zone))
    end = "END:VCALENDAR\r\n"
    return "".join((bytes(calendar.to_ical()).decode().removesuffix(end), *events, end)).encode()


def _event(uid: str, span: tuple[datetime, datetime], at: datetime, summary: str, description: str = "") -> str:
    """An event. Its times are written here: the library takes seconds for the 27,000 of a year of a hundred units."""
    starts, ends = (f"{edge:{_UTC}}" for edge in span)
    said = _said(summary, description)
    times = f"DTSTART:{starts}\r\nDTEND:{ends}\r\nDTSTAMP:{at.astimezone(UTC):{_UTC}}\r\nUID:{uid}\r\n"
    return f"BEGIN:VEVENT\r\n{times}{said}END:VEVENT\r\n"


@lru_cache(maxsize=4096)
def _said(summary: str, description: str) -> str:
    """What is said of an event, escaped and folded by the library. Weeks on end say the same."""
    event = Event()
    event.add("summary", summary)
    if description:
        event.add("description", description)
    event.add("transp", "TRANSPARENT")  # nobody who follows the feed is busy because of it
    lines = bytes(event.to_ical()).decode()
    return lines.removeprefix("BEGIN:VEVENT\r\n").removesuffix("END:VEVENT\r\n")


def _uid(schedule: Schedule, *parts: str) -> str:
    """Return the name of an event: the number of the first unit makes it unlike those of all other schedules."""
    return str(uuid5(_NAMES, "\n".join((schedule.first_unit.numbers[0].e164, *parts))))
