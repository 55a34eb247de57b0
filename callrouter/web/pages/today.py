"""Today: open or closed and why, who gets the next call, what goes on, and what somebody should look at."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.calllog.job_concerns import lasting
from callrouter.calllog.missed import who_waits
from callrouter.calllog.present import in_progress, last_call
from callrouter.calllog.review import to_follow_up
from callrouter.calls.hand_overs import Left, left
from callrouter.domain.words import Origin
from callrouter.web.concerns import concerns
from callrouter.web.notices import notice
from callrouter.web.rendering import part_of, render, render_part
from callrouter.web.site import Site, visit
from callrouter.web.unit_now import unit_now, ways


def blueprint(site: Site) -> Blueprint:
    """The home of administrators and reviewers."""
    routes = Blueprint("today", __name__)

    @routes.get("/today")
    def page() -> Response:
        calls, _ = part_of("part_calls.html", **_calls(site))
        units, _ = part_of("part_units.html", **_units(site))
        desk, _ = part_of("part_desk.html", **_desk(site))
        return render("today.html", calls=calls, units=units, desk=desk, notice=notice(), now=_now())

    @routes.get("/today/desk")
    def desk() -> Response:
        return render_part("part_desk.html", **_desk(site))

    @routes.get("/today/calls")
    def calls() -> Response:
        part = render_part("part_calls.html", **_calls(site))
        part.headers["HX-Trigger"] = json.dumps({"now": {"value": _now()}})
        return part

    @routes.get("/today/units")
    def units() -> Response:
        return render_part("part_units.html", **_units(site))

    return routes


def _now() -> str:
    """The date and the time, as the page shows them for as long as it stands open."""
    times = visit().times
    return f"{times.day(times.today)}, {times.clock(visit().at)}"


def _calls(site: Site) -> Mapping[str, Any]:
    with site.database.reading() as connection:
        return {"calls": in_progress(connection, visit().at), "titles": site.titles}


def _desk(site: Site) -> Mapping[str, Any]:
    """How much waits for somebody at the desk."""
    at, schedule = visit().at, site.loaded().schedule
    with site.database.reading() as connection:
        waits = who_waits(connection, site.origin, at)
        to_tick = left(connection, schedule, site.origin, at) if schedule else Left(0, None)
        follow_up, late = to_follow_up(connection, at)
    return {
        "waiting": len(waits.open),
        "is_whole": waits.is_whole,
        "to_tick": to_tick.calls,
        "left_at": to_tick.at and to_tick.at.isoformat(),
        "follow_up": follow_up,
        "late": late,
    }


def _units(site: Site) -> Mapping[str, Any]:
    at, loaded, control = visit().at, site.loaded(), site.control()
    schedule = loaded.schedule
    with site.database.reading() as connection:
        last = last_call(connection, site.origin, at)
        last_test = last_call(connection, Origin.TEST_CALL, at)
        found = lasting(connection, at)
    units = [unit_now(schedule, unit, at, control) for unit in schedule.units.values()] if schedule else []
    return {
        "units": units,
        "ways": ways(schedule, units, at, control) if schedule else {},
        "schedule_version": schedule.version[:8] if schedule else "",
        "overrides": [each for each in control.overrides if each.span.covers(at)],
        "concerns": concerns(loaded, site.conditions, found, at),
        "last": last,
        "last_test": last_test,
        "titles": site.titles,
    }
