"""Plays Twilio's part: signs, and reads TwiML with the strict reader of the phone network."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Document, Endpoint, Provider, WebhookRequest
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Dial, Gather, Hangup, Pause, Play, Record, Redirect, Say, Verb
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import Links
from tests.telephony.contract.line import Happening, Heard
from tests.telephony.twilio.signing import ACCOUNT, BASE, OTHER_ACCOUNT, STALE_TOKEN, TOKEN, signed
from tests.web.stage import SEALER, target_of

STATUSES = {Outcome.ANSWERED: "completed", Outcome.BUSY: "busy", Outcome.NO_ANSWER: "no-answer"}
ENDPOINTS = {
    "/twilio/voice": Endpoint.INCOMING,
    "/twilio/voice/next": Endpoint.NEXT,
    "/twilio/voice/menu": Endpoint.MENU,
    "/twilio/voice/skip": Endpoint.SKIP,
    "/twilio/voice/message": Endpoint.MESSAGE,
    "/twilio/voice/whisper": Endpoint.WHISPER,
    "/twilio/voice/accept": Endpoint.ACCEPT,
    "/twilio/voice/leg": Endpoint.LEG,
    "/twilio/status": Endpoint.ENDED,
    "/twilio/recording": Endpoint.RECORDING,
}
"""As the number is configured with the provider: these stay as they are."""


@dataclass(frozen=True)
class TwilioLine:
    fields: tuple[str, ...] = (
        *("CallSid", "From", "To", "Called", "Caller", "ForwardedFrom", "CalledVia", "Digits", "CallStatus"),
        *("DialCallStatus", "DialBridged", "DialCallDuration", "DialCallSid", "RecordingSid", "RecordingUrl"),
        *("ParentCallSid", "Direction", "Timestamp", "ErrorUrl", "Ny"),
    )

    @property
    def provider(self) -> Provider:
        return TwilioProvider(ACCOUNT, (TOKEN,), (BASE,), Links(BASE, SEALER), is_phone_network=True)

    def request(self, target: str, happening: Happening) -> WebhookRequest:
        said = {"CallSid": happening.call_id, "From": happening.from_, "To": happening.to}
        said["CallStatus"] = "completed" if happening.is_caller_gone else "in-progress"
        if happening.key:
            said["Digits"] = happening.key
        if happening.outcome:
            said |= _ended(happening, happening.outcome, is_own="/leg" in target or "/status" in target)
        if happening.message_seconds is not None:
            said |= {"RecordingSid": "RE1", "RecordingDuration": str(happening.message_seconds)}
        if "/recording" in target:
            said["RecordingStatus"] = "completed"
        return self.given(target, said, happening.at)

    def given(self, target: str, fields: Mapping[str, str], at: datetime) -> WebhookRequest:
        return signed(target, {**fields, "AccountSid": ACCOUNT, "CallrouterAt": at.isoformat()})

    def forgeries(self, target: str) -> Iterable[WebhookRequest]:
        genuine = self.request(target, Happening())
        yield replace(genuine, headers={})
        yield replace(genuine, body=genuine.body + b"&Digits=1")
        yield replace(genuine, target=target + "&x=1")
        yield signed(target, {"AccountSid": ACCOUNT, "CallSid": "CA1"}, token=STALE_TOKEN)
        yield signed(target, {"AccountSid": OTHER_ACCOUNT, "CallSid": "CA1"})

    def heard(self, document: Document, *, on_leg: bool = False) -> Heard:
        found = read(document.body, document.content_type, BASE, whisper=on_leg)
        assert found.errors == ()
        everything = list(_flat(found.verbs))
        dial = next((verb for verb in everything if isinstance(verb, Dial)), None)
        gather = next((verb for verb in everything if isinstance(verb, Gather)), None)
        return Heard(
            sentences=sum(isinstance(verb, Say | Play) for verb in everything),
            rings=tuple(number.number for number in dial.numbers) if dial else (),
            shows=dial.caller_id if dial else None,
            seconds=dial.timeout if dial else None,
            waits=sum(verb.length for verb in everything if isinstance(verb, Pause)),
            asks_key=gather is not None and gather.timeout > 1,
            takes_message=any(isinstance(verb, Record) for verb in everything),
            hangs_up=bool(everything) and isinstance(everything[-1], Hangup),
            callbacks=_callbacks(everything),
        )


def _ended(happening: Happening, outcome: Outcome, *, is_own: bool) -> dict[str, str]:
    status = STATUSES.get(outcome, "failed")
    seconds = str(happening.seconds) if happening.seconds is not None else ""
    if is_own:
        return {"CallStatus": status, "CallDuration": seconds}
    bridged = "true" if happening.is_bridged else "false"
    return {"DialCallStatus": status, "DialBridged": bridged, "DialCallDuration": seconds, "DialCallSid": "CA2"}


def _flat(verbs: Iterable[Verb]) -> Iterator[Verb]:
    for verb in verbs:
        yield verb
        if isinstance(verb, Gather):
            yield from verb.prompts


def _callbacks(verbs: Iterable[Verb]) -> Mapping[Endpoint, tuple[str, ...]]:
    found: dict[Endpoint, list[str]] = {}
    for target in (target_of(url) for verb in verbs for url in _urls(verb) if url is not None):
        found.setdefault(ENDPOINTS[target.partition("?")[0]], []).append(target)
    return {endpoint: tuple(dict.fromkeys(targets)) for endpoint, targets in found.items()}


def _urls(verb: Verb) -> Iterator[str | None]:
    match verb:
        case Dial():
            yield verb.action
            for number in verb.numbers:
                yield from (number.url, number.status_callback)
        case Gather():
            yield verb.action
        case Record():
            yield from (verb.action, verb.status_callback)
        case Redirect():
            yield verb.url
        case _:
            return
