"""Signing in with a password, and out."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.people.sign_in import Credentials, Refusal, SignedIn, sign_out
from callrouter.web.auth import address_of, close_session, open_session
from callrouter.web.notices import notice
from callrouter.web.rendering import render
from callrouter.web.safety import safe_path
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text

REFUSED = {
    Refusal.WRONG: Text("Namnet eller lösenordet stämmer inte.", "The name or the password is wrong."),
    Refusal.TOO_OFTEN: Text(
        "För många försök. Vänta en kvart och försök igen.", "Too many attempts. Try again in a quarter of an hour."
    ),
    Refusal.UNKNOWN: Text(
        "Ditt konto hos organisationen har ingen behörighet här. Be en administratör lägga till dig.",
        "Your account with the organisation has no access here. Ask an administrator to add you.",
    ),
    Refusal.NOT_VOUCHED: Text(
        "Inloggningen med organisationens konto avbröts eller gick inte att lita på. Försök igen.",
        "Signing in with the organisation's account was broken off or could not be trusted. Try again.",
    ),
    Refusal.SIGN_IN_FIRST: Text(
        "Du har ett lösenord här. Logga in med det den här gången, och knyt sedan organisationens konto på din sida.",
        "You have a password here. Sign in with it this time, and connect your organisation's account on your page.",
    ),
}
_STATUS = {
    None: 200,
    Refusal.WRONG: 422,
    Refusal.TOO_OFTEN: 429,
    Refusal.UNKNOWN: 403,
    Refusal.NOT_VOUCHED: 403,
    Refusal.SIGN_IN_FIRST: 403,
}


def blueprint(site: Site) -> Blueprint:
    """The way in and the way out."""
    routes = Blueprint("sign_in", __name__)

    @routes.get("/sign-in")
    def form() -> Response:
        if visit().user:
            return redirect(url_for("home.home"), 303)
        return form_page(site, None)

    @routes.post("/sign-in")
    def enter() -> Response:
        typed = Credentials(request.form.get("name", ""), request.form.get("password", ""), address_of(request))
        return entered_page(site, site.door.with_password(typed, visit().at), request.form.get("next"))

    @routes.post("/sign-out")
    def leave() -> Response:
        now = visit()
        if now.user:
            sign_out(site.database, now.user, now.secret, now.at)
        return close_session(site, redirect(url_for("sign_in.form"), 303))

    return routes


def form_page(site: Site, refusal: Refusal | None) -> Response:
    values = {
        "error": REFUSED[refusal].said(visit().language) if refusal else "",
        "notice": notice(),
        "name": request.form.get("name", "")[:200],
        "next": request.values.get("next", ""),
        "has_provider": site.identity_provider is not None,
    }
    return render("sign_in.html", _STATUS[refusal], **values)


def entered_page(site: Site, entered: SignedIn | Refusal, wanted: str | None) -> Response:
    """Go on to where they wanted, if that is a page of ours; a session that the browser had before is over."""
    if isinstance(entered, Refusal):
        return form_page(site, entered)
    now = visit()
    if now.user:
        sign_out(site.database, now.user, now.secret, now.at)
    path = safe_path(wanted)
    response = redirect(request.script_root + path if path else url_for("home.home"), 303)
    return open_session(site, response, entered.secret)
