"""What we answer: read by the phone network's strict reader, which knows nothing of what renders it."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import LANGUAGES, Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY, FAREWELL, LEAVE_A_MESSAGE
from callrouter.domain.routing import Attempt, Decision, Goodbye, Instruction, Position, Ring, RungPhone, decide, route
from callrouter.domain.speech import readable
from callrouter.telephony.provider import Document
from callrouter.telephony.simulator import verbs
from callrouter.telephony.simulator.overrides import overrides_of
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.adapter import LARGEST_DOCUMENT
from callrouter.telephony.twilio.links import CONNECTION, LONGEST_URL, Links
from callrouter.telephony.twilio.sounds import VOICES
from tests.schedules import CENTRE, CLOSED_HOUR, CLOSED_MESSAGE, DESK_1, DESK_2, GUARD_1, OPEN_HOUR, schedule
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN
from tests.web.stage import SEALER, target_of

PROVIDER = TwilioProvider(ACCOUNT, (TOKEN,), (BASE,), Links(BASE, SEALER), is_phone_network=False)
CALL = RunningCall(
    "CA" + "1" * 32,
    CENTRE.e164,
    Caller(PhoneNumber("+46701740650")),
    decide(schedule(), schedule().unit("centre"), OPEN_HOUR),
)
TEN = tuple(PhoneNumber(f"+4684650042{digit}") for digit in range(10))
FRONT = Position("reception")
LONG_NAME = "Trygghetscentrets jourhavande tjänsteman på kvällar och helger, lång"


def accepted(document: Document) -> verbs.Document:
    """What *document* asks for; one that the provider only minds fails too."""
    assert document.body.startswith(b"<?xml")
    assert document.content_type == "text/xml; charset=utf-8"
    found = read(document.body, document.content_type, BASE)
    assert found.errors == ()
    return found


def rendered(step: Instruction, call: RunningCall = CALL) -> tuple[verbs.Verb, ...]:
    going_on = call.ringing(step) if isinstance(step, Ring) else call
    return accepted(PROVIDER.render(step, going_on)).verbs


def ring(*phones: PhoneNumber, at: Position = FRONT, announce: tuple[Message, ...] = (), seconds: int = 25) -> Ring:
    return Ring(Attempt(at, None, tuple(RungPhone(p) for p in phones), seconds, OPEN_HOUR), announce)


def dial_of(step: Ring, call: RunningCall = CALL) -> verbs.Dial:
    dial = rendered(step, call)[-1]
    assert isinstance(dial, verbs.Dial)
    return dial


def spoken(text: str, language: str = "sv") -> Message:
    return Message("m", (Spoken(language, text),))


@pytest.mark.parametrize("at", [OPEN_HOUR, CLOSED_HOUR])
def test_every_step_of_a_route_is_accepted(at: datetime) -> None:
    ends = [rendered(step)[-1] for step in route(schedule(), schedule().unit("centre"), at)]
    assert len(ends) >= 6
    assert [type(end) for end in ends] == [*[verbs.Dial] * (len(ends) - 1), verbs.Hangup]


def test_a_ring_rings_its_phones_with_our_own_number_shown() -> None:
    dial = dial_of(ring(DESK_1, DESK_2, seconds=20))
    assert [number.number for number in dial.numbers] == [DESK_1.e164, DESK_2.e164]
    assert (dial.timeout, dial.caller_id, dial.method) == (20, CENTRE.e164, "POST")
    for number in dial.numbers:
        assert number.events == {"ringing", "answered", "completed"}
        assert (number.status_method, number.url) == ("POST", None)


@pytest.mark.parametrize("called", ["client:desk", "sip:a@example.org", "", "464"])
def test_what_is_no_number_is_not_shown_as_one(called: str) -> None:
    assert dial_of(ring(DESK_1), replace(CALL, called=called)).caller_id is None


def test_every_address_carries_the_call_and_the_fragment_and_nothing_readable() -> None:
    dial = dial_of(ring(DESK_1, DESK_2))
    urls = [dial.action, *(number.status_callback for number in dial.numbers)]
    paths = ["/twilio/voice/next", "/twilio/voice/leg", "/twilio/voice/leg"]
    assert [target_of(url).partition("?c=")[0] for url in urls] == paths
    for url in urls:
        assert url is not None
        assert overrides_of(url).errors == ()
        assert overrides_of(url).policy == {"all"}
        assert "740650" not in url


@pytest.mark.parametrize(
    ("at", "announce", "expected"),
    [
        (Position("reception"), (), True),
        (Position("reception"), (CLOSED_MESSAGE,), False),  # only the first verb of the document may have it
        (Position("reception", slot=1), (), False),  # and only the first dial of the call
        (Position("reception", round=1), (), False),
        (Position("security", hop=1), (), False),
    ],
)
def test_the_call_stays_unanswered_only_while_its_first_phones_ring(
    at: Position, announce: tuple[Message, ...], expected: bool
) -> None:
    assert dial_of(ring(GUARD_1, at=at, announce=announce)).answer_on_bridge is expected


@pytest.mark.parametrize(
    ("code", "tone"), [("+46", "se"), ("+47", "no"), ("+358", "fi"), ("+353", "uk"), ("+1", None), ("+352", None)]
)
def test_the_caller_hears_the_tone_of_the_country_that_was_called(code: str, tone: str | None) -> None:
    """Also where they have heard a message, and the phone network no longer rings for them."""
    call = replace(CALL, called=code + "00000000")
    for announce in ((), (CLOSED_MESSAGE,)):
        assert dial_of(ring(DESK_1, announce=announce), call).ring_tone == tone


def test_the_announcement_comes_first_in_each_language_with_a_voice_that_fits() -> None:
    skippable, _ = rendered(ring(GUARD_1, announce=(CLOSED_MESSAGE,)))
    assert isinstance(skippable, verbs.Gather)
    assert (skippable.num_digits, skippable.timeout, skippable.on_empty) == (1, 1, False)
    assert skippable.prompts == (
        verbs.Say("Vi har stängt.", "Polly.Elin-Neural", "sv-SE"),
        verbs.Say("We are closed.", "Polly.Amy-Neural", "en-GB"),
    )


@pytest.mark.parametrize(("language", "voice"), VOICES.items())
def test_a_voice_speaks_its_own_language(language: str, voice: tuple[str, str]) -> None:
    assert rendered(Goodbye((spoken("Ring 112.", language),)))[0] == verbs.Say("Ring 1 1 2.", voice[1], voice[0])
    assert voice[0].startswith(language + "-")


def test_every_language_with_a_voice_may_stand_in_a_schedule() -> None:
    assert set(VOICES) == set(LANGUAGES)


def test_a_language_without_a_voice_is_left_out_and_the_phones_ring() -> None:
    step = ring(GUARD_1, announce=(spoken("Waan xirannahay.", "so"),))
    assert [type(verb) for verb in rendered(step)] == [verbs.Dial]
    assert dial_of(step).answer_on_bridge, "nothing was said, so the dial is the first verb"


@given(st.text(st.characters(), min_size=1, max_size=200))
@example("\ud800\x00\x01\ufffe<")
def test_any_text_of_a_schedule_is_spoken_and_never_read_as_markup(text: str) -> None:
    """Also markup, control characters and halves of surrogate pairs: no message may cost the caller the answer."""
    skippable, *rest = rendered(ring(GUARD_1, announce=(spoken("!" + text + "!"),)))
    assert isinstance(skippable, verbs.Gather)
    (said,) = skippable.prompts
    assert isinstance(said, verbs.Say)
    assert [type(verb) for verb in rest] == [verbs.Dial]
    assert re.sub(r"\s", "", said.text) == re.sub(
        r"[^!-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\s", "", "!" + text + "!"
    )


@pytest.mark.parametrize("text", ["</Say><Dial>x</Dial>", "a & b < c > \"d\" 'e'", "]]>&amp;<!-- -->"])
def test_markup_is_spoken_as_it_stands(text: str) -> None:
    assert rendered(Goodbye((spoken(text),))) == (verbs.Say(text, "Polly.Elin-Neural", "sv-SE"), verbs.Hangup())


class TestSize:
    decision = Decision(
        unit=LONG_NAME,
        state=CALL.decision.state,
        decided_by=CALL.decision.decided_by,
        reason=LONG_NAME * 3,
        line=1234,
        destination=LONG_NAME,
        schedule_version="f" * 64,
        at=OPEN_HOUR,
        local_time=OPEN_HOUR.isoformat(),
    )
    phones = tuple(RungPhone(number, LONG_NAME) for number in TEN)
    step = Ring(Attempt(Position(LONG_NAME, 9, 4, 9), LONG_NAME, phones, 120, OPEN_HOUR), (CLOSED_MESSAGE,))

    def test_ten_phones_with_the_longest_names_fit(self) -> None:
        call = replace(CALL, decision=self.decision).ringing(self.step)
        document = PROVIDER.render(self.step, call)
        dial = accepted(document).verbs[-1]
        assert isinstance(dial, verbs.Dial)
        assert len(dial.numbers) == 10
        assert len(document.body) < LARGEST_DOCUMENT
        assert len(dial.action or "") < LONGEST_URL + len(CONNECTION)

    def test_an_address_that_the_provider_would_not_take_is_never_handed_out(self) -> None:
        call = replace(CALL, decision=replace(self.decision, reason="x" * 4000))
        with pytest.raises(ValueError, match=r"the address of /twilio/voice/skip has \d{4} characters"):
            PROVIDER.render(self.step, call.ringing(self.step))

    def test_a_document_that_the_provider_would_not_read_is_never_handed_out(self) -> None:
        message = Message("m", tuple(Spoken(language, "å" * 3000) for language in ("sv", "en") * 6))
        with pytest.raises(ValueError, match=r"the document has 7\d{4} bytes; the provider reads 65536"):
            PROVIDER.render_goodbye(Goodbye((message,)))


class TestGoodbye:
    def test_words_then_the_end(self) -> None:
        said = rendered(Goodbye((APOLOGY,)))
        assert [type(verb) for verb in said] == [verbs.Say, verbs.Say, verbs.Hangup]

    def test_without_words_the_end_alone(self) -> None:
        assert rendered(Goodbye()) == (verbs.Hangup(),)

    def test_it_is_the_same_where_no_call_is_known(self) -> None:
        assert PROVIDER.render_goodbye(Goodbye((APOLOGY,))) == PROVIDER.render(Goodbye((APOLOGY,)), CALL)


class TestFailSafe:
    def test_one_dial_without_any_callback_then_words_then_the_end(self) -> None:
        document = PROVIDER.render_fail_safe(FailSafe((GUARD_1, DESK_1), CENTRE))
        assert BASE.encode() not in document.body, "an address in it could be called, and break in turn"
        dial, *words, end = accepted(document).verbs
        assert dial == verbs.Dial(
            (verbs.Number(GUARD_1.e164), verbs.Number(DESK_1.e164)), timeout=40, caller_id=CENTRE.e164, ring_tone="se"
        )
        assert [verb.text for verb in words if isinstance(verb, verbs.Say)] == texts(FAREWELL)
        assert end == verbs.Hangup()

    def test_ten_phones_ring(self) -> None:
        dial = accepted(PROVIDER.render_fail_safe(FailSafe(TEN))).verbs[0]
        assert isinstance(dial, verbs.Dial)
        assert [number.number for number in dial.numbers] == [number.e164 for number in TEN]
        assert dial.caller_id is None

    def test_without_a_number_it_takes_a_message(self) -> None:
        found = accepted(PROVIDER.render_fail_safe(FailSafe(()))).verbs
        *ask, record, thanks, thanks_too, end = found
        assert [verb.text for verb in ask if isinstance(verb, verbs.Say)] == texts(LEAVE_A_MESSAGE)
        assert isinstance(record, verbs.Record)
        assert record.action == f"{BASE}/twilio/voice/message{CONNECTION}"
        assert (record.max_length, record.beep, record.method) == (180, True, "POST")
        assert [type(verb) for verb in (thanks, thanks_too, end)] == [verbs.Say, verbs.Say, verbs.Hangup]


def texts(message: Message) -> list[str]:
    return [readable(part.text) for part in message.parts if isinstance(part, Spoken)]
