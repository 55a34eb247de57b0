"""The nights when the clock changes: every wall-clock boundary is exactly one instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callrouter.domain.days import DatePeriod, HoursException, WallRange
from callrouter.domain.hours import OpeningHours
from callrouter.domain.rules import DayRules
from callrouter.domain.wallclock import even_midnight, first_whole_day, instant_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its summer time is half an hour
SANTIAGO = ZoneInfo("America/Santiago")  # it changes at midnight
ST_JOHNS = ZoneInfo("America/St_Johns")  # until 2011 it changed a minute past midnight
APIA = ZoneInfo("Pacific/Apia")  # it had no 30 December 2011

NIGHTS = [
    (STOCKHOLM, date(2026, 3, 29)),
    (STOCKHOLM, date(2026, 10, 25)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),
    (SANTIAGO, date(2026, 4, 5)),
    (SANTIAGO, date(2026, 9, 6)),
    (ST_JOHNS, date(2006, 10, 29)),
    (APIA, date(2011, 12, 30)),
]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall clock


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_a_wall_time_is_the_first_instant_that_shows_it_or_more(zone: ZoneInfo, day: date) -> None:
    minute = timedelta(minutes=1)
    for step in range(-24 * 60, 48 * 60, 7):
        wall = midnight(day) + step * minute
        found = instant_of(wall, zone)
        assert found.tzinfo is UTC
        assert found.astimezone(zone).replace(tzinfo=None) >= wall
        # Anything earlier, back over the repeated or missing time, shows less.
        for back in (1, 20, 59, 61, 90):
            assert (found - back * minute).astimezone(zone).replace(tzinfo=None) < wall


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        (STOCKHOLM, "2026-03-29 01:59", "2026-03-29 00:59"),
        (STOCKHOLM, "2026-03-29 02:00", "2026-03-29 01:00"),  # missing: the end of the gap
        (STOCKHOLM, "2026-03-29 02:30", "2026-03-29 01:00"),
        (STOCKHOLM, "2026-03-29 03:00", "2026-03-29 01:00"),
        (STOCKHOLM, "2026-10-25 02:00", "2026-10-25 00:00"),  # repeated: the first pass
        (STOCKHOLM, "2026-10-25 02:30", "2026-10-25 00:30"),
        (STOCKHOLM, "2026-10-25 03:00", "2026-10-25 02:00"),
        (LORD_HOWE, "2026-10-04 02:15", "2026-10-03 15:30"),
        (LORD_HOWE, "2026-04-05 01:45", "2026-04-04 14:45"),
    ],
)
def test_known_instants(zone: ZoneInfo, wall: str, instant: str) -> None:
    assert instant_of(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def hours(zone: ZoneInfo, day: date, *ranges: WallRange) -> OpeningHours:
    rule = HoursException(DatePeriod(day, day), ranges)
    return OpeningHours(zone, DayRules(exceptions=(rule,)))


def test_a_range_inside_the_gap_is_never_open() -> None:
    day = date(2026, 3, 29)
    gap = hours(STOCKHOLM, day, WallRange(125, 175))
    start, end = instant_of(midnight(day), STOCKHOLM), instant_of(midnight(day), STOCKHOLM) + timedelta(days=1)
    assert list(gap.open_windows(start, end)) == []
    assert not any(gap.is_open(start + timedelta(minutes=minute)) for minute in range(24 * 60))
    assert gap.next_change(start) is None


def test_neighbours_in_the_repeated_hour_neither_overlap_nor_leave_a_hole() -> None:
    day = date(2026, 10, 25)
    both = hours(STOCKHOLM, day, WallRange(60, 150), WallRange(150, 240))
    windows = list(both.open_windows(*(datetime(2026, 10, d, tzinfo=UTC) for d in (24, 27))))
    assert len(windows) == 1
    assert windows[0].end == datetime(2026, 10, 25, 3, tzinfo=UTC)


def test_the_state_does_not_flap_inside_the_repeated_hour() -> None:
    """Closing at 02:30 happens once, in the first pass; the second pass of 02:00-02:30 stays closed."""
    until_half_past = hours(STOCKHOLM, date(2026, 10, 25), WallRange(0, 150))
    states = [
        until_half_past.is_open(datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=minute))
        for minute in range(6 * 60)
    ]
    assert states == [True] * 150 + [False] * (6 * 60 - 150)


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_a_day_is_open_from_its_first_instant_to_its_last(zone: ZoneInfo, day: date) -> None:
    """Also where midnight comes twice, and the clock shows the day before once more."""
    whole = hours(zone, day, WallRange(0, 1440))
    opens, closes = (instant_of(midnight(day + step * timedelta(days=1)), zone) for step in (0, 1))
    minutes = [opens + timedelta(minutes=minute) for minute in range(-120, 26 * 60, 5)]
    assert [whole.is_open(at) for at in minutes] == [opens <= at < closes for at in minutes]
    compiled = whole.compiled(opens)
    assert [compiled.is_open(at) for at in minutes] == [opens <= at < closes for at in minutes]


@pytest.mark.parametrize(("zone", "day"), NIGHTS[:7])
def test_a_day_of_24_hours_meets_its_neighbours(zone: ZoneInfo, day: date) -> None:
    rule = HoursException(DatePeriod(day - timedelta(days=1), day + timedelta(days=1)), (WallRange(0, 1440),))
    always = OpeningHours(zone, DayRules(exceptions=(rule,)))
    start = instant_of(midnight(day - timedelta(days=1)), zone)
    end = instant_of(midnight(day + timedelta(days=2)), zone)
    assert len(list(always.open_windows(start, end))) == 1
    assert all(
        always.is_open(start + timedelta(minutes=m)) for m in range(0, int((end - start).total_seconds()) // 60, 5)
    )
    assert not always.is_open(start - datetime.resolution)
    assert not always.is_open(end)


@pytest.mark.parametrize("zone", [STOCKHOLM, LORD_HOWE, SANTIAGO, ZoneInfo("UTC")], ids=str)
def test_a_day_is_even_where_no_clock_changes_in_two_days(zone: ZoneInfo) -> None:
    """There each minute is as far from its midnight as the wall clock says; it is tried beside the other days."""
    days = [date(2026, 1, 1) + number * timedelta(days=1) for number in range(365)]
    begins = {day: even_midnight(day, zone) for day in days}
    uneven = [day for day in days if begins[day] is None]
    assert 4 <= len(uneven) <= 6 or (not uneven and zone.key == "UTC")
    for day in {days[100], *(day + by * timedelta(days=1) for day in uneven for by in (-1, 1))}:
        if begin := begins[day]:
            minutes = [timedelta(minutes=minute) for minute in range(0, 2881, 30)]
            assert [instant_of(midnight(day) + each, zone) for each in minutes] == [begin + each for each in minutes]


@pytest.mark.parametrize(("zone", "day"), [each for each in NIGHTS if each[0] is not APIA], ids=str)
def test_a_day_is_whole_from_its_first_instant_on(zone: ZoneInfo, day: date) -> None:
    """Also where midnight itself is skipped."""
    begin = instant_of(midnight(day), zone)
    tomorrow = day + timedelta(days=1)
    assert first_whole_day(begin, zone) == day
    assert first_whole_day(begin - datetime.resolution, zone) == day
    assert first_whole_day(begin + datetime.resolution, zone) == tomorrow
    assert first_whole_day(instant_of(midnight(tomorrow), zone), zone) == tomorrow
