"""Periods of local dates: their parts, and what stands before them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.period import Period
from callrouter.domain.tally import Grain
from tests.schedules import STOCKHOLM

ONE_DAY = timedelta(days=1)

dates = st.dates(date(2019, 1, 1), date(2030, 12, 31))
periods = st.builds(lambda a, b: Period(min(a, b), max(a, b)), dates, dates)


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (Period.year(2026), ["year 2026-01-01 to 2026-12-31"]),
        (Period.month(2026, 2), ["month 2026-02-01 to 2026-02-28"]),
        (period("2026-11-10", "2026-11-14"), ["day 2026-11-10 to 2026-11-14"]),
        (period("2026-11-02", "2026-11-30"), ["month 2026-11-01 to 2026-11-30", "less day 2026-11-01"]),
        (
            period("2026-11-03", "2026-11-28"),
            [
                "month 2026-11-01 to 2026-11-30",
                "less day 2026-11-01 to 2026-11-02",
                "less day 2026-11-29 to 2026-11-30",
            ],
        ),
        (period("2026-01-01", "2026-02-01"), ["month 2026-01-01 to 2026-01-31", "day 2026-02-01"]),
        (period("2025-12-31", "2026-01-01"), ["day 2025-12-31", "day 2026-01-01"]),
        (
            period("2023-08-20", "2026-02-03"),
            [
                "day 2023-08-20 to 2023-08-31",
                "month 2023-09-01 to 2023-12-31",
                "year 2024-01-01 to 2025-12-31",
                "month 2026-01-01 to 2026-01-31",
                "day 2026-02-01 to 2026-02-03",
            ],
        ),
        (
            period("2025-09-22", "2026-09-21"),
            [
                *("day 2025-09-22 to 2025-09-30", "month 2025-10-01 to 2025-12-31"),
                *("year 2026-01-01 to 2026-12-31", "less day 2026-09-22 to 2026-09-30"),
                "less month 2026-10-01 to 2026-12-31",
            ],
        ),
    ],
)
def test_few_counts_come_to_a_period(asked: Period, parts: list[str]) -> None:
    assert [f"{'less ' * (part.sign < 0)}{part.grain} {part.period}" for part in asked.parts()] == parts


@given(periods, st.sampled_from(Grain))
def test_its_parts_come_to_each_of_its_days_once_and_to_no_other(asked: Period, coarsest: Grain) -> None:
    parts = asked.parts(coarsest)
    days: Counter[date] = Counter()
    for grain, part, sign in parts:
        assert grain.start(part.first) == part.first
        assert grain.next_start(part.last) == part.last + ONE_DAY
        days.update({part.first + n * ONE_DAY: sign for n in range(part.days)})
    assert {day: count for day, count in days.items() if count} == {
        asked.first + n * ONE_DAY: 1 for n in range(asked.days)
    }
    assert list(Grain).index(coarsest) >= max(list(Grain).index(part.grain) for part in parts)


@given(periods)
def test_a_period_of_years_is_some_forty_counts(asked: Period) -> None:
    finer = [part for part in asked.parts() if part.grain is not Grain.YEAR]
    assert sum(part.cells for part in finer) <= 2 * (
        15 + 1 + 6
    )  # half a month of days, half a year of months, at each end


def test_as_many_days_before() -> None:
    assert str(period("2026-03-01", "2026-03-07").days_before()) == "2026-02-22 to 2026-02-28"


@pytest.mark.parametrize(
    ("asked", "months", "before"),
    [
        (Period.month(2026, 3), 1, "2026-02-01 to 2026-02-28"),
        (Period.month(2026, 2), 1, "2026-01-01 to 2026-01-31"),
        (Period.month(2026, 1), 1, "2025-12-01 to 2025-12-31"),
        (Period.year(2025), 12, "2024-01-01 to 2024-12-31"),
        (period("2026-11-01", "2026-11-23"), 1, "2026-10-01 to 2026-10-23"),
        (period("2026-03-01", "2026-03-30"), 1, "2026-02-01 to 2026-02-28"),
        (period("2026-01-01", "2026-11-23"), 12, "2025-01-01 to 2025-11-23"),
        (period("2024-01-01", "2024-02-29"), 12, "2023-01-01 to 2023-02-28"),
    ],
)
def test_the_same_days_some_months_before(asked: Period, months: int, before: str) -> None:
    assert str(asked.months_before(months)) == before


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        (Period.month(2026, 10), "2026-09-01 to 2026-09-30"),
        (Period.month(2026, 11), "2026-10-01 to 2026-10-23"),
        (Period.year(2026), "2025-01-01 to 2025-11-23"),
        (period("2026-11-20", "2026-12-20"), "2026-11-16 to 2026-11-19"),
        (period("2026-11-01", "2026-11-07"), "2026-10-25 to 2026-10-31"),
    ],
)
def test_what_a_period_is_compared_with(asked: Period, before: str) -> None:
    assert str(asked.before(date(2026, 11, 23))) == before


def test_so_far() -> None:
    assert str(Period.month(2026, 11).until(date(2026, 11, 23))) == "2026-11-01 to 2026-11-23"
    assert Period.month(2026, 11).until(date(2026, 12, 1)) == Period.month(2026, 11)
    assert Period.month(2026, 11).until(date(2026, 10, 1)) == Period.month(2026, 11)  # nothing of it has begun


def test_to_where_its_years_begin_and_end() -> None:
    assert str(period("2025-11-28", "2026-11-27").from_begin_of_year()) == "2025-01-01 to 2026-11-27"
    assert str(period("2025-11-28", "2026-11-27").to_end_of_year()) == "2025-11-28 to 2026-12-31"


def test_as_instants_a_day_is_what_the_clocks_show() -> None:
    span = period("2026-10-25", "2026-10-25").span(STOCKHOLM)
    assert span.start == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert span.end == datetime(2026, 10, 25, 23, tzinfo=UTC)  # 25 hours: the clocks go back


def test_it_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends on or after"):
        period("2026-11-02", "2026-11-01")
