"""The home of a security contractor: where its company answers now, who of it is on call, and its latest calls."""

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.calllog.searching import page as page_of_calls
from callrouter.calllog.seen import SeenCall, seen
from callrouter.domain.call_filter import CallFilter
from callrouter.people.users import User
from callrouter.schedule.preview.explain import Stop, stop_at
from callrouter.web.call_page import call_address
from callrouter.web.call_search import sight_of
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit

LATEST = 5


def blueprint(site: Site) -> Blueprint:
    """The company's page."""
    routes = Blueprint("company", __name__)

    @routes.get("/company")
    def page() -> Response:
        user = signed_in()
        return render(
            "company.html",
            stops=_stops(site, user.company or ""),
            latest=_latest(site, user),
            titles=site.titles,
            call_address=call_address,
        )

    return routes


def _stops(site: Site, company: str) -> list[Stop]:
    """The destinations for which *company*, and no other, answers now."""
    schedule, at = site.loaded().schedule, visit().at
    if schedule is None:
        return []
    mine = [each for each in schedule.destinations.values() if each.lineup(at).company == company]
    return [stop_at(destination, at) for destination in mine]


def _latest(site: Site, user: User) -> list[SeenCall]:
    """The calls that were offered to their company last."""
    sight = sight_of(user)
    with site.database.reading() as connection:
        found = page_of_calls(connection, CallFilter(), LATEST, sight=sight)
    return [seen(each, sight) for each in found.calls]
