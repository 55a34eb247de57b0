"""The voice webhooks as Flask routes: bytes in, bytes out, nothing decided here."""

from flask import Blueprint, request
from flask import Response as FlaskResponse

from callrouter.telephony.provider import WebhookRequest
from callrouter.web.metrics import WEBHOOK_SECONDS
from callrouter.web.voice import Voice

MOST_BYTES = 1_000_000
"""A request of the provider has some kB; beyond this nobody genuine is calling."""


def blueprint(voice: Voice) -> Blueprint:
    """Routes for all endpoints of *voice*."""
    routes = Blueprint("voice", __name__)
    endpoint_at = voice.provider.paths

    def answer() -> FlaskResponse:
        with WEBHOOK_SECONDS.labels(endpoint_at[request.path]).time():
            # 413 beyond; a body that does not say its length is cut there, and is no longer the one that was signed.
            request.max_content_length = MOST_BYTES
            given = WebhookRequest(
                _target(), dict(request.headers), request.get_data(cache=False, parse_form_data=False)
            )
            response = voice.handle(request.path, given)
        return FlaskResponse(response.document.body, response.status, content_type=response.document.content_type)

    for path, endpoint in endpoint_at.items():
        routes.add_url_rule(path, endpoint, answer, methods=["POST"])
    return routes


def _target() -> str:
    """Path and query as they came over the wire: Flask's own URL is re-encoded, and the signature would not fit."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if raw and raw.startswith("/"):
        return str(raw)
    query = request.environ.get("QUERY_STRING", "")
    return f"{request.path}?{query}" if query else request.path
