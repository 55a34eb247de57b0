"""The OpenAPI 3.1 document, made from what reads the parameters, what shapes the answers, and the table of access."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from callrouter import __version__
from callrouter.domain.words import Scope
from callrouter.web.access import ACCESS
from callrouter.web.api.asked import parameters, schema_of
from callrouter.web.problems import MEDIA_TYPE, Problem

Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_BEARER = "bearer"
_FAILURES: Mapping[int, str] = {
    400: "A parameter is unknown or wrong: `errors` says what was found and what is expected.",
    401: "No token, or one that is unknown, revoked or over.",
    403: "The token has not the scope.",
    404: "There is no such thing, or none that the token may see.",
    429: "Too many tokens that were not good came from this address.",
    503: "It cannot be read right now. Calls are answered as usual.",
}
_ABOUT = (
    "Read-only, for programs: what the pages show. Numbers are masked. Times are RFC 3339 with their offset. "
    "A token is made with `callrouter token add`. What is added to an answer later breaks nobody who "
    "leaves alone what they do not know."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a program may ask: where, with which parameters, and what it is answered."""

    name: str
    path: str
    summary: str
    asked: type[Struct]
    answer: type[Struct]


def document(questions: Sequence[Question], url: str) -> Json:
    """The document; *url* is where the paths begin."""
    answers, components = msgspec.json.schema_components(
        [*(each.answer for each in questions), Problem], ref_template=_REF
    )
    paths = {each.path: {"get": _operation(each, answer)} for each, answer in zip(questions, answers, strict=False)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "callrouter", "version": __version__, "description": _ABOUT},
        "servers": [{"url": url}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {_BEARER: {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(question: Question, answer: Json) -> Json:
    scope = ACCESS[f"api.{question.name}"]
    if not isinstance(scope, Scope):
        raise TypeError(f"a question of the API is opened by a scope, and {question.name} by {scope}")
    failures = {str(status): _failure(why) for status, why in _FAILURES.items()}
    return {
        "operationId": question.name,
        "summary": question.summary,
        "description": f"Needs the scope `{scope}`.",
        "security": [{_BEARER: [scope]}],
        "parameters": [_parameter(question, name) for name in parameters(question.asked)],
        "responses": {"200": {"description": "The answer.", "content": _content("application/json", answer)}}
        | failures,
    }


def _parameter(question: Question, name: str) -> Json:
    _, kind, is_required = parameters(question.asked)[name]
    schema = dict(schema_of(kind))
    place = "path" if f"{{{name}}}" in question.path else "query"
    told = {"name": name, "in": place, "description": schema.pop("description", "")}
    return told | {"required": is_required, "schema": schema}


def _failure(why: str) -> Json:
    return {"description": why, "content": _content(MEDIA_TYPE, {"$ref": _REF.format(name=Problem.__name__)})}


def _content(media_type: str, schema: Json) -> Json:
    return {media_type: {"schema": schema}}
