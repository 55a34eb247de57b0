"""Every document that can be made, for any instruction, message and caller, against the provider's tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import LANGUAGES, Audio, Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import TRYING_NEXT
from callrouter.domain.routing import AskMenu, Attempt, Goodbye, Instruction, Position, Ring, RungPhone, TakeMessage
from callrouter.domain.whisper import taken, whisper
from callrouter.telephony.provider import Document
from callrouter.telephony.simulator import verbs
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import CONNECTION, PATIENT, Links
from tests.schedules import CENTRE, CLOSED_MESSAGE, DESK_1, DESK_2, GUARD_1, OPEN_HOUR
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN
from tests.telephony.twilio.test_twiml import CALL
from tests.web.stage import SEALER, target_of

PROVIDER = TwilioProvider(ACCOUNT, (TOKEN,), (BASE,), Links(BASE, SEALER), is_phone_network=False)

WORDS = st.text(st.characters(), max_size=60).map("Hej {}".format)
PARTS = st.builds(Spoken, st.sampled_from(LANGUAGES), WORDS) | st.builds(Audio, st.just("https://example.org/a.mp3"))
MESSAGES = st.builds(Message, st.just("m"), st.lists(PARTS, min_size=1, max_size=3).map(tuple)) | st.just(TRYING_NEXT)
ANNOUNCED = st.lists(MESSAGES, max_size=3).map(tuple)
PHONES = st.lists(st.sampled_from([DESK_1, DESK_2, GUARD_1]), min_size=1, max_size=3, unique=True)
ATTEMPTS = st.builds(
    Attempt,
    position=st.builds(Position, st.just("reception"), *[st.integers(0, 2)] * 3),
    company=st.none() | st.just("Vakt AB"),
    phones=PHONES.map(lambda phones: tuple(RungPhone(phone) for phone in phones)),
    seconds=st.integers(5, 120),
    rang_at=st.just(OPEN_HOUR),
    screened=st.booleans(),
    shows_caller=st.booleans(),
)
INSTRUCTIONS: st.SearchStrategy[Instruction] = st.one_of(
    st.builds(Ring, ATTEMPTS, ANNOUNCED, st.integers(0, 10)),
    st.builds(AskMenu, ANNOUNCED),
    st.builds(TakeMessage, ANNOUNCED),
    st.builds(Goodbye, ANNOUNCED),
)
CITIZEN = PhoneNumber("+46701740650")
CALLERS = st.sampled_from([Caller(CITIZEN), Caller(), Caller(is_withheld=True), Caller(key="0123abcd")])
CALLS = CALLERS.map(lambda caller: replace(CALL, caller=caller))


def accepted(document: Document, *, on_leg: bool = False) -> tuple[verbs.Verb, ...]:
    """What *document* asks for. Unknown attributes, wrong values and what cannot be reached are errors here."""
    found = read(document.body, document.content_type, BASE, whisper=on_leg)
    assert found.errors == ()
    return found.verbs


def rendered(step: Instruction, call: RunningCall = CALL) -> Sequence[verbs.Verb]:
    return checked(PROVIDER.render(step, call.ringing(step) if isinstance(step, Ring) else call))


def ring(
    *phones: PhoneNumber, announce: tuple[Message, ...] = (), screened: bool = False, shows_caller: bool = False
) -> Ring:
    rung = tuple(RungPhone(phone) for phone in phones)
    where = Position("reception")
    return Ring(Attempt(where, None, rung, 25, OPEN_HOUR, screened=screened, shows_caller=shows_caller), announce)


def urls(document: Document) -> Iterator[str]:
    """Every address of ours in it, found without knowing TwiML."""
    return (found.replace("&amp;", "&") for found in re.findall(rf"{BASE}[^\"<]*", document.body.decode()))


def checked(document: Document, *, on_leg: bool = False) -> Sequence[verbs.Verb]:
    """*document* is one that the provider plays to its end as it was meant."""
    found = accepted(document, on_leg=on_leg)
    for verb in found:
        if isinstance(verb, verbs.Gather | verbs.Record):
            assert verb.action
            assert verb.method == "POST"
    assert not isinstance(found[-1], verbs.Gather | verbs.Record), "without input it falls through to nothing"
    assert all(url.endswith((CONNECTION, PATIENT)) for url in urls(document))
    return found


def checked_leg(document: Document) -> Sequence[verbs.Verb]:
    return checked(document, on_leg=True)


@given(INSTRUCTIONS, CALLS)
def test_any_instruction_is_played_to_its_end(step: Instruction, call: RunningCall) -> None:
    found = rendered(step, call)
    ends = {Ring: verbs.Dial, AskMenu: verbs.Redirect, TakeMessage: verbs.Hangup, Goodbye: verbs.Hangup}
    assert type(found[-1]) is ends[type(step)]
    assert [verb.ring_tone for verb in found if isinstance(verb, verbs.Dial)] == ["se"] * isinstance(step, Ring)
    assert sum(isinstance(verb, verbs.Record) for verb in found) == isinstance(step, TakeMessage)


@given(MESSAGES, CALLERS, st.integers(0, 9))
def test_any_whisper_ends_the_leg_unless_a_key_is_pressed(message: Message, caller: Caller, phone: int) -> None:
    """Falling off its end would connect a voicemail with the caller."""
    step = ring(GUARD_1, screened=True)
    document = PROVIDER.render_whisper(message, replace(CALL, caller=caller).ringing(step), phone)
    gather, end = checked(document, on_leg=True)
    assert isinstance(gather, verbs.Gather)
    assert isinstance(end, verbs.Hangup)
    assert (gather.num_digits, gather.on_empty, gather.finish_on_key) == (1, False, "")
    assert target_of(gather.action).startswith("/twilio/voice/accept?c=")


@given(st.none() | MESSAGES)
def test_a_leg_goes_through_or_ends(confirmation: Message | None) -> None:
    found = checked_leg(PROVIDER.render_pick_up(confirmation))
    assert any(isinstance(verb, verbs.Hangup) for verb in found) == (confirmation is None)


@given(st.lists(st.sampled_from([DESK_1, DESK_2, GUARD_1]), max_size=3, unique=True), st.none() | st.just(CENTRE))
def test_any_fail_safe_is_played_to_its_end(numbers: list[PhoneNumber], shown: PhoneNumber | None) -> None:
    found = checked(PROVIDER.render_fail_safe(FailSafe(tuple(numbers), shown)))
    assert any(isinstance(verb, verbs.Dial) for verb in found) == bool(numbers)
    tone = "se" if shown else None
    assert all((verb.action, verb.ring_tone) == (None, tone) for verb in found if isinstance(verb, verbs.Dial))


class TestMenu:
    def test_one_key_or_none_come_to_the_same_address(self) -> None:
        gather, without_a_key = rendered(AskMenu((CLOSED_MESSAGE,)))
        assert isinstance(gather, verbs.Gather)
        assert isinstance(without_a_key, verbs.Redirect)
        assert (gather.num_digits, gather.timeout, gather.finish_on_key) == (1, 6, "")
        assert (without_a_key.url, without_a_key.method) == (gather.action, "POST")
        assert target_of(gather.action).startswith("/twilio/voice/menu?c=")


class TestMessageTaking:
    def test_a_tone_three_minutes_and_the_farewell(self) -> None:
        words, record, *thanks, end = rendered(TakeMessage((CLOSED_MESSAGE,)))
        assert isinstance(words, verbs.Gather)
        assert isinstance(record, verbs.Record)
        assert (record.beep, record.max_length, record.timeout) == (True, 180, 10)
        assert target_of(record.action) == "/twilio/voice/message"
        assert target_of(record.status_callback) == "/twilio/recording"
        assert [type(verb) for verb in thanks] == [verbs.Say, verbs.Say]
        assert isinstance(end, verbs.Hangup)

    def test_after_a_key_the_tone_comes_at_once(self) -> None:
        assert isinstance(rendered(TakeMessage(()))[0], verbs.Record)


class TestRinging:
    def test_any_key_skips_the_words_of_the_schedule(self) -> None:
        skippable, dial = rendered(ring(GUARD_1, announce=(TRYING_NEXT, CLOSED_MESSAGE)))
        assert isinstance(skippable, verbs.Gather)
        assert isinstance(dial, verbs.Dial)
        assert target_of(skippable.action).startswith("/twilio/voice/skip?c=")
        assert [type(prompt) for prompt in skippable.prompts] == [verbs.Say] * 4

    def test_a_short_sentence_of_ours_is_not_worth_a_key(self) -> None:
        found = rendered(ring(GUARD_1, announce=(TRYING_NEXT,)))
        assert [type(verb) for verb in found] == [verbs.Say, verbs.Say, verbs.Dial]

    def test_a_line_that_was_busy_just_now_is_left_to_rest(self) -> None:
        rest, dial = rendered(replace(ring(GUARD_1), pause=7))
        assert rest == verbs.Pause(7)
        assert isinstance(dial, verbs.Dial)

    def test_each_screened_phone_has_a_whisper_of_its_own(self) -> None:
        dial = rendered(ring(GUARD_1, DESK_1, screened=True))[-1]
        assert isinstance(dial, verbs.Dial)
        whispers = [number.url for number in dial.numbers]
        assert len(set(whispers)) == 2
        assert all(target_of(url).startswith("/twilio/voice/whisper?c=") for url in whispers)
        assert [number.method for number in dial.numbers] == ["POST", "POST"]

    @pytest.mark.parametrize("shows_caller", [True, False])
    @pytest.mark.parametrize("caller", [Caller(CITIZEN), Caller(), Caller(is_withheld=True), Caller(key="0123abcd")])
    def test_a_phone_shows_the_caller_only_where_it_may_and_there_is_one(
        self, shows_caller: bool, caller: Caller
    ) -> None:
        step = ring(GUARD_1, shows_caller=shows_caller)
        dial = rendered(step, replace(CALL, caller=caller))[-1]
        assert isinstance(dial, verbs.Dial)
        expected = CITIZEN if shows_caller and caller.number else CENTRE
        assert dial.caller_id == expected.e164


@pytest.mark.parametrize("language", ["sv", "en", "fi", "so"])
@pytest.mark.parametrize("caller", [None, Caller(CITIZEN), Caller(is_withheld=True)])
def test_the_words_of_a_whisper_can_be_spoken(language: str, caller: Caller | None) -> None:
    step = ring(GUARD_1, screened=True)
    prompt = PROVIDER.render_whisper(whisper("Fältgruppen <1>", caller, language), CALL.ringing(step), 0)
    gather = checked(prompt, on_leg=True)[0]
    assert isinstance(gather, verbs.Gather)
    assert len(gather.prompts) == 1
    assert [type(verb) for verb in checked_leg(PROVIDER.render_pick_up(taken(language)))] == [verbs.Say]
