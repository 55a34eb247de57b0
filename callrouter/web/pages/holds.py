"""Legal holds: nothing of a held call is deleted."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog import holds
from callrouter.calllog.projection import CallGoneError
from callrouter.calllog.queries import calls_named
from callrouter.calls.writing import NotKeptError, Reason, written
from callrouter.domain.control import LONGEST_WHY
from callrouter.web.discretion import NUMBER_TOLD, hidden
from callrouter.web.notices import notice
from callrouter.web.refused import Refused
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

_NO_WHY = Text("Skriv varför, med högst 200 tecken.", "Say why, in at most 200 characters.")
_NO_CALL = Text("Inget samtal har den beteckningen.", "No call has that id.")
_MANY = Text(
    "Fler än ett samtal börjar så: skriv mer av beteckningen.", "More than one call begins so: give more of its id."
)


def blueprint(site: Site) -> Blueprint:
    """The list with its form."""
    routes = Blueprint("holds", __name__, url_prefix="/administration/holds")

    @routes.get("")
    def page() -> Response:
        return _page(site, None)

    @routes.post("")
    def add() -> Response:
        try:
            _held(site)
        except Refused as refused:
            return _page(site, refused.text)
        return redirect(url_for("holds.page", done="held"), 303)

    @routes.post("/<int:number>/lift")
    def lift(number: int) -> Response:
        with site.database.writing() as connection:
            is_lifted = holds.lift(connection, number, signed_in().name, visit().at)
        return redirect(url_for("holds.page", done="hold-lifted" if is_lifted else "hold-over"), 303)

    return routes


def _page(site: Site, error: Text | None) -> Response:
    with site.database.reading() as connection:
        known = holds.holds(connection, also_lifted=True)
    typed = {"call": request.values.get("call", ""), "why": request.form.get("why", "")}
    said = error.said(visit().language) if error else ""
    return render("holds.html", 422 if error else 200, holds=known, typed=typed, error=said, notice=notice())


def _held(site: Site) -> None:
    start = request.form.get("call", "").strip()
    with site.database.reading() as connection:
        found = calls_named(connection, start) if start else []
    if not found:
        raise Refused(_NO_CALL)
    if len(found) > 1 and found[0].call_id != start:
        raise Refused(_MANY)
    day, call_id = found[0].day, found[0].call_id
    with site.database.writing() as connection:
        try:
            why = written(request.form.get("why", ""), LONGEST_WHY, hidden(site, connection, (day, call_id)))
        except NotKeptError as error:
            raise Refused(NUMBER_TOLD if error.reason is Reason.TELLS_NUMBER else _NO_WHY) from error
        try:
            holds.hold(connection, day, call_id, signed_in().name, why, visit().at)
        except CallGoneError as error:
            raise Refused(_NO_CALL) from error
