"""Health: /healthz says that calls are answered, /readyz what is degraded, /metrics counts for Prometheus."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Condition = Callable[[], Mapping[str, Any]]
"""How one part is doing; its `ok` says whether it is as it should be."""


def blueprint(conditions: Mapping[str, Condition], measure: Callable[[], None]) -> Blueprint:
    """The three pages. *measure* brings the gauges up to date."""
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
        return jsonify(ready=is_ready, **parts), 200 if is_ready else 503

    @routes.get("/metrics")
    def metrics() -> Response:
        measure()
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    return routes
