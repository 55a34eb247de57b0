"""Dates in words: a run stands for exactly the days that it was made of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.schedule.preview.date_runs import runs

DAY = timedelta(days=1)
FIRST = date(2026, 10, 18)
FAR = date(2028, 1, 1)


@given(st.sets(st.integers(0, 120), max_size=80), st.integers(0, 60))
def test_runs_stand_for_exactly_the_days_they_were_made_of(steps: set[int], further: int) -> None:
    days = [FIRST + step * DAY for step in sorted(steps)]
    last = (days[-1] if days else FIRST) + further * DAY
    found = [day for run in runs(days, last) for day in run.dates()]
    assert sorted(found) == days


def weekdays(first: str, last: str, *without: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + step * DAY for step in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5 and str(day) not in without]


@pytest.mark.parametrize(
    ("days", "last", "wanted"),
    [
        ([date(2026, 12, 24)], FAR, ["Thursday 2026-12-24"]),
        ([date(2026, 12, 24), date(2026, 12, 31)], FAR, ["Thursday 2026-12-24", "Thursday 2026-12-31"]),
        (weekdays("2026-12-28", "2026-12-30"), FAR, ["Monday 2026-12-28 to Wednesday 2026-12-30"]),
        (weekdays("2027-01-04", "2027-01-29"), FAR, ["every weekday from 2027-01-04 to 2027-01-29"]),
        (weekdays("2027-01-04", "2027-01-29"), date(2027, 1, 31), ["every weekday from 2027-01-04"]),
        (
            weekdays("2027-01-04", "2027-01-29", "2027-01-06"),
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29, except 2027-01-06"],
        ),
        (
            weekdays("2027-01-04", "2027-01-29", "2027-01-06", "2027-01-14", "2027-01-15"),
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29, except 2027-01-06 and 2027-01-14 to 2027-01-15"],
        ),
        (
            [*weekdays("2027-01-04", "2027-01-29"), date(2027, 1, 30)],
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-29", "Saturday 2027-01-30"],
        ),
        (
            [*weekdays("2027-01-04", "2027-01-22"), *weekdays("2027-06-01", "2027-06-02")],
            FAR,
            ["every weekday from 2027-01-04 to 2027-01-22", "Tuesday 2027-06-01 to Wednesday 2027-06-02"],
        ),
        ([FAR + step * DAY for step in range(-20, 1)], FAR, ["every day from 2027-12-12"]),
    ],
)  # fmt: skip
def test_runs_in_words(days: list[date], last: date, wanted: list[str]) -> None:
    assert list(map(str, runs(days, last))) == wanted
