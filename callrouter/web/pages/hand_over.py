"""The hand-over: what happened while units were closed, to be ticked off, and to be printed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog.hand_over import COUNTED, LISTED, tick
from callrouter.calllog.projection import Key
from callrouter.calls.hand_overs import UnitCounted, UnitHandOver, counted, earlier, hand_overs, lately
from callrouter.domain.review import Act
from callrouter.domain.schedule import Unit
from callrouter.web.notices import notice
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit

_FURTHEST = timedelta(days=20 * 366)


def blueprint(site: Site) -> Blueprint:
    """The page, and what ticks its calls off."""
    routes = Blueprint("hand_over", __name__)

    @routes.get("/hand-over")
    def page() -> Response:
        return _page(site)

    @routes.post("/hand-over/tick")
    def tick_off() -> Response:
        chosen = request.form.getlist("all" if "every" in request.form else "call")
        with site.database.writing() as connection:
            count = tick(connection, _keys(chosen), Act(signed_in().name, visit().at))
        asked: dict[str, Any] = {name: request.form[name] for name in ("unit", "at") if request.form.get(name)}
        return redirect(url_for("hand_over.page", done="ticked" if count else "ticked-nothing", **asked), 303)

    return routes


def _page(site: Site) -> Response:
    now = visit().at
    at, unit = _asked_at(now), request.args.get("unit", "")
    units = _units(site, unit)
    with site.database.reading() as connection:
        sums = counted(connection, units, site.origin, at or now, now) if len(units) > 1 else []
        is_much = sum(one.counted.calls for one in sums if one.counted) > LISTED
        shown: Sequence[UnitCounted | UnitHandOver] = (
            sums if is_much else hand_overs(connection, units, site.origin, at or now, now)
        )
        openings = lately(connection, units, site.origin, now)
    return render(
        "hand_over.html",
        at=at,
        unit=unit if units else "",
        is_much=is_much,
        shown=shown,
        openings=openings,
        counted=COUNTED,
        earlier=earlier(units, at or now),
        discreet=site.discreet,
        titles=site.titles,
        notice=notice(),
    )


def _units(site: Site, name: str) -> Sequence[Unit]:
    schedule = site.loaded().schedule
    if schedule is None:
        return ()
    if not name:
        return list(schedule.units.values())
    return [schedule.units.get(name) or abort(404)]


def _asked_at(now: datetime) -> datetime | None:
    """The instant that the address names, if it is past; None: now."""
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo and at < now and at > now - _FURTHEST else None


def _keys(chosen: Sequence[str]) -> list[Key]:
    """The calls that were marked; what is none is left out."""
    keys = []
    for text in chosen:
        day, _, call_id = text.partition("/")
        try:
            keys.append((date.fromisoformat(day), call_id))
        except ValueError:
            continue
    return keys
