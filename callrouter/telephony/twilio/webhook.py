"""Twilio's form fields -> our types. Sources: twilio.com/docs/voice/twiml#request-parameters, /voice/twiml/dial.

`From` is an opaque string; `completed` does not mean helped; unknown fields are accepted and ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from callrouter.domain.call import Caller, DialEnded, LegUpdate
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import LegStatus, Outcome
from callrouter.telephony.provider import CallEnded, Inbound, MessageLeft

INSTANT_FIELD = "CallrouterAt"
"""The phone network plays its calls in its own time: ISO 8601 with offset. Only honoured under `--phone-network`."""

_WITHHELD = frozenset(
    {"", "anonymous", "restricted", "blocked", "unknown", "unavailable"}
    | {"266696687", "7378742833", "2562533", "8656696", "86282452253"}  # the same words spelt on a keypad
)

_DIAL_OUTCOMES: Mapping[str, Outcome] = {
    "completed": Outcome.ANSWERED,
    "answered": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
}
_BRIDGED: Mapping[str, bool] = {"true": True, "false": False}
_LEG_STATUSES: Mapping[str, LegStatus] = {"ringing": LegStatus.RINGING, "in-progress": LegStatus.PICKED_UP}
_OVER = frozenset({"completed", "canceled", "failed", "busy", "no-answer"})


@dataclass(frozen=True, slots=True)
class Form:
    """A verified POST of the provider."""

    fields: Mapping[str, str]
    is_phone_network: bool = False
    sealed: str = ""

    @property
    def carried_at(self) -> datetime | None:
        """The instant the phone network plays this request at; what anybody else says of time is not heard."""
        if not self.is_phone_network:
            return None
        try:
            at = datetime.fromisoformat(self.fields.get(INSTANT_FIELD, ""))
        except ValueError:
            return None
        return at if at.tzinfo else None

    @property
    def happened_at(self) -> datetime | None:
        """`Timestamp` (RFC 2822, whole seconds) of status callbacks."""
        return _instant(self.fields.get("Timestamp", ""))

    @property
    def call_id(self) -> str:
        """`CallSid`: of the caller's leg, in a leg's own callback of that leg."""
        return self.fields.get("CallSid", "")

    @property
    def called(self) -> str:
        """The number that was called, as the provider writes it."""
        return self.fields.get("To") or self.fields.get("Called") or ""

    @property
    def key(self) -> str:
        """`Digits` of a `<Gather>`."""
        return self.fields.get("Digits", "")

    def inbound(self) -> Inbound:
        """A new call; `ForwardedFrom` comes from some carriers, and may be no number at all."""
        by = PhoneNumber.parse(self.fields.get("ForwardedFrom", ""))
        return Inbound(self._call_sid(), self.called, caller(self.fields.get("From", ""), by))

    def dial_ended(self) -> DialEnded:
        """The action of a `<Dial>`. A status we do not know is a failure: the next number rings."""
        return DialEnded(
            outcome=_DIAL_OUTCOMES.get(self.fields.get("DialCallStatus", ""), Outcome.FAILED),
            bridged=_BRIDGED.get(self.fields.get("DialBridged", "").lower()),
            seconds=_seconds(self.fields.get("DialCallDuration")),
            caller_gone=self.fields.get("CallStatus") in _OVER,
            leg_sid=self.fields.get("DialCallSid"),
        )

    def leg_update(self) -> LegUpdate | None:
        """A `<Number statusCallback>`; None for a status that says nothing new."""
        word, sid = self.fields.get("CallStatus", ""), self.call_id
        if word in _OVER:
            return LegUpdate(LegStatus.ENDED, sid, _DIAL_OUTCOMES[word], _seconds(self.fields.get("CallDuration")))
        status = _LEG_STATUSES.get(word)
        return LegUpdate(status, sid) if status else None

    def call_ended(self) -> CallEnded | None:
        """The number's own status callback; None while the call goes on."""
        status = self.fields.get("CallStatus", "")
        if status not in _OVER:
            return None
        return CallEnded(self._call_sid(), self.called, status, _seconds(self.fields.get("CallDuration")))

    def message_left(self) -> MessageLeft | None:
        """The action of a `<Record>`, or its status callback; a message of one second is a message too."""
        sid, status = self.fields.get("RecordingSid"), self.fields.get("RecordingStatus")
        if not sid or status not in (None, "completed"):
            return None
        seconds = _seconds(self.fields.get("RecordingDuration")) or 0
        began_at = _instant(self.fields.get("RecordingStartTime", ""))
        return MessageLeft(self._call_sid(), sid, seconds, is_stored=status is not None, began_at=began_at)

    def _call_sid(self) -> str:
        """`CallSid`, which names a call; all calls without one would be one.

        Raises:
            ValueError: it is missing or empty.
        """
        if not self.call_id:
            raise ValueError("the request has no CallSid")
        return self.call_id


def pairs(body: bytes) -> list[tuple[bytes, bytes]]:
    """The names and values of a form body, byte for byte: the signature is over bytes, UTF-8 or not."""
    fields = (field.partition(b"=") for field in body.replace(b"+", b" ").split(b"&") if field)
    return [
        (unquote_to_bytes(name) if b"%" in name else name, unquote_to_bytes(value) if b"%" in value else value)
        for name, _, value in fields
    ]


def caller(text: str, forwarded_from: PhoneNumber | None = None) -> Caller:
    """Whoever *text* (`From`) says calls. Only E.164 is a number; the words for a withheld one are no numbers."""
    if text.strip().removeprefix("+").lower() in _WITHHELD:
        return Caller(is_withheld=True, forwarded_from=forwarded_from)
    return Caller(PhoneNumber.parse(text), forwarded_from=forwarded_from)


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


def _instant(text: str) -> datetime | None:
    """RFC 2822, as the provider writes instants."""
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
