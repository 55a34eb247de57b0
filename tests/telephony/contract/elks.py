"""A provider unlike Twilio, in the manner of 46elks: answers in JSON, signs nothing, reads nothing aloud.

It is known by a secret in its paths, and its calls by the sealed token; messages are sound files named like them;
whether a leg was bridged it does not say. (46elks.com/docs/call-actions; what it has no word for is made up.)
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from urllib.parse import parse_qsl, quote

from callrouter.domain.call import Caller, DialEnded, LegUpdate, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Audio, Message
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import FAREWELL, LEAVE_A_MESSAGE
from callrouter.domain.routing import AskMenu, Goodbye, Instruction, Ring, TakeMessage
from callrouter.domain.words import LegStatus, Outcome
from callrouter.sealing import Sealer
from callrouter.telephony.provider import CallEnded, Document, Endpoint, Inbound, MessageLeft, WebhookRequest
from callrouter.telephony.token import Token, seal

SOUNDS = "https://sounds.example.org"
ANY_KEY = "0123456789"
OUTCOMES = {"success": Outcome.ANSWERED, "busy": Outcome.BUSY, "noanswer": Outcome.NO_ANSWER}
STATUSES = {"ringing": LegStatus.RINGING, "ongoing": LegStatus.PICKED_UP}

Action = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ElksForm:
    fields: Mapping[str, str]
    endpoint: Endpoint | None
    sealed: str
    happened_at: datetime | None = None

    @property
    def carried_at(self) -> datetime | None:
        """Played, in these tests, at any instant."""
        return datetime.fromisoformat(self.fields["at"]) if "at" in self.fields else None

    @property
    def call_id(self) -> str:
        return self.fields.get("callid", "")

    @property
    def called(self) -> str:
        return self.fields.get("to", "")

    @property
    def key(self) -> str:
        result = self.fields.get("result", "")
        return result if result in ANY_KEY else ""

    @property
    def seconds(self) -> int | None:
        said = self.fields.get("duration", "")
        return int(said) if said.isdecimal() and len(said) < 9 else None

    def inbound(self) -> Inbound:
        number = PhoneNumber.parse(self.fields.get("from", ""))
        return Inbound(self.fields["callid"], self.called, Caller(number, is_withheld=number is None))

    def dial_ended(self) -> DialEnded:
        outcome = OUTCOMES.get(self.fields.get("result", ""), Outcome.FAILED)
        gone = self.fields.get("hangup") == "caller"
        return DialEnded(outcome, None, self.seconds, caller_gone=gone, leg_sid=self.fields.get("legid"))

    def leg_update(self) -> LegUpdate | None:
        said, sid = self.fields.get("state", ""), self.fields.get("legid", "")
        if outcome := OUTCOMES.get(said):
            return LegUpdate(LegStatus.ENDED, sid, outcome, self.seconds)
        return LegUpdate(STATUSES[said], sid) if said in STATUSES else None

    def call_ended(self) -> CallEnded | None:
        return CallEnded(self.fields["callid"], self.called, self.fields.get("state", ""), self.seconds)

    def message_left(self) -> MessageLeft | None:
        if "wav" not in self.fields:
            return None
        is_stored = self.endpoint is Endpoint.RECORDING
        return MessageLeft(self.fields["callid"], self.fields["wav"], self.seconds or 0, is_stored=is_stored)


@dataclass(frozen=True, slots=True)
class ElksProvider:
    base: str
    secret: str
    sealer: Sealer

    @property
    def paths(self) -> Mapping[str, Endpoint]:
        return {f"/elks/{self.secret}/{endpoint}": endpoint for endpoint in Endpoint}

    def verified(self, request: WebhookRequest) -> ElksForm | None:
        path, _, query = request.target.partition("?")
        wanted = f"/elks/{self.secret}/".encode()
        if not hmac.compare_digest(path.encode("utf-8", "replace")[: len(wanted)], wanted):
            return None
        said = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        fields = {name: value[:256] for name, value in said}
        return ElksForm(fields, self.paths.get(path), dict(parse_qsl(query)).get("call", ""))

    def render(self, step: Instruction, call: RunningCall) -> Document:
        match step:
            case AskMenu():
                *before, last = sounds(step.announce)
                ask = {"ivr": last, "digits": 1, "timeout": 6, "next": self._url(Endpoint.MENU, call)}
                return document([*plays(before), ask])
            case Ring():
                return document([*self._skippable(step.announce, call), *pause(step.pause), self._ring(step, call)])
            case TakeMessage():
                return document([*self._skippable(step.announce, call), self._record()])
            case Goodbye():
                return self.render_goodbye(step)
            case _:
                assert_never(step)

    def render_goodbye(self, step: Goodbye) -> Document:
        return document([*plays(sounds(step.announce)), {"hangup": "normal"}])

    def render_whisper(self, prompt: Message, call: RunningCall, phone: int) -> Document:
        *before, last = sounds((prompt,))
        key = dict.fromkeys(ANY_KEY, self._url(Endpoint.ACCEPT, call, phone))
        return document([*plays(before), {"ivr": last, "digits": 1, "timeout": 6, **key}, {"hangup": "normal"}])

    def render_pick_up(self, confirmation: Message | None) -> Document:
        if confirmation is None:
            return document([{"hangup": "normal"}])
        return document([*plays(sounds((confirmation,))), {"bridge": True}])

    def render_fail_safe(self, fail_safe: FailSafe) -> Document:
        end: list[Action] = [*plays(sounds((FAREWELL,))), {"hangup": "normal"}]
        if not fail_safe.numbers:
            return document([*plays(sounds((LEAVE_A_MESSAGE,))), self._record()])
        shown = {"callerid": fail_safe.caller_id.e164} if fail_safe.caller_id else {}
        numbers = ",".join(number.e164 for number in fail_safe.numbers)
        return document([{"connect": numbers, "timeout": fail_safe.seconds, **shown}, *end])

    def _ring(self, step: Ring, call: RunningCall) -> Action:
        attempt = step.attempt
        shown = (call.caller.number if attempt.shows_caller else None) or PhoneNumber.parse(call.called)
        indices = range(len(attempt.phones))
        action: Action = {
            "connect": ",".join(phone.number.e164 for phone in attempt.phones),
            "timeout": attempt.seconds,
            "next": self._url(Endpoint.NEXT, call),
            "status": [self._url(Endpoint.LEG, call, index) for index in indices],
        }
        if attempt.screened:
            action["whisper"] = [self._url(Endpoint.WHISPER, call, index) for index in indices]
        return action | ({"callerid": shown.e164} if shown else {})

    def _skippable(self, announce: tuple[Message, ...], call: RunningCall) -> list[Action]:
        key = dict.fromkeys(ANY_KEY, self._url(Endpoint.SKIP, call))
        return [{"ivr": sound, "digits": 1, "timeout": 0, **key} for sound in sounds(announce)]

    def _record(self) -> Action:
        return {"record": self._url(Endpoint.RECORDING), "timelimit": 180, "next": self._url(Endpoint.MESSAGE)}

    def _url(self, endpoint: Endpoint, call: RunningCall | None = None, phone: int | None = None) -> str:
        query = f"?call={quote(seal(self.sealer, Token(call, phone)))}" if call else ""
        return f"{self.base}/elks/{self.secret}/{endpoint}{query}"


def sounds(announce: Iterable[Message]) -> list[str]:
    """Each sentence was recorded once, under the name of its message."""
    return [
        part.url if isinstance(part, Audio) else f"{SOUNDS}/{message.name}.{part.language}.mp3"
        for message in announce
        for part in message.parts
    ]


def plays(files: Iterable[str]) -> list[Action]:
    return [{"play": file} for file in files]


def pause(seconds: int) -> list[Action]:
    return [{"wait": seconds}] if seconds else []


def document(actions: list[Action]) -> Document:
    """One action after the other; each names the one that follows."""
    *before, whole = actions
    for action in reversed(before):
        whole = action | {"next": whole}
    return Document(json.dumps(whole).encode(), "application/json")
