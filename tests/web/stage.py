"""The voice webhooks put together by hand, with a log that a test can read, slow down or break."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event

from callrouter import calls
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.queries import LoggedAttempt
from callrouter.domain.call import CallEvent
from callrouter.domain.control import Control
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import EventKind, Origin
from callrouter.sealing import Sealer
from callrouter.telephony.provider import WebhookRequest
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Dial, Document, Gather, Record, Say
from callrouter.telephony.token import Token, unseal
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import Links
from callrouter.telephony.twilio.signature import spellings
from callrouter.web.voice import Response, Voice
from tests.schedules import CENTRE, OPEN_HOUR, schedule
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN, signed

LAST_RESORT = PhoneNumber("+46406280499")
CITIZEN = "+46701740650"
SEALER = Sealer("a key for tests that is long enough")


@dataclass
class FakeLog:
    """Keeps entries in a list."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:  # noqa: ARG002 - takes no time
        self.entries.append(entry)
        return Recorded.DATABASE

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:
        """As the real one knows it."""
        about = [e for e in self.events if (e.day, e.call_id, e.facts.get("attempt")) == (day, call_id, attempt)]
        key = next((e.at for e in about if e.kind is EventKind.ACCEPTED), None)
        end = next((e.facts["outcome"] for e in about if e.kind is EventKind.DIAL_ENDED), None)
        return LoggedAttempt(key, end)

    @property
    def events(self) -> list[CallEvent]:
        return [event for entry in self.entries for event in entry.events]

    def kinds(self) -> list[EventKind]:
        return [event.kind for event in self.events]


class SlowLog(FakeLog):
    """Takes the recorder's whole deadline, and then has only a log line to show for it."""

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:
        Event().wait(0.5 if is_late else 1.5)
        super().record(entry)
        return Recorded.LOG_LINE


class BrokenLog(FakeLog):
    """Breaks its promise never to raise."""

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:  # noqa: ARG002 - breaks at once
        super().record(entry)
        raise OSError("No space left on device")


class BrokenSealer(Sealer):
    """Neither seals nor opens."""

    def seal(self, text: str) -> str:
        raise RuntimeError(f"{len(text)} characters")

    def open(self, sealed: str) -> str:
        raise RuntimeError(f"{len(sealed)} characters")


class NoMemory(Sealer):
    """Has no room for anything."""

    def seal(self, text: str) -> str:
        raise MemoryError(f"{len(text)} characters")

    def open(self, sealed: str) -> str:
        raise MemoryError(f"{len(sealed)} characters")


def no_schedule() -> Schedule | None:
    """No schedule has ever loaded."""
    return None


def broken_schedule() -> Schedule | None:
    """Whatever may go wrong in asking for the schedule."""
    raise RuntimeError("the schedule cannot be read")


def no_key(_number: PhoneNumber) -> str | None:
    """Nobody is told apart."""
    return None


def broken_control() -> Control:
    """Whatever may go wrong in asking what is decided by hand."""
    raise RuntimeError("the overrides cannot be read")


def broken_key(_number: PhoneNumber) -> str | None:
    """The privacy key is of no use."""
    raise RuntimeError("no key")


@dataclass
class Stage:
    """A service, and what its provider sends to it."""

    schedule: Callable[[], Schedule | None] = schedule
    log: FakeLog = field(default_factory=FakeLog)
    sealer: Sealer = SEALER
    last_resort: PhoneNumber | None = LAST_RESORT
    base: str = BASE
    control: Callable[[], Control] = Control
    caller_key: Callable[[PhoneNumber], str | None] = no_key
    on_no_memory: Callable[[], None] = lambda: None

    @property
    def service(self) -> calls.Service:
        by_hand, key = self.control, self.caller_key
        return calls.Service(self.schedule, self.log, self.last_resort, Origin.PHONE_NETWORK, by_hand, key)

    @property
    def voice(self) -> Voice:
        links = Links(self.base, self.sealer)
        provider = TwilioProvider(ACCOUNT, (TOKEN,), spellings(self.base), links, is_phone_network=True)
        numbers = (self.last_resort,) if self.last_resort else ()
        last_words = provider.render_fail_safe(FailSafe(numbers))
        return Voice(provider, self.service, self.sealer, last_words, on_no_memory=self.on_no_memory)

    def post(self, target: str, form: Mapping[str, str], at: datetime = OPEN_HOUR) -> Response:
        """A genuine request, played at *at*."""
        fields = {"AccountSid": ACCOUNT, "CallrouterAt": at.isoformat(), **form}
        return self.voice.handle(target.partition("?")[0], signed(target, fields))

    def unsigned(self, target: str) -> WebhookRequest:
        """A request of nobody we know."""
        return WebhookRequest(target, {}, b"CallSid=CA1")

    def calls(self, at: datetime = OPEN_HOUR, **form: str) -> "Answer":
        """A citizen calls the centre."""
        usual = {"CallSid": "CA1", "From": CITIZEN, "To": CENTRE.e164, "CallStatus": "ringing"}
        return Answer(self.post("/twilio/voice", usual | form, at))

    def dial_ended(self, before: "Answer", at: datetime = OPEN_HOUR, **form: str) -> "Answer":
        """The dial of *before* ended: nobody answered, unless *form* says something else."""
        usual = {"CallSid": "CA1", "From": CITIZEN, "To": CENTRE.e164, "CallStatus": "in-progress"}
        usual |= {"DialCallStatus": "no-answer", "DialBridged": "false", "DialCallSid": "CA2"}
        return Answer(self.post(before.next, usual | form, at))


@dataclass
class Answer:
    """What the service answered; a document with anything that the provider minds fails the test."""

    response: Response
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        assert self.response.status == 200
        answered = self.response.document
        self.document = read(answered.body, answered.content_type, BASE)
        assert self.document.errors == ()

    @property
    def dial(self) -> Dial | None:
        return next((verb for verb in self.document.verbs if isinstance(verb, Dial)), None)

    @property
    def rings(self) -> list[str]:
        """Who rings; nobody where nothing is dialled."""
        return [number.number for number in self.dial.numbers] if self.dial else []

    @property
    def says(self) -> list[str]:
        prompts = [p for verb in self.document.verbs if isinstance(verb, Gather) for p in verb.prompts]
        return [verb.text for verb in (*prompts, *self.document.verbs) if isinstance(verb, Say)]

    @property
    def takes_message(self) -> bool:
        return any(isinstance(verb, Record) for verb in self.document.verbs)

    @property
    def next(self) -> str:
        """Path and query where the end of the dial is told."""
        assert self.dial is not None
        return target_of(self.dial.action)

    @property
    def legs(self) -> list[str]:
        """Path and query of each phone's status callback."""
        assert self.dial is not None
        return [target_of(number.status_callback) for number in self.dial.numbers]

    @property
    def token(self) -> Token:
        """What the callbacks carry."""
        return unseal(SEALER, self.next.partition("?c=")[2].replace("%3D", "="))

    @property
    def is_fail_safe(self) -> bool:
        """A dial that nothing is told of, or a message instead."""
        return self.takes_message if self.dial is None else self.dial.action is None


def target_of(url: str | None) -> str:
    """Path and query of one of our own addresses."""
    assert url is not None
    assert url.startswith(BASE)
    return url.removeprefix(BASE).partition("#")[0]
