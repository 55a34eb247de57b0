"""From `keep: 6 months` to an instant: by the calendar of the schedule's zone, and never too early."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.retention import due, kept_since, recording_kept_until
from callrouter.domain.schedule import Retention, Schedule
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import Retained
from tests.schedules import STOCKHOLM, schedule


@pytest.mark.parametrize(
    ("keep", "at", "since"),
    [
        ("30 days", "2026-11-26 03:30", "2026-10-27 00:00"),
        ("1 day", "2026-11-26 00:00", "2026-11-25 00:00"),
        ("2 weeks", "2026-11-26 23:59", "2026-11-12 00:00"),
        ("6 months", "2026-11-26 03:30", "2026-05-26 00:00"),
        ("1 month", "2026-03-31 03:30", "2026-02-28 00:00"),
        ("1 month", "2024-03-31 03:30", "2024-02-29 00:00"),
        ("1 year", "2024-02-29 03:30", "2023-02-28 00:00"),
        ("12 months", "2026-01-01 00:00", "2025-01-01 00:00"),
        ("13 months", "2026-01-15 12:00", "2024-12-15 00:00"),
        ("10000 years", "2026-01-15 12:00", "1970-01-01 00:00"),
        ("10000 weeks", "2026-01-15 12:00", "1970-01-01 00:00"),
        # the nights when the clocks change: a midnight all the same
        ("1 day", "2026-03-30 03:30", "2026-03-29 00:00"),
        ("1 day", "2026-10-26 03:30", "2026-10-25 00:00"),
    ],
)
def test_by_the_calendar(keep: str, at: str, since: str) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=STOCKHOLM)
    found = kept_since(keep, instant, STOCKHOLM)
    assert found.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") == since
    assert found.tzinfo is UTC


instants = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
keeps = st.builds("{} {}".format, st.integers(1, 120), st.sampled_from(("days", "weeks", "months", "years")))


@given(instants, instants, keeps)
def test_what_has_gone_once_never_had_to_stay(one: datetime, other: datetime, keep: str) -> None:
    earlier, later = sorted((one, other))
    assert kept_since(keep, earlier, STOCKHOLM) <= kept_since(keep, later, STOCKHOLM) <= later


@given(instants, st.integers(1, 120))
def test_months_are_never_cut_short(at: datetime, months: int) -> None:
    """Whatever goes was older than that many times the shortest month, and older than the day of the month allows."""
    today = wall_time(at, STOCKHOLM).date()
    since = wall_time(kept_since(f"{months} months", at, STOCKHOLM), STOCKHOLM).date()
    if since > date(1970, 1, 1):
        assert (today.year - since.year) * 12 + today.month - since.month == months
        assert since.day <= today.day


def test_a_decision_of_tomorrow_says_nothing_yet() -> None:
    rules = (
        Retention(Retained.NUMBERS, "1 day", "KS 1", date(2026, 11, 26)),
        Retention(Retained.CALLS, "1 day", "KS 2", date(2026, 11, 27)),
    )
    at = datetime(2026, 11, 26, 3, 30, tzinfo=STOCKHOLM)
    decided = replace(schedule(), retention=rules)
    assert [each.what for each in due(decided, at)] == [Retained.NUMBERS]
    assert [each.what for each in due(decided, at + timedelta(days=1))] == [Retained.NUMBERS, Retained.CALLS]


def of_unit(keep: str) -> Schedule:
    plain = schedule()
    return replace(plain, units={"centre": replace(plain.unit("centre"), recordings_kept=keep)})


@given(instants, instants, keeps)
def test_a_message_is_gone_when_its_unit_says_so_and_not_long_before(
    at: datetime, left_at: datetime, keep: str
) -> None:
    """What a night leaves has time until the next one at least begins."""
    kept = of_unit(keep)
    until = recording_kept_until(kept, kept.unit("centre"), left_at)
    assert until
    (rule,) = due(kept, at)
    assert (rule.what, rule.unit, rule.decided_on) == (Retained.RECORDINGS, "centre", None)
    if left_at < rule.before:
        assert until <= at + timedelta(days=1)
    else:
        assert until > at - timedelta(hours=2), "but for the hour in which the clocks change"


@pytest.mark.parametrize(
    ("keep", "at", "before"),
    [
        ("7 days", "2026-11-27 03:30", "2026-11-21 00:00"),
        ("1 month", "2026-03-28 03:30", "2026-03-01 00:00"),
        ("1 month", "2026-03-31 03:30", "2026-03-01 00:00"),
        ("10000 years", "2026-03-31 03:30", "1970-01-01 00:00"),
    ],
)
def test_messages_of_a_unit_by_the_calendar(keep: str, at: str, before: str) -> None:
    (rule,) = due(of_unit(keep), datetime.fromisoformat(at).replace(tzinfo=STOCKHOLM))
    assert rule.before.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M") == before
