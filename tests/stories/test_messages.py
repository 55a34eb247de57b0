"""Where nobody answers, a caller can leave a message."""

from dataclasses import dataclass

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    Caller,
    Faults,
    HttpTransport,
    NumberConfig,
    PhoneNetwork,
    Request,
    Response,
    TransportFailure,
)
from callrouter.telephony.twilio.links import CONNECTION
from tests.service import until
from tests.stories.conftest import CALLER, Phones, instant

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


@dataclass
class Deaf:
    """A network that never gets the end of a recording through to us."""

    inner: HttpTransport

    def send(self, request: Request) -> Response | TransportFailure:
        if request.target.startswith("/twilio/voice/message"):
            return TransportFailure("connect", "lost on its way")
        return self.inner.send(request)


@pytest.mark.parametrize("days", [0, 3])
def test_the_recordings_arrival_alone_tells_of_the_message_even_days_later(phones: Phones, days: int) -> None:
    """It says when it began; the log is kept by day, and one call is one row."""
    url, twilio = phones.service.url, phones.service.settings.twilio
    late = Faults(callbacks=lambda kind, _nth: [days * 86400] if kind == "recording-status" else None)
    numbers = {LISTENER.e164: NumberConfig(f"{url}/twilio/voice{CONNECTION}", status_callback=f"{url}/twilio/status")}
    network = PhoneNetwork(
        Deaf(HttpTransport(url)), twilio.account_sid, twilio.auth_tokens[0], numbers, phones.phones, faults=late
    )
    call = network.call(CALLER, LISTENER.e164, instant("2026-11-26 22:00"), Caller(message=9))
    until(lambda: phones.logged(call).disposition == "message", "the log has the message")
    phones.played.append(call)
