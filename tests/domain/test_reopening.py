"""The next opening as it is spoken."""

from datetime import datetime

import pytest

from callrouter.domain.message import Spoken
from callrouter.domain.reopening import reopening
from callrouter.domain.wallclock import instant_of
from tests.schedules import STOCKHOLM, schedule

CENTRE = schedule().unit("centre")


def said(at: str) -> tuple[str, ...]:
    """What the centre, open on weekdays 10-15, says at the Stockholm wall clock *at*."""
    message = reopening(CENTRE, ("sv", "en"), instant_of(datetime.fromisoformat(at), STOCKHOLM), STOCKHOLM)
    assert message
    return tuple(part.text for part in message.parts if isinstance(part, Spoken))


@pytest.mark.parametrize(
    ("at", "swedish", "english"),
    [
        ("2026-11-23 08:00", "Vi öppnar igen i dag klockan tio.", "We open again today at 10 a.m."),
        (
            "2026-11-23 16:30",
            "Vi öppnar igen i morgon, tisdag, klockan tio.",
            "We open again tomorrow, Tuesday, at 10 a.m.",
        ),
        ("2026-11-27 23:59", "Vi öppnar igen på måndag klockan tio.", "We open again on Monday at 10 a.m."),
        ("2026-03-28 12:00", "Vi öppnar igen på måndag klockan tio.", "We open again on Monday at 10 a.m."),
        (
            "2005-05-20 12:00",
            "Vi öppnar igen onsdag den 1 juni klockan tio.",
            "We open again on Wednesday 1 June at 10 a.m.",
        ),
    ],
)
def test_it_is_said_as_people_say_it(at: str, swedish: str, english: str) -> None:
    assert said(at) == (swedish, english)


def test_languages_without_words_for_it_are_left_out() -> None:
    at = instant_of(datetime.fromisoformat("2026-11-23 16:30"), STOCKHOLM)
    message = reopening(CENTRE, ("fi", "sv"), at, STOCKHOLM)
    assert message
    assert [part.language for part in message.parts if isinstance(part, Spoken)] == ["sv"]
