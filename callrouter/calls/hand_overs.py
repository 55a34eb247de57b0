"""Hand-overs: the calls of the spans in which the schedule says that units were closed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from callrouter.calllog.hand_over import HandOver, hand_over, unticked
from callrouter.domain.closing import Closing, closings, last_closing, last_opening
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import Origin

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
) -> Iterator[UnitHandOver]:
    """What each unit had to hand over at the instant *at*, as it looks *now* (aware)."""
    for unit in units:
        closing = last_closing(unit.hours, at)
        yield UnitHandOver(unit, hand_over(connection, unit.name, closing, origin, now) if closing else None)


def lately(connection: Connection, schedule: Schedule, origin: Origin, at: datetime) -> Sequence[Opening]:
    """The openings until *at* (aware), the newest first; before them, if there is such, what is closed still."""
    found: dict[datetime | None, list[tuple[Unit, int]]] = {}
    for unit in schedule.units.values():
        recent = _recent(unit, at)
        left = unticked(connection, unit.name, recent, origin)
        for closing in recent:
            end = closing.span.end
            key = end if end and end <= at else None
            found.setdefault(key, []).append((unit, left.get(closing.span.start, 0)))
    openings = [Opening(end, [unit for unit, _ in of], sum(left for _, left in of)) for end, of in found.items()]
    return sorted(openings, key=lambda each: each.at or at, reverse=True)


def earlier(units: Sequence[Unit], at: datetime) -> datetime | None:
    """The opening before the one that a hand-over at *at* (aware) shows."""
    newest = _last_opening(units, at + datetime.resolution)
    if newest is None or any(unit.hours.is_open(at) for unit in units):
        return _last_opening(units, newest) if newest else None
    return newest


def _recent(unit: Unit, at: datetime) -> Sequence[Closing]:
    if unit.hours.rules.never_change:
        return ()
    last = last_closing(unit.hours, at)
    return closings(unit.hours, at - LATELY, at) or ([last] if last else ())


def _last_opening(units: Sequence[Unit], before: datetime) -> datetime | None:
    return max(filter(None, (last_opening(unit.hours, before) for unit in units)), default=None)
