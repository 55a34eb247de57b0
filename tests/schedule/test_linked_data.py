"""Opening hours for a web site, as a reader that knows schema.org and nothing of us understands them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrouter.domain.days import DayPlan, Holidays, SpecialDay
from callrouter.domain.hours import OpeningHours
from callrouter.domain.words import DecidedBy
from callrouter.schedule.feeds.export import Days
from callrouter.schedule.feeds.linked_data import linked_data
from tests.domain.test_hours_properties import opening_hours
from tests.schedule.files import EXAMPLE, SHORT, schedule
from tests.schedule.test_export import SEASON, TODAY, VERSIONS, assert_public, weekly
from tests.schedules import schedule as made

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Json = dict[str, Any]


class Reader:
    """What a search engine makes of one place. It knows wall-clock times alone."""

    def __init__(self, place: Json) -> None:
        self._usual = place["openingHoursSpecification"]
        self._special = place["specialOpeningHoursSpecification"]
        self._of_day: Callable[[date], list[tuple[time, time]]] = cache(self._entries)

    def is_open(self, wall: datetime) -> bool:
        """Whether the place is open at the local time *wall*: by the day's hours, or the tail of the day before."""
        at = wall.time()
        for opens, closes in self._of_day(wall.date()):
            if opens <= at < closes or closes < opens <= at:
                return True
        return any(at < closes < opens for opens, closes in self._of_day(wall.date() - DAY))

    def _entries(self, day: date) -> list[tuple[time, time]]:
        """The hours of a date: the special ones beat the usual ones. All day is written 00:00 to 23:59."""
        special = [entry for entry in self._special if _is_valid(entry, day)]
        usual = [e for e in self._usual if _is_valid(e, day) and NAMES[day.weekday()] in e["dayOfWeek"]]
        return [(time.fromisoformat(e["opens"]), _closing(e["closes"])) for e in special or usual]


def _closing(text: str) -> time:
    return time.max if text == "23:59" else time.fromisoformat(text)


def _is_valid(entry: Json, day: date) -> bool:
    begins, ends = (date.fromisoformat(entry.get(name, str(day))) for name in ("validFrom", "validThrough"))
    return begins <= day <= ends


def place(text: str = SHORT, *edits: tuple[str, str], unit: str = "centre", count: int = 60) -> Json:
    found: Json = linked_data([schedule(text, *edits).units[unit]], Days.of(TODAY, count))["@graph"][0]
    return found


def usual(found: Json) -> list[tuple[str, str, str, str | None, str | None]]:
    return [
        (
            " ".join(day[:2] for day in one["dayOfWeek"]),
            one["opens"],
            one["closes"],
            one.get("validFrom"),
            one.get("validThrough"),
        )
        for one in found["openingHoursSpecification"]
    ]


def special(found: Json) -> list[tuple[str, ...]]:
    keys = ("validFrom", "validThrough", "opens", "closes")
    return [tuple(one[key] for key in keys) for one in found["specialOpeningHoursSpecification"]]


def test_a_place_has_a_name_and_its_own_numbers() -> None:
    found = place(EXAMPLE, unit="trygghetscenter")
    assert (found["@type"], found["name"], found["telephone"]) == (
        "GovernmentOffice",
        "Trygghetscenter",
        ["+46846500400"],
    )
    assert {one["@type"] for one in found["openingHoursSpecification"]} == {"OpeningHoursSpecification"}
    everything = linked_data(schedule(EXAMPLE).units.values(), Days.of(TODAY, 400))
    assert everything["@context"] == "https://schema.org"
    own = {number.e164 for unit in schedule(EXAMPLE).units.values() for number in unit.numbers}
    assert_public(json.dumps(everything), own)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((), [("Mo Tu We Th Fr", "10:00", "15:00", None, None), ("Sa Su", "00:00", "00:00", None, None)]),
        (
            (weekly("mon-thu: 08:00-12:00, 13:00-17:00\n        fri: 08:00-12:00"),),
            [
                ("Mo Tu We Th Fr", "08:00", "12:00", None, None),
                ("Mo Tu We Th", "13:00", "17:00", None, None),
                ("Sa Su", "00:00", "00:00", None, None),
            ],
        ),
        # Past midnight it closes before it opens; until midnight it closes at 00:00; all day is 00:00 to 23:59.
        (
            (weekly("fri: 20:00-03:00\n        sat: 18:00-24:00\n        sun: 00:00-24:00"),),
            [
                ("Fr", "20:00", "03:00", None, None),
                ("Sa", "18:00", "00:00", None, None),
                ("Su", "00:00", "23:59", None, None),
                ("Mo Tu We Th", "00:00", "00:00", None, None),
            ],
        ),
        (
            (VERSIONS,),
            [
                ("Mo Tu We Th Fr", "10:00", "15:00", None, "2026-11-30"),
                ("Sa Su", "00:00", "00:00", None, "2026-11-30"),
                ("Mo Tu We Th Fr", "09:00", "15:00", "2026-12-01", None),
                ("Sa Su", "00:00", "00:00", "2026-12-01", None),
            ],
        ),
    ],
)
def test_usual_hours(edits: tuple[tuple[str, str], ...], expected: list[Any]) -> None:
    assert usual(place(SHORT, *edits)) == expected


