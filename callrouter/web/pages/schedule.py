"""The schedule to look at: a year and a week of each unit, who is on call, and what happens at a time."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.until import YEARS, NotATimeError
from callrouter.domain.wallclock import wall_time
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.preview.week import Kind, week_of
from callrouter.schedule.preview.year import year_of
from callrouter.web.notices import notice
from callrouter.web.rendering import render
from callrouter.web.schedule_views import SIGNS, Answer, answer, duties, notable, year_days
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text
from callrouter.web.unit_now import day_name

KINDS: Mapping[Kind, Text] = {
    Kind.OPEN: Text("öppet", "open"),
    Kind.FORWARDED: Text("vidarekopplat", "forwarded"),
    Kind.CLOSED: Text("stängt, ingen telefon ringer", "closed, no phone rings"),
}


def blueprint(site: Site) -> Blueprint:
    """One page; `?unit=`, `?year=`, and `?at=` for the question."""
    routes = Blueprint("schedule", __name__)

    @routes.get("/schedule")
    def page() -> Response:
        schedule = site.loaded().schedule
        if schedule is None:
            return render("schedule_away.html")
        unit = _unit(schedule)
        return render("schedule.html", **_of(site, schedule, unit), **_asked(site, schedule, unit))

    return routes


def _unit(schedule: Schedule) -> Unit:
    name = request.args.get("unit")
    if name is None:
        return schedule.first_unit
    return schedule.units.get(name) or abort(404)


def _year(this: int) -> int:
    text = request.args.get("year", str(this))
    if not (text.isascii() and text.isdigit()) or int(text[:5]) not in YEARS:
        abort(404)
    return int(text)


def _of(site: Site, schedule: Schedule, unit: Unit) -> Mapping[str, Any]:
    at, control = visit().at, site.control()
    today = wall_time(at, schedule.zone).date()
    year = year_of(unit, _year(today.year))
    months = year_days(year)
    rules = unit.hours.rules
    return {
        "schedule": schedule,
        "unit": unit,
        "today": today,
        "week": [(day, day_name(rules, day.date, day.plan)) for day in week_of(schedule, unit, today, control)],
        "kinds": KINDS,
        "year": year,
        "months": months,
        "notable": notable(months),
        "notable_days": sum(each.is_notable for month in months for each in month),
        "signs": SIGNS,
        "letters": {sign: letter.said(visit().language) for sign, (letter, _) in SIGNS.items()},
        "years": [each for each in range(year.year - 1, year.year + 2) if each in YEARS],
        "unknown_holidays": bool(rules.holidays) and year.year not in KNOWN_YEARS,
        "duties": duties(schedule, at),
        "overrides": [each for each in control.overrides if each.span.covers(at)],
        "notice": notice(),
    }


def _asked(site: Site, schedule: Schedule, unit: Unit) -> Mapping[str, Any]:
    """The question, and its answer if one was asked."""
    typed = request.args.get("at", "")
    found: Answer | None = None
    is_wrong = False
    if typed:
        try:
            found = answer(schedule, unit, typed, site.control(), site.schedule_place.content())
        except NotATimeError:
            is_wrong = True
    wall = visit().times.wall(found.time.at if found else visit().at)
    return {"answer": found, "is_no_time": is_wrong, "typed_at": typed if is_wrong else wall}
