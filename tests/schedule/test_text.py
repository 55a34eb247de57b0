"""What texts mean: the spellings that are accepted, English and Swedish."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from callrouter.domain.days import DatePeriod, YearlyPeriod
from callrouter.domain.destination import ServiceTarget
from callrouter.schedule.format import dates, text, times
from callrouter.schedule.format.text import Unreadable

READ = [
    (times.ranges, "10:00-15:00", "10:00-15:00"),
    (times.ranges, "10.00-15.00", "10:00-15:00"),
    (times.ranges, "10-15", "10:00-15:00"),
    (times.ranges, "10:00\N{EN DASH}15:00", "10:00-15:00"),
    (times.ranges, "10:00 - 15:00", "10:00-15:00"),
    (times.ranges, "8-12, 13.30-17", "08:00-12:00 13:30-17:00"),
    (times.ranges, "13:00-17:00,08:00-12:00", "08:00-12:00 13:00-17:00"),
    (times.ranges, "08:00-12:00, 12:00-13:00", "08:00-12:00 12:00-13:00"),
    (times.ranges, "00:00-24:00", "00:00-24:00"),
    (times.ranges, "20:00-03:00", "20:00-03:00"),
    (times.ranges, "20:00-00:00", "20:00-24:00"),
    (times.ranges, "20:00-03:00, 01:00-02:00", "01:00-02:00 20:00-03:00"),
    (times.ranges, "closed", ""),
    (times.ranges, "Stängt", ""),
]


@pytest.mark.parametrize(("read", "written", "ranges"), READ)
def test_ranges(read: Callable[[str], tuple[object, ...]], written: str, ranges: str) -> None:
    assert " ".join(map(str, read(written))) == ranges


@pytest.mark.parametrize(
    "written",
    [
        *("", "10", "10:00", "10:00-", "-15:00", "10:60-15:00", "25:00-26:00", "24:00-25:00", "24:00-03:00"),
        *("10:00-15:00 16:00-17:00", "10:00-15:00,", "10:00-24:01", "10:00-10:00", "00:00-00:00", "10:0-15:00"),
        *("10:00-12:00, 11:59-13:00", "20:00-03:00, 22:00-23:00", "10:00-15:00-16:00", "open", "kl 10-15"),
    ],
)
def test_no_ranges(written: str) -> None:
    with pytest.raises(Unreadable):
        times.ranges(written)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", (0, 1, 2, 3, 4)),
        ("mån-fre", (0, 1, 2, 3, 4)),
        ("måndag\N{EN DASH}fredag", (0, 1, 2, 3, 4)),
        ("Monday", (0,)),
        ("tue, thu", (1, 3)),
        ("tis,tors", (1, 3)),
        ("fri-mon", (4, 5, 6, 0)),
        ("sat - sun", (5, 6)),
        ("lör, sön", (5, 6)),
        ("mon-wed, fri", (0, 1, 2, 4)),
        ("ons.", (2,)),
    ],
)
def test_weekdays(written: str, days: tuple[int, ...]) -> None:
    assert times.weekdays(written) == days


@pytest.mark.parametrize("written", ["", "mo", "mon-", "mon-wed-fri", "mon, mon", "mon-wed, tue", "weekday", "1-5"])
def test_no_weekdays(written: str) -> None:
    with pytest.raises(Unreadable):
        times.weekdays(written)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2026-11-06", DatePeriod(date(2026, 11, 6), date(2026, 11, 6))),
        ("2026-12-28..2026-12-30", DatePeriod(date(2026, 12, 28), date(2026, 12, 30))),
        ("2026-12-28 .. 2026-12-30", DatePeriod(date(2026, 12, 28), date(2026, 12, 30))),
        ("2008-06-01..", DatePeriod(date(2008, 6, 1), None)),
        ("06-15..08-15", YearlyPeriod((6, 15), (8, 15))),
        ("12-20..01-06", YearlyPeriod((12, 20), (1, 6))),
        ("02-01..02-29", YearlyPeriod((2, 1), (2, 29))),
        ("12-24", YearlyPeriod((12, 24), (12, 24))),
    ],
)
def test_periods(written: str, period: DatePeriod | YearlyPeriod) -> None:
    assert dates.season(written) == period
    if isinstance(period, DatePeriod):
        assert dates.dates(written) == period


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-02-29",
        "2026-13-01",
        "26-01-01..",
        "..2026-01-01",
        "2026-01-02..2026-01-01",
        "06-15..",
        "02-30..03-01",
        "06-15..2026-08-15",
        "0001-01-01",
        "9999-12-31",
        "2026-1-1",
        "2026-01-01..2026-01-02..2026-01-03",
    ],
)
def test_no_period(written: str) -> None:
    with pytest.raises(Unreadable):
        dates.season(written)


def wall(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2026-12-24 08:00..2026-12-25 08:00", "2026-12-24 08:00", "2026-12-25 08:00"),
        ("2026-12-24T08:00..2026-12-25T08.00", "2026-12-24 08:00", "2026-12-25 08:00"),
        ("2026-12-24..2026-12-25", "2026-12-24 00:00", "2026-12-26 00:00"),  # both days
        ("2026-12-24", "2026-12-24 00:00", "2026-12-25 00:00"),
        ("2026-12-24 18:00..2026-12-24", "2026-12-24 18:00", "2026-12-25 00:00"),
        ("2026-12-24 18:00..2026-12-24 24:00", "2026-12-24 18:00", "2026-12-25 00:00"),
        ("2026-12-24 18:00..", "2026-12-24 18:00", None),
    ],
)
def test_spans_of_swaps(written: str, start: str, end: str | None) -> None:
    assert dates.moments(written) == (wall(start), wall(end))


@pytest.mark.parametrize("written", ["2026-12-24 08:00", "2026-12-25 08:00..2026-12-24 08:00", "08:00..09:00", "x", ""])
def test_no_span_of_a_swap(written: str) -> None:
    with pytest.raises(Unreadable):
        dates.moments(written)


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (dates.shift, "12 hours", timedelta(hours=12)),
        (dates.shift, "1 day", timedelta(days=1)),
        (dates.shift, "1 dygn", timedelta(days=1)),
        (dates.shift, "1 week", timedelta(weeks=1)),
        (dates.shift, "2 veckor", timedelta(weeks=2)),
        (dates.moment, "2008-06-02 08:00", datetime(2008, 6, 2, 8, 0)),  # noqa: DTZ001 - wall clock
        (dates.moment, "2008-06-02 8.00", datetime(2008, 6, 2, 8, 0)),  # noqa: DTZ001 - wall clock
        (dates.keep, "6 months", "6 months"),
        (dates.keep, "30 dagar", "30 days"),
        (dates.keep, "1 år", "1 year"),
        (text.target, "80% 30s", ServiceTarget(0.8, 30)),
        (text.target, "98.5 % 60 s", ServiceTarget(0.985, 60)),
        (text.target, "98,5% 60s", ServiceTarget(0.985, 60)),
        (times.weekly_time, "mon 09:30", ((0,), time(9, 30))),
        (times.weekly_time, "mån-fre 9.30", ((0, 1, 2, 3, 4), time(9, 30))),
        (text.truth, "Yes", True),
        (text.truth, "ja", True),
        (text.truth, "no", False),
        (text.truth, "nej", False),
        (text.whole(5, 120), " 20 ", 20),
    ],
)
def test_other_texts(read: Callable[[str], object], written: str, value: object) -> None:
    assert read(written) == value


@pytest.mark.parametrize(
    ("read", "written"),
    [
        *((dates.shift, written) for written in ("", "0 days", "1 month", "week", "-1 day", "1001 weeks")),
        *((dates.keep, written) for written in ("", "0 days", "12 hours", "forever")),
        *((text.target, written) for written in ("", "80%", "0% 30s", "101% 30s", "80% 0s", "80 30")),
        *((times.weekly_time, written) for written in ("", "09:30", "mon", "mon 24:00", "xyz 09:30")),
        *((dates.moment, written) for written in ("", "2008-06-02", "08:00")),
        *((text.whole(5, 120), written) for written in ("4", "121", "20.5", "twenty", "", "²")),
    ],
)
def test_texts_that_mean_nothing(read: Callable[[str], object], written: str) -> None:
    with pytest.raises(Unreadable):
        read(written)
