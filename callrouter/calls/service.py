"""What every use case needs, and what each of them does in the end: record, then let it happen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol, assert_never

from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calls.attempts_lately import AttemptsLately
from callrouter.calls.redials import Redials
from callrouter.domain.call import Caller, CallEvent, RunningCall
from callrouter.domain.control import Control
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import AskMenu, Goodbye, Instruction, Ring, TakeMessage
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import Origin


class NoScheduleError(RuntimeError):
    """No schedule has ever loaded: the fail-safe rings the last resort."""


class Records(Protocol):
    """The log, as the use cases need it: keeps events within its deadline, never raises."""

    def record(self, entry: Entry, *, is_late: bool = False) -> Recorded:
        """Make *entry* safe; *is_late*: the request has waited for the log once already."""

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:
        """What the log has of *attempt*; nothing where that is not to be had in time."""


CallerKey = Callable[[PhoneNumber], str | None]
"""Makes the keyed hash of a caller's number."""


def _no_key(_number: PhoneNumber) -> None: ...


@dataclass(frozen=True, slots=True)
class Service:
    """What every use case needs. *caller_key* makes the keyed hash that blocked callers are known by."""

    schedule: Callable[[], Schedule | None]
    records: Records
    last_resort: PhoneNumber | None
    origin: Origin = Origin.REAL
    control: Callable[[], Control] = Control
    caller_key: CallerKey = _no_key
    redials: Redials = field(default_factory=Redials)
    attempts: AttemptsLately = field(default_factory=AttemptsLately)

    def schedule_now(self) -> Schedule:
        """The schedule in force.

        Raises:
            NoScheduleError: there is none.
        """
        schedule = self.schedule()
        if schedule is None:
            raise NoScheduleError("no schedule has ever loaded")
        return schedule

    def key_of(self, caller: Caller) -> str | None:
        """The keyed hash of *caller*'s number; withheld callers have none."""
        return self.caller_key(caller.number) if caller.number else caller.key


@dataclass(frozen=True, slots=True)
class Reply:
    """What happens next in a call, and the call that its callbacks carry."""

    step: Instruction
    call: RunningCall


def go_on(service: Service, call: RunningCall, step: Instruction, told: list[CallEvent], at: datetime) -> Reply:
    """Record *told* and what *step* does, then let it happen."""
    match step:
        case AskMenu():
            call = replace(call, menu_asked=call.menu_asked + 1)
            record(service, call, [*told, *call.told()], tells_caller=step.keeps_caller)
        case Ring():
            step = call.rested(step)
            call = call.ringing(step)
            record(service, call, [*told, *call.told()])
        case TakeMessage():
            record(service, call, [*told, *call.told(), call.message_asked(at)])
            call = replace(call, attempt=None)
        case Goodbye():
            record(service, call, [*told, *call.told(), call.hung_up(at)])
        case _:
            assert_never(step)
    return Reply(step, call)


def kept(caller_key: CallerKey, unit: Unit | None, caller: Caller) -> Caller:
    """*caller* as *unit* may keep it: with the number, or with its keyed hash alone."""
    if unit is None or unit.keeps_numbers:
        return caller
    if caller.number is None:
        return replace(caller, forwarded_from=None)
    return Caller(key=caller_key(caller.number))


def record(
    service: Service, call: RunningCall, events: list[CallEvent], *, tells_caller: bool = True, is_late: bool = False
) -> None:
    """Make *events* safe, each once, and with them who called, unless that may not be kept yet."""
    once = {event.id: event for event in events}
    caller = call.caller if tells_caller else Caller()
    service.records.record(
        Entry(tuple(once.values()), caller.number, caller.key, caller.forwarded_from), is_late=is_late
    )
