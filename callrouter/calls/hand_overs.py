"""Hand-overs: the calls of the spans in which the schedule says that units were closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from callrouter.calllog import hand_over
from callrouter.calllog.hand_over import COUNTED, Counted, HandOver, unticked
from callrouter.domain.closing import Closing, closings, last_closing, last_opening
from callrouter.domain.schedule import Schedule, Unit, same_hours
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
class UnitCounted:
    """How many calls a *unit* had while it was closed; without *counted*: it never closes, or never opens."""

    unit: Unit
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class Opening:
    """*units* opened *at* an instant; None: they are closed still. *left*: calls that nobody has ticked off."""

    at: datetime | None
    units: Sequence[Unit]
    left: int


@dataclass(frozen=True, slots=True)
class Left:
    """So many *calls* nobody has ticked off, the newest of them at the opening *at*; None: now, or none are left."""

    calls: int
    at: datetime | None


def hand_overs(
    connection: Connection, units: Sequence[Unit], origin: Origin, at: datetime, now: datetime
) -> list[UnitHandOver]:
    """What each unit had to hand over at the instant *at*, as it looks *now* (aware)."""
    closed = _closed(units, at)
    last = {unit.name: closing for unit, closing in closed if closing}
    handed = hand_over.hand_overs(connection, last, origin, now)
    return [UnitHandOver(unit, handed.get(unit.name)) for unit, _ in closed]


def counted(
    connection: Connection, units: Sequence[Unit], origin: Origin, at: datetime, now: datetime
) -> list[UnitCounted]:
    """How many calls each unit had to hand over at the instant *at*, as it looks *now* (aware)."""
    closed = _closed(units, at)
    last = {unit.name: closing for unit, closing in closed if closing}
    found = hand_over.counted(connection, last, origin, now)
    return [UnitCounted(unit, found.get(unit.name)) for unit, _ in closed]


def _closed(units: Sequence[Unit], at: datetime) -> list[tuple[Unit, Closing | None]]:
    last: dict[str, Closing | None] = {}
    for some in same_hours(units):
        last |= dict.fromkeys((unit.name for unit in some), last_closing(some[0].hours, at))
    return [(unit, last[unit.name]) for unit in units]


def lately(connection: Connection, units: Sequence[Unit], origin: Origin, at: datetime) -> list[Opening]:
    """The openings of *units* until *at* (aware), the newest first; before them what is closed still."""
    return [
        Opening(opened_at, [unit for unit in units if unit.name in names], sum(_left(connection, closed, origin, at)))
        for opened_at, closed in _openings(units, at)
        for names in [{name for some in closed.values() for name in some}]
    ]


def left(connection: Connection, schedule: Schedule, origin: Origin, at: datetime) -> Left:
    """How many calls of the closings that end until *at* (aware), or last, nobody has ticked off; COUNTED or more."""
    found, newest = 0, None
    for opened_at, closed in _openings(schedule.units.values(), at):
        for some in _left(connection, closed, origin, at):
            newest = opened_at if some and not found else newest
            found += some
            if found >= COUNTED:
                return Left(found, newest)
    return Left(found, newest)


def earlier(units: Sequence[Unit], at: datetime) -> datetime | None:
    """The opening before the one that a hand-over at *at* (aware) shows."""
    newest = _last_opening(units, at + datetime.resolution)
    if newest is None or any(unit.hours.is_open(at) for unit in units):
        return _last_opening(units, newest) if newest else None
    return newest


def _openings(units: Iterable[Unit], at: datetime) -> list[tuple[datetime | None, _Closed]]:
    """When units opened lately, the newest first; None, and first of all: some are closed still."""
    found: dict[datetime | None, _Closed] = {}
    for some in same_hours(units):
        for closing in _recent(some[0], at):
            end = closing.span.end
            closed = found.setdefault(end if end and end <= at else None, {})
            closed.setdefault(closing, []).extend(unit.name for unit in some)
    return sorted(found.items(), key=lambda each: each[0] or at, reverse=True)


def _left(connection: Connection, closed: _Closed, origin: Origin, at: datetime) -> Iterator[int]:
    return (unticked(connection, names, closing, origin, at) for closing, names in closed.items())


def _recent(unit: Unit, at: datetime) -> Sequence[Closing]:
    if unit.hours.rules.never_change:
        return ()
    return closings(unit.hours, at - LATELY, at) or [*filter(None, [last_closing(unit.hours, at)])]


def _last_opening(units: Sequence[Unit], before: datetime) -> datetime | None:
    return max(filter(None, (last_opening(some[0].hours, before) for some in same_hours(units))), default=None)
