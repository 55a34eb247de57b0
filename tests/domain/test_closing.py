"""Closings: the spans in which a unit is closed by its hours, as they are handed over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.closing import closings, last_closing, last_opening
from callrouter.domain.hours import OpeningHours
from callrouter.schedule import load
from tests.schedules import STOCKHOLM

UNITS = load((Path(__file__).parents[2] / "config" / "schedule.yaml").read_bytes()).units
CENTRE = UNITS["trygghetscenter"].hours
HOURS = [
    CENTRE,
    UNITS["fältgruppen"].hours,
    UNITS["brottsofferstöd"].hours,
    CENTRE.compiled(datetime(2026, 11, 1, tzinfo=UTC)),
]
INSTANTS = st.integers(0, 364 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ALWAYS = UNITS["larm"].hours


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "start", "end", "until"),
    [
        ("11-24 08:00", "11-23 17:00", "11-24 08:00", "11-24 12:00"),  # the very moment it opens
        ("11-24 07:59", "11-23 17:00", "11-24 08:00", "11-24 12:00"),  # closed still
        ("11-24 12:00", "11-24 12:00", "11-24 13:00", "11-24 17:00"),  # the very moment it closes for lunch
        ("11-24 15:00", "11-24 12:00", "11-24 13:00", "11-24 17:00"),
        ("11-23 08:05", "11-20 16:00", "11-23 08:00", "11-23 12:00"),  # over a weekend
        (
            "12-31 12:00",
            "12-23 13:00",
            "2027-01-04 08:00",
            "2027-01-04 12:00",
        ),  # over holidays, and closed by exception
    ],
)
def test_what_is_handed_over_at_an_instant(at: str, start: str, end: str, until: str) -> None:
    found = last_closing(CENTRE, local(at))
    assert found
    assert (found.span.start, found.span.end) == (local(start), instant(end))
    assert found.until == instant(until)


def instant(text: str) -> datetime:
    return local(text) if not text.startswith("2027") else local(text[5:]).replace(year=2027)


def test_where_nothing_ever_opens_or_closes_nothing_is_handed_over() -> None:
    assert last_closing(ALWAYS, local("11-24 08:00")) is None
    assert last_opening(ALWAYS, local("11-24 08:00")) is None
    before_it_all = datetime(2005, 1, 1, tzinfo=UTC)
    assert last_closing(CENTRE, before_it_all) is None


def test_after_a_long_summer_too() -> None:
    """Nothing was open for months: the closing began before them all."""
    text = """
version: 1
timezone: Europe/Stockholm
units:
  bad: {numbers: [+46 8 465 004 00], hours: [{from: 2020-01-01, mon: 10:00-11:00}], open: x, closed: x,
        exceptions: [{period: 2026-05-01..2026-11-30, hours: closed}]}
destinations:
  x: {ring: [+46 8 465 004 10]}
"""
    hours = load(text).units["bad"].hours
    found = last_closing(hours, local("11-24 08:00"))
    assert found
    assert (found.span.start, found.span.end) == (local("04-27 11:00"), local("12-07 10:00"))


@given(st.sampled_from(HOURS), INSTANTS)
def test_the_last_closing_is_closed_throughout_and_the_last(hours: OpeningHours, at: datetime) -> None:
    found = last_closing(hours, at)
    assert found
    span = found.span
    assert span.end
    assert span.start <= at
    assert not any(hours.open_windows(span.start, span.end))
    assert hours.is_open(span.start - datetime.resolution)
    assert hours.is_open(span.end)
    assert span.covers(at) != hours.is_open(at)
    assert found.until is not None
    assert all(window.start == span.end for window in hours.open_windows(span.end, min(found.until, at)))


@given(st.sampled_from(HOURS), INSTANTS)
def test_one_after_the_other_back_in_time(hours: OpeningHours, at: datetime) -> None:
    """The way back over openings is the list of all closings: none twice, none left out."""
    listed = [
        each.span.end for each in closings(hours, at - timedelta(days=30), at) if each.span.end and each.span.end <= at
    ]
    walked, opening = [], last_opening(hours, at + datetime.resolution)
    for _ in listed:
        walked.append(opening)
        assert opening
        opening = last_opening(hours, opening)
    assert walked == listed
