"""Error pages: friendly, in the visitor's language, and never a word of what is inside."""

import logging

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from callrouter.web import problems
from callrouter.web.rendering import render
from callrouter.web.sign import NO_DATABASE, sign, told
from callrouter.web.site import Site, Visit
from callrouter.web.texts import Language, Text

log = logging.getLogger(__name__)


def prepare(app: Flask, site: Site) -> None:
    """Let *app* tell of errors in its own words."""

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> AnyResponse:
        if problems.is_asked():
            return problems.problem_of(error)
        answer = _page(site, error.code or 500)
        if allowed := getattr(error, "valid_methods", None):
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    @app.errorhandler(SQLAlchemyError)
    def unreadable(error: SQLAlchemyError) -> AnyResponse:
        log.error("the page %s needs the database: %s", request.endpoint, str(error).splitlines()[0])
        return _page(site, 503, NO_DATABASE)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> AnyResponse:
        log.error("the page %s is broken", request.endpoint, exc_info=error)
        return _page(site, 500)


def _page(site: Site, status: int, words: tuple[Text, Text] | None = None) -> AnyResponse:
    """A page in the site's own looks; where even that breaks, a sign. A program gets a problem."""
    if problems.is_asked():
        return problems.plain_problem(status)
    if "visit" not in g:
        g.visit = Visit(site.now(), Language.SWEDISH, site.zone)
    heading, rest = words or told(status)
    try:
        return render("fault.html", status, fault=(heading.said(g.visit.language), rest.said(g.visit.language)))
    except Exception:  # somebody is waiting for words, whatever this is
        log.exception("the page for %d is broken", status)
        return Response(sign(status, request.script_root), status, content_type="text/html; charset=utf-8")
