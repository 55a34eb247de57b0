"""What happened in a call, as the network saw it: values for tests, printers and counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Outcome = Literal["answered", "declined", "screened-out", "no-answer", "busy", "failed", "cancelled", "dropped"]
EndedBy = Literal["caller", "service", "network"]
EntryKind = Literal[
    "call",  # who: the caller, detail: the number called
    "said",  # detail: the text the caller hears
    "played",  # detail: address of the sound the caller hears
    "waits",  # detail: seconds of silence
    "rings",  # who: the number that rings
    "picked-up",  # who: the number
    "whispered",  # who: the number, detail: the text
    "pressed",  # who: the number or "caller", detail: the key
    "bridged",  # who: the number that now talks with the caller
    "leg-ended",  # who: the number, detail: the outcome
    "recording",  # the beep has sounded
    "message",  # detail: whole seconds recorded
    "caller-hung-up",
    "application-error",  # the caller hears the network's own apology
    "ended",  # detail: ended by whom
]


@dataclass(frozen=True, slots=True)
class ServiceError:
    """Something the service did that the network minds.

    *code* is the provider's own number (twilio.com/docs/api/errors); 0 where the provider says nothing and
    the caller suffers all the same. *fatal*: the provider gives up the document; otherwise it only warns.
    """

    code: int
    sentence: str
    fatal: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; the words are for the printer to choose."""

    at: datetime
    kind: EntryKind
    who: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A text the caller heard."""

    text: str
    language: str
    voice: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to the service. *status*: of the last attempt, None if no answer came."""

    at: datetime
    kind: str
    url: str
    form: Mapping[str, str]
    status: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class PlayedLeg:
    """One number that rang. Seconds are whole ones, rounded down."""

    number: str
    child_sid: str
    started_at: datetime
    picked_up_at: datetime | None
    bridged_at: datetime | None
    ended_at: datetime
    ended_by: Literal["phone", "caller", "network"]
    outcome: Outcome

    @property
    def rang_seconds(self) -> int:
        """From the first ring to pick-up, or to the end."""
        return int(((self.picked_up_at or self.ended_at) - self.started_at).total_seconds())

    @property
    def talked_seconds(self) -> int:
        """From bridge to end; 0 if the caller was never bridged."""
        return int((self.ended_at - self.bridged_at).total_seconds()) if self.bridged_at else 0


@dataclass(frozen=True, slots=True)
class PlayedCall:
    """A whole call. *ended_at*, *ended_by*: None while it runs; *message*: whole seconds recorded, or None."""

    sid: str
    from_: str
    to: str
    started_at: datetime
    ended_at: datetime | None
    ended_by: EndedBy | None
    status: str
    timeline: tuple[Entry, ...]
    legs: tuple[PlayedLeg, ...]
    said: tuple[Said, ...]
    message: int | None
    errors: tuple[ServiceError, ...]
    requests: tuple[Exchange, ...]

    @property
    def rung(self) -> tuple[str, ...]:
        """Every number that was rung, in order."""
        return tuple(leg.number for leg in self.legs)

    @property
    def answered_by(self) -> str | None:
        """The number that talked with the caller and was not dropped, or None."""
        return next((leg.number for leg in self.legs if leg.outcome == "answered"), None)


@dataclass(slots=True)
class Journal:
    """The notes of a call while it runs."""

    timeline: list[Entry] = field(default_factory=list)
    legs: list[PlayedLeg] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    errors: list[ServiceError] = field(default_factory=list)
    requests: list[Exchange] = field(default_factory=list)
    message: int | None = None
