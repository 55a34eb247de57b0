"""The home of a security contractor: where its company answers now, and who of it is on call."""

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.schedule.preview.explain import Stop, stop_at
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit


def blueprint(site: Site) -> Blueprint:
    """The company's page."""
    routes = Blueprint("company", __name__)

    @routes.get("/company")
    def page() -> Response:
        return render("company.html", stops=_stops(site, signed_in().company or ""))

    return routes


def _stops(site: Site, company: str) -> list[Stop]:
    """The destinations for which *company*, and no other, answers now."""
    schedule, at = site.loaded().schedule, visit().at
    if schedule is None:
        return []
    mine = [each for each in schedule.destinations.values() if each.lineup(at).company == company]
    return [stop_at(destination, at) for destination in mine]
