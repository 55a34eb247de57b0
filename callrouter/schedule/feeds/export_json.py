"""Opening hours and shifts as plain JSON objects; times are local with their offset (ISO 8601)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.oncall import Rota, Shift
from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule.feeds.by_hand import days_by_hand, windows_by_hand
from callrouter.schedule.feeds.export import Days, Deviation, OpenWindow, deviations, shifts, windows_of

Json = dict[str, Any]


def hours_json(schedule: Schedule, units: Iterable[Unit], period: Days, control: Control = NO_CONTROL) -> Json:
    """Return when *units* are open in *period*, and the dates that deviate from their usual week, with the reasons.

    What is decided by hand in *control* counts as other hours.
    """
    chosen = list(units)
    windows, told = windows_of(chosen, period), []
    for unit in chosen:
        really = windows_by_hand(schedule, unit, windows[unit.name], period, control)
        found = {each.day: each for each in deviations(unit.hours.rules, period)}
        found |= days_by_hand(schedule, unit, period, control)
        told.append(_unit(unit, really, [found[day] for day in sorted(found)]))
    return _period(schedule, period) | {"units": told}


def shifts_json(schedule: Schedule, rota: Rota, period: Days) -> Json:
    """Return who of *rota* is on call when in *period*: names, no numbers."""
    found = [_shift(shift, rota.zone) for shift in shifts(rota, period)]
    return _period(schedule, period) | {"rota": rota.name, "shifts": found}


def _period(schedule: Schedule, period: Days) -> Json:
    return {
        "schedule_version": schedule.version,
        "timezone": str(schedule.zone),
        "from": period.first.isoformat(),
        "through": period.last.isoformat(),
    }


def _unit(unit: Unit, windows: Iterable[OpenWindow], deviating: Iterable[Deviation]) -> Json:
    zone = unit.hours.zone
    return {
        "unit": unit.name,
        "name": unit.title,
        "numbers": [number.e164 for number in unit.numbers],
        "windows": [_span(one.start, one.end, zone) | {"reasons": list(one.reasons)} for one in windows],
        "deviations": [_deviation(each) for each in deviating],
    }


def _deviation(deviation: Deviation) -> Json:
    return {
        "date": deviation.day.isoformat(),
        "hours": [str(wall) for wall in deviation.ranges],
        "usual": [str(wall) for wall in deviation.usual],
        "decided_by": deviation.decided_by,
        "reason": deviation.reason,
    }


def _shift(shift: Shift, zone: tzinfo) -> Json:
    return _span(shift.span.start, shift.span.end, zone) | {"person": shift.person.name}


def _span(start: datetime, end: datetime | None, zone: tzinfo) -> Json:
    return {
        "start": start.astimezone(zone).isoformat(),
        "end": end.astimezone(zone).isoformat() if end else None,
    }
