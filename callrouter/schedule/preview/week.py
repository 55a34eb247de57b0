"""A week of a unit, stretch by stretch: when it takes its calls itself, when others do, and when nobody does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from callrouter.domain.control import NO_CONTROL, Control, Override
from callrouter.domain.days import DayPlan
from callrouter.domain.decision import Decision, decide
from callrouter.domain.routing import Ring, route_from
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.domain.words import DecidedBy, State

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What becomes of a call."""

    OPEN = "open"
    FORWARDED = "forwarded"
    """The unit is closed, and other phones ring."""
    CLOSED = "closed"
    """The unit is closed, and no phone rings."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time (with an end) in which calls go the same way; *override*: what was decided by hand, if that decides."""

    span: Span
    kind: Kind
    destination: str
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A local date, from midnight to midnight: 23 or 25 hours where the clocks change."""

    date: date
    span: Span
    plan: DayPlan
    stretches: tuple[Stretch, ...]

    @property
    def hours(self) -> float:
        """How long the day is."""
        return _length(self.span) / timedelta(hours=1)

    def place(self, stretch: Stretch) -> tuple[float, float]:
        """Where *stretch* begins in the day, and how much of the day it is: from 0 to 1."""
        whole = _length(self.span)
        return (stretch.span.start - self.span.start) / whole, _length(stretch.span) / whole


def week_of(schedule: Schedule, unit: Unit, day: date, control: Control = NO_CONTROL) -> tuple[WeekDay, ...]:
    """The week, Monday first, in which the local date *day* lies."""
    monday = day - day.weekday() * _DAY
    return tuple(_week_day(schedule, unit, monday + step * _DAY, control) for step in range(7))


def _week_day(schedule: Schedule, unit: Unit, day: date, control: Control) -> WeekDay:
    start, end = (instant_of(midnight(one), schedule.zone) for one in (day, day + _DAY))
    stretches = tuple(_stretches(schedule, unit, Span(start, end), control))
    return WeekDay(day, Span(start, end), unit.hours.rules.plan(day), stretches)


def _stretches(schedule: Schedule, unit: Unit, whole: Span, control: Control) -> Iterator[Stretch]:
    """Ask at each instant at which the answer may change; neighbours that say the same are one."""
    found: list[Stretch] = []
    edges = _edges(unit, whole, control)
    for start, end in pairwise(edges):
        new = _stretch(schedule, unit, Span(start, end), control)
        last = found[-1] if found else None
        if last and (last.kind, last.destination, last.override) == (new.kind, new.destination, new.override):
            found[-1] = Stretch(Span(last.span.start, end), last.kind, last.destination, last.override)
        else:
            found.append(new)
    yield from found


def _edges(unit: Unit, whole: Span, control: Control) -> list[datetime]:
    start, end = whole.start, whole.end or whole.start
    spans = [*unit.hours.open_windows(start, end), *(each.span for each in control.overrides if each.unit == unit.name)]
    inside = {edge for span in spans for edge in (span.start, span.end) if edge and start < edge < end}
    return [start, *sorted(inside), end]


def _stretch(schedule: Schedule, unit: Unit, span: Span, control: Control) -> Stretch:
    decision = decide(schedule, unit, span.start, control)
    kind = Kind.OPEN if decision.state is State.OPEN else _kind(schedule, decision, span.start)
    return Stretch(span, kind, decision.destination, _override(decision, unit, span, control))


def _kind(schedule: Schedule, decision: Decision, at: datetime) -> Kind:
    """Whether phones ring for a unit that is closed."""
    rings = any(isinstance(step, Ring) for step in route_from(schedule, decision, at))
    return Kind.FORWARDED if rings else Kind.CLOSED


def _override(decision: Decision, unit: Unit, span: Span, control: Control) -> Override | None:
    return control.override(unit.name, span.start) if decision.decided_by is DecidedBy.OVERRIDE else None


def _length(span: Span) -> timedelta:
    return (span.end or span.start) - span.start
