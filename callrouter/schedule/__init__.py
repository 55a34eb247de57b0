"""The schedule file: what the administrator edits, read with care.

The public API:

- `load(text)` returns a `Schedule`, or raises `ScheduleErrors` with all errors, each with its line.
- `read(text, at)` returns errors and warnings together, and never raises for what stands in the file.
- `schedule.unit(name)`, `schedule.unit_by_number(number)`: a unit.
- `unit.hours.is_open(at)`, `.ruling(at)` (state, kind of rule, rule, line), `.next_change(at)`,
  `.open_windows(start, end)`; `unit.hours.compiled(around)` makes the same answers faster.
- `schedule.rotas[name].on_call(at)`, `.shifts(start, end)`.
- `callrouter.domain.routing.route(schedule, unit, at)`: who rings, in which order.

Every instant is aware; a naive one is a ValueError.
"""

from datetime import datetime

from callrouter import clock
from callrouter.domain.schedule import Schedule
from callrouter.schedule.format.problems import Problem, ScheduleErrors
from callrouter.schedule.format.reading import Reading, read, version_of

__all__ = [
    "Problem",
    "Reading",
    "Schedule",
    "ScheduleErrors",
    "load",
    "read",
    "version_of",
]


def load(text: str | bytes, *, at: datetime | None = None) -> Schedule:
    """Return the schedule that *text* describes, as it is seen at *at* (aware; default: now).

    Raises:
        ScheduleErrors: it has errors; all of them.
    """
    return _required(read(text, at or clock.now()))


def _required(reading: Reading) -> Schedule:
    if reading.schedule is None:
        raise ScheduleErrors(reading.errors)
    return reading.schedule
