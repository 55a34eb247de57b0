"""Opening hours for everybody: a page to read, and the same for web sites, programs and calendars.

No session is looked at, and the answer is the same for all, so that proxies may keep it: for a minute, for somebody may
close by hand. Any site may fetch the feeds.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from callrouter.domain.control import Control
from callrouter.domain.days import WallRange
from callrouter.domain.reach import reach
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.standing import Standing, standing
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.domain.words import DecidedBy, Reach
from callrouter.schedule.feeds.by_hand import days_by_hand
from callrouter.schedule.feeds.export import Days, Deviation, deviations
from callrouter.schedule.feeds.export_json import hours_json
from callrouter.schedule.feeds.linked_data import linked_data
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.web.caching import public
from callrouter.web.rendering import render
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text
from callrouter.web.unit_now import UnitNow, day_name, unit_now

DAYS_AHEAD = 400
_WEEK = 7
_DAY = timedelta(days=1)
CHANGED = Text("tillfälligt ändrat", "changed for the moment")

Body = str | bytes


@dataclass(frozen=True, slots=True)
class DayHours:
    """A date as people read it: its hours, and its name where it differs from the usual week."""

    day: date
    name: Text
    ranges: tuple[WallRange, ...]


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """A unit as everybody may see it. *is_by_hand*: it is held open or closed now, whatever its hours say."""

    now: UnitNow
    reach: Reach
    week: tuple[DayHours, ...]
    ahead: tuple[DayHours, ...]

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody holds it open or closed. Who and why is nobody's business out there."""
        return self.now.override is not None and self.now.override.state is not None


class _Editions:
    """What was made of today's schedule, which takes some time: kept for the day and the version."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._kept: dict[tuple[str, ...], tuple[Any, Body]] = {}

    def made(self, kind: str, make: Callable[[Schedule, list[Unit], Days], Body], as_of: Any = None) -> Body:
        """What *make* makes of what was asked for, in the visitor's language: once for each *as_of*."""
        schedule, units, period = _asked(self._site)
        edition = (schedule.version, period.first.isoformat())
        key = (*edition, kind, visit().language, *(unit.name for unit in units))
        known = self._kept.get(key)
        if known is None or known[0] != as_of:
            for old in [each for each in list(self._kept) if each[:2] != edition]:
                self._kept.pop(old, None)
            known = self._kept[key] = as_of, make(schedule, units, period)
        return known[1]

    def hours(self) -> Body:
        """The hours as JSON."""
        control = self._site.control()
        return self.made("json", lambda *asked: _hours(control, *asked), control.overrides)

    def linked(self) -> Body:
        """The linked data."""
        control = self._site.control()
        return self.made("jsonld", lambda *asked: _linked(control, *asked), control.overrides)


def blueprint(site: Site) -> Blueprint:
    """The page and its three feeds; `?unit=` names one unit."""
    routes = Blueprint("opening_hours", __name__)
    editions = _Editions(site)

    @routes.get("/opening-hours")
    def page() -> AnyResponse:
        shown = (_states(site), site.control().overrides, visit().times.zone_said())
        body = editions.made("page", lambda *asked: _page(site, editions.linked(), *asked), shown)
        return public(make_response(body))

    @routes.get("/opening-hours.json")
    def json_() -> AnyResponse:
        hours = str(editions.hours())
        now = _json({"now": _states(site)})
        return public(Response(f"{hours[:-1]}, {now[1:]}", content_type="application/json"), is_feed=True)

    @routes.get("/opening-hours.jsonld")
    def linked() -> AnyResponse:
        return _feed(editions.linked(), "application/ld+json")

    @routes.get("/opening-hours.ics")
    def calendar() -> AnyResponse:
        control = site.control()
        body = editions.made("ics", lambda *asked: _calendar(site, control, *asked), control.overrides)
        return _feed(body, "text/calendar; charset=utf-8")

    return routes


def _page(site: Site, linked: Body, schedule: Schedule, units: list[Unit], _period: Days) -> Body:
    shown = [_public_unit(schedule, unit, site) for unit in units]
    return render("opening_hours.html", units=shown, linked_data=linked).get_data()


