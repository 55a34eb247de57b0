"""Hand-overs: the calls of the spans in which the schedule says that units were closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from callrouter.calllog import hand_over
from callrouter.calllog.hand_over import COUNTED, HandOver, unticked
from callrouter.domain.closing import Closing, closings, last_closing, last_opening
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import Origin

_Closed = dict[Closing, list[str]]
"""The units, by name, that were closed during the same span."""

LATELY = timedelta(days=14)
"""So far back is told what nobody has ticked off."""


@dataclass(frozen=True, slots=True)
class UnitHandOver:
    """What happened at a *unit* while it was closed; without *hand_over*: it never closes, or never opens."""

    unit: Unit
    hand_over: HandOver | None


@dataclass(frozen=True, slots=True)
class Opening:
    """*units* opened *at* an instant; None: they are closed still. *left*: calls that nobody has ticked off."""

    at: datetime | None
    units: Sequence[Unit]
    left: int


def hand_overs(
    connection: Connection, units: Iterable[Unit], origin: Origin, at: datetime, now: datetime
) -> list[UnitHandOver]:
    """What each unit had to hand over at the instant *at*, as it looks *now* (aware)."""
    last = [(unit, last_closing(unit.hours, at)) for unit in units]
    handed = hand_over.hand_overs(connection, {unit.name: closing for unit, closing in last if closing}, origin, now)
    return [UnitHandOver(unit, handed.get(unit.name)) for unit, _ in last]


def lately(connection: Connection, schedule: Schedule, origin: Origin, at: datetime, unit: str = "") -> list[Opening]:
    """The openings until *at* (aware), of that unit or of all, the newest first; before them what is closed still."""
    return [
        Opening(opened_at, units, sum(_left(connection, closed, origin)))
        for opened_at, closed in _openings(schedule, at)
        if (units := [each for each in schedule.units.values() if any(each.name in names for names in closed.values())])
        if not unit or any(each.name == unit for each in units)
    ]


def left(connection: Connection, schedule: Schedule, origin: Origin, at: datetime) -> int:
    """How many calls of the closings that end until *at* (aware), or last, nobody has ticked off; COUNTED or more."""
    found = 0
    for _, closed in _openings(schedule, at):
        for some in _left(connection, closed, origin):
            found += some
            if found >= COUNTED:
                return found
    return found


def earlier(units: Sequence[Unit], at: datetime) -> datetime | None:
    """The opening before the one that a hand-over at *at* (aware) shows."""
    newest = _last_opening(units, at + datetime.resolution)
    if newest is None or any(unit.hours.is_open(at) for unit in units):
        return _last_opening(units, newest) if newest else None
    return newest


def _openings(schedule: Schedule, at: datetime) -> list[tuple[datetime | None, _Closed]]:
    """When units opened lately, the newest first; None, and first of all: some are closed still."""
    found: dict[datetime | None, _Closed] = {}
    for unit in schedule.units.values():
        for closing in _recent(unit, at):
            end = closing.span.end
            closed = found.setdefault(end if end and end <= at else None, {})
            closed.setdefault(closing, []).append(unit.name)
    return sorted(found.items(), key=lambda each: each[0] or at, reverse=True)


def _left(connection: Connection, closed: _Closed, origin: Origin) -> Iterator[int]:
    return (unticked(connection, names, closing, origin) for closing, names in closed.items())


def _recent(unit: Unit, at: datetime) -> Sequence[Closing]:
    if unit.hours.rules.never_change:
        return ()
    return closings(unit.hours, at - LATELY, at) or [*filter(None, [last_closing(unit.hours, at)])]


def _last_opening(units: Sequence[Unit], before: datetime) -> datetime | None:
    return max(filter(None, (last_opening(unit.hours, before) for unit in units)), default=None)
