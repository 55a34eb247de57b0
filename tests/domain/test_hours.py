"""Opening hours: which rule speaks of a day, and what it says."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

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
from callrouter.domain.hours import OpeningHours, Ruling
from callrouter.domain.rules import DayRules, always_open
from callrouter.domain.span import Span
from callrouter.domain.words import DecidedBy, State

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WORKING_WEEK = (0, 1, 2, 3, 4)


def ranges(*texts: str) -> tuple[WallRange, ...]:
    return tuple(wall(text) for text in texts)


def wall(text: str) -> WallRange:
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return WallRange(start, end if end > start else end + 24 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def red(name: str) -> SpecialDay:
    return SpecialDay(name, DayPlan((), DecidedBy.HOLIDAY, f"red day: {name}", 9), is_red=True)


def special(name: str, *texts: str) -> SpecialDay:
    return SpecialDay(name, DayPlan(ranges(*texts), DecidedBy.HOLIDAY, f"named day {name}", 12), is_red=False)


OLD = Version(date(2005, 6, 1), (WeekEntry(WORKING_WEEK, ranges("08:00-12:00", "13:00-17:00"), 21),), 20)
NEW = Version(date(2007, 2, 1), (WeekEntry(WORKING_WEEK, ranges("10:00-15:00"), 23),), 22)
SUMMER = Season(YearlyPeriod((6, 15), (8, 15)), (WeekEntry((0, 1, 2, 3), ranges("10:00-14:00"), 26),), 25)
MEETING = HoursException(DatePeriod(date(2026, 11, 6), date(2026, 11, 6)), ranges("10:00-12:00"), "Personalmöte", 28)
CHRISTMAS = HoursException(DatePeriod(date(2026, 12, 28), date(2026, 12, 30)), (), "Julstängt", 31)
HOLIDAYS = Holidays(
    {
        date(2026, 4, 2): special("skärtorsdagen", "10:00-12:00"),
        date(2026, 4, 3): red("långfredagen"),
        date(2026, 6, 19): red("midsommarafton"),
        date(2026, 12, 24): red("julafton"),
        date(2026, 12, 29): red("an exception beats it"),
        date(2025, 6, 6): SpecialDay("nationaldagen", None, is_red=False),
        date(2025, 6, 7): red("a red Saturday"),
    },
    ranges("10:00-13:00"),
    11,
)
HOURS = OpeningHours(
    STOCKHOLM,
    DayRules(versions=(OLD, NEW), seasons=(SUMMER,), holidays=HOLIDAYS, exceptions=(MEETING, CHRISTMAS)),
)

OPEN, CLOSED = State.OPEN, State.CLOSED

RULINGS = [
    ("2005-05-31 10:00", CLOSED, DecidedBy.HOURS, "before the first hours version", None),
    ("2005-06-01 12:30", CLOSED, DecidedBy.HOURS, "mon-fri 08:00-12:00, 13:00-17:00 (from 2005-06-01)", 21),
    ("2007-01-31 16:59", OPEN, DecidedBy.HOURS, "mon-fri 08:00-12:00, 13:00-17:00 (from 2005-06-01)", 21),
    ("2007-02-01 09:00", CLOSED, DecidedBy.HOURS, "mon-fri 10:00-15:00 (from 2007-02-01)", 23),
    ("2026-11-23 11:00", OPEN, DecidedBy.HOURS, "mon-fri 10:00-15:00 (from 2007-02-01)", 23),
    ("2026-11-23 16:30", CLOSED, DecidedBy.HOURS, "mon-fri 10:00-15:00 (from 2007-02-01)", 23),
    ("2026-11-21 11:00", CLOSED, DecidedBy.HOURS, "sat is not listed (from 2007-02-01)", 22),
    ("2026-06-15 10:30", OPEN, DecidedBy.SEASON, "season 06-15..08-15: mon-thu 10:00-14:00", 26),
    ("2026-08-14 10:30", CLOSED, DecidedBy.SEASON, "season 06-15..08-15: fri is not listed", 25),
    ("2026-08-17 14:30", OPEN, DecidedBy.HOURS, "mon-fri 10:00-15:00 (from 2007-02-01)", 23),
    ("2026-06-18 13:30", CLOSED, DecidedBy.DAY_BEFORE, "day before midsommarafton: 10:00-13:00", 11),
    ("2026-06-19 11:00", CLOSED, DecidedBy.HOLIDAY, "red day: midsommarafton", 9),
    ("2026-12-23 12:59", OPEN, DecidedBy.DAY_BEFORE, "day before julafton: 10:00-13:00", 11),
    ("2026-04-02 12:30", CLOSED, DecidedBy.HOLIDAY, "named day skärtorsdagen", 12),
    ("2025-06-06 14:59", OPEN, DecidedBy.HOURS, "nationaldagen as usual: mon-fri 10:00-15:00 (from 2007-02-01)", 23),
    ("2026-11-06 11:59", OPEN, DecidedBy.EXCEPTION, "exception 2026-11-06: Personalmöte, 10:00-12:00", 28),
    ("2026-12-29 11:00", CLOSED, DecidedBy.EXCEPTION, "exception 2026-12-28..2026-12-30: Julstängt, closed", 31),
    ("2026-12-31 11:00", OPEN, DecidedBy.HOURS, "mon-fri 10:00-15:00 (from 2007-02-01)", 23),
]


@pytest.mark.parametrize(("local", "state", "decided_by", "reason", "line"), RULINGS)
def test_the_highest_rule_speaks_alone(
    local: str, state: State, decided_by: DecidedBy, reason: str, line: int | None
) -> None:
    expected = Ruling(state, decided_by, reason, line)
    assert HOURS.ruling(at(local)) == expected
    assert HOURS.is_open(at(local)) is (state is OPEN)
    assert HOURS.compiled(at(local)).is_open(at(local)) is (state is OPEN)


@pytest.mark.parametrize(
    ("local", "is_open"),
    [("09:59:59.999999", False), ("10:00", True), ("14:59:59.999999", True), ("15:00", False)],
)
def test_the_start_is_included_and_the_end_is_not(local: str, is_open: bool) -> None:
    moment = at(f"2026-11-23 {local}")
    assert HOURS.is_open(moment) is is_open
    assert HOURS.compiled(moment).is_open(moment) is is_open


def late(*exceptions: HoursException) -> OpeningHours:
    """Open on Fridays and Saturdays from 20 to 3."""
    week = Version(date(2020, 1, 1), (WeekEntry((4, 5), ranges("20:00-03:00"), 2),), 1)
    return OpeningHours(STOCKHOLM, DayRules(versions=(week,), exceptions=exceptions))


def test_a_tail_past_midnight_belongs_to_the_day_it_starts() -> None:
    tail = late().ruling(at("2026-11-22 02:59"))
    assert (tail.state, tail.reason) == (OPEN, "fri, sat 20:00-03:00 (from 2020-01-01)")
    assert not late().is_open(at("2026-11-22 03:00"))
    assert not late().is_open(at("2026-11-23 02:00"))


def test_a_tail_stays_though_the_next_day_is_closed_by_another_rule() -> None:
    closed_sunday = HoursException(DatePeriod(date(2026, 11, 22), date(2026, 11, 22)), ())
    assert late(closed_sunday).is_open(at("2026-11-22 02:00"))


def test_a_tail_goes_with_the_day_it_belongs_to() -> None:
    closed_saturday = HoursException(DatePeriod(date(2026, 11, 21), date(2026, 11, 21)), ())
    assert not late(closed_saturday).is_open(at("2026-11-22 02:00"))
    assert late(closed_saturday).is_open(at("2026-11-21 02:00"))  # Friday's


def test_a_tail_and_the_next_day_make_one_window() -> None:
    early_sunday = HoursException(DatePeriod(date(2026, 11, 22), date(2026, 11, 22)), ranges("02:00-05:00"))
    windows = list(late(early_sunday).open_windows(at("2026-11-21 12:00"), at("2026-11-23 12:00")))
    assert windows == [Span(at("2026-11-21 20:00").astimezone(UTC), at("2026-11-22 05:00").astimezone(UTC))]


def test_a_range_over_new_year() -> None:
    eve = HoursException(DatePeriod(date(2026, 12, 31), date(2026, 12, 31)), ranges("22:00-02:00"))
    assert late(eve).is_open(at("2027-01-01 01:59"))
    assert not late(eve).is_open(at("2027-01-01 02:00"))


def test_always_is_always() -> None:
    hours = OpeningHours(STOCKHOLM, DayRules(always=always_open(60)))
    assert hours.ruling(at("2026-12-24 03:00")) == Ruling(OPEN, DecidedBy.ALWAYS, "always open", 60)
    assert hours.next_change(at("2026-12-24 03:00")) is None
    assert hours.compiled(at("2026-12-24 03:00")).next_change(at("2026-12-24 03:00")) is None
    start, end = at("2026-01-01 00:00"), at("2027-01-01 00:00")
    assert list(hours.open_windows(start, end)) == [Span(start.astimezone(UTC), end.astimezone(UTC))]


def test_never_open_never_changes() -> None:
    hours = OpeningHours(STOCKHOLM, DayRules(versions=(Version(date(2020, 1, 1), (), 1),)))
    assert hours.next_change(at("2026-12-24 03:00")) is None


def test_always_yields_to_an_exception_and_is_there_again() -> None:
    rules = DayRules(always=always_open(60), exceptions=(CHRISTMAS,))
    hours = OpeningHours(STOCKHOLM, rules)
    assert hours.next_change(at("2026-12-01 12:00")) == at("2026-12-28 00:00")
    assert hours.next_change(at("2026-12-28 00:00")) == at("2026-12-31 00:00")
    assert hours.next_change(at("2026-12-31 00:00")) is None


def test_always_but_on_red_days() -> None:
    hours = OpeningHours(STOCKHOLM, DayRules(always=always_open(60), holidays=HOLIDAYS))
    assert hours.next_change(at("2026-12-01 12:00")) == at("2026-12-23 00:00")
    assert hours.compiled(at("2026-12-01 12:00")).next_change(at("2026-12-29 12:00")) == at("2026-12-30 00:00")


@pytest.mark.parametrize(
    ("local", "change"),
    [
        ("2026-11-23 09:00", "2026-11-23 10:00"),
        ("2026-11-23 10:00", "2026-11-23 15:00"),
        ("2026-11-20 15:00", "2026-11-23 10:00"),
        ("2026-12-23 13:00", "2026-12-25 10:00"),
        ("2001-01-01 00:00", "2005-06-01 08:00"),
    ],
)
def test_the_next_change(local: str, change: str) -> None:
    assert HOURS.next_change(at(local)) == at(change)
    assert HOURS.compiled(at(local)).next_change(at(local)) == at(change)


def test_the_next_change_lies_behind_the_timeline() -> None:
    far = HoursException(DatePeriod(date(2030, 1, 1), date(2030, 1, 1)), ranges("10:00-11:00"))
    hours = OpeningHours(STOCKHOLM, DayRules(exceptions=(far,)))
    assert hours.compiled(at("2026-01-01 12:00")).next_change(at("2026-01-01 12:00")) == at("2030-01-01 10:00")


def test_a_timeline_begins_open_and_ends_open() -> None:
    rules = DayRules(exceptions=(HoursException(DatePeriod(date(2020, 1, 1), None), ranges("00:00-00:00")),))
    hours = OpeningHours(STOCKHOLM, rules).compiled(at("2026-01-01 12:00"))
    assert hours.is_open(at("2025-12-15 12:00"))
    assert hours.is_open(at("2027-01-15 12:00"))
    assert hours.next_change(at("2026-01-01 12:00")) is None


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 11, 23, 11, 0)  # noqa: DTZ001 - that is the point
    compiled = HOURS.compiled(at("2026-11-23 11:00"))
    for hours in (HOURS, compiled):
        for question in (hours.is_open, hours.ruling, hours.next_change, hours.compiled):
            with pytest.raises(ValueError, match="time zone"):
                question(naive)
        with pytest.raises(ValueError, match="time zone"):
            list(hours.open_windows(naive, naive))


def test_an_instant_is_the_same_in_every_zone() -> None:
    moment = at("2026-11-23 14:30")
    compiled = HOURS.compiled(moment)
    for zone in (UTC, ZoneInfo("Asia/Tokyo"), timezone(timedelta(hours=-9, minutes=-30))):
        assert HOURS.ruling(moment.astimezone(zone)) == HOURS.ruling(moment)
        assert compiled.is_open(moment.astimezone(zone))


def test_windows_are_cut_to_fit() -> None:
    windows = list(HOURS.open_windows(at("2026-11-23 12:00"), at("2026-11-24 11:00")))
    assert windows == [
        Span(at("2026-11-23 12:00").astimezone(UTC), at("2026-11-23 15:00").astimezone(UTC)),
        Span(at("2026-11-24 10:00").astimezone(UTC), at("2026-11-24 11:00").astimezone(UTC)),
    ]
    assert list(HOURS.open_windows(at("2026-11-23 12:00"), at("2026-11-23 12:00"))) == []


@pytest.mark.parametrize(
    ("period", "day", "covers"),
    [
        (YearlyPeriod((12, 20), (1, 6)), date(2027, 1, 6), True),
        (YearlyPeriod((12, 20), (1, 6)), date(2026, 12, 20), True),
        (YearlyPeriod((12, 20), (1, 6)), date(2026, 12, 19), False),
        (YearlyPeriod((12, 20), (1, 6)), date(2027, 1, 7), False),
        (YearlyPeriod((2, 1), (2, 29)), date(2027, 2, 28), True),
        (YearlyPeriod((2, 1), (2, 29)), date(2028, 2, 29), True),
        (YearlyPeriod((2, 1), (2, 29)), date(2027, 3, 1), False),
        (YearlyPeriod((2, 1), (2, 28)), date(2028, 2, 29), False),
        (DatePeriod(date(2026, 1, 1), None), date(2039, 1, 1), True),
        (DatePeriod(date(2026, 1, 1), date(2026, 1, 2)), date(2026, 1, 2), True),
        (DatePeriod(date(2026, 1, 1), date(2026, 1, 2)), date(2026, 1, 3), False),
    ],
)
def test_periods(period: YearlyPeriod | DatePeriod, day: date, covers: bool) -> None:
    assert period.covers(day) is covers


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (1440, 1500), (10, 10), (10, 5), (60, 60 + 1441)])
def test_a_range_that_is_none_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a range of one day"):
        WallRange(start, end)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("10:00-15:00", WallRange(600, 900)),
        ("20:00-03:00", WallRange(1200, 1620)),
        ("00:00-24:00", WallRange(0, 1440)),
        ("06-15..08-15", YearlyPeriod((6, 15), (8, 15))),
        ("12-24", YearlyPeriod((12, 24), (12, 24))),
        ("2026-01-01..", DatePeriod(date(2026, 1, 1), None)),
        ("2026-01-01", DatePeriod(date(2026, 1, 1), date(2026, 1, 1))),
        ("tue, thu closed", WeekEntry((1, 3), ())),
        ("sat, sun, mon 10:00-11:00", WeekEntry((5, 6, 0), (WallRange(600, 660),))),
    ],
)
def test_rules_are_written_as_in_the_file(written: str, value: object) -> None:
    assert str(value) == written
