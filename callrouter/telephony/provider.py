"""What a provider adapter must do, in our words. A second provider is a second folder beside `twilio`.

`Provider` answers its requests while people are on the line; `Account` asks things of it, and no caller ever waits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callrouter.domain.call import Caller, DialEnded, LegUpdate, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Message
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Goodbye, Instruction
from callrouter.domain.span import Span
from callrouter.domain.words import Outcome
from callrouter.sealing import Sealer
from callrouter.telephony.standing import Standing


class Endpoint(StrEnum):
    """What a request is about; see docs/glossary.md. The address of each is for the provider's adapter to say."""

    INCOMING = "incoming"
    NEXT = "next"
    MENU = "menu"
    SKIP = "skip"
    MESSAGE = "message"
    WHISPER = "whisper"
    ACCEPT = "accept"
    LEG = "leg"
    ENDED = "ended"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it came over the wire, free of any web framework. *target* is path and raw query."""

    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """An answer in the provider's language."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A new call, to the number *called* as the provider writes it."""

    call_id: str
    called: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The provider's last word on a call. *seconds* is its length."""

    call_id: str
    called: str
    status: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """A recording that a caller made; *is_stored* once the provider has it ready to be fetched, maybe days later."""

    call_id: str
    recording_sid: str
    seconds: int
    is_stored: bool = False
    began_at: datetime | None = None


class Webhook(Protocol):
    """A verified request, to be read as what its endpoint expects."""

    @property
    def sealed(self) -> str:
        """The token (telephony/token.py) that the callback carries, still sealed; empty for none."""

    @property
    def carried_at(self) -> datetime | None:
        """The instant that the phone network plays this request at; a real provider never says one."""

    @property
    def happened_at(self) -> datetime | None:
        """When the provider says it happened; callbacks come late and out of order. None: it does not say."""

    @property
    def call_id(self) -> str:
        """The provider's id of the call or leg; empty where it does not say."""

    @property
    def called(self) -> str:
        """The number that was called, as the provider writes it; empty where it does not say."""

    @property
    def key(self) -> str:
        """The key that was pressed; empty for none."""

    def inbound(self) -> Inbound: ...
    def dial_ended(self) -> DialEnded: ...
    def leg_update(self) -> LegUpdate | None: ...
    def call_ended(self) -> CallEnded | None: ...
    def message_left(self) -> MessageLeft | None: ...


class Provider(Protocol):
    """One telephony provider."""

    @property
    def paths(self) -> Mapping[str, Endpoint]:
        """Where each endpoint is served, path by path; the callback URLs lead there. A path may be a secret."""

    def verified(self, request: WebhookRequest) -> Webhook | None:
        """The request's content, if it is genuine; None is a 403. Never raises."""

    def render(self, step: Instruction, call: RunningCall) -> Document:
        """*step* in the provider's language, with callbacks that carry *call*."""

    def render_goodbye(self, step: Goodbye) -> Document:
        """*step* where no call is known that could go on."""

    def render_whisper(self, prompt: Message, call: RunningCall, phone: int) -> Document:
        """*prompt* for whoever picked up the attempt's phone number *phone*, then silence ends the leg."""

    def render_pick_up(self, confirmation: Message | None) -> Document:
        """The leg goes through to the caller after *confirmation*; without one it ends."""

    def render_fail_safe(self, fail_safe: FailSafe) -> Document:
        """The fail-safe in the provider's language: no callback that could break in turn."""


class ProviderRefusedError(RuntimeError):
    """The provider does not do what it was asked, and will not do it tomorrow: somebody must look."""


class RecordingGoneError(ProviderRefusedError):
    """The provider does not have the recording."""


class ProviderUnavailableError(RuntimeError):
    """The provider did not do what it was asked, or did not say so in time; later it may."""


class Direction(StrEnum):
    """Who rang whom in a call of the provider's list; see docs/glossary.md."""

    INBOUND = "inbound"
    LEG = "leg"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """A call or a leg of the provider's list that is over.

    *parent_id*: of a leg, the call that it was rung for. *from_* and *to* as the provider writes
    them, empty for a withheld caller. *outcome*:
    `answered` says that it was picked up, not that anybody was helped. *seconds*: from then to the end.
    """

    call_id: str
    parent_id: str | None
    direction: Direction
    from_: str = field(repr=False)
    to: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    seconds: int | None


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording of the call *call_id* that the provider has ready to be fetched.

    *is_message*: a caller was asked for it, as we do; any other is of people who talk. *began_at*: aware.
    """

    sid: str
    call_id: str
    began_at: datetime
    seconds: int
    is_message: bool


@dataclass(frozen=True, slots=True)
class NumberSetup:
    """What the provider does with calls to one of our numbers, as it says itself.

    An address that it does not POST to has the method in front: `GET https://…`.
    *overruled_by*: what makes it ignore these addresses, in its words; None where they hold.
    """

    number: PhoneNumber
    voice_url: str
    fallback_url: str
    status_url: str
    overruled_by: str | None = None


class CallList(Protocol):
    """The provider's own list of our calls, and of what was recorded of them.

    Raises as `Account` does.
    """

    def finished_calls(self, span: Span) -> Iterator[FinishedCall]:
        """All calls and legs that started within *span* (aware; open: until now) and are over, page by page."""

    def recordings(self, span: Span) -> Iterator[StoredRecording]:
        """All recordings that were begun within *span* (as above), page by page."""


class Account(CallList, Standing, Protocol):
    """Our account with a provider, asked over its REST interface. Never on the voice path: it may take a minute.

    Every method raises ProviderUnavailableError where trying again later may help, ProviderRefusedError where not.
    """

    def now(self) -> datetime:
        """What time it is at the provider (aware)."""

    def setup(self, number: PhoneNumber) -> NumberSetup:
        """How our *number* is set up now."""

    def intended(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        """How `configure` would set it up: nobody is asked."""

    def configure(self, number: PhoneNumber, fallback_url: str | None = None) -> NumberSetup:
        """Let calls to our *number* come to us; returns what was read back. Without *fallback_url* that one stays."""

    def as_asked(self, url: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Fields and headers by which the host of *url* knows that the provider asks, or we: some answer no others."""

    def recording(self, recording_sid: str) -> bytes:
        """A recording as an MP3 file.

        Raises:
            RecordingGoneError: the provider does not have it (any more).
        """

    def delete_recording(self, recording_sid: str) -> None:
        """Delete a recording for ever; one that is gone already is deleted."""

    def delete_call(self, call_id: str) -> None:
        """Delete the provider's own record of a call or leg; one that is gone already is deleted."""

    def send_sms(self, sender: str, to: PhoneNumber, text: str) -> None:
        """Send *text* from *sender*, a number of ours or a name. Asked once: asked again, it might come twice."""

    def place_call(self, call: RunningCall, sealer: Sealer) -> None:
        """Ring the one phone of *call*'s attempt from the number *called*. Asked once, as an SMS.

        Picked up, it hears what `WHISPER` answers, and what becomes of it is told to `LEG`; both carry *call*, sealed.
        """
