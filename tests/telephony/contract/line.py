"""A provider as the contract sees it: what may happen on the line, and what an answer does, in nobody's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Document, Endpoint, Provider, WebhookRequest
from tests.schedules import CENTRE, OPEN_HOUR

CITIZEN = "+46701740650"


@dataclass(frozen=True, slots=True)
class Happening:
    """What a provider tells of: a key, the end of an attempt, a message, or just that a call comes in."""

    at: datetime = OPEN_HOUR
    call_id: str = "call-1"
    from_: str = CITIZEN
    to: str = CENTRE.e164
    key: str = ""
    outcome: Outcome | None = None
    seconds: int | None = None
    is_bridged: bool = False
    is_caller_gone: bool = False
    message_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer does. *sentences*: what is said or played; *callbacks*: path and query, one for each leg."""

    sentences: int = 0
    rings: tuple[str, ...] = ()
    shows: str | None = None
    seconds: int | None = None
    waits: int = 0
    asks_key: bool = False
    takes_message: bool = False
    hangs_up: bool = False
    callbacks: Mapping[Endpoint, tuple[str, ...]] = field(default_factory=dict)


class Line(Protocol):
    """One provider, and how to play its part."""

    @property
    def provider(self) -> Provider: ...

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of parameters that a request may have."""

    def request(self, target: str, happening: Happening) -> WebhookRequest:
        """How the provider tells *happening* to *target*."""

    def given(self, target: str, fields: Mapping[str, str], at: datetime) -> WebhookRequest:
        """A genuine request with these parameters, sensible or not."""

    def forgeries(self, target: str) -> Iterable[WebhookRequest]:
        """Requests that somebody else sends, or that were spoilt on the way."""

    def heard(self, document: Document, *, on_leg: bool = False) -> Heard:
        """What *document* does; *on_leg*: to whoever picked up. One that the provider would mind fails the test."""