def test_a_season_has_its_days() -> None:
    found = [one for one in usual(place(SHORT, SEASON, count=400)) if one[0].startswith("Mo") and one[1] != "00:00"]
    assert found == [
        ("Mo Tu We Th Fr", "10:00", "15:00", None, "2027-06-14"),
        ("Mo", "10:00", "11:00", "2027-06-15", "2027-08-15"),
        ("Mo Tu We Th Fr", "10:00", "15:00", "2027-08-16", "2028-06-14"),
    ]


def test_special_hours() -> None:
    assert special(place(EXAMPLE, unit="trygghetscenter", count=40)) == [
        ("2026-12-23", "2026-12-23", "10:00", "13:00"),
        ("2026-12-24", "2026-12-24", "00:00", "00:00"),
        ("2026-12-25", "2026-12-25", "00:00", "00:00"),
        ("2026-12-26", "2026-12-26", "00:00", "00:00"),
        ("2026-12-28", "2026-12-30", "00:00", "00:00"),  # days in a row, one rule
        ("2026-12-31", "2026-12-31", "00:00", "00:00"),
        ("2027-01-01", "2027-01-01", "00:00", "00:00"),
    ]


def test_days_apart_are_entries_apart() -> None:
    """The rule of both is the same, and no other one stands between them."""
    plan = DayPlan((), DecidedBy.HOLIDAY, "named day")
    days = {TODAY + step * DAY: SpecialDay("day", plan, is_red=False) for step in (0, 1, 3)}
    unit = made().units["centre"]
    closed = replace(unit, hours=replace(unit.hours, rules=replace(unit.hours.rules, holidays=Holidays(days))))
    assert special(linked_data([closed], Days.of(TODAY, 7))["@graph"][0]) == [
        ("2026-11-23", "2026-11-24", "00:00", "00:00"),
        ("2026-11-26", "2026-11-26", "00:00", "00:00"),
    ]


def test_the_tail_of_yesterday_belongs_to_yesterday() -> None:
    """The export begins on a Monday: the Sunday before ran past midnight, by an exception."""
    edit = ("open: desk", "exceptions:\n      - {period: 2026-11-22, hours: 22:00-02:00}\n    open: desk")
    found = place(SHORT, edit)
    assert special(found) == [("2026-11-22", "2026-11-22", "22:00", "02:00")]
    assert Reader(found).is_open(datetime(2026, 11, 23, 1, 45))  # noqa: DTZ001 - wall clock


def agrees(hours: OpeningHours, period: Days) -> None:
    """The reader says open at every quarter of an hour at which we do.

    It follows the wall clock, which cannot tell the two passes of a repeated hour apart: there it is not asked.
    """
    unit = replace(made().units["centre"], hours=hours)
    reader = Reader(linked_data([unit], period)["@graph"][0])
    start, end = period.instants(hours.zone)
    compiled = hours.compiled(start)
    for step in range(int((end - start) / QUARTER)):
        at = start + step * QUARTER
        local = at.astimezone(hours.zone)
        wall = local.replace(tzinfo=None, fold=0)
        if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
            assert reader.is_open(wall) == compiled.is_open(at), local


@pytest.mark.parametrize("unit", schedule(EXAMPLE).units)
@pytest.mark.parametrize("first", [date(2026, 3, 10), date(2026, 5, 25), date(2026, 10, 1), TODAY, date(2027, 12, 1)])
def test_the_example_is_read_as_it_is_meant(unit: str, first: date) -> None:
    agrees(schedule(EXAMPLE).units[unit].hours, Days.of(first, 60))


@given(opening_hours(), st.integers(-40, 10))
@settings(max_examples=20)
def test_any_schedule_is_read_as_it_is_meant(case: tuple[OpeningHours, date], shift: int) -> None:
    hours, night = case
    agrees(hours, Days.of(night + shift * DAY, 60))


def test_an_instant_of_the_example_by_hand() -> None:
    reader = Reader(place(EXAMPLE, unit="trygghetscenter"))
    monday = datetime(2026, 11, 23, 12, 30, tzinfo=UTC).replace(tzinfo=None)
    assert not reader.is_open(monday)  # the lunch break
    assert reader.is_open(monday + timedelta(hours=1))