def _feed(body: Body, mimetype: str) -> AnyResponse:
    return public(Response(body, content_type=mimetype), is_feed=True)


def _hours(control: Control, schedule: Schedule, units: list[Unit], period: Days) -> Body:
    return _json(hours_json(schedule, units, period, control))


def _linked(control: Control, schedule: Schedule, units: list[Unit], period: Days) -> Body:
    def by_hand(unit: Unit, days: Days) -> Mapping[date, Deviation]:
        return days_by_hand(schedule, unit, days, control)

    return _in_a_script(linked_data(units, period, visit().language, by_hand))


def _asked(site: Site) -> tuple[Schedule, list[Unit], Days]:
    schedule = site.loaded().schedule
    if schedule is None:
        abort(503)
    name = request.args.get("unit")
    if name is not None and name not in schedule.units:
        abort(404)
    units = [schedule.units[name]] if name is not None else list(schedule.units.values())
    return schedule, units, _period(site, schedule)


def _period(site: Site, schedule: Schedule) -> Days:
    """From today on; not beyond the years whose red days are known: no day may look usual that is not."""
    today = wall_time(site.now(), schedule.zone).date()
    if today.year not in KNOWN_YEARS:
        abort(503)
    last = min(today + (DAYS_AHEAD - 1) * _DAY, date(KNOWN_YEARS[-1], 12, 31))
    return Days(today, last)


def _public_unit(schedule: Schedule, unit: Unit, site: Site) -> PublicUnit:
    at = visit().at
    today = wall_time(at, schedule.zone).date()
    rules = unit.hours.rules
    week = Days.of(today, _WEEK)
    far = Days(today + _WEEK * _DAY, _period(site, schedule).last)
    by_hand = days_by_hand(schedule, unit, Days(today, far.last), site.control())

    def as_it_is(day: date) -> DayHours:
        if day in by_hand:
            return DayHours(day, CHANGED, by_hand[day].ranges)
        return DayHours(day, day_name(rules, day, rules.plan(day)), rules.plan(day).ranges)

    other = {each.day for each in deviations(rules, far) if each.ranges != each.usual}
    other |= {day for day in by_hand if day >= far.first}
    days, ahead = tuple(map(as_it_is, week)), tuple(map(as_it_is, sorted(other)))
    now = unit_now(schedule, unit, at, site.control())
    return PublicUnit(now, reach(schedule, now.standing.decision, at), days, ahead)


def _states(site: Site) -> list[Mapping[str, Any]]:
    """Open or closed now, and what a caller meets: hours and decisions by hand together, as the telephone has it."""
    schedule, units, _ = _asked(site)
    at = visit().at
    standings = [standing(schedule, unit, at, site.control()) for unit in units]
    by_destination = {stands.decision.destination: stands.decision for stands in standings}  # many units share one
    met = {name: reach(schedule, decision, at) for name, decision in by_destination.items()}
    return [_state(schedule, stands, met[stands.decision.destination]) for stands in standings]


def _state(schedule: Schedule, stands: Standing, met: Reach) -> Mapping[str, Any]:
    decision = stands.decision
    return {
        "unit": decision.unit,
        "state": decision.state,
        "until": stands.until.astimezone(schedule.zone).isoformat() if stands.until else None,
        "by_hand": decision.decided_by is DecidedBy.OVERRIDE,
        "reach": met,
    }


def _calendar(site: Site, control: Control, schedule: Schedule, units: list[Unit], period: Days) -> bytes:
    from callrouter.schedule.feeds.calendar import hours_calendar

    return hours_calendar(schedule, units, period, _issued(site, schedule, period), visit().language, control)


def _issued(site: Site, schedule: Schedule, period: Days) -> datetime:
    """When this edition came to be: at midnight, or when its schedule was loaded."""
    morning = instant_of(midnight(period.first), schedule.zone)
    return max(morning, site.loaded().loaded_at or morning)


def _in_a_script(value: Mapping[str, Any]) -> str:
    """*value* so that it may stand in a <script> of a page: no text of the schedule can end that."""
    return _json(value).replace("<", "\\u003c")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
