"""Who is asking: read from the cookies before a page is made, and checked against the table of access."""

import logging
from urllib.parse import urlencode

from flask import Request, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callrouter.domain.words import Scope
from callrouter.people import secrets, sessions
from callrouter.people.users import User, user_in
from callrouter.web import bearer, problems
from callrouter.web.access import ACCESS, EVERYBODY, POLLED, VISITORS, Admitted, admits
from callrouter.web.safety import HEADERS, HSTS, SAFE_METHODS, is_genuine, origin_of
from callrouter.web.site import Site, Visit, visit
from callrouter.web.texts import language_of

log = logging.getLogger(__name__)

LANGUAGE = "callrouter-language"
_YEAR = 365 * 24 * 3600


def admit(site: Site) -> AnyResponse | None:
    """Say who asks, and turn away whoever may not: the one place where roles and scopes are checked."""
    g.visit = _passer_by(site)
    admitted = ACCESS.get(request.endpoint or "")
    if isinstance(admitted, Scope):
        bearer.admit(site, admitted, address_of(request))
        return None
    if admitted is EVERYBODY and request.method in SAFE_METHODS:
        return None
    if request.endpoint is None and problems.is_asked():
        return None
    return _admit_user(site, admitted)


def _admit_user(site: Site, admitted: Admitted | None) -> AnyResponse | None:
    g.visit = _visit(site)
    if request.endpoint is None:
        return None  # no such page, or no such method: the error page knows who is shown it
    if admitted is None:
        log.error("the page %s has no row in web/access.py: nobody is shown it", request.endpoint)
        abort(403)
    if request.method not in SAFE_METHODS and not is_genuine(request, origin_of(site.public_url), visit().csrf):
        abort(403)
    user = visit().user
    if user is None and admitted is not VISITORS:
        return _to_sign_in()
    if not admits(admitted, user.role if user else None):
        abort(403)
    return None


def sealed_up(site: Site, response: Response) -> Response:
    """The answer with all headers, and the cookies that a visitor is given."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if site.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    response.headers.setdefault("Cache-Control", "no-store")
    if new := g.get("new_visitor"):
        set_cookie(site, response, _visitor_cookie(site), new)
    return response


def open_session(site: Site, response: AnyResponse, secret: str) -> AnyResponse:
    """Give the browser a session; it ends with the browser at the latest, and by the server's own limits."""
    set_cookie(site, response, _session_cookie(site), secret)
    return response


def close_session(site: Site, response: AnyResponse) -> AnyResponse:
    """Take the cookie of the session away."""
    response.delete_cookie(_session_cookie(site), secure=site.is_secure, httponly=True, samesite="Lax")
    return response


def set_cookie(site: Site, response: AnyResponse, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends along, but for a link that somebody follows."""
    response.set_cookie(name, value, max_age=seconds, secure=site.is_secure, httponly=True, samesite="Lax", path="/")


def remember_language(site: Site, response: AnyResponse, language: str) -> None:
    """Remember it for a year."""
    set_cookie(site, response, LANGUAGE, language, _YEAR)


def address_of(asked: Request) -> str:
    """Where a request comes from; behind proxies what the outermost of ours saw (ProxyFix has read it)."""
    return asked.remote_addr or ""


def _passer_by(site: Site) -> Visit:
    """Whoever asks, nothing known of them."""
    at, zone = site.now(), site.zone
    return Visit(at, language_of(request.args.get("lang") or request.cookies.get(LANGUAGE)), zone)


def _visit(site: Site) -> Visit:
    at, language = site.now(), language_of(request.cookies.get(LANGUAGE))
    secret = request.cookies.get(_session_cookie(site), "")
    user = _user(site, secret) if secret else None
    if user is None:
        secret = ""
    return Visit(at, language, site.zone, user, secret, site.csrf(secret or _visitor(site)))


def _user(site: Site, secret: str) -> User | None:
    """Who is signed in by *secret*; that they are awake is noted now and then."""
    at = site.now()
    with site.database.reading() as connection:
        row = sessions.holder(connection, secret, at)
    if row is None:
        return None
    if request.endpoint not in POLLED and sessions.is_to_be_noted(row.seen_at, at):
        with site.database.writing() as connection:
            sessions.note(connection, secret, at)
    return user_in(row)


def _visitor(site: Site) -> str:
    """What the forms of somebody who is not signed in are bound to: a cookie of their browser, new if need be."""
    known = request.cookies.get(_visitor_cookie(site))
    if known:
        return known
    if "new_visitor" not in g:
        g.new_visitor = secrets.made()
    return str(g.new_visitor)


def _to_sign_in() -> AnyResponse:
    """Where somebody can sign in, and come back from; a part of a page that stands open sends all of it there."""
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("sign_in.form")})
    asked = request.full_path.rstrip("?") if request.method in SAFE_METHODS else ""
    query = f"?{urlencode({'next': asked})}" if asked not in ("", "/") else ""
    return redirect(url_for("sign_in.form") + query, 303)


def _session_cookie(site: Site) -> str:
    return "__Host-callrouter-session" if site.is_secure else "callrouter-session"


def _visitor_cookie(site: Site) -> str:
    return "__Host-callrouter-visitor" if site.is_secure else "callrouter-visitor"
