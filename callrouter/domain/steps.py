"""What can happen next in a call, and where in its route it is: the values that routing gives and takes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from callrouter.domain.digest import digest
from callrouter.domain.message import Message
from callrouter.domain.phone import PhoneNumber

HOP_CAP = 10
"""Destinations a call may pass through. The loader refuses a longer `then:` chain; a reload in mid-call ends here."""


BEFORE_ALL = -1
"""The hop of whoever took the caller's last call, and is rung first for the next one."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the route a call is: *hop* destinations passed, *round* and *slot* (ring list entry) from 0.

    BEFORE_ALL as hop: a phone of *destination* that rings before the route begins.
    """

    destination: str
    hop: int = 0
    round: int = 0
    slot: int = 0


@dataclass(frozen=True, slots=True)
class RungPhone:
    """One phone of an attempt, and whose it is."""

    number: PhoneNumber
    person: str | None = None


@dataclass(frozen=True)
class Attempt:
    """One ringing of one or several phones at once, for at most *seconds*.

    *screened*: whoever picks up must press a key to take the call. *shows_caller*: their display shows the caller's
    number instead of our own. Without slots: its name is made once, as a decision's is.
    """

    position: Position
    company: str | None
    phones: tuple[RungPhone, ...]
    seconds: int
    rang_at: datetime
    screened: bool = False
    shows_caller: bool = False

    @cached_property
    def id(self) -> str:
        """Derived from what rings, so that a retry of the same step is the same attempt."""
        where = self.position
        place = (where.destination, where.hop, where.round, where.slot, self.shows_caller)
        return digest(*place, *(phone.number.e164 for phone in self.phones))


@dataclass(frozen=True, slots=True)
class Ring:
    """Say the announcements, wait *pause* seconds, then ring the attempt's phones."""

    attempt: Attempt
    announce: tuple[Message, ...] = ()
    pause: int = 0


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Say the announcements, then hang up."""

    announce: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Say the announcements, then record what the caller says."""

    announce: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class AskMenu:
    """Say the announcements and wait for a key. *keeps_caller*: no key leads where numbers may not be kept."""

    announce: tuple[Message, ...]
    keeps_caller: bool = True


Instruction = AskMenu | Ring | TakeMessage | Goodbye
