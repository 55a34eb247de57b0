"""The provider's published TwiML tables: which element takes which attribute with which value.

Sources: twilio.com/docs/voice/twiml and its pages on say, play, pause, gather, dial, number, record,
redirect, hangup, reject; the codes are those of twilio.com/docs/api/errors (all of these are warnings there).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SCHEMA_WARNING = 12200
E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Which values the provider takes, in words and as a test; *code* is its warning for any other."""

    expected: str
    accepts: Callable[[str], bool]
    code: int = SCHEMA_WARNING


@dataclass(frozen=True, slots=True)
class Element:
    """What an element may carry. *wrong_child*: the warning for another nested element; *is_mixed*: see <Say>."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    has_text: bool = False
    is_mixed: bool = False
    wrong_child: int = SCHEMA_WARNING


def _one_of(*values: str, code: int = SCHEMA_WARNING) -> Attribute:
    return Attribute("one of " + ", ".join(values), lambda text: text in values, code)


def _some_of(*values: str, code: int = SCHEMA_WARNING) -> Attribute:
    """Several words in one attribute, separated by single spaces (never commas)."""
    expected = "words with spaces between, of " + ", ".join(values)
    return Attribute(expected, lambda text: bool(text) and all(word in values for word in text.split(" ")), code)


def _whole(low: int, high: int | None = None, code: int = SCHEMA_WARNING) -> Attribute:
    expected = f"a whole number from {low}" + (f" to {high}" if high is not None else "")

    def accepts(text: str) -> bool:
        return text.isascii() and text.isdigit() and low <= int(text) and (high is None or int(text) <= high)

    return Attribute(expected, accepts, code)


def _match(expected: str, pattern: str, code: int = SCHEMA_WARNING) -> Attribute:
    return Attribute(expected, lambda text: re.fullmatch(pattern, text) is not None, code)


def _method(code: int = SCHEMA_WARNING) -> Attribute:
    return _one_of("GET", "POST", code=code)


def _flag(code: int = SCHEMA_WARNING) -> Attribute:
    return _one_of("true", "false", code=code)


_URL = _match("an address without blanks", r"\S+")
_TEXT = _match("any text", r"(?s:.*)")
_LANGUAGE = _match("a language tag such as sv-SE", r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", 13512)
_VOICE = _match(
    "man, woman, alice, Polly.<Name>[-Neural] or Google.<language>-<voice>",
    r"man|woman|alice|Polly\.[A-Z][a-z]+(-Neural|-Generative)?|Google\.[a-z]{2,3}-[A-Z]{2}-[A-Za-z0-9-]+",
    13511,
)
_RING_TONE = _match(
    "a country such as se, or us-old",
    "at|au|bg|br|be|ch|cl|cn|cz|de|dk|ee|es|fi|fr|gr|hu|il|in|it|lt|jp|mx|my|nl|no|nz|ph|pl|pt|ru|se|sg|th|tw|uk"
    "|us|us-old|ve|za",
    13220,
)
_RECORDING = {
    "recordingStatusCallback": _URL,
    "recordingStatusCallbackMethod": _method(),
    "recordingStatusCallbackEvent": _some_of("in-progress", "completed", "absent", code=13621),
    "trim": _one_of("trim-silence", "do-not-trim", code=13699),
}
_DIAL_RECORD = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
)

ELEMENTS: Mapping[str, Element] = {
    "Response": Element(
        children=frozenset({"Say", "Play", "Pause", "Gather", "Dial", "Record", "Redirect", "Hangup", "Reject"})
    ),
    "Say": Element(
        {"voice": _VOICE, "language": _LANGUAGE, "loop": _whole(0, code=13510)},
        frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}),  # SSML
        has_text=True,
        is_mixed=True,
    ),
    "Play": Element(
        {"loop": _whole(0, code=13410), "digits": _match("digits, *, #, w", r"[0-9*#wW]+", 13430)},
        has_text=True,
    ),
    "Pause": Element({"length": _whole(1, code=13910)}),
    "Gather": Element(
        {
            "action": _URL,
            "method": _method(13312),
            "timeout": _whole(1, code=13313),
            "numDigits": _whole(1, code=13314),
            "finishOnKey": _match("one key, or empty", r"[0-9*#]?", 13310),
            "input": _one_of("dtmf", "speech", "dtmf speech", "speech dtmf", code=13326),
            "actionOnEmptyResult": _flag(13338),
            "language": _LANGUAGE,
            "hints": _TEXT,
            "bargeIn": _flag(13332),
            "profanityFilter": _flag(13333),
            "speechTimeout": _match("auto or whole seconds", r"auto|[1-9]\d*", 13327),
            "maxSpeechTime": _whole(1, code=13328),
            "speechModel": _TEXT,
            "enhanced": _flag(),
            "partialResultCallback": _URL,
            "partialResultCallbackMethod": _method(13329),
        },
        frozenset({"Say", "Play", "Pause"}),
        wrong_child=13320,
    ),
    "Dial": Element(
        {
            "action": _URL,
            "method": _method(13210),
            "timeout": _whole(1, 600, 13212),
            "timeLimit": _whole(1, 86400, 13216),
            "hangupOnStar": _flag(13213),
            "callerId": _TEXT,  # the network itself refuses what is not ours to show (13214)
            "callReason": _match("at most 50 characters", r".{0,50}"),
            "record": _one_of(*_DIAL_RECORD, code=13217),
            "recordingTrack": _one_of("inbound", "outbound", "both", code=13622),
            "answerOnBridge": _flag(13219),
            "ringTone": _RING_TONE,
            "sequential": _flag(13218),
            "referUrl": _URL,
            "referMethod": _method(),
            **_RECORDING,
        },
        frozenset({"Number"}),
        has_text=True,
        wrong_child=13215,
    ),
    "Number": Element(
        {
            "url": _URL,
            "method": _method(13221),
            "sendDigits": _match("digits, *, #, w", r"[0-9*#wW]+", 13222),
            "statusCallback": _URL,
            "statusCallbackMethod": _method(),
            "statusCallbackEvent": _some_of("initiated", "ringing", "answered", "completed"),
            "byoc": _match("a trunk SID", r"BY[0-9a-f]{32}"),
            "callReason": _match("at most 50 characters", r".{0,50}"),
            "machineDetection": _one_of("Enable", "DetectMessageEnd"),
            "machineDetectionTimeout": _whole(3, 60),
            "machineDetectionSpeechThreshold": _whole(1000, 6000),
            "machineDetectionSpeechEndThreshold": _whole(500, 5000),
            "machineDetectionSilenceTimeout": _whole(2000, 10000),
            "amdStatusCallback": _URL,
            "amdStatusCallbackMethod": _method(),
        },
        has_text=True,
    ),
    "Record": Element(
        {
            "action": _URL,
            "method": _method(13610),
            "timeout": _whole(1, code=13611),
            "maxLength": _whole(2, 14400, 13612),
            "finishOnKey": _match("keys, or empty", r"[0-9*#]*", 13613),
            "playBeep": _flag(13616),
            "transcribe": _flag(13614),
            "transcribeCallback": _URL,
            **_RECORDING,
        }
    ),
    "Redirect": Element({"method": _method(13710)}, has_text=True),
    "Hangup": Element(),
    "Reject": Element({"reason": _one_of("rejected", "busy", code=13810)}),
}

WHISPER_VERBS = frozenset({"Say", "Play", "Gather", "Hangup"})
