"""What happens to a call at an instant, and why: the decision, who rings in which order, and the end.

Everything is asked of callrouter.domain.routing, as the service itself does: never a second answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from callrouter.domain.oncall import Person, Rota
from callrouter.domain.routing import HOP_CAP, Decision, Ring, RungPhone, decide, route
from callrouter.domain.schedule import Contract, Destination, Message, Schedule, Target, Unit

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

    *heard_at_end* is said after the last stop; *waits*: seconds of ringing until then. *next_change* is None if the
    state never changes.
    """

    unit: Unit
    decision: Decision
    stops: tuple[Stop, ...]
    heard_at_end: tuple[Message, ...]
    waits: int
    next_change: datetime | None

    @property
    def takes_message(self) -> bool:
        """Whether the caller may leave a message at the end."""
        return any(stop.destination.voicemail for stop in self.stops)


def explain(schedule: Schedule, unit: Unit, at: datetime) -> Explanation:
    """Say what happens to a call to *unit* that arrives at *at* (aware).

    Raises:
        ValueError: *at* is naive.
    """
    decision = decide(schedule, unit, at)
    *steps, end = route(schedule, unit, at)
    rings = [step for step in steps if isinstance(step, Ring)]
    by_hop: dict[int, list[Ring]] = {}
    for ring in rings:
        by_hop.setdefault(ring.attempt.position.hop, []).append(ring)
    chain = islice(_chain(schedule, decision.destination), HOP_CAP)
    stops = tuple(_stop(destination, by_hop.get(hop, []), at) for hop, destination in enumerate(chain))
    waits = sum(ring.attempt.seconds for ring in rings)
    return Explanation(unit, decision, stops, end.announce, waits, unit.hours.next_change(at))


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


def _chain(schedule: Schedule, name: str | None) -> Iterator[Destination]:
    """Yield the destinations that follow each other by `then`, also those with nobody to ring."""
    while name is not None and name in schedule.destinations:
        destination = schedule.destinations[name]
        yield destination
        name = destination.then


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
