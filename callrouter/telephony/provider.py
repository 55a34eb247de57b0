"""What a provider adapter must do, in our words. A second provider is a second folder beside `twilio`.

What finds the finished calls and configures a number speaks the provider's REST interface, which is not built yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callrouter.domain.call import Caller, DialEnded, LegUpdate, RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.routing import Goodbye, Instruction
from callrouter.domain.schedule import Message


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
