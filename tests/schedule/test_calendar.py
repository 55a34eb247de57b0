"""The iCalendar feed, as a calendar program reads it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from callrouter.domain.hours import OpeningHours
from callrouter.domain.schedule import Schedule
from callrouter.schedule.feeds.calendar import hours_calendar, shifts_calendar
from callrouter.schedule.feeds.export import Days
from tests.domain.test_hours_properties import opening_hours
from tests.schedule.files import EXAMPLE, SHORT, schedule
from tests.schedule.test_export import TODAY, assert_public
from tests.schedules import schedule as made

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
UNKIND = 'Fält, "grupp"; \\ och ett långt namn, längre än en rad på åäö'


def feed(found: Schedule, period: Days, *units: str) -> bytes:
    return hours_calendar(found, [found.units[name] for name in units or found.units], period, AT)


def events(ics: bytes) -> list[Event]:
    calendar = Calendar.from_ical(ics)
    return list(calendar.events)


def spans(found: Iterable[Event]) -> list[tuple[datetime, datetime]]:
    return [(instant(event.start), instant(event.end)) for event in found]


def uids(ics: bytes) -> dict[datetime, str]:
    return {instant(event.start): event.uid for event in events(ics)}


def instant(value: date) -> datetime:
    """A time of the feed: never a mere date."""
    assert isinstance(value, datetime)
    return value


def test_an_event_says_when_who_and_by_which_rule() -> None:
    first, *_ = events(feed(schedule(EXAMPLE), Days.of(TODAY, 3), "trygghetscenter"))
    assert (first.start, first.end) == (
        datetime(2026, 11, 23, 7, tzinfo=UTC),
        datetime(2026, 11, 23, 11, tzinfo=UTC),
    )
    assert first["SUMMARY"] == "Trygghetscenter: open"
    assert first["DESCRIPTION"] == "mon-thu 08:00-12:00, 13:00-17:00 (from 2007-02-01)"
    assert first["TRANSP"] == "TRANSPARENT"
    assert first.stamp == AT.replace(microsecond=0)


def test_the_lines_are_as_the_standard_wants_them() -> None:
    found = schedule(SHORT, ("centre:\n", f"centre:\n    name: '{UNKIND}'\n"))
    ics = feed(found, Days.of(TODAY, 1))
    assert ics.endswith(b"END:VCALENDAR\r\n")
    assert ics.count(b"\n") == ics.count(b"\r\n")
    assert max(map(len, ics.split(b"\r\n"))) <= 75  # octets, RFC 5545 section 3.1
    assert b"\r\n " in ics
    (event,) = events(ics)
    assert event["SUMMARY"] == f"{UNKIND}: open"
    unfolded = ics.replace(b"\r\n ", b"").decode().split("\r\n")
    assert r'SUMMARY:Fält\, "grupp"\; \\ och' in "\n".join(unfolded)
    for line in ("VERSION:2.0", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-WR-TIMEZONE:Europe/Stockholm"):
        assert line in unfolded


def test_the_library_would_write_it_so_too() -> None:
    found = schedule(EXAMPLE, ("name: Trygghetscenter\n", f"name: '{UNKIND}'\n"))
    ics = feed(found, Days.of(TODAY, 60))
    assert Calendar.from_ical(ics).to_ical(sorted=False) == ics


def test_times_need_no_zone() -> None:
    ics = feed(schedule(EXAMPLE), Days.of(TODAY, 200))
    times = [line for line in ics.decode().split("\r\n") if line.startswith(("DTSTART", "DTEND", "DTSTAMP"))]
    assert times
    assert all(line.count(":") == 1 and line.endswith("Z") for line in times)


def test_no_number_stands_in_a_feed() -> None:
    found = schedule(EXAMPLE)
    both = feed(found, Days.of(TODAY, 400)) + shifts_calendar(found, found.rotas["nordvakt"], Days.of(TODAY, 400), AT)
    assert_public(both.replace(b"\r\n ", b"").decode(), set())


def test_a_rota_is_a_feed_of_names() -> None:
    found = schedule(EXAMPLE)
    ics = shifts_calendar(found, found.rotas["nordvakt"], Days.of(date(2026, 12, 24), 1), AT)
    assert [(event.start, event["SUMMARY"]) for event in events(ics)] == [
        (datetime(2026, 12, 21, 7, tzinfo=UTC), "nordvakt: bo"),
        (datetime(2026, 12, 24, 7, tzinfo=UTC), "nordvakt: cilla"),
    ]


def test_the_same_export_is_the_same_bytes() -> None:
    found, period = schedule(EXAMPLE), Days.of(TODAY, 30)
    assert feed(found, period) == feed(found, period)


def test_an_event_keeps_its_name_when_its_hours_change() -> None:
    before = uids(feed(schedule(SHORT), Days.of(TODAY, 7)))
    after = uids(feed(schedule(SHORT, ("10:00-15:00", "10:00-12:00")), Days.of(TODAY, 7)))
    assert before == after


def test_units_rotas_and_schedules_share_no_names() -> None:
    found = schedule(EXAMPLE)
    other = schedule(SHORT, ("004 00]", "004 01]"))
    period = Days.of(TODAY, 100)
    rota = shifts_calendar(found, found.rotas["nordvakt"], period, AT)
    all_feeds = (feed(found, period), rota, feed(other, period), feed(schedule(SHORT), period))
    names = [event.uid for ics in all_feeds for event in events(ics)]
    assert len(set(names)) == len(names)


def test_a_rota_may_be_called_like_a_unit() -> None:
    """Both begin on Monday at 08:00."""
    found, day = schedule(EXAMPLE), Days.of(date(2026, 12, 21), 1)
    rota = replace(found.rotas["nordvakt"], name="trygghetscenter")
    hours, duty = uids(feed(found, day, "trygghetscenter")), uids(shifts_calendar(found, rota, day, AT))
    assert hours.keys() & duty.keys() == {datetime(2026, 12, 21, 7, tzinfo=UTC)}
    assert not set(hours.values()) & set(duty.values())


def of(hours: OpeningHours) -> Schedule:
    found = made()
    return replace(found, zone=hours.zone, units={"centre": replace(found.units["centre"], hours=hours)})


@given(opening_hours(), st.integers(-10, 10), st.integers(1, 25))
@settings(max_examples=40)
def test_a_calendar_shows_what_is_open(case: tuple[OpeningHours, date], shift: int, count: int) -> None:
    hours, night = case
    period = Days.of(night + shift * DAY, count)
    start, end = period.instants(hours.zone)
    read = [(max(start, opens), min(end, closes)) for opens, closes in spans(events(feed(of(hours), period)))]
    assert read == [(span.start, span.end) for span in hours.open_windows(start, end)]
    inside = [start + step * timedelta(minutes=15) for step in range(int((end - start) / timedelta(minutes=15)))]
    assert [any(opens <= at < closes for opens, closes in read) for at in inside] == [*map(hours.is_open, inside)]


@given(opening_hours(), st.integers(1, 10))
@settings(max_examples=40)
def test_an_event_keeps_its_name_from_day_to_day(case: tuple[OpeningHours, date], later: int) -> None:
    hours, night = case
    today = uids(feed(of(hours), Days.of(night - 5 * DAY, 20)))
    then = uids(feed(of(hours), Days.of(night + (later - 5) * DAY, 20)))
    assert {start: today[start] for start in today.keys() & then.keys()} == {
        start: then[start] for start in today.keys() & then.keys()
    }
