"""The people at both ends: what a phone does when it rings, and what the caller does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


class Handset(Protocol):
    """A ringing phone in somebody's hand. What no longer makes sense (answering a dead line) does nothing."""

    def answer(self) -> None:
        """Pick up."""

    def decline(self) -> None:
        """Reject the ring (busy); under a whisper: press another key."""

    def hang_up(self) -> None:
        """Put the phone down after picking up."""

    def press(self, keys: str) -> None:
        """Press keys; only a <Gather> hears them."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One phone begins to ring. *nth* counts the rings of this number in this call, from 1."""

    number: str
    nth: int
    at: datetime
    screened: bool
    caller_id: str
    handset: Handset


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a phone does by itself after *after* seconds of ringing; the default leaves it to the handset.

    *presses*: keys under a whisper, *press_after* seconds after the prompt began (None: soon after it ended).
    *talks*: seconds of talk before it hangs up (None: never by itself).
    """

    does: Literal["answer", "reject", "fail", "nothing"] = "nothing"
    after: float = 0.0
    presses: str = ""
    press_after: float | None = None
    talks: float | None = None


Phone = Callable[[Ring], Reaction]
"""Asked each time the phone begins to ring."""


@dataclass(frozen=True, slots=True)
class Always:
    """A phone that reacts alike to every ring."""

    reaction: Reaction

    def __call__(self, ring: Ring) -> Reaction:  # noqa: ARG002 - any ring
        """The reaction."""
        return self.reaction


def answers(after: float = 6, talks: float | None = 60, presses: str = "1") -> Phone:
    """Somebody picks up, takes the call with a key if asked to, talks, hangs up."""
    return Always(Reaction("answer", after, presses, talks=talks))


def declines(after: float = 4, presses: str = "2") -> Phone:
    """Somebody does not want the call: another key under a whisper, otherwise rejected (busy)."""

    def decline(ring: Ring) -> Reaction:
        return Reaction("answer", after, presses, talks=0) if ring.screened else Reaction("reject", after)

    return decline


def busy(after: float = 1) -> Phone:
    """The line is engaged."""
    return Always(Reaction("reject", after))


def silent() -> Phone:
    """It rings and rings."""
    return Always(Reaction())


def voicemail(after: float = 18, talks: float = 30) -> Phone:
    """A machine picks up, presses nothing, records for a while."""
    return Always(Reaction("answer", after, talks=talks))


def failed(after: float = 1) -> Phone:
    """The number cannot be reached."""
    return Always(Reaction("fail", after))


def answers_and_drops(after: float = 6, talks: float = 2) -> Phone:
    """Picked up by mistake and put down again."""
    return answers(after, talks)


def in_turn(*phones: Phone) -> Phone:
    """The nth ring of a call meets the nth of *phones*; the last one stays."""
    return lambda ring: phones[min(ring.nth, len(phones)) - 1](ring)


class ByHand:
    """A phone that waits for a hand: each ring's handset is kept, newest last."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []

    def __call__(self, ring: Ring) -> Reaction:
        """Let it ring."""
        self.rings.append(ring)
        return Reaction()

    @property
    def handset(self) -> Handset:
        """The handset of the newest ring."""
        return self.rings[-1].handset


@dataclass(frozen=True, slots=True)
class Caller:
    """What the caller does.

    *hangs_up_after*: seconds from the start of the call (None: stays to the end). *keys*: what is pressed in
    the 1st, 2nd, … <Gather> ("" = nothing), *press_after* seconds after it began (None: soon after its prompt).
    *message*: seconds spoken at a <Record> (0: silence), then *ends_message*: "hangup", a key, or "" to wait.
    """

    hangs_up_after: float | None = None
    keys: tuple[str, ...] = ()
    press_after: float | None = None
    message: float = 0.0
    ends_message: str = "hangup"
    forwarded_from: str | None = None
