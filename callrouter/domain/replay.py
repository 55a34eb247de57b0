"""Where a schedule would have sent a call: what is decided of a unit, kept for as long as it stays so. Pure.

To replay the calls of months, a decision is made once for each span in which nothing changes: no opening or closing,
no new date, no hand-off, contract or override.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.decision import Decision, decide, decide_unclaimed
from callrouter.domain.destination import Destination
from callrouter.domain.oncall import Rota
from callrouter.domain.routing import Ring, first_step
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.domain.words import State

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided, and where the first phone rings: destination and company, each None where none does.

    Where ranges of two days overlap, the rule is the one that held when the span began.
    """

    decision: Decision
    rings_at: str | None
    company: str | None


@dataclass(slots=True)
class Replay:
    """*schedule* and *control* (overrides; blocks are of no account), asked about many calls, best in their order."""

    schedule: Schedule
    control: Control = NO_CONTROL
    _owners: dict[str, Unit | None] = field(default_factory=dict, repr=False)
    _compiled: dict[str, Unit] = field(default_factory=dict, repr=False)
    _known: dict[str | None, tuple[Span, Verdict]] = field(default_factory=dict, repr=False)

    def verdict(self, called: str, chosen: str | None, at: datetime) -> Verdict:
        """What becomes of a call to *called* at *at* (aware); *chosen*: the unit that the log says it was for.

        A caller who chose another unit from the menu chooses it again, if the menu is there and has it.
        """
        unit = self._owner(called)
        verdict = self._of(unit.name if unit else None, at)
        if unit and chosen != unit.name and chosen in self._choices(unit, verdict.decision):
            return self._of(chosen, at)
        return verdict

    def _owner(self, called: str) -> Unit | None:
        if called not in self._owners:
            self._owners[called] = self.schedule.unit_by_number(called)
        return self._owners[called]

    def _choices(self, unit: Unit, decision: Decision) -> frozenset[str]:
        """The units that a caller may choose, if the menu of *unit* is heard."""
        is_asked = decision.state is State.OPEN and decision.destination == unit.open
        return (
            frozenset(unit.menu.keys.values()) & self.schedule.units.keys() if unit.menu and is_asked else frozenset()
        )

    def _of(self, name: str | None, at: datetime) -> Verdict:
        known = self._known.get(name)
        if known is None or not known[0].covers(at):
            known = self._decided(self._unit(name, at) if name is not None else None, at)
            self._known[name] = known
        return known[1]

    def _unit(self, name: str, at: datetime) -> Unit:
        """The unit, its hours compiled around the first call there was."""
        if name not in self._compiled:
            unit = self.schedule.units[name]
            self._compiled[name] = replace(unit, hours=unit.hours.compiled(at))
        return self._compiled[name]

    def _decided(self, unit: Unit | None, at: datetime) -> tuple[Span, Verdict]:
        schedule = self.schedule
        decision = decide(schedule, unit, at, self.control) if unit else decide_unclaimed(schedule, at)
        step = first_step(schedule, decision, at, asks_menu=False)
        attempt = step.attempt if isinstance(step, Ring) else None
        rings_at, company = (attempt.position.destination, attempt.company) if attempt else (None, None)
        edges = (edge for edge in self._edges(unit, decision.destination, at) if edge > at)
        until = min(edges, default=at + _HOUR)  # where midnight itself is repeated there may be none
        return Span(at, until), Verdict(decision, rings_at, company)

    def _edges(self, unit: Unit | None, destination: str, at: datetime) -> Iterator[datetime]:
        """When something may change, the next midnight at the latest."""
        yield instant_of(midnight(wall_time(at, self.schedule.zone).date() + _DAY), self.schedule.zone)
        if unit:
            if change := unit.hours.next_change(at):
                yield change
            for override in self.control.overrides:
                if override.unit == unit.name:
                    yield from _ends(override.span)
        for place in self._path(destination, unit):
            yield from _changes_at(place, at)

    def _path(self, destination: str, unit: Unit | None) -> Iterator[Destination]:
        """The places where the first phone may be."""
        home = (unit or self.schedule.first_unit).closed
        passed: set[str] = set()
        for start in (destination, home):
            place = self.schedule.destinations.get(start)
            while place and place.name not in passed:
                passed.add(place.name)
                yield place
                place = self.schedule.destinations.get(place.then or "")


def _changes_at(place: Destination, at: datetime) -> Iterator[datetime]:
    """When another contract begins or ends, and when somebody else comes on duty."""
    for contract in place.contracts:
        yield from _ends(contract.span)
    for target in place.lineup(at).ring:
        if isinstance(target, Rota) and (change := target.next_change(at)):
            yield change


def _ends(span: Span) -> Iterator[datetime]:
    yield span.start
    if span.end:
        yield span.end
