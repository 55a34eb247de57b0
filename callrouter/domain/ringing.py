"""Whom a destination rings: contract, rota and ring list as they are at the instant of the ring."""

from datetime import datetime
from typing import assert_never

from callrouter.domain.destination import Destination, Target
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.steps import Attempt, Position, RungPhone


def attempt_from(start: Position, destination: Destination, at: datetime) -> Attempt | None:
    """The first attempt at or after *start*, a place in *destination*, that has somebody to ring at *at*."""
    lineup, first = destination.lineup(at), start.slot
    for round_ in range(start.round, destination.rounds):
        for slot in range(first, slots_of(destination, at)):
            targets = lineup.ring if destination.together else lineup.ring[slot : slot + 1]
            phones = tuple(phone for target in targets if (phone := phone_of(target, at)))
            if phones:
                position = Position(destination.name, start.hop, round_, slot)
                return Attempt(
                    position,
                    lineup.company,
                    phones,
                    destination.seconds,
                    at,
                    screened=destination.accept_key,
                    shows_caller=destination.show_caller,
                )
        first = 0
    return None


def slots_of(destination: Destination, at: datetime) -> int:
    """How many places the ring list has at *at*: one, where all its phones ring at once."""
    ring = destination.lineup(at).ring
    return min(len(ring), 1) if destination.together else len(ring)


def rings_nobody(destination: Destination, at: datetime) -> bool:
    """Whether *destination*, where phones may ring, rings none at *at*: no contract is in force, or nobody on call."""
    return not any(phone_of(target, at) for target in destination.lineup(at).ring) and bool(destination.numbers)


def phone_of(target: Target, at: datetime) -> RungPhone | None:
    """The phone that *target* means at *at*; none for a rota with nobody on duty."""
    match target:
        case PhoneNumber():
            return RungPhone(target)
        case Person():
            return RungPhone(target.number, target.name)
        case Rota():
            person = target.on_call(at)
            return RungPhone(person.number, person.name) if person else None
        case _:
            assert_never(target)
