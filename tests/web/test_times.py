"""Instants in the hour that comes twice, and how long something took, in words."""

from datetime import UTC, datetime

import pytest

from callrouter.web.texts import Language
from callrouter.web.times import Times, in_seconds
from tests.schedules import STOCKHOLM


@pytest.mark.parametrize(("hour", "offset"), [(0, "+02:00"), (1, "+01:00")])
def test_in_the_hour_that_comes_twice_each_way_of_writing_shows_the_offset(hour: int, offset: str) -> None:
    at = datetime(2026, 10, 25, hour, 30, 5, tzinfo=UTC)
    times = Times(Language.SWEDISH, STOCKHOLM, at)
    assert times.clock(at) == f"02:30 ({offset})"
    assert times.seconds(at) == f"02:30:05 ({offset})"
    assert times.exact(at) == f"2026-10-25 02:30:05 ({offset})"


def test_in_any_other_it_does_not() -> None:
    at = datetime(2026, 10, 25, 2, 30, 5, tzinfo=UTC)
    assert Times(Language.SWEDISH, STOCKHOLM, at).exact(at) == "2026-10-25 03:30:05"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 12, 4, 23, tzinfo=UTC), "fredag 4 december"),
        (datetime(2026, 11, 24, 23, tzinfo=UTC), "i morgon"),
        (datetime(2026, 11, 23, 23, tzinfo=UTC), "i dag"),
        (datetime(2026, 12, 4, 15, tzinfo=UTC), "fredag 4 december 16:00"),
    ],
)
def test_a_deadline_that_is_the_end_of_a_day_is_that_day(due: datetime, said: str) -> None:
    assert Times(Language.SWEDISH, STOCKHOLM, datetime(2026, 11, 23, 9, tzinfo=UTC)).by(due) == said


@pytest.mark.parametrize(
    ("seconds", "words"), [(-1, "0 s"), (0, "0 s"), (45, "45 s"), (125, "2 min 5 s"), (3720, "1 h 2 min")]
)
def test_seconds_in_words(seconds: int, words: str) -> None:
    """Who hangs up at once has ended the call before it came: the provider tells whole seconds."""
    assert in_seconds(seconds).replace("\N{NO-BREAK SPACE}", " ") == words
