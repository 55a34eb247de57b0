"""Messages, the end of a call, and the fail-safe."""

from datetime import UTC, datetime

from callrouter.calllog.entry import Entry
from callrouter.calls.service import Service, kept, record
from callrouter.domain import call as story
from callrouter.domain.call import RunningCall
from callrouter.domain.failsafe import FailSafe, fail_safe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Decision
from callrouter.domain.words import DecidedBy, EventKind, State
from callrouter.telephony.provider import CallEnded, Inbound, MessageLeft


def message_left(service: Service, left: MessageLeft, at: datetime) -> None:
    """The caller left a message, or it has arrived in the provider's store."""
    kind = EventKind.RECORDED if left.is_stored else EventKind.MESSAGE_LEFT
    told = story.message_left(left.call_id, left.recording_sid, left.seconds, at, kind=kind, began_at=left.began_at)
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
    unit = schedule.unit_by_number(inbound.called) if schedule else None
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
    call = RunningCall(
        inbound.call_id, inbound.called, kept(service.caller_key, unit, inbound.caller), decision, service.origin
    )
    record(service, call, list(call.told()), is_late=True)
