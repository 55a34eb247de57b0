"""What happens to a call at an instant, and why: the decision, who rings in which order, and the end.

Everything is asked of callrouter.domain.routing, as the service itself does: never a second answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.destination import Contract, Destination, Target
from callrouter.domain.message import Message
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.ringing import phone_of
from callrouter.domain.routing import (
    HOP_CAP,
    AskMenu,
    Decision,
    Ring,
    RungPhone,
    TakeMessage,
    decide,
    route_from,
)
from callrouter.domain.schedule import Schedule, Unit

LOOKS_AHEAD = timedelta(days=400)
"""How far it is looked for the end of somebody's time on call."""


@dataclass(frozen=True, slots=True)
class OnCall:
    """Whom a rota means now, until when, and who follows (None: nobody).

    *until* is None where nothing changes within 400 days. Nobody now: *person* is None, and the rota is skipped.
    """

    rota: str
    person: Person | None
    until: datetime | None
    then: Person | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a destination's line: the phone that rings (None: skipped), and the rota that chose it."""

    phone: RungPhone | None
    on_call: OnCall | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A destination that the call comes to: what the caller hears there first, and who stands in line.

    Nobody in line: the call goes on at once. *contract* is the one in force.
    """

    destination: Destination
    heard: tuple[Message, ...]
    line: tuple[Place, ...]
    contract: Contract | None

    @property
    def rings(self) -> bool:
        """Whether any phone rings here."""
        return any(place.phone for place in self.line)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way of a call that arrives at an instant and is never answered, and when the answer changes.

    *menu*: what asks for a key first, if anything does. *heard_at_end* is said after the last stop; *waits*: seconds of
    ringing until then; *takes_message*: the caller may leave one at the end. *next_change* is None if the state never
    changes.
    """

    unit: Unit
    decision: Decision
    menu: tuple[Message, ...]
    stops: tuple[Stop, ...]
    heard_at_end: tuple[Message, ...]
    waits: int
    takes_message: bool
    next_change: datetime | None


def explain(schedule: Schedule, unit: Unit, at: datetime, control: Control = NO_CONTROL) -> Explanation:
    """Say what happens to a call to *unit* that arrives at *at* (aware).

    *next_change* is that of its hours, whatever is decided by hand.

    Raises:
        ValueError: *at* is naive.
    """
    decision = decide(schedule, unit, at, control)
    *steps, end = route_from(schedule, decision, at)
    rings = [step for step in steps if isinstance(step, Ring)]
    return Explanation(
        unit=unit,
        decision=decision,
        menu=tuple(message for step in steps if isinstance(step, AskMenu) for message in step.announce),
        stops=tuple(_stops(schedule, decision.destination, rings, at)),
        heard_at_end=end.announce,
        waits=sum(ring.attempt.seconds for ring in rings),
        takes_message=isinstance(end, TakeMessage),
        next_change=unit.hours.next_change(at),
    )


def on_call(rota: Rota, at: datetime) -> OnCall:
    """Say who is on call at *at* (aware), until when, and who follows."""
    until = _next_hand_off(rota, at)
    return OnCall(rota.name, rota.on_call(at), until, rota.on_call(until) if until else None)


def _next_hand_off(rota: Rota, at: datetime) -> datetime | None:
    """Return the first instant after *at* at which somebody else, or nobody, is on call."""
    person = rota.on_call(at)
    known, end = at, at + LOOKS_AHEAD
    for shift in rota.shifts(at, end):
        if shift.span.start > known:  # nobody is on call in between
            return known if person else shift.span.start
        if shift.person != person:
            return shift.span.start
        known = shift.span.end or end
    return known if person and known < end else None


def _stops(schedule: Schedule, start: str, rings: list[Ring], at: datetime) -> Iterator[Stop]:
    """Yield the destinations that the call comes to, also those that have nobody to ring."""
    name: str | None = start
    for hop in range(HOP_CAP):
        if name is None or name not in schedule.destinations:
            return
        destination = schedule.destinations[name]
        yield _stop(destination, [ring for ring in rings if ring.attempt.position.hop == hop], at)
        name = None if destination.voicemail else destination.then


def stop_at(destination: Destination, at: datetime) -> Stop:
    """Say who stands in line at *destination* at *at* (aware), whoever calls."""
    line = []
    for target in destination.lineup(at).ring:
        duty = on_call(target, at) if isinstance(target, Rota) else None
        line.append(Place(phone_of(target, at), duty))
    return Stop(destination, (), tuple(line), _contract(destination, at))


def _stop(destination: Destination, rings: list[Ring], at: datetime) -> Stop:
    first_round = [ring.attempt for ring in rings if ring.attempt.position.round == rings[0].attempt.position.round]
    phones = iter([phone for attempt in first_round for phone in attempt.phones])
    line = tuple(_place(target, phones, at) for target in destination.lineup(at).ring)
    heard = rings[0].announce if rings else ()
    return Stop(destination, heard, line, _contract(destination, at))


def _place(target: Target, phones: Iterator[RungPhone], at: datetime) -> Place:
    if not isinstance(target, Rota):
        return Place(next(phones), None)
    duty = on_call(target, at)
    return Place(next(phones) if duty.person else None, duty)


def _contract(destination: Destination, at: datetime) -> Contract | None:
    return next((contract for contract in destination.contracts if contract.span.covers(at)), None)
