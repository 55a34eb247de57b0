"""Errors of the API as RFC 9457 has them: problem+json that says what was found and what is expected."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Self

import msgspec
from flask import Response, request
from msgspec import Meta, Struct
from werkzeug.exceptions import HTTPException

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"

_SAID: Mapping[int, str] = {
    403: "Nobody is answered here.",
    404: "There is nothing at this address. /api/v1/openapi.json lists what there is.",
    405: "The API is read with GET.",
    503: "This cannot be read right now; calls are answered as usual. Ask again in some seconds.",
    500: "Something is broken here, not in what you asked. It is in the log.",
}


class Wrong(Struct, frozen=True):
    """A parameter that is not as it should be."""

    parameter: str
    found: str
    expected: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong."""

    type: Annotated[str, Meta(description="about:blank: the status says all there is to know of the kind.")]
    title: Annotated[str, Meta(description="The status in words.")]
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="What went wrong, for people.")]
    errors: Annotated[Sequence[Wrong], Meta(description="The parameters that are to be mended.")] = ()


class ProblemError(HTTPException):
    """A question that is answered with a problem of *status*."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.errors, self.headers = status, detail, errors, dict(headers or {})

    @classmethod
    def of(cls, parameter: str, found: object, expected: str) -> Self:
        """One parameter is wrong."""
        return cls(400, f"{parameter} could not be understood: see errors.", [Wrong(parameter, str(found), expected)])


def is_asked() -> bool:
    """Whether the request that is being answered is one of a program."""
    return request.path.startswith(PREFIX)


def problem_of(error: HTTPException) -> Response:
    """The answer to a question that failed so."""
    status = error.code or 500
    if isinstance(error, ProblemError):
        return _answer(status, error.detail, error.errors, error.headers)
    allowed = getattr(error, "valid_methods", None)
    return plain_problem(status, {"Allow": ", ".join(sorted(allowed))} if allowed else {})


def plain_problem(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A problem of which the status says all there is to say."""
    return _answer(status, _SAID.get(status, HTTPStatus(status).description), (), headers or {})


def body_of(status: int, detail: str | None = None, errors: Sequence[Wrong] = ()) -> bytes:
    """The problem as it is sent."""
    said = detail or _SAID[status]
    title = HTTPStatus(status).phrase
    return msgspec.json.encode(Problem(type="about:blank", title=title, status=status, detail=said, errors=errors))


def _answer(status: int, detail: str, errors: Sequence[Wrong], headers: Mapping[str, Any]) -> Response:
    return Response(body_of(status, detail, errors), status, headers, content_type=MEDIA_TYPE)
