"""The schedule in force: when units are open, and what is decided about a call at an instant."""

from datetime import date, datetime, timedelta

import msgspec

from callrouter.domain.call_filter import Sight
from callrouter.domain.schedule import Schedule as Rules
from callrouter.domain.schedule import Unit
from callrouter.domain.wallclock import wall_time
from callrouter.schedule.feeds.export import Days
from callrouter.schedule.feeds.export_json import hours_json
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.format.problems import nearest
from callrouter.schedule.preview.explain import explain
from callrouter.schedule.preview.explained_json import explained_json
from callrouter.web.api.asked import ScheduleAsked
from callrouter.web.api.shapes import Explained, Schedule, UnitHours
from callrouter.web.problems import ProblemError
from callrouter.web.site import Site

_WEEK = timedelta(days=6)
_MOST_DAYS = 366
_BETWEEN = f"a day of the years {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}, whose red days are known"


def schedule(site: Site, sight: Sight, asked: ScheduleAsked) -> Schedule:
    """Hours of the period, and what is decided *at* an instant, with what is decided by hand."""
    rules = rules_of(site)
    units = [unit_called(rules, asked.unit, sight)] if asked.unit else units_seen(rules, sight)
    period = _period(site, rules, asked)
    if asked.at and asked.at.year not in KNOWN_YEARS:
        raise ProblemError.of("at", asked.at.isoformat(), _BETWEEN)
    hours = hours_json(rules, units, period)["units"]
    loaded = site.loaded()
    return Schedule(
        schedule_version=rules.version,
        timezone=str(rules.zone),
        loaded_at=loaded.loaded_at,
        errors=len(loaded.errors),
        first=period.first,
        last=period.last,
        units=[_unit(site, rules, *each, asked.at) for each in zip(units, hours, strict=True)],
    )


def rules_of(site: Site) -> Rules:
    """The schedule in force.

    Raises:
        ProblemError: there is none.
    """
    rules = site.loaded().schedule
    if rules is None:
        raise ProblemError(503, "No schedule is in force: all calls go to the last resort.")
    return rules


def units_seen(rules: Rules, sight: Sight) -> list[Unit]:
    """The units that are in *sight*."""
    return [unit for unit in rules.units.values() if sight.unit in (None, unit.name)]


def unit_called(rules: Rules, name: str, sight: Sight) -> Unit:
    """The unit called *name*.

    Raises:
        ProblemError: there is none in *sight*.
    """
    known = {unit.name: unit for unit in units_seen(rules, sight)}
    if name not in known:
        listed = f"The units that this token may see are: {', '.join(known) or 'none'}."
        raise ProblemError(404, f"No unit is called '{name}'{nearest(name, known) or '.'} {listed}")
    return known[name]


def _unit(site: Site, rules: Rules, unit: Unit, hours: object, at: datetime | None) -> UnitHours:
    told = msgspec.convert(hours, UnitHours)
    return msgspec.structs.replace(told, explained=_explained(site, rules, unit, at)) if at else told


def _explained(site: Site, rules: Rules, unit: Unit, at: datetime) -> Explained:
    found = explain(rules, unit, at, site.control())
    said = explained_json(found, rules.zone, show_numbers=False)
    change = found.next_change and found.next_change.astimezone(rules.zone)
    return msgspec.convert(said | {"next_change": change}, Explained)


def _period(site: Site, rules: Rules, asked: ScheduleAsked) -> Days:
    first = asked.first or wall_time(site.now(), rules.zone).date()
    _require_known("from", first)
    last = asked.last or min(first + _WEEK, date(KNOWN_YEARS[-1], 12, 31))
    _require_known("to", last)
    if not 0 <= (last - first).days < _MOST_DAYS:
        raise ProblemError.of("to", last, f"a date from {first} on, {_MOST_DAYS} days in all at most")
    return Days(first, last)


def _require_known(parameter: str, day: date) -> None:
    if day.year not in KNOWN_YEARS:
        raise ProblemError.of(parameter, day, _BETWEEN)
