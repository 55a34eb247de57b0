"""The provider's webhooks as a WSGI application: bytes in, bytes out, nothing decided here.

It needs no framework: a handful of exact paths, one method. So that is what it costs (docs/adr/0047).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

from callrouter.telephony.provider import Document, WebhookRequest
from callrouter.web.metrics import WEBHOOK_SECONDS
from callrouter.web.voice import Response, Voice

MOST_BYTES = 1_000_000
"""A request of the provider has some kB; beyond this nobody genuine is calling."""

_ONLY_POST = Response(405, Document(b"Only POST is answered here.\n", "text/plain; charset=utf-8"))
_TOO_LARGE = Response(413, Document(b"The request is too large.\n", "text/plain; charset=utf-8"))
Headers = list[tuple[str, str]]
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All endpoints of *voice*, each at its path. Whoever asks for another path must not come here."""

    voice: Voice

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI wants it."""
        body = _body(environ)
        request = None if body is None else _request(environ, body)
        status, headers, text = self.answer(environ["PATH_INFO"], environ["REQUEST_METHOD"], request)
        start_response(_STATUS[status], headers)
        return [text]

    def answer(self, path: str, method: str, request: WebhookRequest | None) -> tuple[int, Headers, bytes]:
        """Status, headers and body; *request*: None if it is too large to be read."""
        with WEBHOOK_SECONDS.labels(self.voice.provider.paths[path]).time():
            response = self._response(path, method, request)
        return response.status, _headers(response), response.document.body

    def _response(self, path: str, method: str, request: WebhookRequest | None) -> Response:
        if method != "POST":
            return _ONLY_POST
        return self.voice.handle(path, request) if request else _TOO_LARGE


def _headers(response: Response) -> Headers:
    """Those of the answer; one that says there is nothing to read may not say how much of it (RFC 9110)."""
    body, kind = response.document.body, response.document.content_type
    match response.status:
        case HTTPStatus.NO_CONTENT:
            return []
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return [("Content-Type", kind), ("Content-Length", str(len(body))), ("Allow", "POST")]
        case _:
            return [("Content-Type", kind), ("Content-Length", str(len(body)))]


def _body(environ: WSGIEnvironment) -> bytes | None:
    """What was sent; None where it says that it is larger than we read. It is read no further than that.

    One that does not say its length is cut there, and is no longer the one that was signed.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return environ["wsgi.input"].read(MOST_BYTES) if environ.get("wsgi.input_terminated") else b""
    return environ["wsgi.input"].read(int(length)) if int(length) <= MOST_BYTES else None


def _request(environ: WSGIEnvironment, body: bytes) -> WebhookRequest:
    headers = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name[:5] == "HTTP_"}
    return WebhookRequest(_target(environ), headers, body)


def _target(environ: WSGIEnvironment) -> str:
    """Path and query as they came over the wire: decoded and encoded again, the signature would not fit."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw and raw.startswith("/"):
        return str(raw)
    query = environ.get("QUERY_STRING", "")
    return f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"]
