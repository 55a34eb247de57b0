"""Instructions -> TwiML. Sources: twilio.com/docs/voice/twiml and the pages of its verbs."""

import re
from collections.abc import Iterable
from typing import assert_never

from twilio.twiml.voice_response import Gather, VoiceResponse

from callrouter.domain.call import RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY, FAREWELL, LEAVE_A_MESSAGE, TRYING_AGAIN, TRYING_NEXT
from callrouter.domain.routing import AskMenu, Goodbye, Instruction, Ring, TakeMessage
from callrouter.domain.schedule import Audio, Message, Spoken
from callrouter.domain.speech import readable
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.twilio.links import Links
from callrouter.telephony.twilio.sounds import VOICES, ring_tone

LONGEST_MESSAGE_SECONDS = 180
KEY_SECONDS = 6
"""How long the whisper waits for the key after its words."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, escaped or not: one of them, and the whole answer is given up."""


def render(step: Instruction, call: RunningCall, links: Links) -> str:
    """*step* as a document; its callbacks carry *call*."""
    match step:
        case AskMenu():
            return _ask_menu(step, call, links)
        case Ring():
            return _ring(step, call, links)
        case TakeMessage():
            response = VoiceResponse()
            _announce(response, step.announce, call, links)
            return _take_message(response, links)
        case Goodbye():
            return render_goodbye(step)
        case _:
            assert_never(step)


def render_goodbye(step: Goodbye) -> str:
    """Words, and the end."""
    response = VoiceResponse()
    _say(response, step.announce)
    response.hangup()
    return str(response)


def render_fail_safe(fail_safe: FailSafe, links: Links) -> str:
    """One `<Dial>` without action (with one, a broken handler would loop the caller), or a message; then the end."""
    if not fail_safe.numbers:
        response = VoiceResponse()
        _say(response, (LEAVE_A_MESSAGE,))
        return _take_message(response, links)
    return render_fallback(fail_safe)


def render_fallback(fail_safe: FailSafe) -> str:
    """The document that needs nobody behind it: one `<Dial>`, or where there is no number the apology alone."""
    if not fail_safe.numbers:
        return render_goodbye(Goodbye((APOLOGY,)))
    response = VoiceResponse()
    shown = fail_safe.caller_id.e164 if fail_safe.caller_id else None
    tone = ring_tone(fail_safe.caller_id)
    dial = response.dial(timeout=fail_safe.seconds, caller_id=shown, ring_tone=tone)
    for number in fail_safe.numbers:
        dial.number(number.e164)
    _say(response, (FAREWELL,))
    response.hangup()
    return str(response)


def _ask_menu(step: AskMenu, call: RunningCall, links: Links) -> str:
    """One key; a caller who presses none comes to the same address without one."""
    response, menu = VoiceResponse(), links.carrying(Endpoint.MENU, call)
    gather = response.gather(action=menu, method="POST", num_digits=1, timeout=KEY_SECONDS, finish_on_key="")
    _say(gather, step.announce)
    response.redirect(menu, method="POST")
    return str(response)


def _announce(response: VoiceResponse, announce: tuple[Message, ...], call: RunningCall, links: Links) -> None:
    """Say the messages; any key skips the rest of those of the schedule, which may be long."""
    if not any(_has_words(message) and message not in (TRYING_NEXT, TRYING_AGAIN) for message in announce):
        _say(response, announce)
        return
    gather = response.gather(
        action=links.carrying(Endpoint.SKIP, call), method="POST", num_digits=1, timeout=1, finish_on_key=""
    )
    _say(gather, announce)


def _take_message(response: VoiceResponse, links: Links) -> str:
    """A tone, at most three minutes; a caller who says nothing hears the farewell."""
    response.record(
        action=links.bare(Endpoint.MESSAGE),
        method="POST",
        max_length=LONGEST_MESSAGE_SECONDS,
        timeout=10,
        play_beep=True,
        recording_status_callback=links.bare(Endpoint.RECORDING),
        recording_status_callback_method="POST",
    )
    _say(response, (FAREWELL,))
    response.hangup()
    return str(response)


def _ring(step: Ring, call: RunningCall, links: Links) -> str:
    """Ring one phone or several. The caller hears them ring: by their own phone's tone only if nothing was said yet."""
    response = VoiceResponse()
    _announce(response, step.announce, call, links)
    attempt = step.attempt
    where = attempt.position
    is_first = (where.hop, where.round, where.slot) == (0, 0, 0) and not response.verbs
    called = PhoneNumber.parse(call.called)
    shown = (call.caller.number if attempt.shows_caller else None) or called
    if step.pause:
        response.pause(length=step.pause)
    dial = response.dial(
        action=links.carrying(Endpoint.NEXT, call),
        method="POST",
        timeout=attempt.seconds,
        answer_on_bridge=True if is_first else None,
        caller_id=shown.e164 if shown else None,
        ring_tone=ring_tone(called),
    )
    for index, phone in enumerate(attempt.phones):
        dial.number(
            phone.number.e164,
            url=links.carrying(Endpoint.WHISPER, call, index) if attempt.screened else None,
            method="POST" if attempt.screened else None,
            status_callback=links.carrying(Endpoint.LEG, call, index),
            status_callback_event="ringing answered completed",
            status_callback_method="POST",
        )
    return str(response)


def render_whisper(prompt: Message, call: RunningCall, phone: int, links: Links) -> str:
    """A `<Gather>` for one key, then the end: falling off it would connect a voicemail with the caller."""
    response = VoiceResponse()
    gather = response.gather(
        action=links.carrying(Endpoint.ACCEPT, call, phone),
        method="POST",
        num_digits=1,
        timeout=KEY_SECONDS,
        finish_on_key="",
    )
    _say(gather, (prompt,))
    response.hangup()
    return str(response)


def render_pick_up(confirmation: Message | None) -> str:
    """Words, and the leg goes through to the caller; without words it ends."""
    response = VoiceResponse()
    if confirmation is None:
        response.hangup()
    else:
        _say(response, (confirmation,))
    return str(response)


def _has_words(message: Message) -> bool:
    """Whether any part of it can be heard."""
    return any(isinstance(part, Audio) or part.language in VOICES for part in message.parts)


def _say(response: VoiceResponse | Gather, messages: Iterable[Message]) -> None:
    """Say them. A language without a voice is left out: read in another one it would be noise, or an error."""
    for message in messages:
        for part in message.parts:
            match part:
                case Audio():
                    response.play(part.url)
                case Spoken() if part.language in VOICES:
                    language, voice = VOICES[part.language]
                    response.say(readable(_NOT_XML.sub(" ", part.text)), language=language, voice=voice)
                case Spoken():
                    continue
                case _:
                    assert_never(part)
