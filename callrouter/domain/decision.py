"""Where a call is sent at arrival, and why: by a block, by an override, or by the unit's hours. Total and pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from callrouter.domain.control import NO_CONTROL, Block, Control, Override
from callrouter.domain.digest import digest
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import DecidedBy, State


@dataclass(frozen=True)
class Decision:
    """Where a call was sent at arrival, and why. It holds for the whole call.

    *destination* is empty for a blocked caller: the call goes nowhere. Every event names it, so it has no slots: its
    name is made once.
    """

    unit: str | None
    state: State
    decided_by: DecidedBy
    reason: str
    line: int | None
    destination: str
    schedule_version: str | None
    at: datetime
    local_time: str

    @cached_property
    def id(self) -> str:
        """The same for a retry that decides the same, another one for a retry that crosses a boundary."""
        return digest(self.unit, self.state, self.decided_by, self.reason, self.destination, self.schedule_version)


def decide(
    schedule: Schedule, unit: Unit, at: datetime, control: Control = NO_CONTROL, caller_key: str | None = None
) -> Decision:
    """Say where a call to *unit* at *at* goes, and which rule says so: a block beats an override, that the hours.

    Nobody is blocked at an alarm unit. Without *caller_key*, the keyed hash of their number, nobody is anywhere.
    """
    decision = _by_hours(schedule, unit, at)
    if override := control.override(unit.name, at):
        decision = _overridden(decision, override, schedule, unit)
    block = None if unit.is_alarm else control.block(unit.name, caller_key, at)
    return _blocked(decision, block, schedule) if block else decision


def _by_hours(schedule: Schedule, unit: Unit, at: datetime) -> Decision:
    ruling = unit.hours.ruling(at)
    destination = unit.open if ruling.state is State.OPEN else unit.closed
    return Decision(
        unit=unit.name,
        state=ruling.state,
        decided_by=ruling.decided_by,
        reason=ruling.reason,
        line=ruling.line,
        destination=destination,
        schedule_version=schedule.version,
        at=at,
        local_time=at.astimezone(schedule.zone).isoformat(),
    )


def _overridden(decision: Decision, override: Override, schedule: Schedule, unit: Unit) -> Decision:
    """What *override* makes of *decision*: nothing, if it cannot be followed. Sent elsewhere, the state stays."""
    destination = override.leads_to(schedule, unit)
    if destination is None:
        return decision
    return replace(
        decision,
        state=override.state or decision.state,
        decided_by=DecidedBy.OVERRIDE,
        reason=override.reason(schedule.zone),
        line=None,
        destination=destination,
    )


def _blocked(decision: Decision, block: Block, schedule: Schedule) -> Decision:
    reason = block.reason(schedule.zone)
    return replace(decision, decided_by=DecidedBy.BLOCK, reason=reason, line=None, destination="")


def decide_unclaimed(schedule: Schedule, at: datetime) -> Decision:
    """A call to a number no unit claims: the first unit's closed destination, logged with no unit."""
    return Decision(
        unit=None,
        state=State.CLOSED,
        decided_by=DecidedBy.FAIL_SAFE,
        reason="no unit has the called number",
        line=None,
        destination=schedule.first_unit.closed,
        schedule_version=schedule.version,
        at=at,
        local_time=at.astimezone(schedule.zone).isoformat(),
    )
