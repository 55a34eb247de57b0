"""A week, stretch by stretch, and what becomes of a time that is asked about."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.control import Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.span import Span
from callrouter.domain.words import State
from callrouter.schedule import load
from callrouter.schedule.preview.asked_time import asked_time
from callrouter.schedule.preview.week import Kind, WeekDay, week_of
from tests.schedule.files import EXAMPLE, NOW, SHORT, schedule

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 11, 23)
EXAMPLED = load(EXAMPLE, at=NOW)
VOICEMAIL = ("guard: {ring: [+46 31 390 06 10]}", "guard: {message: sorry}\nmessages: {sorry: {sv: Tyvärr.}}")


def told(day: WeekDay) -> list[tuple[str, str, str]]:
    return [
        (f"{each.span.start.astimezone(STOCKHOLM):%H:%M}", each.kind, "by hand" if each.override else each.destination)
        for each in day.stretches
    ]


def test_open_closed_and_who_has_the_calls_then() -> None:
    known = schedule()
    week = week_of(known, known.first_unit, date(2026, 11, 26))
    assert [day.date for day in week] == [MONDAY + timedelta(n) for n in range(7)]
    assert told(week[0]) == [
        ("00:00", "forwarded", "guard"),
        ("10:00", "open", "desk"),
        ("15:00", "forwarded", "guard"),
    ]
    assert told(week[6]) == [("00:00", "forwarded", "guard")]


def test_where_no_phone_rings_it_is_closed() -> None:
    known = schedule(SHORT, VOICEMAIL)
    assert told(week_of(known, known.first_unit, MONDAY)[6]) == [("00:00", "closed", "guard")]


def test_what_is_held_by_hand_stands_out() -> None:
    known = schedule()
    span = Span(datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 12, tzinfo=UTC))
    control = Control((Override(1, "centre", span, State.CLOSED, None, "Läcka", "anna"),))
    assert told(week_of(known, known.first_unit, MONDAY, control)[0]) == [
        ("00:00", "forwarded", "guard"),
        ("10:00", "open", "desk"),
        ("11:00", "forwarded", "by hand"),
        ("13:00", "open", "desk"),
        ("15:00", "forwarded", "guard"),
    ]


@pytest.mark.parametrize(("sunday", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_night_when_the_clocks_change_is_longer_or_shorter(sunday: date, hours: int) -> None:
    day = week_of(EXAMPLED, EXAMPLED.units["fältgruppen"], sunday)[6]
    assert day.hours == hours
    assert sum(day.place(each)[1] for each in day.stretches) == pytest.approx(1)


@given(st.sampled_from(sorted(EXAMPLED.units)), st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.integers(0, 7 * 1440))
def test_each_minute_lies_in_one_stretch_and_goes_as_it_says(name: str, day: date, minute: int) -> None:
    unit = EXAMPLED.units[name]
    week = week_of(EXAMPLED, unit, day)
    at = week[0].span.start + timedelta(minutes=minute)
    found = [each for one in week for each in one.stretches if each.span.covers(at)]
    decision = decide(EXAMPLED, unit, at)
    expected = [] if at >= (week[6].span.end or at) else [(decision.state is State.OPEN, decision.destination)]
    assert [(each.kind is Kind.OPEN, each.destination) for each in found] == expected


def test_a_time_that_comes_twice_is_its_first_pass_and_knows_the_other() -> None:
    first = asked_time(datetime(2026, 10, 25, 2, 30), STOCKHOLM)  # noqa: DTZ001 - wall clock
    assert first.other is not None
    second = asked_time(first.other, STOCKHOLM)
    assert (first.is_second, second.is_second) == (False, True)
    assert second.at - first.at == timedelta(hours=1)
    assert second.other == first.local


def test_a_time_that_never_comes_is_the_end_of_the_gap() -> None:
    time = asked_time(datetime(2026, 3, 29, 2, 30), STOCKHOLM)  # noqa: DTZ001 - wall clock
    assert time.missing == datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - the same
    assert f"{time.local:%H:%M}" == "03:00"
    assert time.other is None


def test_a_usual_time_is_what_it_says() -> None:
    time = asked_time(datetime(2026, 11, 23, 9, 0), STOCKHOLM)  # noqa: DTZ001 - wall clock
    assert (time.missing, time.other, time.change) == (None, None, None)
