"""Control by hand: close now, open now, send calls elsewhere, until a time, with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calls import by_hand, ending
from callrouter.domain.control import LONGEST_WHY
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.until import NotATimeError, in_one_line, read_until
from callrouter.domain.words import State
from callrouter.web.refused import Refused
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text
from callrouter.web.unit_now import unit_now

OPEN, CLOSE = "open", "close"
STATES: Mapping[str, State] = {OPEN: State.OPEN, CLOSE: State.CLOSED}
"""What is chosen beside sending calls elsewhere."""

REASONS: Mapping[by_hand.Reason, Text] = {
    by_hand.Reason.NEVER_CHANGES: Text(
        "Enheten öppnar eller stänger aldrig av sig själv: ange när styrningen ska sluta.",
        "The unit never opens or closes by itself: say when the override ends.",
    ),
    by_hand.Reason.UNKNOWN_DESTINATION: Text("Välj ett svarsställe.", "Choose a destination."),
    by_hand.Reason.ALARM_UNIT: Text(
        "En larmenhet kan inte stängas, och inte skickas dit ingen telefon ringer.",
        "An alarm unit cannot be closed, nor sent to where no phone rings.",
    ),
}
NO_WHY = Text("Skriv varför. Andra kommer att fråga.", "Say why. Others will ask.")
LONG_WHY = Text("Skriv högst 200 tecken.", "Write at most 200 characters.")
NO_TIME = Text("Ange en tid, till exempel 2026-12-24 18:00.", "Give a time, such as 2026-12-24 18:00.")
PAST = Text("Den tiden har redan varit.", "That time is past.")


def blueprint(site: Site) -> Blueprint:
    """The form of a unit, and the button that ends an override."""
    routes = Blueprint("by_hand", __name__)

    @routes.get("/units/<name>/by-hand")
    def form(name: str) -> Response:
        return _form(site, *_unit(site, name), None)

    @routes.post("/units/<name>/by-hand")
    def make(name: str) -> Response:
        schedule, unit = _unit(site, name)
        try:
            by_hand.make(site.database, schedule, _wish(site, unit), visit().at)
        except Refused as refused:
            return _form(site, schedule, unit, refused.text)
        except by_hand.NotMadeError as error:
            return _form(site, schedule, unit, REASONS[error.reason])
        site.control_changed()
        return redirect(url_for("today.page", done="override-made"), 303)

    @routes.post("/overrides/<int:number>/end")
    def end(number: int) -> Response:
        is_ended = ending.end(site.database, "override", number, signed_in().name, None, visit().at)
        site.control_changed()
        return redirect(url_for("today.page", done="override-ended" if is_ended else "override-over"), 303)

    return routes


def _unit(site: Site, name: str) -> tuple[Schedule, Unit]:
    schedule = site.loaded().schedule
    if schedule is None or name not in schedule.units:
        abort(404)
    return schedule, schedule.units[name]


def _form(site: Site, schedule: Schedule, unit: Unit, error: Text | None) -> Response:
    at = visit().at
    now = unit_now(schedule, unit, at, site.control())
    what = request.values.get("what", CLOSE if now.is_open and not unit.is_alarm else OPEN)
    end = by_hand.usual_end(unit, STATES.get(what), at)
    typed: Mapping[str, Any] = {
        "what": what,
        "destination": request.form.get("destination", ""),
        "until": request.form.get("until", visit().times.wall(end) if end else ""),
        "why": request.form.get("why", ""),
    }
    said = error.said(visit().language) if error else ""
    values = {"now": now, "schedule": schedule, "typed": typed, "changes_itself": bool(end), "error": said}
    return render("by_hand.html", 422 if error else 200, **values)


def _wish(site: Site, unit: Unit) -> by_hand.Wish:
    form = request.form
    why = in_one_line(form.get("why", ""))
    if not why:
        raise Refused(NO_WHY)
    if len(why) > LONGEST_WHY:
        raise Refused(LONG_WHY)
    what = form.get("what", "")
    state = STATES.get(what)
    destination = None if state else form.get("destination", "")
    return by_hand.Wish(unit, signed_in().name, why, _until(site, form.get("until", "")), state, destination)


def _until(site: Site, typed: str) -> datetime | None:
    """When it is to end; nothing typed: at its usual end."""
    if not typed.strip():
        return None
    try:
        until = read_until(typed, site.zone, visit().at)
    except NotATimeError as error:
        raise Refused(NO_TIME) from error
    if until <= visit().at:
        raise Refused(PAST)
    return until
