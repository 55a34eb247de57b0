"""One's own account: what one may do, a new password, signing out everywhere."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.people import links, passwords, sessions
from callrouter.people.secrets import key_of
from callrouter.people.sign_in import Credentials, Refusal, sign_out_everywhere
from callrouter.people.sign_in import end_session as end_it
from callrouter.web.auth import address_of, close_session, open_session
from callrouter.web.pages.sign_in import REFUSED
from callrouter.web.pages.welcome import problem
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

_WRONG = Text("Det nuvarande lösenordet stämmer inte.", "The present password is wrong.")


def blueprint(site: Site) -> Blueprint:
    """The page behind one's name."""
    routes = Blueprint("account", __name__)

    @routes.get("/account")
    def page() -> Response:
        return _page(site, None)

    @routes.post("/account/password")
    def change_password() -> Response:
        return _changed(site, request.form.get("present", ""), request.form.get("password", ""))

    @routes.post("/account/sign-out-everywhere")
    def leave_everywhere() -> Response:
        sign_out_everywhere(site.database, signed_in(), visit().at)
        return close_session(site, redirect(url_for("sign_in.form"), 303))

    @routes.post("/account/sessions/end")
    def end_session() -> Response:
        end_it(site.database, request.form.get("key", ""), signed_in(), visit().at)
        return redirect(url_for("account.page"), 303)

    return routes


def _page(site: Site, error: Text | None) -> Response:
    with site.database.reading() as connection:
        browsers = sessions.lasting(connection, visit().at, signed_in().name)
    said = error.said(visit().language) if error else ""
    is_done = request.args.get("done") == "password"
    own = key_of(visit().secret)
    may_bind = site.identity_provider is not None and not signed_in().is_bound
    values = {"browsers": browsers, "own": own, "error": said, "is_done": is_done, "may_bind": may_bind}
    return render("account.html", 422 if error else 200, **values)


def _changed(site: Site, present: str, password: str) -> Response:
    """Set a new password: all other browsers are signed out, this one gets a new session."""
    user, at = signed_in(), visit().at
    if error := problem(site, password, request.form.get("again", ""), user.name):
        return _page(site, error)
    known = site.door.with_password(Credentials(user.name, present, address_of(request)), at)
    if isinstance(known, Refusal):
        return _page(site, _WRONG if known is Refusal.WRONG else REFUSED[known])
    kept = passwords.hashed(password)
    with site.database.writing() as connection:
        links.set_password(connection, user, kept, at)
        secret = sessions.begin(connection, user.name, at)
    return open_session(site, redirect(url_for("account.page", done="password"), 303), secret)
