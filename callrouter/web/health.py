"""Health: /healthz says that calls are answered, /readyz what is degraded, /metrics counts for Prometheus."""

import hmac
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Request, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from callrouter.web import metrics

Condition = Callable[[], Mapping[str, Any]]
"""How one part is doing; its `ok` says whether it is as it should be."""

_BY_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via")
_NOT_YOURS = "For this machine alone, or with the token: Authorization: Bearer CALLROUTER_METRICS_TOKEN\n"


def blueprint(conditions: Mapping[str, Condition], measure: Callable[[], None], token: str | None = None) -> Blueprint:
    """The three pages. *measure* brings the gauges of this process up to date. Whoever shows *token* is told all."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        """This process answers. Load balancers ask here: nothing that is broken behind it keeps calls from it."""
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @routes.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """What is degraded, part by part; 503 while anything is. Takes nobody out of rotation."""
        parts = {name: dict(condition()) for name, condition in conditions.items()}
        is_ready = all(part["ok"] for part in parts.values())
        shown = parts if may_read(request, token) else {}
        return jsonify(ready=is_ready, **shown), 200 if is_ready else 503

    @routes.get("/metrics")
    def told() -> Response:
        if not may_read(request, token):
            return Response(_NOT_YOURS, 403, content_type="text/plain; charset=utf-8")
        measure()
        return Response(metrics.exposed(), content_type=CONTENT_TYPE_LATEST)

    return routes


def may_read(asked: Request, token: str | None) -> bool:
    """Whether *asked* shows the *token*, or comes from this very machine and not through a proxy on it."""
    given = asked.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if token and hmac.compare_digest(given, token.encode()):
        return True
    if any(name in asked.headers for name in _BY_A_PROXY):
        return False
    try:
        return ip_address(asked.remote_addr or "").is_loopback
    except ValueError:  # a socket of this machine has no address
        return not asked.remote_addr
