"""Until when a message may be kept: never longer than its unit says."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.retention import recording_kept_until
from callrouter.domain.schedule import Unit
from tests.schedules import STOCKHOLM, schedule

SCHEDULE = schedule()
LAST_YEAR = datetime.fromisoformat("9999-01-01T00:00+00:00")
YEAR_2000 = datetime.fromisoformat("2000-01-01")


def keeping(keep: str | None) -> Unit:
    return replace(SCHEDULE.unit("centre"), recordings_kept=keep)


@pytest.mark.parametrize(
    ("keep", "recorded", "until"),
    [
        ("7 days", "2026-11-23T22:04:05+01:00", "2026-11-30T22:04:05+01:00"),
        ("1 day", "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00"),  # the clocks change in between
        ("2 weeks", "2026-12-24T23:59:59+01:00", "2027-01-07T23:59:59+01:00"),
        ("1 month", "2027-01-31T08:00:00+01:00", "2027-02-28T08:00:00+01:00"),
        ("14 months", "2026-12-31T08:00:00+01:00", "2028-02-29T08:00:00+01:00"),
        ("1 year", "2028-02-29T08:00:00+01:00", "2029-02-28T08:00:00+01:00"),
        ("1 day", "2027-03-27T02:30:00+01:00", "2027-03-28T03:00:00+02:00"),  # a time that is missing
    ],
)
def test_a_message_is_kept_as_long_as_the_unit_says(keep: str, recorded: str, until: str) -> None:
    found = recording_kept_until(SCHEDULE, keeping(keep), datetime.fromisoformat(recorded))
    assert found == datetime.fromisoformat(until)


def test_a_unit_that_does_not_say_leaves_it_to_the_retention() -> None:
    assert recording_kept_until(SCHEDULE, keeping(None), datetime.fromisoformat("2026-11-23T22:00+01:00")) is None


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        recording_kept_until(SCHEDULE, keeping("1 day"), datetime.fromisoformat("2026-11-23T22:00"))


@given(
    st.datetimes(YEAR_2000, timezones=st.just(STOCKHOLM)),
    st.integers(1, 10_000),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_it_always_ends_and_later_messages_never_go_before(at: datetime, count: int, kind: str) -> None:
    unit = keeping(f"{count} {kind}s")
    until = recording_kept_until(SCHEDULE, unit, at)
    later = recording_kept_until(SCHEDULE, unit, at.replace(hour=23, minute=59))
    assert until is not None
    assert later is not None
    assert min(at, LAST_YEAR) <= until <= later
