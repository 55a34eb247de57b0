"""The use cases of a call: where routing meets the log. No web, no provider, no clock: instants are given.

Every step is an event in the log before its answer goes out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol, assert_never

from callrouter.calllog.entry import Entry, Recorded
from callrouter.domain import call as story
from callrouter.domain.call import Caller, CallEvent, DialEnded, LegUpdate, RunningCall
from callrouter.domain.control import Control
from callrouter.domain.failsafe import FailSafe, fail_safe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import (
    AskMenu,
    Decision,
    Goodbye,
    Instruction,
    Ring,
    TakeMessage,
    ask_menu,
    decide,
    decide_unclaimed,
    first_step,
    next_step,
    repeated_with_own_number,
)
from callrouter.domain.schedule import Message, Schedule, Unit
from callrouter.domain.whisper import ACCEPT_KEY, DEFAULT_LANGUAGE, taken, whisper
from callrouter.domain.words import DecidedBy, EventKind, Origin, Outcome, State
from callrouter.telephony.provider import CallEnded, Inbound, MessageLeft

MENU_ROUNDS = 2
"""How often a caller who presses nothing hears the menu."""


class NoScheduleError(RuntimeError):
    """No schedule has ever loaded: the fail-safe rings the last resort."""


class Records(Protocol):
    """The log, as the use cases need it: keeps events within its deadline, never raises."""

    def record(self, entry: Entry) -> Recorded: ...

    def was_accepted(self, day: date, call_id: str, attempt: str) -> bool | None:
        """Whether the key that takes the call was pressed in *attempt*; None: not to be had in time."""


def _no_key(_number: PhoneNumber) -> None: ...


@dataclass(frozen=True, slots=True)
class Service:
    """What every use case needs. *caller_key* makes the keyed hash that blocked callers are known by."""

    schedule: Callable[[], Schedule | None]
    records: Records
    last_resort: PhoneNumber | None
    origin: Origin = Origin.REAL
    control: Callable[[], Control] = Control
    caller_key: Callable[[PhoneNumber], str | None] = _no_key


@dataclass(frozen=True, slots=True)
class Reply:
    """What happens next in a call, and the call that its callbacks carry."""

    step: Instruction
    call: RunningCall


def answer(service: Service, inbound: Inbound, at: datetime) -> Reply:
    """A new call: decide where it goes, and ring.

    Raises:
        NoScheduleError: there is nothing to decide by.
    """
    schedule = service.schedule()
    if schedule is None:
        raise NoScheduleError("no schedule has ever loaded")
    unit = schedule.unit_by_number(PhoneNumber.parse(inbound.called))
    decision = _decided(service, schedule, unit, inbound.caller, at) if unit else decide_unclaimed(schedule, at)
    step = first_step(schedule, decision, at)
    caller = inbound.caller if isinstance(step, AskMenu) else _kept(service, unit, inbound.caller)
    call = RunningCall(inbound.call_id, inbound.called, caller, decision, service.origin)
    return _go_on(service, call, step, [], at)


def attempt_ended(service: Service, call: RunningCall, ended: DialEnded, at: datetime) -> Reply:
    """An attempt is over: ring the next one, or end the call.

    Raises:
        NoScheduleError: there is nothing to decide by.
        ValueError: the call has no attempt under way.
    """
    if call.attempt is None:
        raise ValueError(f"call {call.call_id} has no attempt that could end")
    screened, accepted = call.attempt.screened, None
    if ended.is_unsure(screened=screened):
        accepted = service.records.was_accepted(call.day, call.call_id, call.attempt.id)
    outcome = ended.judged(screened=screened, accepted=accepted)
    told = [*call.told(), call.dial_ended(ended, outcome, at)]
    if ended.caller_gone:
        _record(service, call, told)
        return Reply(Goodbye(), call)
    schedule = service.schedule()
    if schedule is None:
        _record(service, call, told)
        raise NoScheduleError("no schedule to go on by")
    # Called off, but not by the caller: as far as we are told, somebody still waits. If not, nobody is rung.
    onward = Outcome.FAILED if outcome is Outcome.CANCELLED else outcome
    step = repeated_with_own_number(call.attempt, onward, at) or next_step(
        schedule, call.decision, call.attempt.position, onward, at
    )
    return _go_on(service, call.rung_out(outcome, at), step, told, at)


def menu_answered(service: Service, call: RunningCall, key: str, at: datetime) -> Reply:
    """The caller pressed *key* in the menu, or none: their call becomes that unit's; asked once more, `open` rings.

    Raises:
        NoScheduleError: there is nothing to decide by.
    """
    schedule = service.schedule()
    if schedule is None:
        raise NoScheduleError("no schedule to go on by")
    told = [*call.told(), call.menu_key(key, at)]
    unit = schedule.units.get(call.decision.unit or "")
    chosen = schedule.units.get(unit.menu.keys.get(key, "")) if unit and unit.menu else None
    if chosen and chosen is not unit:
        call = replace(call, decision=_decided(service, schedule, chosen, call.caller, at))
    elif chosen is None and unit and unit.menu and call.menu_asked < MENU_ROUNDS:
        return _go_on(service, call, ask_menu(schedule, unit.menu), told, at)
    call = replace(call, caller=_kept(service, chosen or unit, call.caller))
    return _go_on(service, call, first_step(schedule, call.decision, at, asks_menu=False), told, at)


def skipped(call: RunningCall) -> Reply:
    """The caller pressed a key during an announcement: what came after it comes now."""
    return Reply(Ring(call.attempt) if call.attempt else TakeMessage(()), call)


def whispered(service: Service, call: RunningCall) -> Message:
    """What whoever picked up a screened leg hears. Nothing is looked up that could be missing."""
    schedule = service.schedule()
    unit = schedule.units.get(call.decision.unit or "") if schedule else None
    title = unit.title if unit else (call.decision.unit or "callrouter")
    caller = None if call.caller.key else call.caller
    return whisper(title, caller, schedule.language if schedule else DEFAULT_LANGUAGE)


def key_pressed(service: Service, call: RunningCall, phone: int, key: str, at: datetime) -> Message | None:
    """Whoever picked up pressed *key*: the confirmation to say if it takes the call, None if it declines."""
    accepts = key == ACCEPT_KEY
    _record(service, call, [*call.told(), call.key_pressed(_number(call, phone), at, accepts=accepts)])
    schedule = service.schedule()
    return taken(schedule.language if schedule else DEFAULT_LANGUAGE) if accepts else None


def leg_changed(service: Service, call: RunningCall, phone: int, update: LegUpdate, at: datetime) -> None:
    """One phone of the attempt rings, was picked up, or is done."""
    _record(service, call, [*call.told(), call.leg(_number(call, phone), update, at)])


def message_left(service: Service, left: MessageLeft, at: datetime) -> None:
    """The caller left a message, or it has arrived in the provider's store."""
    kind = EventKind.RECORDED if left.is_stored else EventKind.MESSAGE_LEFT
    told = story.message_left(left.call_id, left.recording_sid, left.seconds, at, kind=kind)
    service.records.record(Entry((told,)))


