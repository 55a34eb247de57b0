"""Switching the language."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.web.auth import remember_language
from callrouter.web.safety import safe_path
from callrouter.web.site import Site
from callrouter.web.texts import language_of


def blueprint(site: Site) -> Blueprint:
    """The button in the page's head."""
    routes = Blueprint("language", __name__)

    @routes.post("/language")
    def switch() -> Response:
        back = safe_path(request.form.get("back"))
        response = redirect(request.script_root + back if back else url_for("home.home"), 303)
        remember_language(site, response, language_of(request.form.get("to")))
        return response

    return routes
