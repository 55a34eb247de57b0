"""Phones ring, are picked up, and are done."""

from datetime import datetime

from callrouter.calls.service import NoScheduleError, Reply, Service, go_on, record
from callrouter.domain.call import DialEnded, LegUpdate, RunningCall
from callrouter.domain.message import Message
from callrouter.domain.routing import Attempt, Goodbye, next_step, repeated_with_own_number
from callrouter.domain.schedule import Schedule
from callrouter.domain.whisper import ACCEPT_KEY, DEFAULT_LANGUAGE, proof_asked, proved, taken, whisper
from callrouter.domain.words import LegStatus, Origin, Outcome


def attempt_ended(service: Service, call: RunningCall, ended: DialEnded, at: datetime) -> Reply:
    """An attempt is over: ring the next one, or end the call.

    Raises:
        NoScheduleError: there is nothing to decide by.
        ValueError: the call has no attempt under way.
    """
    if call.attempt is None:
        raise ValueError(f"call {call.call_id} has no attempt that could end")
    outcome = _judged(service, call, call.attempt, ended, at)
    told = [*call.told(), call.dial_ended(ended, outcome, at)]
    taken_by = call.attempt.phones[0].number if outcome is Outcome.ANSWERED and len(call.attempt.phones) == 1 else None
    service.redials.attempt_ended(service.key_of(call.caller), taken_by, at)
    if ended.caller_gone:
        record(service, call, told)
        return Reply(Goodbye(), call)
    schedule = service.schedule()
    if schedule is None:
        record(service, call, told)
        raise NoScheduleError("no schedule to go on by")
    # Called off, but not by the caller: as far as we are told, somebody still waits. If not, nobody is rung.
    onward = Outcome.FAILED if outcome is Outcome.CANCELLED else outcome
    if repeated := repeated_with_own_number(call.attempt, onward, at):  # refused: nobody's phone rang, nor need it rest
        return go_on(service, call, repeated, told, at)
    step = next_step(schedule, call.decision, call.attempt.position, onward, at)
    return go_on(service, call.rung_out(outcome, at), step, told, at)


def _judged(service: Service, call: RunningCall, attempt: Attempt, ended: DialEnded, at: datetime) -> Outcome:
    """What the end of *attempt* means. Told again seconds later, it means what it meant the first time."""
    if not ended.is_unsure(screened=attempt.screened):
        return ended.judged(screened=attempt.screened)
    logged = service.records.attempt(call.day, call.call_id, attempt.id)
    known = service.attempts.added_to(logged, call)
    since_key = at - known.key_at if known.key_at else None
    outcome = known.outcome or ended.judged(screened=attempt.screened, since_key=since_key)
    # All of its seconds may have been the whisper's: in doubt, whoever waits is rung on.
    is_doubtful = outcome is Outcome.ANSWERED and known.outcome is None and since_key is None
    if is_doubtful and not ended.caller_gone:
        outcome = Outcome.DROPPED
    service.attempts.judged(call, outcome)
    return outcome


def whispered(service: Service, call: RunningCall) -> Message:
    """What whoever picked up a screened leg hears. Nothing is looked up that could be missing."""
    schedule = service.schedule()
    unit = schedule.units.get(call.decision.unit or "") if schedule else None
    title = unit.title if unit else (call.decision.unit or "callrouter")
    if call.origin is Origin.TEST_CALL:
        return proof_asked(title, _language(schedule))
    is_hidden = bool(call.caller.key or (unit and not unit.keeps_numbers))
    return whisper(title, None if is_hidden else call.caller, _language(schedule))


def key_pressed(service: Service, call: RunningCall, phone: int, key: str, at: datetime) -> Message | None:
    """Whoever picked up pressed *key*: the confirmation to say if it takes the call, None if it declines."""
    accepts = key == ACCEPT_KEY
    if accepts:
        service.attempts.taken(call, at)
    record(service, call, [*call.told(), call.key_pressed(_number(call, phone), at, accepts=accepts)])
    confirmation = proved if call.origin is Origin.TEST_CALL else taken
    return confirmation(_language(service.schedule())) if accepts else None


def leg_changed(service: Service, call: RunningCall, phone: int, update: LegUpdate, at: datetime) -> None:
    """One phone of the attempt rings, was picked up, or is done; a test call is over with it."""
    is_over = call.origin is Origin.TEST_CALL and update.status is LegStatus.ENDED
    end = [call.hung_up(at)] if is_over else []
    record(service, call, [*call.told(), call.leg(_number(call, phone), update, at), *end])


def _language(schedule: Schedule | None) -> str:
    """The language of whoever is rung, also where no schedule has ever loaded."""
    return schedule.language if schedule else DEFAULT_LANGUAGE


def _number(call: RunningCall, phone: int) -> str:
    if call.attempt is None or not 0 <= phone < len(call.attempt.phones):
        raise ValueError(f"call {call.call_id} rings no phone {phone}")
    return call.attempt.phones[phone].number.e164
