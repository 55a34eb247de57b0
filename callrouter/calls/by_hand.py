"""Overrides made by people: the same for a command and for a page, each with an entry in the audit log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.control import add_override, overrides
from callrouter.calllog.database import Database
from callrouter.domain.control import Control, Override
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import State

OPENED_FOR = timedelta(hours=2)
"""So long a closed unit is held open where nobody says until when: on a Saturday nobody means until Monday."""

_QUARTER = 15
"""Minutes."""


class Reason(StrEnum):
    """Why no override is made."""

    NEVER_CHANGES = "never-changes"
    UNKNOWN_DESTINATION = "unknown-destination"
    ALARM_UNIT = "alarm-unit"


class NotMadeError(ValueError):
    """An override that no service would follow, or that would never end."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wish:
    """An override as somebody wants it: a state, or a destination; without *until* it has its usual end."""

    unit: Unit
    who: str
    why: str
    until: datetime | None = None
    state: State | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An override that was made, and the one that decided until now, if there was one."""

    override: Override
    before: Override | None


def make(database: Database, schedule: Schedule, wish: Wish, at: datetime) -> Made:
    """Make the override, from *at* (aware) on.

    Raises:
        NotMadeError: no service would follow it, or it would never end.
        SQLAlchemyError: the database cannot be written.
    """
    span = Span(at, wish.until or _usual_end(wish, at))
    wanted = Override(0, wish.unit.name, span, wish.state, wish.destination, wish.why, wish.who)
    _require_followed(wanted, schedule, wish.unit)
    with database.writing() as connection:
        before = Control(tuple(overrides(connection, at))).override(wish.unit.name, at)
        number = add_override(connection, wanted)
        append(connection, Deed(wish.who, "override", f"override {number}", _facts(wanted), at))
    return Made(Override(number, wanted.unit, span, wish.state, wish.destination, wish.why, wish.who), before)


def usual_end(unit: Unit, state: State | None, at: datetime) -> datetime | None:
    """When what is decided at *at* (aware) ends unless somebody says otherwise; None: the unit never opens or closes.

    That is when it would open or close by its hours. Closed, and held open, it is OPENED_FOR at most, up to a quarter.
    """
    change = unit.hours.next_change(at)
    if change is None or state is not State.OPEN or unit.hours.is_open(at):
        return change
    later = (at + OPENED_FOR).replace(second=0, microsecond=0)
    return min(change, later + timedelta(minutes=-later.minute % _QUARTER))


def _usual_end(wish: Wish, at: datetime) -> datetime:
    end = usual_end(wish.unit, wish.state, at)
    if end is None:
        raise NotMadeError(Reason.NEVER_CHANGES)
    return end


def _require_followed(wanted: Override, schedule: Schedule, unit: Unit) -> None:
    if wanted.leads_to(schedule, unit):
        return
    is_known = wanted.destination is None or wanted.destination in schedule.destinations
    raise NotMadeError(Reason.ALARM_UNIT if is_known else Reason.UNKNOWN_DESTINATION)


def _facts(wanted: Override) -> dict[str, str | None]:
    """What it does. Not why: a reason is free text, and may tell of a person."""
    end = wanted.span.end.isoformat() if wanted.span.end else None
    return {"unit": wanted.unit, "effect": wanted.effect, "end": end}
