"""Who is asking: read from the cookies before a page is made, and checked against the table of access."""

import logging
import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlencode

from flask import Request, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callrouter.domain.words import Scope
from callrouter.people import secrets, sessions
from callrouter.people.users import User, user_in
from callrouter.web import bearer, problems
from callrouter.web.access import ACCESS, EVERYBODY, POLLED, VISITORS, Admitted, admits
from callrouter.web.rendering import has_page, render
from callrouter.web.safety import HEADERS, HSTS, SAFE_METHODS, is_genuine, origin_of
from callrouter.web.site import Site, Visit, visit
from callrouter.web.texts import language_of

log = logging.getLogger(__name__)

LANGUAGE, _SESSION, _VISITOR = "callrouter-language", "callrouter-session", "callrouter-visitor"
_YEAR = 365 * 24 * 3600
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")
_WRITTEN = ("text", "why", "note", "result")
"""The fields of the forms that people write sentences in; no other is shown again, least of all a password."""


def admit(site: Site) -> AnyResponse | None:
    """Say who asks, and turn away whoever may not: the one place where roles and scopes are checked."""
    g.visit = _passer_by(site)
    admitted = ACCESS.get(request.endpoint or "")
    if isinstance(admitted, Scope):
        bearer.admit(site, admitted, address_of(request))
        return None
    if admitted is EVERYBODY and request.method in SAFE_METHODS:
        # Proxies may keep the answer: it depends on the address alone.
        g.visit = replace(g.visit, language=language_of(request.args.get("lang")))
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
    user = visit().user
    if user is None and admitted is not VISITORS:
        return _to_sign_in()
    if request.method not in SAFE_METHODS and not is_genuine(request, origin_of(site.public_url), visit().csrf):
        log.warning("refused: a forged request, or a form of another session, for %s", request.endpoint)
        if user is None and _cookie(site, _SESSION):
            return _session_over()  # its token was that of the session
        abort(403)
    if not admits(admitted, user.role if user else None):
        log.warning("refused: a %s asked for %s", user.role if user else "visitor", request.endpoint)
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
        set_cookie(site, response, _VISITOR, new)
    return response


def open_session(site: Site, response: AnyResponse, secret: str) -> AnyResponse:
    """Give the browser a session; it ends with the browser at the latest, and by the server's own limits."""
    set_cookie(site, response, _SESSION, secret)
    return response


def close_session(site: Site, response: AnyResponse) -> AnyResponse:
    """Take the cookie of the session away, and with it what the browser may still show by going back."""
    delete_cookie(site, response, _SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def set_cookie(site: Site, response: AnyResponse, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends along, but for a link that somebody follows."""
    flags: dict[str, Any] = {"secure": site.is_secure, "httponly": True, "samesite": "Lax", "path": "/"}
    response.set_cookie(cookie_name(site, name), value, max_age=seconds, **flags)


def delete_cookie(site: Site, response: AnyResponse, name: str) -> None:
    """Take the cookie *name* away."""
    response.delete_cookie(cookie_name(site, name), secure=site.is_secure, httponly=True, samesite="Lax")


def cookie_name(site: Site, name: str) -> str:
    """What browsers keep the cookie *name* under: over TLS bound to this very host, not to be set by others."""
    return f"__Host-{name}" if site.is_secure else name


def remember_language(site: Site, response: AnyResponse, language: str) -> None:
    """Remember it for a year."""
    set_cookie(site, response, LANGUAGE, language, _YEAR)


def address_of(asked: Request) -> str:
    """Where a request comes from; behind proxies what the outermost of ours saw (ProxyFix has read it).

    A port that a proxy adds is left out, for it is another one each time. Of an IPv6 address the network of 64 bits
    counts (RFC 6177): all of that is one person's.
    """
    told = asked.remote_addr or ""
    match = _WITH_PORT.fullmatch(told)
    try:
        address = ip_address((match[1] or match[2]) if match else told)
    except ValueError:
        return told
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))


def _passer_by(site: Site) -> Visit:
    """Whoever asks, nothing known of them but the language."""
    return Visit(site.now(), language_of(request.args.get("lang") or _cookie(site, LANGUAGE)), site.zone)


def _visit(site: Site) -> Visit:
    at, language = site.now(), language_of(_cookie(site, LANGUAGE))
    secret = _cookie(site, _SESSION) or ""
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
    known = _cookie(site, _VISITOR)
    if known:
        return known
    if "new_visitor" not in g:
        g.new_visitor = secrets.made()
    return str(g.new_visitor)


def _to_sign_in() -> AnyResponse:
    """Where somebody can sign in, and come back from; a part of a page that stands open sends all of it there."""
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("sign_in.form")})
    if request.method not in SAFE_METHODS:
        return _session_over()
    asked = request.full_path.rstrip("?")
    query = f"?{urlencode({'next': asked})}" if asked not in ("", "/") else ""
    return redirect(url_for("sign_in.form") + query, 303)


def _session_over() -> AnyResponse:
    """Nothing is done; what they wrote is shown to them, as it is kept nowhere. Only our own pages have them see it."""
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    typed = [text for name in _WRITTEN for text in request.form.getlist(name) if text.strip()] if is_ours else []
    return render("session_over.html", 401, typed=typed, back=request.path if has_page(request.path) else "")


def _cookie(site: Site, name: str) -> str | None:
    return request.cookies.get(cookie_name(site, name))
