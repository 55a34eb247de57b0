"""The home page: the one that each role works with."""

from collections.abc import Mapping

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from callrouter.domain.words import Role
from callrouter.web.site import Site, signed_in

HOMES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "today.page",
    Role.REVIEWER: "today.page",
    Role.CONTRACTOR: "company.page",
}


def blueprint(_site: Site) -> Blueprint:
    """The address without a path."""
    routes = Blueprint("home", __name__)

    @routes.get("/")
    def home() -> Response:
        return redirect(url_for(HOMES[signed_in().role]), 303)

    return routes
