"""Instructions -> TwiML. Sources: twilio.com/docs/voice/twiml and the pages of its verbs."""

from collections.abc import Iterable
from functools import lru_cache
from typing import assert_never

from callrouter.domain.call import RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Audio, Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY, FAREWELL, LEAVE_A_MESSAGE, TRYING_AGAIN, TRYING_NEXT
from callrouter.domain.routing import AskMenu, Goodbye, Instruction, Ring, TakeMessage
from callrouter.domain.speech import readable
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.twilio.links import Links, LinksOf
from callrouter.telephony.twilio.markup import document, element, text
from callrouter.telephony.twilio.sounds import VOICES, ring_tone

LONGEST_MESSAGE_SECONDS = 180
KEY_SECONDS = 6
"""How long the whisper waits for the key after its words."""

_HANG_UP = element("Hangup")


def render(step: Instruction, call: RunningCall, links: Links) -> str:
    """*step* as a document; its callbacks carry *call*."""
    match step:
        case AskMenu():
            return _ask_menu(step, links.of(call))
        case Ring():
            return _ring(step, call, links.of(call))
        case TakeMessage():
            return document(_announced(step.announce, links.of(call)), *_take_message(links))
        case Goodbye():
            return render_goodbye(step)
        case _:
            assert_never(step)


def render_goodbye(step: Goodbye) -> str:
    """Words, and the end."""
    return document(_said(step.announce), _HANG_UP)


def render_fail_safe(fail_safe: FailSafe, links: Links) -> str:
    """One `<Dial>` without action (with one, a broken handler would loop the caller), or a message; then the end."""
    if not fail_safe.numbers:
        return document(_said((LEAVE_A_MESSAGE,)), *_take_message(links))
    return render_fallback(fail_safe)


def render_fallback(fail_safe: FailSafe) -> str:
    """The document that needs nobody behind it: one `<Dial>`, or where there is no number the apology alone."""
    if not fail_safe.numbers:
        return render_goodbye(Goodbye((APOLOGY,)))
    dial = element(
        "Dial",
        *(element("Number", number.e164) for number in fail_safe.numbers),
        timeout=fail_safe.seconds,
        callerId=fail_safe.caller_id.e164 if fail_safe.caller_id else None,
        ringTone=ring_tone(fail_safe.caller_id),
    )
    return document(dial, _said((FAREWELL,)), _HANG_UP)


def _ask_menu(step: AskMenu, links: LinksOf) -> str:
    """One key; a caller who presses none comes to the same address without one."""
    menu = links.to(Endpoint.MENU)
    return document(
        _gather(menu, KEY_SECONDS, _said(step.announce)),
        element("Redirect", text(menu), method="POST"),
    )


def _gather(action: str, seconds: int, inside: str) -> str:
    """One key, any of them."""
    return element("Gather", inside, action=action, method="POST", numDigits=1, timeout=seconds, finishOnKey="")


def _announced(announce: tuple[Message, ...], links: LinksOf) -> str:
    """Say the messages; any key skips the rest of those of the schedule, which may be long."""
    if not any(_has_words(message) and message not in (TRYING_NEXT, TRYING_AGAIN) for message in announce):
        return _said(announce)
    return _gather(links.to(Endpoint.SKIP), 1, _said(announce))


def _take_message(links: Links) -> tuple[str, ...]:
    """A tone, at most three minutes; a caller who says nothing hears the farewell."""
    record = element(
        "Record",
        action=links.bare(Endpoint.MESSAGE),
        method="POST",
        maxLength=LONGEST_MESSAGE_SECONDS,
        timeout=10,
        playBeep=True,
        recordingStatusCallback=links.bare(Endpoint.RECORDING),
        recordingStatusCallbackMethod="POST",
    )
    return record, _said((FAREWELL,)), _HANG_UP


def _ring(step: Ring, call: RunningCall, links: LinksOf) -> str:
    """Ring one phone or several. The caller hears them ring: by their own phone's tone only if nothing was said yet."""
    said, attempt = _announced(step.announce, links), step.attempt
    where = attempt.position
    is_first = (where.hop, where.round, where.slot) == (0, 0, 0) and not said
    called = PhoneNumber.parse(call.called)
    shown = (call.caller.number if attempt.shows_caller else None) or called
    dial = element(
        "Dial",
        *(_phone(index, phone.number, links, screened=attempt.screened) for index, phone in enumerate(attempt.phones)),
        action=links.to(Endpoint.NEXT),
        method="POST",
        timeout=attempt.seconds,
        answerOnBridge=True if is_first else None,
        callerId=shown.e164 if shown else None,
        ringTone=ring_tone(called),
    )
    return document(said, element("Pause", length=step.pause) if step.pause else "", dial)


def _phone(index: int, number: PhoneNumber, links: LinksOf, *, screened: bool) -> str:
    return element(
        "Number",
        number.e164,
        url=links.to(Endpoint.WHISPER, index) if screened else None,
        method="POST" if screened else None,
        statusCallback=links.to(Endpoint.LEG, index),
        statusCallbackEvent="ringing answered completed",
        statusCallbackMethod="POST",
    )


def render_whisper(prompt: Message, call: RunningCall, phone: int, links: Links) -> str:
    """A `<Gather>` for one key, then the end: falling off it would connect a voicemail with the caller."""
    accept = links.of(call).to(Endpoint.ACCEPT, phone)
    return document(_gather(accept, KEY_SECONDS, _said((prompt,))), _HANG_UP)


def render_pick_up(confirmation: Message | None) -> str:
    """Words, and the leg goes through to the caller; without words it ends."""
    return document(_HANG_UP if confirmation is None else _said((confirmation,)))


def _has_words(message: Message) -> bool:
    """Whether any part of it can be heard."""
    return any(isinstance(part, Audio) or part.language in VOICES for part in message.parts)


def _said(messages: Iterable[Message]) -> str:
    return "".join([_words(message) for message in messages])


@lru_cache(512)
def _words(message: Message) -> str:
    """Say it. A language without a voice is left out: read in another one it would be noise, or an error."""
    said = []
    for part in message.parts:
        match part:
            case Audio():
                said.append(element("Play", text(part.url)))
            case Spoken() if part.language in VOICES:
                language, voice = VOICES[part.language]
                said.append(element("Say", text(readable(part.text)), language=language, voice=voice))
            case Spoken():
                continue
            case _:
                assert_never(part)
    return "".join(said)
