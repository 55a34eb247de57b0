"""A year at a glance: every day that differs, by name, and the time that it is open."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.bridges import bridge_days
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.schedule import load
from callrouter.schedule.preview.year import Day, UnitYear, year_of
from tests.schedule.files import EXAMPLE, NOW, changed, schedule, warnings
from tests.schedule.made import NIGHTS, schedule_texts

DAY = timedelta(days=1)
BRIDGE = re.compile(r"(\d{4}-\d{2}-\d{2}) \((?:mon|tue|wed|thu|fri|sat|sun)\)")


def example_year(unit: str = "trygghetscenter", year: int = 2026, *edits: tuple[str, str]) -> UnitYear:
    return year_of(schedule(EXAMPLE, *edits).unit(unit), year)


def day_of(year: UnitYear, day: str) -> Day:
    return next(one for one in year.days if one.date == date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "deviates", "name"),
    [
        ("2026-11-23", False, ""),  # a Monday like any other
        ("2026-11-22", False, ""),  # a Sunday
        ("2026-06-16", True, "season 06-15..08-15"),
        ("2026-12-24", True, "julafton"),
        ("2026-12-23", True, "day before julafton"),
        ("2026-04-02", True, "skärtorsdagen"),
        ("2026-12-28", True, "Julstängt"),
        ("2026-06-06", False, ""),  # the national day, a Saturday, open as usual: closed
    ],
)
def test_what_differs_has_a_name(day: str, deviates: bool, name: str) -> None:
    found = day_of(example_year(), day)
    assert (found.deviates, found.name) == (deviates, name)


def test_a_holiday_that_is_open_as_usual_is_named() -> None:
    assert day_of(example_year(year=2028), "2028-06-06").as_usual == "nationaldagen"  # a Tuesday
    closed = ("period: 2026-11-06", "period: 2028-06-06")
    assert not day_of(example_year("trygghetscenter", 2028, closed), "2028-06-06").as_usual


def test_a_new_version_of_the_hours_is_seen_where_it_begins() -> None:
    begins = [day.date for day in example_year(year=2007).days if day.begins]
    assert begins == [date(2007, 2, 1)]


def test_the_days_of_the_clocks_are_marked() -> None:
    changes = {str(day.date): day.clock_change.is_forward for day in example_year().days if day.clock_change}
    assert changes == {"2026-03-29": True, "2026-10-25": False}


def test_an_exception_without_a_reason_is_called_one() -> None:
    found = example_year("trygghetscenter", 2026, ("        why: Personalmöte\n", ""))
    assert day_of(found, "2026-11-06").name == "exception"


def test_the_weeks_are_those_of_iso() -> None:
    weeks = list(example_year().weeks())
    assert len(weeks) == 53
    assert [len(weeks[0]), len(weeks[1]), len(weeks[-1])] == [4, 7, 4]
    assert all(week[0].date.weekday() == 0 for week in weeks[1:])


def test_undecided_bridge_days_are_those_that_are_warned_of() -> None:
    found = schedule(EXAMPLE)
    rules = found.unit("trygghetscenter").hours.rules
    told = " ".join(warnings(EXAMPLE))
    today = NOW.date()
    assert set(bridge_days(rules, today, today + 399 * DAY)) == set(map(date.fromisoformat, BRIDGE.findall(told)))
    decided = changed(EXAMPLE, ("period: 2026-11-06", "period: 2027-05-07"))
    assert not bridge_days(load(decided, at=NOW).unit("trygghetscenter").hours.rules, today, today + 399 * DAY)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-01-02", True),  # Friday after New Year's Day
        ("2026-01-05", True),  # Monday before Epiphany, also as a short day
        ("2026-05-15", True),  # Friday after Ascension Day
        ("2026-05-13", False),  # Wednesday before it
        ("2026-12-28", False),  # somebody has decided
        ("2026-04-30", False),  # the first of May is a Friday
    ],
)
def test_bridge_days(day: str, is_one: bool) -> None:
    assert day_of(example_year(), day).is_undecided is is_one


def test_a_bridge_day_needs_no_red_day_within_the_dates_asked_for() -> None:
    rules = schedule(EXAMPLE).unit("trygghetscenter").hours.rules
    day = date(2026, 1, 2)
    assert bridge_days(rules, day, day) == (day,)


def test_a_unit_open_on_red_days_has_no_bridge_days_and_nothing_differs() -> None:
    found = example_year("fältgruppen")
    assert not found.deviations
    assert not any(day.is_undecided for day in found.days)


def test_the_totals_of_a_unit_that_is_always_open() -> None:
    found = example_year("larm")
    assert (found.open_days, found.open_time) == (365, timedelta(days=365))


@settings(max_examples=25)
@given(st.sampled_from(sorted(NIGHTS)).flatmap(schedule_texts))
def test_the_total_is_the_time_of_the_open_windows(text: str) -> None:
    of = load(text, at=NOW)
    for unit in of.units.values():
        found = year_of(unit, 2026)
        start, end = (instant_of(midnight(date(year, 1, 1)), of.zone) for year in (2026, 2027))
        by_day = timedelta(0)
        while start < end:  # in other steps than the whole year at once
            step = min(start + timedelta(hours=37), end)
            by_day += sum(((w.end or step) - w.start for w in unit.hours.open_windows(start, step)), timedelta(0))
            start = step
        assert found.open_time == by_day
        assert found.open_days == sum(bool(unit.hours.rules.plan(day.date).ranges) for day in found.days)


@settings(max_examples=25)
@given(schedule_texts())
def test_a_day_differs_if_the_week_says_something_else(text: str) -> None:
    rules = load(text, at=NOW).unit("centre").hours.rules
    found = year_of(load(text, at=NOW).unit("centre"), 2026)
    wanted = [day.date for day in found.days if rules.plan(day.date).ranges != rules.week_plan(day.date).ranges]
    assert [day.date for day in found.deviations] == wanted
    assert all(day.name for day in found.deviations)


def test_years_around_the_edges_of_the_calendar() -> None:
    for year in (1970, 2024, 2199):
        assert len(example_year(year=year).days) == (366 if year == 2024 else 365)
    assert example_year(year=1970).open_time == timedelta(0)
