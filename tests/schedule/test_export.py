"""What everybody may know of a schedule: windows, deviations, usual weeks, shifts."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.days import WallRange
from callrouter.domain.hours import OpeningHours
from callrouter.domain.oncall import Shift
from callrouter.schedule.feeds.export import Days, deviations, open_windows, shifts, usual_weeks, windows_of
from callrouter.schedule.feeds.export_json import hours_json, shifts_json
from tests.domain.test_hours_properties import opening_hours
from tests.schedule.files import EXAMPLE, NOW, SHORT, schedule

TODAY = date(2026, 11, 23)  # a Monday
DAY = timedelta(days=1)


def hours(*edits: tuple[str, str], unit: str = "centre", text: str = SHORT) -> OpeningHours:
    return schedule(text, *edits).units[unit].hours


def weekly(times: str) -> tuple[str, str]:
    """An edit that gives the short file another week."""
    return ("mon-fri: 10:00-15:00", times)


def local(at: datetime, opening: OpeningHours) -> str:
    return at.astimezone(opening.zone).strftime("%m-%d %H:%M")


def told(opening: OpeningHours, first: date, count: int) -> list[tuple[str, str, tuple[str, ...]]]:
    windows = open_windows(opening, Days.of(first, count))
    return [(local(window.start, opening), local(window.end, opening), window.reasons) for window in windows]


@pytest.mark.parametrize(
    ("week", "first", "count", "expected"),
    [
        ("mon-fri: 10:00-15:00", TODAY, 1, [("11-23 10:00", "11-23 15:00")]),
        ("mon-fri: 10:00-15:00", TODAY + 5 * DAY, 2, []),
        ("mon: 08:00-12:00, 13:00-17:00", TODAY, 7, [("11-23 08:00", "11-23 12:00"), ("11-23 13:00", "11-23 17:00")]),
        # Whole, though it began before the period, or ends after it.
        ("sun: 20:00-03:00", TODAY, 1, [("11-22 20:00", "11-23 03:00")]),
        ("mon: 20:00-03:00", TODAY, 1, [("11-23 20:00", "11-24 03:00")]),
        # What touches the period with its end alone is outside.
        ("sun: 20:00-24:00", TODAY, 1, []),
        ("tue: 00:00-24:00", TODAY, 1, []),
        # Ranges that meet are one window.
        ("mon-tue: 00:00-24:00", TODAY, 1, [("11-23 00:00", "11-25 00:00")]),
        ("mon-sun: 00:00-24:00", TODAY, 2, [("11-23 00:00", "11-25 00:00")]),
    ],
)
def test_windows(week: str, first: date, count: int, expected: list[tuple[str, str]]) -> None:
    assert [window[:2] for window in told(hours(weekly(week)), first, count)] == expected


def test_a_window_of_several_ranges_names_every_rule() -> None:
    opening = hours(weekly("mon: 20:00-03:00\n        tue: 02:00-05:00\n        wed: 10:00-12:00"))
    since = " (from 2020-01-01)"
    assert told(opening, TODAY, 3) == [
        ("11-23 20:00", "11-24 05:00", (f"mon 20:00-03:00{since}", f"tue 02:00-05:00{since}")),
        ("11-25 10:00", "11-25 12:00", (f"wed 10:00-12:00{since}",)),
    ]


def test_a_window_that_has_been_open_for_weeks_is_ongoing() -> None:
    opening = hours(unit="larm", text=EXAMPLE)
    (window,) = open_windows(opening, Days.of(TODAY, 400))
    assert window.is_ongoing
    assert (local(window.start, opening), local(window.end, opening)) == ("11-23 00:00", "12-28 00:00")
    assert window.reasons == ("always open",)


def test_deviations_say_what_is_usual_and_who_decided() -> None:
    found = deviations(hours(unit="trygghetscenter", text=EXAMPLE).rules, Days.of(date(2026, 12, 21), 14))
    told = [(str(one.day), *map(as_text, (one.ranges, one.usual)), str(one.decided_by), one.reason) for one in found]
    usual = "08:00-12:00 13:00-17:00"
    assert told == [
        ("2026-12-23", "10:00-13:00", usual, "day-before", "day before julafton: 10:00-13:00"),
        ("2026-12-24", "", usual, "holiday", "red day: julafton"),
        ("2026-12-25", "", "08:00-16:00", "holiday", "red day: juldagen"),
        ("2026-12-26", "", "", "holiday", "red day: annandag jul"),
        ("2026-12-28", "", usual, "exception", "exception 2026-12-28..2026-12-30: Julstängt, closed"),
        ("2026-12-29", "", usual, "exception", "exception 2026-12-28..2026-12-30: Julstängt, closed"),
        ("2026-12-30", "", usual, "exception", "exception 2026-12-28..2026-12-30: Julstängt, closed"),
        ("2026-12-31", "", usual, "holiday", "red day: nyårsafton"),
        ("2027-01-01", "", "08:00-16:00", "holiday", "red day: nyårsdagen"),
    ]


def as_text(ranges: tuple[WallRange, ...]) -> str:
    return " ".join(map(str, ranges))


def test_a_named_day_that_is_normal_is_no_deviation() -> None:
    rules = hours(unit="trygghetscenter", text=EXAMPLE).rules
    assert date(2028, 6, 6) not in [one.day for one in deviations(rules, Days.of(date(2028, 6, 1), 20))]


VERSIONS = weekly("mon-fri: 10:00-15:00\n      - from: 2026-12-01\n        mon-fri: 09:00-15:00")
SEASON = ("open: desk", "seasons:\n      - period: 06-15..08-15\n        mon: 10:00-11:00\n    open: desk")


@pytest.mark.parametrize(
    ("edits", "first", "count", "expected"),
    [
        ((), TODAY, 400, [("2026-11-23", None, "10:00-15:00")]),
        (
            (VERSIONS,),
            TODAY,
            400,
            [("2026-11-23", "2026-11-30", "10:00-15:00"), ("2026-12-01", None, "09:00-15:00")],
        ),
        # A version that begins after the period is not told, but ends the one before it.
        ((VERSIONS,), TODAY, 8, [("2026-11-23", "2026-11-30", "10:00-15:00")]),
        (
            (SEASON,),
            TODAY,
            300,
            [
                ("2026-11-23", "2027-06-14", "10:00-15:00"),
                ("2027-06-15", "2027-08-15", "10:00-11:00"),
                ("2027-08-16", "2028-06-14", "10:00-15:00"),
            ],
        ),
        # A version that changes nothing is the same week.
        (
            (("- from: 2020-01-01\n", "- {from: 2019-01-01, mon-fri: 10-15}\n      - from: 2026-12-24\n"),),
            TODAY,
            400,
            [("2026-11-23", None, "10:00-15:00")],
        ),
        (
            (("2020-01-01", "2026-12-01"),),
            TODAY,
            9,
            [("2026-11-23", "2026-11-30", ""), ("2026-12-01", None, "10:00-15:00")],
        ),
        # A season replaces no week before there is one.
        ((("2020-01-01", "2028-01-01"), SEASON), date(2027, 7, 1), 9, [("2027-07-01", "2027-12-31", "")]),
    ],
)
def test_usual_weeks(
    edits: tuple[tuple[str, str], ...], first: date, count: int, expected: list[tuple[str, str | None, str]]
) -> None:
    found = usual_weeks(hours(*edits).rules, Days.of(first, count))
    told = [(str(one.first), str(one.last) if one.last else None, as_text(one.week[0])) for one in found]
    assert told == expected


@given(opening_hours(), st.integers(-40, 40))
@settings(max_examples=80)
def test_the_usual_week_or_a_deviation_tells_every_day(case: tuple[OpeningHours, date], shift: int) -> None:
    opening, night = case
    period = Days.of(night + shift * DAY, 40)
    special = {one.day: one.ranges for one in deviations(opening.rules, period)}
    weeks = list(usual_weeks(opening.rules, period))
    for day in period:
        (week,) = (one.week for one in weeks if one.first <= day and (one.last is None or day <= one.last))
        assert special.get(day, week[day.weekday()]) == opening.rules.plan(day).ranges


@given(opening_hours(), st.integers(-10, 10), st.integers(1, 20))
@settings(max_examples=60)
def test_windows_are_the_open_windows(case: tuple[OpeningHours, date], shift: int, count: int) -> None:
    opening, night = case
    period = Days.of(night + shift * DAY, count)
    start, end = period.instants(opening.zone)
    cut = [(max(start, one.start), min(end, one.end)) for one in open_windows(opening, period)]
    assert cut == [(span.start, span.end) for span in opening.open_windows(start, end)]


def test_shifts_are_whole_and_in_order() -> None:
    rota = schedule(EXAMPLE).rotas["nordvakt"]
    found = list(shifts(rota, Days.of(date(2026, 12, 23), 3)))
    assert [person(shift) for shift in found] == [
        ("2026-12-21 08:00", "2026-12-24 08:00", "bo"),
        ("2026-12-24 08:00", "2026-12-25 08:00", "cilla"),
        ("2026-12-25 08:00", "2026-12-28 08:00", "bo"),
    ]


def person(shift: Shift) -> tuple[str, str, str]:
    zone = schedule().zone
    assert shift.span.end is not None
    start, end = (at.astimezone(zone).strftime("%Y-%m-%d %H:%M") for at in (shift.span.start, shift.span.end))
    return start, end, shift.person.name


def test_a_day_has_the_instants_of_its_zone() -> None:
    zone = schedule().zone
    assert Days.of(date(2026, 3, 29), 1).instants(zone) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


def test_json_has_local_times_and_no_number_but_the_units_own() -> None:
    found = schedule(EXAMPLE)
    told = hours_json(found, found.units.values(), Days.of(TODAY, 40))
    centre = told["units"][0]
    assert (told["timezone"], told["from"], told["through"]) == ("Europe/Stockholm", "2026-11-23", "2027-01-01")
    assert told["schedule_version"] == found.version
    assert centre["unit"] == "trygghetscenter"
    assert centre["windows"][0] == {
        "start": "2026-11-23T08:00:00+01:00",
        "end": "2026-11-23T12:00:00+01:00",
        "reasons": ["mon-thu 08:00-12:00, 13:00-17:00 (from 2007-02-01)"],
    }
    assert centre["deviations"][0] == {
        "date": "2026-12-23",
        "hours": ["10:00-13:00"],
        "usual": ["08:00-12:00", "13:00-17:00"],
        "decided_by": "day-before",
        "reason": "day before julafton: 10:00-13:00",
    }
    own = {number.e164 for unit in found.units.values() for number in unit.numbers}
    assert_public(json.dumps(told), own)


def test_json_of_a_rota_has_names_and_no_numbers() -> None:
    found = schedule(EXAMPLE)
    told = shifts_json(found, found.rotas["nordvakt"], Days.of(date(2026, 12, 24), 1))
    assert told["rota"] == "nordvakt"
    assert told["shifts"][-1] == {
        "start": "2026-12-24T08:00:00+01:00",
        "end": "2026-12-25T08:00:00+01:00",
        "person": "cilla",
    }
    assert_public(json.dumps(told), set())


def assert_public(text: str, may_stand: set[str]) -> None:
    """No number of the example stands in *text*, in whatever way it is written, but those that may."""
    found = schedule(EXAMPLE, at=NOW)
    private = {number.e164 for number in found.numbers} | {person.number.e164 for person in found.people.values()}
    for number in sorted(private - may_stand):
        assert number[-9:] not in text.replace(" ", "")


def test_units_with_the_same_hours_are_told_as_each_alone() -> None:
    found, period = schedule(EXAMPLE), Days.of(TODAY, 40)
    twins = {name: replace(found.unit("trygghetscenter"), name=name) for name in ("a", "b")}
    units = [twins["a"], *found.units.values(), twins["b"]]
    told_at_once = windows_of(units, period)
    assert list(told_at_once)
    assert all(list(open_windows(u.hours, period)) == list(told_at_once[u.name]) for u in units)
    alone = [hours_json(found, [unit], period)["units"][0] for unit in units]
    assert hours_json(found, units, period)["units"] == alone
