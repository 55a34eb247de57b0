"""What a process would decide now: all that two of them must agree on, free of anything personal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from callrouter.domain.control import Control
from callrouter.domain.decision import decide
from callrouter.domain.schedule import Schedule


def witness(schedule: Schedule | None, control: Control, at: datetime) -> dict[str, Any]:
    """The version of *schedule*, what holds by hand, and the decision for each unit, *at* (aware), as JSON values."""
    units = schedule.units.values() if schedule else ()
    decided = ((unit.name, decide(schedule, unit, at, control)) for unit in units if schedule)
    return {
        "schedule": schedule.version if schedule else None,
        "by_hand": sorted(_by_hand(control, at)),
        "units": {name: f"{each.state} by {each.decided_by}, to {each.destination}" for name, each in decided},
    }


def _by_hand(control: Control, at: datetime) -> Iterator[str]:
    yield from (f"override {each.id}" for each in control.overrides if each.span.covers(at))
    yield from (f"block {each.id}" for each in control.blocks if each.span.covers(at))
