"""Where nobody answers, a caller can leave a message."""

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import Faults
from tests.stories.conftest import Phones

LISTENER = PhoneNumber("+46846500461")
SUNDAY_22 = "2026-11-22 22:00"


@pytest.mark.parametrize("seconds", [1, 30, 500], ids=["one second", "half a minute", "longer than allowed"])
def test_a_message_is_taken_however_short(phones: Phones, seconds: int) -> None:
    call = phones.call(LISTENER, at=SUNDAY_22, message=seconds)
    assert call.message == min(seconds, 180)
    assert call.said[0].text == "Lämna ett meddelande efter tonen."
    assert phones.logged(call).disposition == "message"


def test_a_caller_who_says_nothing_hears_a_farewell(phones: Phones) -> None:
    call = phones.call(LISTENER, at=SUNDAY_22)
    assert "Tack för ditt samtal" in call.said[-2].text
    assert phones.logged(call).disposition == "unanswered"


def test_the_recordings_arrival_alone_tells_of_the_message(phones: Phones) -> None:
    lost = Faults(answers=lambda kind, _nth: "request" if kind == "record-action" else None)
    call = phones.call(LISTENER, at=SUNDAY_22, message=9, faults=lost)
    assert phones.logged(call).disposition == "message"


@pytest.mark.parametrize("is_all", [False, True], ids=["late", "late, and all that is told of the message"])
def test_a_recording_that_arrives_days_later_is_of_the_same_call(phones: Phones, is_all: bool) -> None:
    """It says when it began; the log is kept by day, and one call is one row."""
    late = Faults(
        callbacks=lambda kind, _nth: [3 * 86400] if kind == "recording-status" else None,
        answers=lambda kind, _nth: "request" if is_all and kind == "record-action" else None,
    )
    call = phones.call(LISTENER, at="2026-11-26 22:00", message=9, ends_message="#", faults=late)
    assert phones.logged(call).disposition == "message"