def call_ended(service: Service, ended: CallEnded, at: datetime) -> None:
    """The call is over: the provider's last word, and all we hear of a caller who went during an announcement."""
    told = story.call_ended(ended.call_id, ended.called, ended.status, ended.seconds, service.origin, at)
    service.records.record(Entry((told,)))


def fail_safely(service: Service, called: str, at: datetime) -> FailSafe:
    """Whom to ring when anything is broken."""
    return fail_safe(service.schedule(), PhoneNumber.parse(called), service.last_resort, at)


def record_fail_safe(service: Service, inbound: Inbound, reason: str, at: datetime) -> None:
    """Log that the fail-safe answered, and why."""
    schedule = service.schedule()
    unit = schedule.unit_by_number(PhoneNumber.parse(inbound.called)) if schedule else None
    decision = Decision(
        unit=unit.name if unit else None,
        state=State.CLOSED,
        decided_by=DecidedBy.FAIL_SAFE,
        reason=reason,
        line=None,
        destination=unit.closed if unit else "last-resort",
        schedule_version=schedule.version if schedule else None,
        at=at,
        local_time=at.astimezone(schedule.zone if schedule else UTC).isoformat(),
    )
    call = RunningCall(inbound.call_id, inbound.called, _kept(service, unit, inbound.caller), decision, service.origin)
    _record(service, call, list(call.told()))


def _decided(service: Service, schedule: Schedule, unit: Unit, caller: Caller, at: datetime) -> Decision:
    key = service.caller_key(caller.number) if caller.number else None
    return decide(schedule, unit, at, service.control(), key)


def _go_on(service: Service, call: RunningCall, step: Instruction, told: list[CallEvent], at: datetime) -> Reply:
    """Record *told* and what *step* does, then let it happen."""
    match step:
        case AskMenu():
            call = replace(call, menu_asked=call.menu_asked + 1)
            _record(service, call, [*told, *call.told()], tells_caller=step.keeps_caller)
        case Ring():
            step = call.rested(step)
            call = call.ringing(step)
            _record(service, call, [*told, *call.told()])
        case TakeMessage():
            _record(service, call, [*told, *call.told(), call.message_asked(at)])
            call = replace(call, attempt=None)
        case Goodbye():
            _record(service, call, [*told, *call.told(), call.hung_up(at)])
        case _:
            assert_never(step)
    return Reply(step, call)


def _number(call: RunningCall, phone: int) -> str:
    if call.attempt is None or not 0 <= phone < len(call.attempt.phones):
        raise ValueError(f"call {call.call_id} rings no phone {phone}")
    return call.attempt.phones[phone].number.e164


def _kept(service: Service, unit: Unit | None, caller: Caller) -> Caller:
    """*caller* as *unit* may keep it: with the number, or with its keyed hash alone."""
    if unit is None or unit.keeps_numbers or caller.number is None:
        return caller
    return Caller(key=service.caller_key(caller.number))


def _record(service: Service, call: RunningCall, events: list[CallEvent], *, tells_caller: bool = True) -> None:
    once = {event.id: event for event in events}
    caller = call.caller if tells_caller else Caller()
    service.records.record(Entry(tuple(once.values()), caller.number, caller.key))
