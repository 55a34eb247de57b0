"""Calls on the built-in phone network that somebody plays by hand on a page: they live in this process, in real time.

Time passes for a call when it is looked at, up to now; and every few seconds where nobody looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock, Timer

from callrouter.people import secrets
from callrouter.telephony.simulator import ByHand, LiveCall, PhoneNetwork, PlayedCall

MOST_CALLS = 5
LONGEST = timedelta(minutes=15)
"""A call is hung up after this, or when newer ones need its place."""
UNSEEN = timedelta(seconds=10)
"""How long time may stand still for a call that nobody looks at any more."""

Network = Callable[[str, Mapping[str, ByHand]], PhoneNetwork]
"""A phone network in which the number called is ours, and the phones given are in somebody's hand."""

Later = Callable[[timedelta, Callable[[], None]], None]
"""Does something once, after a time."""


def _later(after: timedelta, do: Callable[[], None]) -> None:
    timer = Timer(after.total_seconds(), do)
    timer.daemon = True
    timer.start()


class PhoneState(StrEnum):
    """What a phone does, as far as a hand is concerned."""

    RINGING = "ringing"
    ASKED = "asked"
    TALKING = "talking"
    QUIET = "quiet"


_AFTER = {
    "rings": PhoneState.RINGING,
    "picked-up": PhoneState.ASKED,
    "whispered": PhoneState.ASKED,
    "bridged": PhoneState.TALKING,
    "leg-ended": PhoneState.QUIET,
}


@dataclass(slots=True)
class PlayedByHand:
    """A call that goes on, and the phones of everybody who may be rung."""

    live: LiveCall
    phones: Mapping[str, ByHand]
    began_at: datetime
    lock: Lock = field(default_factory=Lock)

    def until(self, at: datetime) -> PlayedCall:
        """What has happened until *at*."""
        with self.lock:
            return self._until(at)

    def do(self, act: str, number: str, at: datetime) -> None:
        """Let the hand at the phone *number*, or the `caller`, do *act* at *at*. What makes no sense does nothing."""
        with self.lock:
            self._until(at)
            if number == "caller":
                self._caller_does(act)
            elif number in self.phones and self.phones[number].rings:
                self._phone_does(act, number)
            self._until(at)

    def end(self) -> None:
        """Hang up, and let all be told that is to be told."""
        with self.lock:
            self.live.hang_up()
            self.live.run_until_quiet()

    def states(self, played: PlayedCall) -> dict[str, PhoneState]:
        """What each phone does that has been rung."""
        found: dict[str, PhoneState] = {}
        for entry in played.timeline:
            if entry.kind in _AFTER:
                found[entry.who] = _AFTER[entry.kind]
        return found

    def _until(self, at: datetime) -> PlayedCall:
        self.live.advance_to(max(at, self.live.now))
        if self.live.has_ended:
            self.live.run_until_quiet()
        return self.live.played()

    def _caller_does(self, act: str) -> None:
        if act == "hang-up":
            self.live.hang_up()
        elif act.isdigit():
            self.live.press(act[:1])

    def _phone_does(self, act: str, number: str) -> None:
        handset = self.phones[number].handset
        match act:
            case "answer":
                handset.answer()
            case "decline":
                handset.decline()
            case "hang-up":
                handset.hang_up()
            case _ if act.isdigit():
                handset.press(act[:1])
            case _:
                pass


class PhoneRoom:
    """The calls that are played by hand, by an id that nobody guesses."""

    def __init__(self, network: Network, later: Later = _later) -> None:
        self._network = network
        self._later = later
        self._calls: dict[str, PlayedByHand] = {}
        self._lock = Lock()

    def ring(self, from_: str, to: str, numbers: frozenset[str], at: datetime) -> str:
        """Call *to* at *at*; returns the call's id. Calls beyond the most, and those too old, are hung up."""
        phones = {number: ByHand() for number in numbers}
        call = PlayedByHand(self._network(to, phones).start(from_, to, at), phones, at)
        name = secrets.made()
        with self._lock:
            old = [key for key, each in self._calls.items() if at - each.began_at > LONGEST]
            over = list(self._calls)[: max(0, len(self._calls) - MOST_CALLS + 1)]
            ended = [self._calls.pop(key) for key in dict.fromkeys([*old, *over])]
            self._calls[name] = call
        for each in ended:
            each.end()
        self._go_on(call, at)
        return name

    def _go_on(self, call: PlayedByHand, at: datetime) -> None:
        """Let time pass for *call* until *at*, and on from there: until it is over, or has lasted for too long."""
        is_over = call.until(at).ended_at is not None
        if at - call.began_at >= LONGEST:
            call.end()
        elif not is_over:
            self._later(UNSEEN, lambda: self._go_on(call, at + UNSEEN))

    def call(self, name: str) -> PlayedByHand | None:
        """The call of that id."""
        return self._calls.get(name)
