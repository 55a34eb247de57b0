"""An explanation as JSON for a machine."""

from typing import Any

from callrouter.cli.schedule.explained import Asked, clock_notes
from callrouter.schedule.preview.explain import Explanation, explain
from callrouter.schedule.preview.explained_json import explained_json


def as_json(asked: Asked) -> dict[str, Any]:
    """Return the answer as one object; numbers are masked unless they are asked for."""
    found = asked.explanation
    change, line = found.next_change, found.decision.line

    def told(what: Explanation) -> dict[str, Any]:
        return explained_json(what, asked.schedule.zone, show_numbers=asked.show_numbers)

    return {
        "unit": asked.unit.name,
        "schedule_version": asked.schedule.version,
        **told(found),
        "line_text": asked.file.line(line) if line else None,
        "clock_notes": list(clock_notes(asked)),
        "next_change": told(explain(asked.schedule, asked.unit, change)) if change else None,
    }
