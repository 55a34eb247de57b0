"""How a call ended, in the word that people are told."""

from datetime import UTC, datetime, timedelta

import pytest

from callrouter.domain.ending import END_UNKNOWN, LONGEST_CALL, ending, goes_on
from callrouter.domain.words import Disposition

CAME = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
JUST_NOT = LONGEST_CALL - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("disposition", "age", "told"),
    [
        (Disposition.IN_PROGRESS, timedelta(0), Disposition.IN_PROGRESS),
        (Disposition.IN_PROGRESS, timedelta(minutes=-1), Disposition.IN_PROGRESS),
        (Disposition.IN_PROGRESS, JUST_NOT, Disposition.IN_PROGRESS),
        (Disposition.IN_PROGRESS, LONGEST_CALL, END_UNKNOWN),
        (Disposition.ANSWERED, timedelta(days=9), Disposition.ANSWERED),
        (Disposition.UNKNOWN, timedelta(days=9), Disposition.UNKNOWN),
        ("of-a-later-release", timedelta(days=9), "of-a-later-release"),
    ],
)
def test_one_that_is_older_than_any_call_has_lost_its_end(disposition: str, age: timedelta, told: str) -> None:
    assert ending(disposition, CAME, CAME + age) == told
    assert goes_on(disposition, CAME, CAME + age) == (told == Disposition.IN_PROGRESS)


def test_it_is_no_word_of_the_log() -> None:
    assert END_UNKNOWN not in list(Disposition)
