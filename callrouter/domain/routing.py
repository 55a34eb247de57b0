"""Where a call goes: decide() at arrival, next_step() after each attempt, route() for a preview. Total and pure.

What is fixed when: the decision holds for the whole call; contract, rota and ring list are resolved at each ring,
so a call that escalates over a hand-off rings the person now on duty.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from callrouter.domain.decision import Decision, decide, decide_unclaimed
from callrouter.domain.message import Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY, BLOCKED_CALLER, LEAVE_A_MESSAGE, TRYING_NEXT
from callrouter.domain.reopening import reopening
from callrouter.domain.ringing import attempt_from, slots_of
from callrouter.domain.schedule import Menu, Schedule, Unit
from callrouter.domain.span import require_aware
from callrouter.domain.steps import (
    BEFORE_ALL,
    HOP_CAP,
    AskMenu,
    Attempt,
    Goodbye,
    Instruction,
    Position,
    Ring,
    RungPhone,
    TakeMessage,
)
from callrouter.domain.words import DecidedBy, Outcome, State

__all__ = [
    "BEFORE_ALL",
    "HOP_CAP",
    "AskMenu",
    "Attempt",
    "Decision",
    "Goodbye",
    "Instruction",
    "Position",
    "Ring",
    "RungPhone",
    "TakeMessage",
    "again",
    "ask_menu",
    "decide",
    "decide_unclaimed",
    "first_step",
    "next_step",
    "repeated_with_own_number",
    "route",
]


def first_step(schedule: Schedule, decision: Decision, at: datetime, *, asks_menu: bool = True) -> Instruction:
    """What happens first, once it is decided where the call goes; after its menu: without *asks_menu*."""
    if decision.decided_by is DecidedBy.BLOCK:
        return Goodbye((BLOCKED_CALLER,))
    unit = schedule.units.get(decision.unit or "")
    if asks_menu and unit and unit.menu and decision.destination == unit.open and decision.state is State.OPEN:
        return ask_menu(schedule, unit.menu)
    message = unit.closed_message if unit and decision.state is State.CLOSED else None
    announce = (message,) if message else ()
    step = _enter(schedule, _home(schedule, decision), Position(decision.destination), announce, at)
    if unit and _closes_by_the_file(decision) and isinstance(step, TakeMessage | Goodbye):
        return _with_reopening(schedule, unit, step, at)
    return step


def again(schedule: Schedule, decision: Decision, taken_by: PhoneNumber | None, at: datetime) -> Instruction:
    """What happens first for a caller who called just now: no menu, no message; who took the last call rings first.

    Only where that phone is still on the call's path; then the path is gone from its start.
    """
    first = first_step(schedule, decision, at, asks_menu=False)
    step = first
    while isinstance(step, Ring):
        attempt = step.attempt
        phones = tuple(phone for phone in attempt.phones if phone.number == taken_by)
        if phones:
            before_all = replace(attempt.position, hop=BEFORE_ALL)
            return Ring(replace(attempt, position=before_all, phones=phones, rang_at=at))
        step = next_step(schedule, decision, attempt.position, Outcome.NO_ANSWER, at)
    return replace(first, announce=()) if isinstance(first, Ring) else first


def ask_menu(schedule: Schedule, menu: Menu) -> AskMenu:
    """Ask which unit the caller wants."""
    units = (schedule.units.get(name) for name in menu.keys.values())
    return AskMenu((menu.message,), keeps_caller=all(unit.keeps_numbers for unit in units if unit))


def next_step(
    schedule: Schedule, decision: Decision, position: Position, outcome: Outcome, at: datetime
) -> Instruction:
    """What happens after the attempt at *position* ended with *outcome*, by *schedule* as it is now."""
    match outcome:
        case Outcome.ANSWERED | Outcome.CANCELLED:
            return Goodbye()
        case (
            Outcome.NO_ANSWER
            | Outcome.BUSY
            | Outcome.FAILED
            | Outcome.DECLINED
            | Outcome.SCREENED_OUT
            | Outcome.DROPPED
        ):
            if position.hop == BEFORE_ALL:
                return _begin(schedule, decision, at)
            return _onward(schedule, _home(schedule, decision), position, at)
        case _:
            assert_never(outcome)


def repeated_with_own_number(attempt: Attempt, outcome: Outcome, at: datetime) -> Ring | None:
    """The same attempt, once more, where a carrier may have refused the caller's number as caller ID."""
    if outcome is not Outcome.FAILED or not attempt.shows_caller:
        return None
    return Ring(replace(attempt, shows_caller=False, rang_at=at))


