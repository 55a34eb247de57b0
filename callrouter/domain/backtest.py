"""A back-test: what another schedule would have made of calls that were, call by call and in sums. Pure.

A call went elsewhere if its first phone would have rung at another destination or for another company. Blocked callers
stay kept out, and what the fail-safe answered says nothing of any schedule: both are counted apart.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from callrouter.domain.replay import Replay, Verdict
from callrouter.domain.words import DecidedBy


class Side(StrEnum):
    """Whose phone rings first: the unit's own, or a company's by its contract."""

    DESK = "desk"
    COMPANY = "company"
    NOBODY = "nobody"


class Fate(StrEnum):
    """What another schedule makes of a call."""

    STAYS = "stays"
    TOLD_OTHERWISE = "told-otherwise"
    """The same phones ring, but open or closed is another: what the caller hears first may differ."""
    ELSEWHERE = "elsewhere"
    BLOCKED = "blocked"
    FAIL_SAFE = "fail-safe"
    UNDECIDED = "undecided"
    """Nothing but its end is in the log."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """What the log says of a call. *rang_at* and *company*: of the first phone that rang, if one did.

    *decided_for*: the destination it was sent to, where the first phone does not tell it: none rang, or that of
    whoever took the caller's last call.
    """

    call_id: str
    called: str
    unit: str | None
    at: datetime
    state: str | None
    decided_by: str | None
    reason: str | None
    rang_at: str | None
    company: str | None
    decided_for: str | None
    talked_seconds: int | None

    @property
    def side(self) -> Side:
        """Whose phone rang first."""
        return _side(self.rang_at, self.company)

    def fate(self, verdict: Verdict) -> Fate:
        """What becomes of it by *verdict*."""
        if self.decided_by == DecidedBy.BLOCK:
            return Fate.BLOCKED
        if self.decided_by == DecidedBy.FAIL_SAFE:
            return Fate.FAIL_SAFE
        if self.decided_by is None:
            return Fate.UNDECIDED
        if not self._goes_as(verdict):
            return Fate.ELSEWHERE
        return Fate.STAYS if verdict.decision.state == self.state else Fate.TOLD_OTHERWISE

    def _goes_as(self, verdict: Verdict) -> bool:
        if self.decided_for is not None:
            return self.decided_for == verdict.decision.destination
        return (self.rang_at, self.company) == (verdict.rings_at, verdict.company)


@dataclass(slots=True)
class Sum:
    """How many calls, how many of them were answered, and how long those talked, in seconds."""

    calls: int = 0
    answered: int = 0
    talked_seconds: int = 0

    def add(self, call: LoggedCall) -> None:
        """Count *call* in."""
        self.include(Sum(1, int(call.talked_seconds is not None), call.talked_seconds or 0))

    def include(self, other: "Sum") -> None:
        """Count in what *other* counted."""
        self.calls += other.calls
        self.answered += other.answered
        self.talked_seconds += other.talked_seconds


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """From whose phones to whose: both the same where only the destination or the company is another."""

    was: Side
    becomes: Side


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A unit's hour of the week, local time; weekday 1 is Monday."""

    unit: str
    weekday: int
    hour: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where the first phone rings: a destination, empty where none does, and the company that answers there, if any."""

    destination: str
    company: str = ""

    def __str__(self) -> str:
        return f"{self.destination} ({self.company})" if self.company else self.destination or "nowhere"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Why calls went elsewhere: where to and by which rule they went, and where to and by which rule they would."""

    unit: str
    was: Place
    by: str
    becomes: Place
    then_by: str


def _counter() -> defaultdict[Change, Sum]:
    return defaultdict(Sum)


@dataclass(slots=True)
class Backtest:
    """The sums. *unclaimed*: calls to numbers that no unit of the other schedule has; they count elsewhere, too."""

    zone: tzinfo
    fates: Counter[Fate] = field(default_factory=Counter)
    unclaimed: int = 0
    offered: Counter[When] = field(default_factory=Counter)
    moves: dict[tuple[When, Move], Sum] = field(default_factory=lambda: defaultdict(Sum))
    changes: dict[Change, Sum] = field(default_factory=_counter)

    @property
    def calls(self) -> int:
        """How many calls were looked at."""
        return self.fates.total()

    def replay(self, call: LoggedCall, by: Replay) -> Fate:
        """Ask the other schedule about *call*, and count it."""
        verdict = by.verdict(call.called, call.unit, call.at)
        fate = call.fate(verdict)
        self.fates[fate] += 1
        if fate in (Fate.STAYS, Fate.TOLD_OTHERWISE, Fate.ELSEWHERE):
            when = self._when(call)
            self.offered[when] += 1
            self.unclaimed += verdict.decision.unit is None
            if fate is Fate.ELSEWHERE:
                self._move(call, verdict, when)
        return fate

    def moved(self) -> dict[Move, Sum]:
        """The moves of all units and hours."""
        whole: dict[Move, Sum] = defaultdict(Sum)
        for (_, move), each in self.moves.items():
            whole[move].include(each)
        return dict(sorted(whole.items()))

    def by_size(self) -> list[tuple[Change, Sum]]:
        """The changes, those of most calls first."""
        return sorted(self.changes.items(), key=lambda item: (-item[1].calls, item[0]))

    def _when(self, call: LoggedCall) -> When:
        local = call.at.astimezone(self.zone)
        return When(call.unit or "", local.isoweekday(), local.hour)

    def _move(self, call: LoggedCall, verdict: Verdict, when: When) -> None:
        decision = verdict.decision
        move = Move(call.side, _side(verdict.rings_at, verdict.company))
        change = Change(
            unit=call.unit or "",
            was=Place(call.rang_at or call.decided_for or "", call.company or ""),
            by=f"{call.state} by {call.decided_by}: {call.reason}",
            becomes=Place(verdict.rings_at or decision.destination, verdict.company or ""),
            then_by=f"{decision.state} by {decision.decided_by}: {decision.reason}",
        )
        self.moves[when, move].add(call)
        self.changes[change].add(call)


def _side(rings_at: str | None, company: str | None) -> Side:
    if company:
        return Side.COMPANY
    return Side.DESK if rings_at else Side.NOBODY
