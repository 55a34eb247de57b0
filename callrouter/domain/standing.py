"""How a unit stands at an instant, hours and overrides taken together, and until when."""

from dataclasses import dataclass
from datetime import datetime

from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.decision import Decision, decide
from callrouter.domain.schedule import Schedule, Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """What is decided about a call that arrives now, and when open becomes closed or the other way round.

    *until* is None where that never happens.
    """

    decision: Decision
    until: datetime | None


def standing(schedule: Schedule, unit: Unit, at: datetime, control: Control = NO_CONTROL) -> Standing:
    """Say how *unit* stands at *at* (aware)."""
    decision = decide(schedule, unit, at, control)
    if not any(each.unit == unit.name for each in control.overrides):
        return Standing(decision, unit.hours.next_change(at))
    change = _next_edge(schedule, unit, at, control)
    while change and decide(schedule, unit, change, control).state is decision.state:
        change = _next_edge(schedule, unit, change, control)
    return Standing(decision, change)


def _next_edge(schedule: Schedule, unit: Unit, at: datetime, control: Control) -> datetime | None:
    """The first instant after *at* at which the state may change.

    While the unit is held in a state its hours do not matter: years of them are not walked through.
    """
    spans = (each.span for each in control.overrides if each.unit == unit.name)
    edges = [edge for span in spans for edge in (span.start, span.end) if edge and edge > at]
    held = control.override(unit.name, at)
    is_held = held is not None and held.state is not None and held.leads_to(schedule, unit) is not None
    change = None if is_held else unit.hours.next_change(at)
    return min((*edges, change) if change else edges, default=None)
