"""What people decide by hand: an override beats a unit's hours for a span, a block keeps one caller out of a unit.

Both are evaluated by their span, and one that was ended before its time keeps what it decided until then: every past
decision stays explainable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar, assert_never

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import State

LONGEST_WHY = 200
"""Characters of a reason that a decision carries: it travels in the callback URLs, which the provider limits."""

LONGEST_WHO = 60
"""The same of a name."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ended it before its time, why (if they said), and when it would have ended by itself."""

    who: str
    why: str | None
    planned_end: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A unit held open or closed, or sent to a destination, while *span* lasts.

    Ids grow in the order they are made. One of *state* and *destination* is given; with neither, a word of a later
    release, it decides nothing.
    """

    id: int
    unit: str
    span: Span
    state: State | None
    destination: str | None
    why: str
    who: str
    ended: Ending | None = None

    @property
    def effect(self) -> str:
        """What it does: `open`, `closed`, `to security`."""
        return self.state.value if self.state else f"to {self.destination}"

    def leads_to(self, schedule: Schedule, unit: Unit) -> str | None:
        """The destination that it gives the calls of *unit*; None if it cannot be followed.

        It cannot where a reload took the destination away, and where it would close an alarm unit.
        """
        name = self._destination(unit)
        if name is None or name not in schedule.destinations:
            return None
        return None if unit.is_alarm and self._closes(schedule, name) else name

    def reason(self, zone: tzinfo) -> str:
        """Why a call was decided so, as the log tells it: what, until when, by whom, and why."""
        said = f"{self.effect}{_until(self.span, zone)} by {_cut(self.who, LONGEST_WHO)}"
        return f"override {self.id}: {said}: {_cut(self.why, LONGEST_WHY)}"

    def _destination(self, unit: Unit) -> str | None:
        match self.state:
            case State.OPEN:
                return unit.open
            case State.CLOSED:
                return unit.closed
            case None:
                return self.destination
            case _:
                assert_never(self.state)

    def _closes(self, schedule: Schedule, destination: str) -> bool:
        """Whether it keeps callers from a phone: by its name, or at a place where none is ever rung."""
        return self.state is State.CLOSED or not _rings_somebody(schedule, destination)


@dataclass(frozen=True, slots=True)
class Block:
    """A caller who is kept out of a unit while *span* lasts, known by a keyed hash alone.

    *key_id* names the privacy key that made the hash: under another one it matches nobody.
    """

    id: int
    unit: str
    caller_key: str
    key_id: str
    span: Span
    why: str
    who: str
    ended: Ending | None = None

    def reason(self, zone: tzinfo) -> str:
        """Why a call was turned away. Without the words of whoever blocked it: they may tell of a person."""
        return f"block {self.id}{_until(self.span, zone)} by {_cut(self.who, LONGEST_WHO)}"


@dataclass(frozen=True, slots=True)
class Control:
    """All that is decided by hand, as far as it is known."""

    overrides: tuple[Override, ...] = ()
    blocks: tuple[Block, ...] = ()

    def override(self, unit: str, at: datetime) -> Override | None:
        """The override of the unit called *unit* at *at* (aware): of several, the one made last."""
        return _latest(each for each in self.overrides if each.unit == unit and each.span.covers(at))

    def block(self, unit: str, caller_key: str | None, at: datetime) -> Block | None:
        """The block that keeps the caller out of the unit at *at* (aware). Who has no key is never blocked."""
        own = (each for each in self.blocks if (each.caller_key, each.unit) == (caller_key, unit))
        return _latest(each for each in own if each.span.covers(at))


NO_CONTROL = Control()
"""Nothing is decided by hand."""


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_N = TypeVar("_N", bound=_Numbered)


def _latest(several: Iterable[_N]) -> _N | None:
    return max(several, key=lambda each: each.id, default=None)


def _rings_somebody(schedule: Schedule, name: str | None) -> bool:
    """Whether any phone may ring at the destination *name*, or at those that follow it by `then`."""
    passed: set[str] = set()
    while name is not None and name in schedule.destinations and name not in passed:
        if schedule.destinations[name].numbers:
            return True
        passed.add(name)
        name = schedule.destinations[name].then
    return False


def _until(span: Span, zone: tzinfo) -> str:
    return f" until {span.end.astimezone(zone):%Y-%m-%d %H:%M}" if span.end else ""


def _cut(text: str, longest: int) -> str:
    """*text* in one line of at most *longest* characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