def route(schedule: Schedule, unit: Unit, at: datetime) -> Iterator[Instruction]:
    """Every step of a call to *unit* at *at* (aware) that nobody answers, up to the message or the goodbye.

    Raises:
        ValueError: *at* is naive.
    """
    return route_from(schedule, decide(schedule, unit, require_aware(at)), at)


def route_from(schedule: Schedule, decision: Decision, at: datetime) -> Iterator[Instruction]:
    step = first_step(schedule, decision, at)
    if isinstance(step, AskMenu):
        yield step
        step = first_step(schedule, decision, at, asks_menu=False)
    while isinstance(step, Ring):
        yield step
        step = next_step(schedule, decision, step.attempt.position, Outcome.NO_ANSWER, at)
    yield step


def _closes_by_the_file(decision: Decision) -> bool:
    """Whether the next opening can be told: what was closed by hand can be opened by hand, too."""
    return decision.state is State.CLOSED and decision.decided_by is not DecidedBy.OVERRIDE


def _with_reopening(schedule: Schedule, unit: Unit, step: TakeMessage | Goodbye, at: datetime) -> TakeMessage | Goodbye:
    """A caller whom nobody is rung for is told when somebody will be."""
    spoken = [part.language for message in step.announce for part in message.parts if isinstance(part, Spoken)]
    message = reopening(unit, tuple(spoken) or (schedule.language,), at, schedule.zone)
    return replace(step, announce=(*step.announce, message)) if message else step


def _home(schedule: Schedule, decision: Decision) -> Unit:
    """The unit whose closed destination catches a call that a reload left without its place."""
    return schedule.units.get(decision.unit or "", schedule.first_unit)


def _begin(schedule: Schedule, decision: Decision, at: datetime) -> Instruction:
    """The route from its start, for a caller who was spared its messages already."""
    step = _enter(schedule, _home(schedule, decision), Position(decision.destination), (), at)
    return replace(step, announce=(TRYING_NEXT,)) if isinstance(step, Ring) else step


def _onward(schedule: Schedule, home: Unit, position: Position, at: datetime) -> Instruction:
    """The rest of the destination, then the next one; the unit's closed one, if a reload took the place away."""
    destination, onward = schedule.destinations.get(position.destination), home.closed
    if destination and position.slot < slots_of(destination, at):
        if attempt := attempt_from(replace(position, slot=position.slot + 1), destination, at):
            return Ring(attempt)
        if destination.voicemail:
            return TakeMessage((LEAVE_A_MESSAGE,))
        if destination.then is None:
            return Goodbye((APOLOGY,))
        onward = destination.then
    step = _enter(schedule, home, Position(onward, position.hop + 1), (), at)
    return replace(step, announce=(TRYING_NEXT, *step.announce)) if isinstance(step, Ring) else step


def _enter(
    schedule: Schedule, home: Unit, position: Position, announce: tuple[Message, ...], at: datetime
) -> Instruction:
    """Come to a destination from its start; go on to the next one while there is nobody to ring."""
    name: str | None = position.destination
    for hop in range(position.hop, HOP_CAP):
        if name is None:
            break
        destination = schedule.destinations.get(name)
        if destination is None:
            name = home.closed
            continue
        if destination.message:
            announce = (*announce, destination.message)
        if attempt := attempt_from(Position(name, hop), destination, at):
            return Ring(attempt, announce)
        if destination.voicemail:
            return TakeMessage(announce or (LEAVE_A_MESSAGE,))
        name = destination.then
    return Goodbye(announce or (APOLOGY,))
