"""The overview: what a page of a report shows at once, gathered in one short reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from callrouter.calllog.gone import whole_from
from callrouter.calllog.reports import (
    Asked,
    groups,
    looked_up,
    offered_of_units,
    repeat_callers,
    total,
)
from callrouter.domain.report import Figures, GroupBy, Pace, RepeatCallers, open_hours
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.tally import ALL_UNITS, By
from callrouter.domain.words import State


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a period, those of one to compare it with, and what tells them apart. *heat*: calls offered.

    *gone_before*: calls of earlier dates have been destroyed, and the *callers* are those of the others alone.
    """

    asked: Asked
    total: Figures
    compared: Asked | None
    before: Figures | None
    units: Mapping[str, Figures]
    heat: Mapping[str, int]
    callers: RepeatCallers | None
    paces: Mapping[str, Pace]
    gone_before: date | None = None


def overview(
    connection: Connection,
    asked: Asked,
    compared: Asked | None,
    schedule: Schedule | None,
    now: datetime,
    *,
    in_full: bool = True,
) -> Overview:
    """Gather it; hours that a unit is open are those of *schedule*, until *now*.

    Not *in_full*: without the callers, who are slow to count, and without the paces.
    """
    asked = looked_up(connection, asked)
    figures = total(connection, asked)
    return Overview(
        asked=asked,
        total=figures,
        compared=compared,
        before=total(connection, replace(compared, counted=asked.counted)) if compared else None,
        units=groups(connection, asked, GroupBy.UNIT),
        heat=offered_of_units(connection, asked, By.HOUR, [asked.unit]),
        callers=repeat_callers(connection, asked) if in_full and figures.offered else None,
        paces=_paces(connection, asked, schedule, _elapsed(asked, schedule, now)) if in_full else {},
        gone_before=whole_from(connection, asked.period, schedule.zone if schedule else UTC) if in_full else None,
    )


def _elapsed(asked: Asked, schedule: Schedule | None, now: datetime) -> Span | None:
    """What of the period has passed, since the first call that is counted."""
    if not (schedule and asked.counted):
        return None
    span, since = asked.period.span(schedule.zone), asked.counted.span(schedule.zone).start
    start, end = max(span.start, since), min(span.end or now, now)
    return Span(start, end) if start < end else None


def _paces(connection: Connection, asked: Asked, schedule: Schedule | None, span: Span | None) -> dict[str, Pace]:
    """Calls per hour, by state. Of all units those alone that close: an alarm unit would drown their hours."""
    if not (schedule and span and span.end):
        return {}
    units = _with_hours(schedule, asked.unit)
    by_state = offered_of_units(connection, asked, By.STATE, [unit.name for unit in units])
    is_open = open_hours(units, span.start, span.end)
    hours = {State.OPEN: is_open, State.CLOSED: len(units) * ((span.end - span.start) / timedelta(hours=1)) - is_open}
    return {state: Pace(by_state.get(state, 0), spent) for state, spent in hours.items() if spent > 0}


def _with_hours(schedule: Schedule, name: str) -> list[Unit]:
    units = [unit for unit in schedule.units.values() if name in (ALL_UNITS, unit.name)]
    return [unit for unit in units if name == unit.name or not (unit.is_alarm or unit.hours.rules.never_change)]
