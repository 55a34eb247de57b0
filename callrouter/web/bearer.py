"""Which program is asking: read from its token, with no cookie and no session."""

import logging

from flask import g, request

from callrouter.domain.words import Scope
from callrouter.people import api_tokens, attempts
from callrouter.people.api_tokens import ApiToken
from callrouter.people.attempts import WINDOW, Guess
from callrouter.web.problems import ProblemError
from callrouter.web.site import Site, visit

log = logging.getLogger(__name__)

_SCHEME = "Bearer "
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="callrouter"'}


def admit(site: Site, scope: Scope, address: str) -> None:
    """Let a program go on that shows a good token with *scope*.

    Raises:
        ProblemError: it shows none (401), none that is good (401, after some 429), or one without the scope (403).
    """
    given = request.headers.get("Authorization", "")
    if not given.startswith(_SCHEME):
        raise ProblemError(401, "Show a token: the header `Authorization: Bearer callrouter_…`.", headers=_CHALLENGE)
    token = _good(site, given.removeprefix(_SCHEME).strip(), address)
    if scope not in token.scopes:
        log.warning("refused: a token without the scope %s asked for %s", scope, request.endpoint)
        held = ", ".join(sorted(token.scopes)) or "none"
        raise ProblemError(403, f"This needs a token with the scope {scope}; yours has {held}.")
    g.api_token = token


def reader() -> ApiToken:
    """The token of the program that is asking, where only programs with one are answered."""
    token: ApiToken = g.api_token
    return token


def _good(site: Site, secret: str, address: str) -> ApiToken:
    at = visit().at
    with site.database.reading() as connection:
        token = api_tokens.shown(connection, secret)
    if token is None or not token.is_good(at):
        raise _refused(site, token, address)
    if api_tokens.is_to_be_noted(token, at):
        with site.database.writing() as connection:
            api_tokens.note(connection, token, at)
    return token


def _refused(site: Site, token: ApiToken | None, address: str) -> ProblemError:
    """What is shown is not good. It is counted, as sign-ins in vain are; a good token is never turned away for that."""
    at = visit().at
    guess = Guess(site.door.stamp("api token"), site.door.stamp(f"address {address}"))
    with site.database.writing() as connection:
        is_counted = attempts.admitted(connection, guess, at)
        if token and is_counted:
            api_tokens.tell_refused(connection, token, at)
    if not is_counted:
        wait = {"Retry-After": str(int(WINDOW.total_seconds()))}
        return ProblemError(429, "Too many tokens that are not good came from here: try again later.", headers=wait)
    return ProblemError(401, "This token opens nothing: it is unknown, revoked, or over.", headers=_CHALLENGE)
