"""The API for programs: what the pages show, read-only, as JSON. Each question is declared once, in QUESTIONS."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from callrouter.web.api import asked, figures, shapes
from callrouter.web.api.calls import call, calls
from callrouter.web.api.openapi import Question, document
from callrouter.web.api.reports import reports
from callrouter.web.api.schedule import schedule
from callrouter.web.api.status import status
from callrouter.web.bearer import reader
from callrouter.web.site import Site

ROOT = "/api/v1"

QUESTIONS: tuple[tuple[Question, Callable[[Site, Any, Any], Any]], ...] = (
    (Question("calls", "/calls", "Calls, newest first, page by page.", asked.CallsAsked, shapes.Calls), calls),
    (
        Question("call", "/calls/{day}/{call_id}", "One call with its timeline.", asked.CallAsked, shapes.CallStory),
        call,
    ),
    (
        Question("schedule", "/schedule", "Hours, and a decision explained.", asked.ScheduleAsked, shapes.Schedule),
        schedule,
    ),
    (Question("status", "/status", "How everything stands now.", asked.Nothing, shapes.Status), status),
    (Question("reports", "/reports", "The figures of a period.", asked.ReportsAsked, figures.Reports), reports),
)

_KEPT_FOR = "public, max-age=3600"


def blueprint(site: Site) -> Blueprint:
    """Each question at its address, and the document that describes them."""
    routes = Blueprint("api", __name__, url_prefix=ROOT)
    for question, answer in QUESTIONS:
        path = question.path.replace("{", "<").replace("}", ">")
        routes.add_url_rule(path, question.name, partial(_answered, site, question, answer))

    @routes.get("/openapi.json")
    def openapi() -> Response:
        answer = _json(_document(site.public_url))
        answer.headers["Cache-Control"] = _KEPT_FOR
        return answer

    return routes


def _answered(site: Site, question: Question, answer: Callable[[Site, Any, Any], Any], **path: str) -> Response:
    return _json(msgspec.json.encode(answer(site, reader().sight, asked.read(question.asked, path, request.args))))


@cache
def _document(public_url: str) -> bytes:
    return msgspec.json.encode(document([question for question, _ in QUESTIONS], public_url + ROOT))


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")
