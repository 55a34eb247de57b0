"""Setting a password, by a one-time link."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.people import links, passwords
from callrouter.web.rendering import render
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text

WEAK = {
    passwords.Weakness.SHORT: Text(
        "Lösenordet måste ha minst 12 tecken.", "The password needs at least 12 characters."
    ),
    passwords.Weakness.LONG: Text(
        "Lösenordet får ha högst 256 tecken.", "The password may have at most 256 characters."
    ),
    passwords.Weakness.EASY: Text(
        "Lösenordet är för lätt att gissa. Tips: fyra ord som inte hör ihop.",
        "The password is too easy to guess. A hint: four words that have nothing to do with each other.",
    ),
    passwords.Weakness.NAMED: Text(
        "Lösenordet får inte innehålla ditt namn.", "The password may not contain your name."
    ),
}


def blueprint(site: Site) -> Blueprint:
    """Where a link leads that `callrouter user` has printed. Looking at the page does not use it up."""
    routes = Blueprint("welcome", __name__)

    @routes.get("/welcome/<secret>")
    def form(secret: str) -> Response:
        return _welcome(site, secret, None)

    @routes.post("/welcome/<secret>")
    def set_password(secret: str) -> Response:
        return _set_password(site, secret, request.form.get("password", ""), request.form.get("again", ""))

    return routes


def _welcome(site: Site, secret: str, error: Text | None) -> Response:
    with site.database.reading() as connection:
        user = links.meant_for(connection, secret, visit().at)
    if user is None:
        return render("welcome_over.html", 404)
    said = error.said(visit().language) if error else ""
    return render("welcome.html", 422 if error else 200, welcome=user, error=said)


def _set_password(site: Site, secret: str, password: str, again: str) -> Response:
    at = visit().at
    with site.database.reading() as connection:
        user = links.meant_for(connection, secret, at)
    if user is None:
        return render("welcome_over.html", 404)
    if error := problem(site, password, again, user.name):
        return _welcome(site, secret, error)
    kept = passwords.hashed(password)
    with site.database.writing() as connection:
        if links.use(connection, secret, kept, at) is None:
            return render("welcome_over.html", 404)
        site.door.forget_attempts(connection, user.name)
    return redirect(url_for("sign_in.form", done="password-chosen"), 303)


def problem(site: Site, password: str, again: str, name: str) -> Text | None:
    """What is wrong with a new password as it was typed, twice."""
    if password != again:
        return Text("Du skrev två olika lösenord.", "You typed two different passwords.")
    known = (site.settings.web.organisation.name or "", *site.titles.values())
    weakness = passwords.weakness(password, name, known)
    return WEAK[weakness] if weakness else None
