"""Signing in at the organisation's identity provider: there and back."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from callrouter.people.sign_in import Refusal
from callrouter.web.auth import cookie_name, delete_cookie, set_cookie
from callrouter.web.identity_provider import NotVouchedForError, Provider
from callrouter.web.pages.sign_in import entered_page, form_page
from callrouter.web.rendering import render
from callrouter.web.site import Site, visit

_ON_THE_WAY = "callrouter-on-the-way"
_SECONDS = 600


def blueprint(site: Site) -> Blueprint:
    """There and back."""
    routes = Blueprint("provider", __name__)
    provider = Provider.configured(site)

    @routes.get("/sign-in/provider")
    def there() -> Response:
        if provider is None:
            abort(404)
        try:
            address, kept = provider.begin(request.args.get("next"))
        except NotVouchedForError:
            return render("provider_away.html", 503)
        response = redirect(address, 303)
        set_cookie(site, response, _ON_THE_WAY, kept, _SECONDS)
        return response

    @routes.get("/sign-in/provider/back")
    def back() -> Response:
        if provider is None:
            abort(404)
        try:
            who = provider.finish(request.cookies.get(cookie_name(site, _ON_THE_WAY), ""), request.args, visit().at)
        except NotVouchedForError:
            return form_page(site, Refusal.NOT_VOUCHED)
        now = visit()
        entered = site.door.as_vouched_for(who.subject, who.name, now.at, now.user)
        response = entered_page(site, entered, who.next)
        delete_cookie(site, response, _ON_THE_WAY)
        return response

    return routes
