"""The feeds where somebody holds a unit open or closed by hand: calendar and web site say what the telephone does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from callrouter.domain.control import Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import State
from callrouter.schedule.feeds.by_hand import days_by_hand
from callrouter.schedule.feeds.calendar import hours_calendar
from callrouter.schedule.feeds.export import Days
from callrouter.schedule.feeds.linked_data import linked_data
from tests.schedule.files import SHORT, schedule
from tests.schedule.test_export import TODAY, weekly
from tests.schedule.test_linked_data import Reader

DAYS = 9
FIRST = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
HALF_HOURS = [FIRST + step * timedelta(minutes=30) for step in range(DAYS * 48)]
SCHEDULES = [
    schedule(SHORT),
    schedule(SHORT, weekly("fri: 20:00-03:00\n        sat: 18:00-24:00\n        sun: 00:00-24:00")),
    schedule(SHORT, weekly("mon-sun: 00:00-24:00")),
]


@st.composite
def controls(draw: st.DrawFn) -> Control:
    return Control(tuple(draw(st.lists(held(), min_size=1, max_size=3, unique_by=lambda each: each.id))))


@st.composite
def held(draw: st.DrawFn) -> Override:
    start = FIRST + timedelta(minutes=15) + draw(st.integers(-60, DAYS * 48)) * timedelta(minutes=30)
    end = draw(st.none() | st.integers(1, 200).map(lambda halves: start + halves * timedelta(minutes=30)))
    state, destination = draw(st.sampled_from([(State.OPEN, None), (State.CLOSED, None), (None, "security")]))
    return Override(draw(st.integers(1, 99)), "centre", Span(start, end), state, destination, "illness", "zlatan")


def by_hand(found: Schedule, control: Control, language: str = "en") -> dict[str, Any]:
    def days(unit: Any, period: Days) -> Any:
        return days_by_hand(found, unit, period, control)

    place: dict[str, Any] = linked_data([found.units["centre"]], Days.of(TODAY, DAYS), language, days)["@graph"][0]
    return place


AFTER_MIDNIGHT = Span(datetime(2026, 11, 28, 0, 15, tzinfo=UTC), datetime(2026, 11, 28, 1, 15, tzinfo=UTC))


@given(st.sampled_from(SCHEDULES), controls())
@example(SCHEDULES[1], Control((Override(1, "centre", AFTER_MIDNIGHT, State.CLOSED, None, "illness", "zlatan"),)))
def test_web_site_and_calendar_say_what_the_telephone_does(found: Schedule, control: Control) -> None:
    reader = Reader(by_hand(found, control))
    unit, period = found.units["centre"], Days.of(TODAY, DAYS)
    feed = Calendar.from_ical(hours_calendar(found, [unit], period, FIRST, control=control))
    spans = [(event.start, event.end) for event in feed.events]
    for at in HALF_HOURS:
        is_open = decide(found, unit, at, control).state is State.OPEN
        assert any(start <= at < end for start, end in spans) == is_open
        assert reader.is_open(wall_time(at, unit.hours.zone)) == is_open


def test_it_says_neither_who_nor_why() -> None:
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    closed = Override(1, "centre", Span(now, now + timedelta(hours=3)), State.CLOSED, None, "illness", "zlatan")
    place = by_hand(SCHEDULES[0], Control((closed,)), "sv")
    first, *_ = place["specialOpeningHoursSpecification"]
    assert (first["opens"], first["closes"], first["description"]) == ("10:00", "11:00", "tillfälligt ändrat")
    assert "illness" not in str(place)


def test_what_begins_within_a_minute_still_ends_when_it_ends() -> None:
    """Whoever holds a unit open presses the button at no full minute."""
    now = datetime(2026, 11, 23, 17, 22, 31, tzinfo=UTC)
    opened = Override(
        1, "centre", Span(now, now.replace(hour=19, minute=30, second=0)), State.OPEN, None, "x", "zlatan"
    )
    _, evening = by_hand(SCHEDULES[0], Control((opened,)))["specialOpeningHoursSpecification"][:2]
    assert (evening["opens"], evening["closes"]) == ("18:22", "20:30")


def test_one_of_another_unit_changes_nothing() -> None:
    span = Span(FIRST, FIRST + timedelta(days=3))
    other = Control((Override(1, "elsewhere", span, State.CLOSED, None, "illness", "zlatan"),))
    assert by_hand(SCHEDULES[0], other) == by_hand(SCHEDULES[0], Control())
