"""What everybody is shown alike: proxies may keep it for a minute, and whoever has it already is told so."""

from flask import request
from werkzeug.wrappers import Response

_KEPT_FOR = "public, max-age=60"


def public(response: Response, *, is_feed: bool = False) -> Response:
    """*response*, to be kept by anybody; other sites may fetch a feed."""
    response.headers["Cache-Control"] = _KEPT_FOR
    if is_feed:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    return response.make_conditional(request)
