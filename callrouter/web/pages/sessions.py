"""Sessions: who is signed in, in which browsers; and the end of one that should not be."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.people import sessions, users
from callrouter.people.secrets import key_of
from callrouter.people.sign_in import end_session
from callrouter.web.notices import notice
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit


def blueprint(site: Site) -> Blueprint:
    """The list, with a button beside each."""
    routes = Blueprint("sessions", __name__, url_prefix="/administration/sessions")

    @routes.get("")
    def page() -> Response:
        with site.database.reading() as connection:
            lasting = sessions.lasting(connection, visit().at)
            roles = {user.name: user.role for user in users.users(connection)}
        return render("sessions.html", sessions=lasting, roles=roles, own=key_of(visit().secret), notice=notice())

    @routes.post("/end")
    def end() -> Response:
        is_ended = end_session(site.database, request.form.get("key", ""), signed_in(), visit().at, of_anybody=True)
        return redirect(url_for("sessions.page", done="session-ended" if is_ended else "session-over"), 303)

    return routes
