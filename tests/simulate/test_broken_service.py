"""Services that are broken on purpose: the network plays a call against each, and the judges see what is wrong."""

from collections.abc import Callable

import pytest

from callrouter.simulate.agreement import disagreements
from callrouter.simulate.people import VOICEMAIL, Manner, Owner
from callrouter.simulate.promises import promises_of
from callrouter.telephony.simulator import (
    NumberConfig,
    Phone,
    PhoneNetwork,
    PlayedCall,
    WsgiTransport,
    busy,
    voicemail,
)
from tests.schedules import CENTRE, DESK_1, GUARD_1, OPEN_HOUR
from tests.simulate.made import CITIZEN, SCHEDULE, performance
from tests.telephony.simulator.fake_service import ORIGIN, Answer, FakeService, dial

PROMISES = promises_of(SCHEDULE, None)
STRANGER = "+46406280400"
WORDS = '<Say language="sv-SE" voice="Polly.Elin-Neural">Ingen kunde svara.</Say>'
MACHINE = Owner((Manner(VOICEMAIL, voicemail()),))
ENGAGED = Owner((Manner("busy", busy(after=1)),))


def play(service: FakeService, phones: dict[str, Phone]) -> PlayedCall:
    numbers = {CENTRE.e164: NumberConfig(f"{ORIGIN}/voice", status_callback=f"{ORIGIN}/status")}
    network = PhoneNetwork(WsgiTransport(service), "AC1", "a token", numbers, phones, seed=1)
    return network.call(CITIZEN, CENTRE.e164, OPEN_HOUR)


def broken(service: FakeService, owner: Owner = ENGAGED) -> set[str]:
    """The promises that *service* breaks when everybody is *owner*."""
    phones = dict.fromkeys((DESK_1.e164, GUARD_1.e164, STRANGER), owner)
    call = play(service, dict(phones))
    return {name for name, promise in PROMISES.items() if list(promise(performance(call, phones)))}


def good() -> FakeService:
    return FakeService().at("/voice", dial(DESK_1.e164)).at("/next", WORDS)


def silent() -> FakeService:
    return FakeService().at("/voice", "")


def wordless_in_the_end() -> FakeService:
    return FakeService().at("/voice", WORDS + dial(DESK_1.e164)).at("/next", "")


def rings_a_stranger() -> FakeService:
    return FakeService().at("/voice", dial(STRANGER)).at("/next", WORDS)


def rings_on_and_on() -> FakeService:
    return FakeService().at("/voice", dial(DESK_1.e164)).at("/next", dial(DESK_1.e164), WORDS)


def does_not_ask_for_the_key() -> FakeService:
    return FakeService().at("/voice", dial(GUARD_1.e164)).at("/next", WORDS)


def fails() -> FakeService:
    return FakeService().at("/voice", Answer(b"Internal Server Error", "500 Internal Server Error", "text/html"))


def says_it_wrongly() -> FakeService:
    return FakeService().at("/voice", "<Speak>Hej</Speak>" + WORDS)


def test_a_good_one_breaks_nothing() -> None:
    assert broken(good()) == set()


@pytest.mark.parametrize(
    ("service", "owner", "promises"),
    [
        (silent, ENGAGED, {"nobody is lost"}),
        (wordless_in_the_end, ENGAGED, {"nobody is lost"}),
        (rings_a_stranger, ENGAGED, {"only known numbers ring"}),
        (rings_on_and_on, ENGAGED, {"every number rests"}),
        (does_not_ask_for_the_key, MACHINE, {"no voicemail takes a call"}),
        (fails, ENGAGED, {"nobody is lost", "no mistake"}),
        (says_it_wrongly, ENGAGED, {"no mistake"}),
    ],
)
def test_what_is_broken_is_seen(service: Callable[[], FakeService], owner: Owner, promises: set[str]) -> None:
    assert broken(service(), owner) == promises


def test_a_service_without_a_log_is_seen() -> None:
    call = play(good(), {})
    assert list(disagreements(performance(call), [], SCHEDULE)) == ["the log has the call in 0 rows; 1 is expected"]
