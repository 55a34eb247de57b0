"""Each element as the verb it asks for, with the provider's defaults and its rules beyond the tables."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping

from callrouter.telephony.simulator.reader import Reader
from callrouter.telephony.simulator.tables import E164
from callrouter.telephony.simulator.verbs import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

MOST_NUMBERS = 10
_SAY_LIMITS = {"Polly": 3000, "Google": 5000}  # error 13521; the basic voices: 4096
_POLLY = {"Astrid": "sv-SE", "Elin": "sv-SE", "Amy": "en-GB", "Emma": "en-GB", "Joanna": "en-US"}


def _say(reader: Reader, element: ET.Element) -> Say:
    given, _ = reader.open(element)
    text = "".join(element.itertext()).strip()
    verb = Say(text, given.get("voice", ""), given.get("language", ""), int(given.get("loop", 1)))
    family, _, name = verb.voice.partition(".")
    limit = _SAY_LIMITS.get(family, 4096)
    if not text:
        reader.warn(13520, "<Say> has no text")
    if len(text) > limit:
        reader.warn(13521, f"<Say> has {len(text)} characters; at most {limit} are spoken")
    speaks = name[:5] if family == "Google" else _POLLY.get(name.removesuffix("-Neural"), "")
    if speaks and verb.language and speaks != verb.language:
        reader.warn(13511, f"<Say voice={verb.voice!r}>: it speaks {speaks}; {verb.language} is expected")
    return verb


def _play(reader: Reader, element: ET.Element) -> Play:
    given, _ = reader.open(element)
    sound = (element.text or "").strip() or given.get("digits", "")
    if not sound:
        reader.warn(13420, "<Play> names no sound")
    return Play(sound, int(given.get("loop", 1)))


def _pause(reader: Reader, element: ET.Element) -> Pause:
    given, _ = reader.open(element)
    return Pause(int(given.get("length", 1)))


def _gather(reader: Reader, element: ET.Element) -> Gather:
    given, children = reader.open(element)
    _expect_action(reader, element, given)
    return Gather(
        action=given.get("action"),
        method=given.get("method", "POST"),
        timeout=int(given.get("timeout", 5)),
        num_digits=int(given["numDigits"]) if "numDigits" in given else None,
        finish_on_key=given.get("finishOnKey", "#"),
        hears_keys="dtmf" in given.get("input", "dtmf"),
        on_empty=given.get("actionOnEmptyResult") == "true",
        prompts=tuple(_PROMPTS[child.tag](reader, child) for child in children),
    )


def _expect_action(reader: Reader, element: ET.Element, given: Mapping[str, str]) -> None:
    if "action" not in given:
        reader.lint(f"<{element.tag}> has no action: the provider asks for this document again, for ever")


def _dial(reader: Reader, element: ET.Element) -> Dial:
    given, children = reader.open(element)
    plain = (element.text or "").strip()
    numbers = [Number(plain)] if plain else []
    numbers += [_number(reader, child) for child in children]
    if not 1 <= len(numbers) <= MOST_NUMBERS:
        reader.warn(13215, f"<Dial> names {len(numbers)} numbers; 1 to {MOST_NUMBERS} are expected")
    if given.get("sequential") == "true":
        reader.lint("<Dial sequential> is not played here: give one <Dial> for each number")
    return Dial(
        numbers=tuple(number for number in numbers[:MOST_NUMBERS] if _can_ring(reader, number)),
        action=given.get("action"),
        method=given.get("method", "POST"),
        timeout=int(given.get("timeout", 30)),
        time_limit=int(given.get("timeLimit", 14400)),
        caller_id=given.get("callerId"),
        answer_on_bridge=given.get("answerOnBridge") == "true",
        ring_tone=given.get("ringTone"),
    )


def _can_ring(reader: Reader, number: Number) -> bool:
    can_ring = E164.fullmatch(number.number) is not None
    if not can_ring:
        reader.warn(13223, f"<Number> is {number.number!r}; E.164 such as +46846500401 is expected")
    return can_ring


def _number(reader: Reader, element: ET.Element) -> Number:
    given, _ = reader.open(element)
    return Number(
        number=(element.text or "").strip(),
        url=given.get("url"),
        method=given.get("method", "POST"),
        status_callback=given.get("statusCallback"),
        status_method=given.get("statusCallbackMethod", "POST"),
        events=frozenset(given.get("statusCallbackEvent", "completed").split(" ")),
    )


def _record(reader: Reader, element: ET.Element) -> Record:
    given, _ = reader.open(element)
    _expect_action(reader, element, given)
    return Record(
        action=given.get("action"),
        method=given.get("method", "POST"),
        timeout=int(given.get("timeout", 5)),
        max_length=int(given.get("maxLength", 3600)),
        finish_on_key=given.get("finishOnKey", "1234567890*#"),
        beep=given.get("playBeep", "true") == "true",
        status_callback=given.get("recordingStatusCallback"),
        status_method=given.get("recordingStatusCallbackMethod", "POST"),
        events=frozenset(given.get("recordingStatusCallbackEvent", "completed").split(" ")),
    )


def _redirect(reader: Reader, element: ET.Element) -> Redirect:
    given, _ = reader.open(element)
    return Redirect((element.text or "").strip(), given.get("method", "POST"))


def _hangup(reader: Reader, element: ET.Element) -> Hangup:
    reader.open(element)
    return Hangup()


def _reject(reader: Reader, element: ET.Element) -> Reject:
    given, _ = reader.open(element)
    return Reject(given.get("reason", "rejected"))


_PROMPTS: Mapping[str, Callable[[Reader, ET.Element], Say | Play | Pause]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
}
BUILDERS: Mapping[str, Callable[[Reader, ET.Element], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Dial": _dial,
    "Record": _record,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
