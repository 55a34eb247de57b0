"""The course of a call: what was heard, rung and said, from when to when; to be drawn to scale."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol

from callrouter.domain.leg import LegRecord
from callrouter.domain.record import CallRecord
from callrouter.domain.words import EventKind, LegStatus

_BRIEF = timedelta(seconds=1)
"""Seconds of the log are whole ones: what is no longer than this may be none at all."""

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400)
_MOST_TICKS = 6


class Phase(StrEnum):
    """What goes on in a stretch of a call."""

    ANNOUNCED = "announced"
    RINGS = "rings"
    SCREENED = "screened"
    TALKS = "talks"
    MESSAGE = "message"


class Told(Protocol):
    """An event of the log."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> EventKind: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """What goes on from *start* until *end*."""

    phase: Phase
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return round((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True)
class Lane:
    """One phone that was rung; without a *leg* the caller."""

    leg: LegRecord | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """All of a call from *start* until *end*, the caller first and then phone by phone."""

    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]

    def share(self, at: datetime) -> float:
        """How much of the call was over at *at*, in per cent."""
        return 100 * min(1.0, max(0.0, (at - self.start) / (self.end - self.start)))

    def share_of(self, seconds: int) -> float:
        """The same of so many seconds since the start, rounded."""
        return round(self.share(self.start + timedelta(seconds=seconds)), 3)

    @property
    def phases(self) -> list[Phase]:
        """What there is in it, in the order of the words."""
        found = {stretch.phase for lane in self.lanes for stretch in lane.stretches}
        return [phase for phase in Phase if phase in found]

    @property
    def ticks(self) -> Iterator[int]:
        """Round numbers of seconds since the start, a few of them."""
        seconds = int((self.end - self.start).total_seconds())
        step = next((each for each in _STEPS if seconds / each <= _MOST_TICKS), seconds)
        yield from range(0, seconds + 1, step)


def course(record: CallRecord, events: Iterable[Told], until: datetime, *, with_caller: bool = True) -> Course:
    """The course of a call, *until* (aware) as long as it goes on. Events that are gone leave gaps, no mistakes."""
    told = sorted(events, key=lambda event: event.at)
    end = max(record.ended_at or until, record.received_at + _BRIEF)
    lanes = tuple(Lane(leg, tuple(_phone(leg, told, end))) for leg in record.legs)
    caller = Lane(None, tuple(_joined(_caller(record.received_at, end, lanes, _messages(told, end)))))
    return Course(record.received_at, end, (caller, *lanes) if with_caller else lanes)


def _phone(leg: LegRecord, events: Sequence[Told], end: datetime) -> Iterator[Stretch]:
    """It rings; whoever picks up hears the whisper; they talk."""
    over = _over(leg, events) or end
    rang = over if leg.rang_seconds is None else leg.started_at + timedelta(seconds=leg.rang_seconds)
    answered = leg.answered_at or over
    picked_up = min(rang, answered, over)
    yield Stretch(Phase.RINGS, leg.started_at, picked_up)
    if answered - picked_up > _BRIEF:
        yield Stretch(Phase.SCREENED, picked_up, answered)
    if leg.answered_at:
        yield Stretch(Phase.TALKS, leg.answered_at, over)


def _over(leg: LegRecord, events: Sequence[Told]) -> datetime | None:
    """When the phone was done; None: nobody told."""
    if leg.answered_at and leg.talked_seconds is not None:
        return leg.answered_at + timedelta(seconds=leg.talked_seconds)
    attempt = next((e.facts["attempt"] for e in events if e.at == leg.started_at and _begins(e, leg)), None)
    ends = [e.at for e in events if e.facts.get("attempt") == attempt and _ends(e, leg)]
    return max(leg.started_at, min(ends)) if ends else None


def _begins(event: Told, leg: LegRecord) -> bool:
    if event.kind is EventKind.LEG:
        return (event.facts["to"], event.facts["status"]) == (leg.to, LegStatus.RINGING)
    return event.kind is EventKind.RANG and any(phone["to"] == leg.to for phone in event.facts["phones"])


def _ends(event: Told, leg: LegRecord) -> bool:
    """Whether it is the end of the phone, or of the attempt in which it rang.

    Attempts are told apart by name: the provider's seconds are whole, so that a phone may ring before the one ahead of
    it is over.
    """
    if event.kind is EventKind.LEG:
        return (event.facts["to"], event.facts["status"]) == (leg.to, LegStatus.ENDED)
    return event.kind is EventKind.DIAL_ENDED


def _messages(events: Sequence[Told], end: datetime) -> Iterator[Stretch]:
    """What is recorded; of a length that is not told: from being asked for a message until it is left."""
    asked = next((e.at for e in events if e.kind is EventKind.MESSAGE_ASKED), None)
    if asked is not None:
        left = next((e for e in events if e.kind is EventKind.MESSAGE_LEFT and e.at >= asked), None)
        until = min(left.at, end) if left else end
        seconds = left.facts.get("message_seconds") if left else None
        began = asked if seconds is None else max(asked, until - timedelta(seconds=seconds))
        yield Stretch(Phase.MESSAGE, began, until)


def _caller(start: datetime, end: datetime, lanes: Iterable[Lane], message: Iterable[Stretch]) -> Iterator[Stretch]:
    """What the caller hears: while no phone rings and nobody talks, an announcement."""
    heard = [stretch for lane in lanes for stretch in lane.stretches] + list(message)
    now = start
    for stretch in sorted(heard, key=lambda each: (each.start, each.phase is Phase.TALKS)):
        if stretch.start - now > _BRIEF:
            yield Stretch(Phase.ANNOUNCED, now, stretch.start)
        if stretch.end - now > _BRIEF:
            phase = Phase.RINGS if stretch.phase is Phase.SCREENED else stretch.phase
            yield Stretch(phase, max(now, stretch.start), stretch.end)
        now = max(now, stretch.end)
    if end - now > _BRIEF:
        yield Stretch(Phase.ANNOUNCED, now, end)


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """One after another of the same phase as one."""
    for phase, of_phase in groupby(stretches, lambda stretch: stretch.phase):
        first, *others = of_phase
        yield Stretch(phase, first.start, others[-1].end if others else first.end)
