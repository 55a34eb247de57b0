"""What holds for any opening hours: the compiled answer, the day evaluator and a naive model agree."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.days import (
    DatePeriod,
    DayPlan,
    Holidays,
    HoursException,
    Season,
    SpecialDay,
    Version,
    WallRange,
    WeekEntry,
    YearlyPeriod,
)
from callrouter.domain.hours import OpeningHours
from callrouter.domain.rules import DayRules, always_open
from callrouter.domain.words import DecidedBy, State

ZONES = [ZoneInfo(name) for name in ("Europe/Stockholm", "Australia/Lord_Howe", "America/Santiago")]
CHANGES = {
    "Europe/Stockholm": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
}
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def days_around(day: date) -> st.SearchStrategy[date]:
    return st.integers(-4, 4).map(lambda step: day + step * DAY)


@st.composite
def day_ranges(draw: st.DrawFn) -> tuple[WallRange, ...]:
    """Ranges that do not overlap within their day; the last may run past midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, 1439), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    ranges = [WallRange(start, end) for start, end in pairs]
    runs_on = draw(st.booleans())
    if ranges and runs_on:
        ranges[-1] = WallRange(ranges[-1].start, draw(st.integers(1440, ranges[-1].start + 1440)))
    return tuple(ranges)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[WeekEntry, ...]:
    days = draw(st.lists(st.integers(0, 6), unique=True, max_size=7))
    return tuple(WeekEntry((day,), draw(day_ranges()), day) for day in days)


@st.composite
def opening_hours(draw: st.DrawFn) -> tuple[OpeningHours, date]:
    """Opening hours with rules around a night when their zone's clock changes, and the date of that night."""
    zone = draw(st.sampled_from(ZONES))
    night = draw(st.sampled_from(CHANGES[zone.key]))
    near = days_around(night)
    versions = [Version(date(2020, 1, 1), draw(weeks())), Version(draw(near), draw(weeks()))]
    first = draw(near)
    season = Season(YearlyPeriod((first.month, first.day), (night.month, 28)), draw(weeks()))
    dates = sorted(draw(st.sets(near, max_size=3)))
    plans = {day: DayPlan(draw(day_ranges()), DecidedBy.HOLIDAY, "holiday") for day in dates}
    special = {
        day: SpecialDay("day", draw(st.sampled_from([None, plan])), draw(st.booleans())) for day, plan in plans.items()
    }
    exceptions = [
        HoursException(DatePeriod(day, day), draw(day_ranges())) for day in sorted(draw(st.sets(near, max_size=3)))
    ]
    always = draw(st.sampled_from([None, None, always_open()]))
    rules = DayRules(
        versions=() if always else tuple(versions),
        always=always,
        seasons=draw(st.sampled_from([(), (season,)])),
        holidays=draw(st.sampled_from([None, Holidays(special, draw(st.none() | day_ranges()))])),
        exceptions=tuple(exceptions),
    )
    return OpeningHours(zone, rules), night


def minutes_of(zone: tzinfo, night: date) -> list[datetime]:
    """Every minute of the night's day and the ones beside it."""
    noon = datetime(night.year, night.month, night.day, 12, tzinfo=zone).astimezone(UTC)
    return [noon + step * MINUTE for step in range(-36 * 60, 24 * 60)]


def naive_model(hours: OpeningHours, instants: list[datetime]) -> list[bool]:
    """The format page as simply as possible: walk the minutes, and watch the wall clock pass each boundary.

    A boundary happens at the first minute that shows it or a later time.
    """
    shown = [at.astimezone(hours.zone).replace(tzinfo=None) for at in instants]
    latest = list(accumulate(shown, max))
    is_open = [False] * len(instants)
    day = shown[0].date() - DAY
    while day <= shown[-1].date() + DAY:
        for wall in hours.rules.plan(day).ranges:
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall clock
            opens = bisect_left(latest, midnight + wall.start * MINUTE)
            closes = bisect_left(latest, midnight + wall.end * MINUTE)
            is_open[opens:closes] = [True] * (closes - opens)
        day += DAY
    return is_open


@given(opening_hours())
@settings(max_examples=20)
def test_three_ways_to_the_same_answer_minute_by_minute(case: tuple[OpeningHours, date]) -> None:
    hours, night = case
    instants = minutes_of(hours.zone, night)
    compiled = hours.compiled(instants[0])
    model = naive_model(hours, instants)
    assert [compiled.is_open(at) for at in instants] == model
    assert [hours.is_open(at) for at in instants] == model


@given(opening_hours(), st.integers(0, 3599), st.integers(0, 2))
@settings(max_examples=30)
def test_the_next_change_is_the_next_change(case: tuple[OpeningHours, date], minute: int, day: int) -> None:
    hours, night = case
    at = minutes_of(hours.zone, night)[0] + minute * MINUTE
    change = hours.next_change(at)
    assert hours.compiled(at - day * DAY).next_change(at) == change
    if change is not None:
        assert change > at
        assert hours.is_open(change) is not hours.is_open(at)
        assert hours.is_open(change - datetime.resolution) is hours.is_open(at)


@given(opening_hours())
@settings(max_examples=30)
def test_windows_are_apart_and_tell_the_same(case: tuple[OpeningHours, date]) -> None:
    hours, night = case
    instants = minutes_of(hours.zone, night)
    windows = list(hours.open_windows(instants[0], instants[-1]))
    assert all(before.end and before.end < after.start for before, after in pairwise(windows))
    for window in windows:
        assert window.end is not None
        assert hours.is_open(window.start)
        assert hours.is_open(window.end - datetime.resolution)


@given(opening_hours(), st.integers(0, 60 * 60 * 60), st.integers(0, 60 * 60 * 60), st.integers(-40, 2))
@settings(max_examples=60)
def test_a_timeline_tells_the_same_windows(
    case: tuple[OpeningHours, date], seconds: int, more: int, around: int
) -> None:
    """Also where it does not reach, where they are cut, and where nothing lies between start and end."""
    hours, night = case
    start = minutes_of(hours.zone, night)[0] + seconds * timedelta(seconds=1)
    end = start + more * timedelta(seconds=1)
    compiled = hours.compiled(start - around * DAY)
    assert list(compiled.open_windows(start, end)) == list(hours.open_windows(start, end))
    for change in filter(None, (hours.next_change(start),)):
        assert list(compiled.open_windows(change, end)) == list(hours.open_windows(change, end))
        assert list(compiled.open_windows(start, change)) == list(hours.open_windows(start, change))


@given(opening_hours(), st.integers(-2000, 2000))
@settings(max_examples=40)
def test_outside_its_window_a_timeline_gives_the_same_answer(case: tuple[OpeningHours, date], days: int) -> None:
    hours, night = case
    at = minutes_of(hours.zone, night)[0]
    compiled = hours.compiled(at + days * DAY)
    assert compiled.is_open(at) is hours.is_open(at)
    assert compiled.ruling(at) == hours.ruling(at)
    assert (hours.ruling(at).state is State.OPEN) is hours.is_open(at)
    assert compiled.next_change(at) == hours.next_change(at)
